/** The machine's clock. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../app/ports.ts';

/** RFC 3339 UTC in whole seconds, of ms since 1970. */
export const instantOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

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
