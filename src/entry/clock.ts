/** The machine's clock. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../app/ports.ts';

export const clock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Being woken early is what the signal is for.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  },
};
