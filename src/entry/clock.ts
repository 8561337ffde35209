/** The machine's clock. */
import type { Clock } from '../app/ports.ts';

export const clock: Clock = {
  now: () => Date.now(),
  // Not that of node:timers/promises: whoever is woken early, as most are who wait no longer than so long, would be told by an error.
  sleep: (ms, signal) =>
    new Promise((done) => {
      if (signal?.aborted === true) return done();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        done();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
    }),
};
