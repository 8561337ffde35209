/** What became of the issues of a sweep, for whoever tells of it. */
import type { OpenedState } from '../request/state.ts';
import { Fault } from './fault.ts';
import type { Progress } from './ports.ts';
import type { Reading } from './reading.ts';
import { messageOf } from './show.ts';

/** What became of one issue. */
export interface Swept {
  issue: number;
  url: string;
  /**
   * The state that the log proves; `unproven` where the log cannot be believed, `unreadable` where GitHub did not let the
   * sweep read or settle the request: an outage, a list that lags, a missing permission.
   */
  status: OpenedState['status'] | 'unproven' | 'unreadable';
  /** What the sweep did or found, for people. */
  note: string;
  reading: Reading | null;
  /** Whether an after-review should have been signed by now. */
  overdue: boolean;
}

/** What a sweep did. */
export interface Sweep {
  swept: Swept[];
  /** What it could not do beside the requests, one sentence each, which progress was told already. */
  undone: string[];
}

/** What a failure says to people. */
export function whyOf(error: unknown): string {
  return error instanceof Fault ? `${error.message} ${error.remedy}` : messageOf(error);
}

/** What became of an issue that cannot be settled, once it is told. */
export function troubled(
  { deps: { progress } }: { deps: { progress: Progress } },
  { number, url }: { number: number; url: string },
  status: 'unproven' | 'unreadable',
  error: unknown,
): Swept {
  const why = whyOf(error);
  progress.warn(`Issue #${number}: ${why}`);
  return { issue: number, url, status, note: why, reading: null, overdue: false };
}
