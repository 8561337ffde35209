/** A record as it is told to other systems: where it stands, what it holds, and how the request stood before and after it. */
import type { Entry } from '../log/chain.ts';
import { type Grade, isProven } from '../log/grade.ts';
import type { Policy } from '../policy/schema.ts';
import type { Event, EventOf } from '../request/events.ts';
import { initialState, type State, type Status, stateAfter } from '../request/state.ts';

/** The part of a log's entry that is told. */
export type AuditedEntry = Pick<Entry, 'commentId' | 'createdAt' | 'author' | 'record'>;

/** Where a request's log stands. */
export interface AuditedPlace {
  repository: {
    id: number;
    /** `owner/name`. */
    name: string;
  };
  /** `https://github.com`, without a slash at its end. */
  serverUrl: string;
  issue: number;
}

/** That a log holds, and by which keys; `proven`: none of them comes from the repository alone. */
export interface Verification {
  status: 'whole';
  grade: Grade;
  proven: boolean;
}

export interface AuditedRecord extends AuditedPlace {
  entry: AuditedEntry;
  /** What was asked, as the opening record says it: with it every record can be understood on its own. */
  opening: EventOf<'requested'>;
  /** How the request stood before this record; null for the opening. */
  before: Status | null;
  /** How it stands after it. */
  status: Status;
  /** What an audit found of its log; left out where a job tells of a record as it writes it. */
  verification?: Verification;
}

/**
 * Each accepted record of one request's log, oldest first, with what it did to the request under the policy that the
 * request names. Empty for an empty log. Only for a log that holds: throws a `TypeError` where the oldest record opens no request.
 */
export function auditedRecords(
  place: AuditedPlace,
  entries: readonly AuditedEntry[],
  policy: Policy,
  grade: Grade | null = null,
): AuditedRecord[] {
  const { repository, serverUrl, issue } = place;
  const told: AuditedRecord[] = [];
  const verification =
    grade === null ? {} : { verification: { status: 'whole' as const, grade, proven: isProven(grade) } };
  let state: State = initialState;
  for (const entry of [...entries].sort((one, other) => one.commentId - other.commentId)) {
    const before = state.status === 'none' ? null : state.status;
    state = stateAfter(policy, state, entry);
    if (state.status === 'none') {
      throw new TypeError(`The oldest record of issue ${issue} (comment ${entry.commentId}) opens no request.`);
    }
    told.push({
      repository,
      serverUrl,
      issue,
      entry,
      opening: state.opening,
      before,
      status: state.status,
      ...verification,
    });
  }
  return told;
}

/**
 * What each event says. A record that holds several is named by the one that stands first here: the list goes from what
 * changes a request most to what merely accompanies something else.
 */
export const EVENTS: Readonly<Record<Event['type'], string>> = {
  requested: 'A request was opened.',
  started: 'The debug job started.',
  ended: 'The debug job ended.',
  errored: 'Something went wrong; if the request was open, nothing runs any more.',
  cancelled: 'The request was cancelled.',
  expired: 'Nobody decided in time.',
  decided: 'An approver approved or denied.',
  withdrawn: 'An approver took their own approval back.',
  reviewed: 'The after-review of a break-glass was signed.',
  'review-overdue': 'The after-review of a break-glass was not signed in time.',
  refused: 'Somebody tried what they may not do.',
  reminded: 'Those who may still decide were reminded.',
  purged: 'What was shared was deleted, as far as it could be.',
  purge: 'What was shared is about to be deleted.',
  discussed: "People wrote in the card's thread.",
  'refusals-counted': 'Further refused attempts since the last record.',
};

const ORDER = Object.keys(EVENTS);

/** The event that names the record: of several the one that stands first in {@link EVENTS}. */
export function mainEvent({ events }: AuditedEntry['record']): Event {
  const [first, ...others] = events;
  if (first === undefined) throw new TypeError('A record without an event: no log holds one.');
  return others.reduce((main, one) => (ORDER.indexOf(one.type) < ORDER.indexOf(main.type) ? one : main), first);
}
