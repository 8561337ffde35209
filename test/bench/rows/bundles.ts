/** Row: how much code GitHub loads for each action. */
import { type Row, rounded } from '../row.ts';

export const bundles: Row = {
  name: 'bundles',
  about: 'each action with all that its entries can reach',
  async measure() {
    // It builds as soon as it is loaded, which must not disturb the other rows.
    const { bundleSizes } = await import('../../../scripts/check/bundles.ts');
    const sizes = await bundleSizes();
    return sizes.map(({ action, bytes }) => ({
      name: `bundles-${action}`,
      value: rounded(bytes / 1_000_000, 2),
      unit: 'MB',
      bar: 2,
    }));
  },
};
