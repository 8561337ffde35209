/** What a request shared beside its issue, and what of it the log says is gone. */
import { type Retention, SHARED_PARTS, type SharedPart } from '../policy/retention.ts';
import type { EventOf } from './events.ts';
import type { OpenedState, Status } from './state.ts';

/** What became of it so far. */
export interface Sharing {
  /** Announced as about to go, and no receipt yet; null: nothing is. */
  announced: EventOf<'purge'> | null;
  /** Nothing of these is left to be done. */
  done: SharedPart[];
  /** How many receipts said that something could not go. */
  failures: number;
}

export const NOTHING_PURGED: Sharing = { announced: null, done: [], failures: 0 };

/** After so many receipts of failures nobody tries again. */
export const MOST_FAILURES = 5;

/** By the records in their order; a second receipt of the same deletion changes nothing. */
export function sharingAfter(before: Sharing, event: EventOf<'purge'> | EventOf<'purged'>): Sharing {
  if (event.type === 'purge') return { ...before, announced: event };
  const failed = event.items.some(({ gone }) => !gone);
  return {
    announced: null,
    done: [...new Set([...before.done, ...event.parts])],
    failures: before.failures + (failed ? 1 : 0),
  };
}

/** The parts that a request shared (or may have, as long as it goes on), that are to go some time and have not gone. */
export function partsLeft(state: OpenedState, retention: Retention): SharedPart[] {
  const { done, failures } = state.sharing;
  if (failures >= MOST_FAILURES) return [];
  return SHARED_PARTS.filter(
    (part) => retention[part] !== null && !done.includes(part) && (part !== 'transcript' || mayHaveRun(state)),
  );
}

/** Whether a job may have written a transcript, or still may. */
export function mayHaveRun({ status }: Pick<OpenedState, 'status'>): boolean {
  return RAN.includes(status);
}

const RAN: readonly Status[] = ['pending', 'approved', 'running', 'finished', 'failed'];
