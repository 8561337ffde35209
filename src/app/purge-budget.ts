/** What one sweep's purge may take of GitHub's limits and of its job's time, so that people's decisions find both free. */
import type { Clock } from './ports.ts';

export interface Budget {
  /** Waits until so many comments may be written without using up what others need; false: that takes too long. */
  room(comments: number): Promise<boolean>;
  /** Why nothing more is begun in this sweep; null: it goes on. */
  over(): string | null;
  /** Whether not even what was begun goes on. */
  isLate(): boolean;
  /** GitHub says that it takes nothing more now. */
  stop(why: string): void;
}

/** Requests that are purged together, with two records each. */
export const BATCH = 10;
/** For fifty requests: of the 500 comments that GitHub lets all jobs write in an hour, four sweeps leave a hundred to people's decisions. */
const MOST = 100;
/** GitHub takes 80 of all jobs, and somebody may wait for theirs. */
const A_MINUTE = 40;
const MINUTE_MS = 60_000;
/** The sweep's job has other work and a time limit. */
const LONGEST_MS = 5 * MINUTE_MS;

/** Begins now. */
export function newBudget(clock: Clock): Budget {
  const until = clock.now() + LONGEST_MS;
  let lately: number[] = [];
  let written = 0;
  let stopped: string | null = null;
  const isLate = (): boolean => clock.now() >= until;
  const over = (): string | null => {
    if (stopped !== null) return stopped;
    if (isLate()) return 'the time for it is over';
    return written + 2 * BATCH > MOST ? `one sweep writes no more than ${MOST} records of it` : null;
  };
  const stop = (why: string): void => {
    stopped = why;
  };
  const room = async (comments: number): Promise<boolean> => {
    for (;;) {
      const now = clock.now();
      lately = lately.filter((at) => now - at < MINUTE_MS);
      if (lately.length === 0 || lately.length + comments <= A_MINUTE) break;
      const pause = MINUTE_MS - (now - (lately[0] ?? now));
      if (now + pause > until) {
        stop('the time for it is over');
        return false;
      }
      await clock.sleep(pause);
    }
    written += comments;
    lately.push(...Array.from({ length: comments }, () => clock.now()));
    return true;
  };
  return { over, isLate, stop, room };
}
