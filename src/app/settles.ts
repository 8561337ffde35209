/** Waits for work that may take long, but no longer than a while. */
import type { Clock } from './ports.ts';

/** Why a sleep ends before its time: abort() by itself would make an error each time, with its stack, that nobody reads. */
export const ENOUGH = 'enough';

/** Whether the work is over within `ms`, be it well or not; its failure stays with whoever awaits it. */
export async function settlesWithin(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const over = work.then(
    () => true,
    () => true,
  );
  const late = clock.sleep(ms, stop.signal).then(() => false);
  const first = await Promise.race([over, late]);
  stop.abort(ENOUGH);
  return first;
}
