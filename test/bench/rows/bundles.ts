/** Row: how much code GitHub loads for each action. */
import { bundleSizes } from '../../../scripts/check/bundles.ts';
import { type Row, rounded } from '../row.ts';

export const bundles: Row = {
  name: 'bundles',
  about: 'each action with all that its entries can reach',
  async measure() {
    const sizes = await bundleSizes();
    return sizes.map(({ action, bytes }) => ({
      name: `bundles-${action}`,
      value: rounded(bytes / 1_000_000, 2),
      unit: 'MB',
      bar: 2,
    }));
  },
};
