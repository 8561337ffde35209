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
  /** One entry for each receipt that said that something of the part could not go. */
  failed: SharedPart[];
}

export const NOTHING_PURGED: Sharing = { announced: null, done: [], failed: [] };

/** After so many receipts of failures nobody tries again. */
export const MOST_FAILURES = 5;

/** The part of a request's shared things that a thing belongs to. */
export function partOf(kind: EventOf<'purge'>['items'][number]['kind']): SharedPart {
  return kind === 'transcript' || kind === 'run-logs' ? kind : 'slack';
}

/** By the records in their order; a second receipt of the same deletion changes nothing. */
export function sharingAfter(before: Sharing, event: EventOf<'purge'> | EventOf<'purged'>): Sharing {
  if (event.type === 'purge') return { ...before, announced: event };
  const failed = new Set(event.items.flatMap(({ kind, gone }) => (gone ? [] : [partOf(kind)])));
  return {
    announced: null,
    done: [...new Set([...before.done, ...event.parts])],
    failed: [...before.failed, ...failed],
  };
}

/** The parts that a request shared (or may have, as long as it goes on), that are to go some time and have not gone. */
export function partsLeft(state: OpenedState, retention: Retention): SharedPart[] {
  const { done, failed } = state.sharing;
  const isGivenUp = (part: SharedPart): boolean => failed.filter((one) => one === part).length >= MOST_FAILURES;
  return SHARED_PARTS.filter(
    (part) =>
      retention[part] !== null &&
      !done.includes(part) &&
      !isGivenUp(part) &&
      (part !== 'transcript' || mayHaveRun(state)),
  );
}

/** Whether a job may have written a transcript, or still may. */
export function mayHaveRun({ status }: Pick<OpenedState, 'status'>): boolean {
  return RAN.includes(status);
}

const RAN: readonly Status[] = ['pending', 'approved', 'running', 'finished', 'failed'];
