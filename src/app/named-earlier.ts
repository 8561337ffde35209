/** What an opening names of the requests before it, so that a deleted issue and a log that was cut off show. */
import type { EventOf } from '../request/events.ts';
import type { EarlierLog } from './earlier.ts';

type Named = EventOf<'requested'>['earlier'];

/** So many heads of earlier requests are named. */
const HEADS = 5;

/**
 * The requests in sight, the newest first; one that cannot be verified there is named without a head. Where that leaves fewer
 * heads than an opening should name, the latest opening in sight passes on those that it names: whoever gives other issues the
 * label, or writes many comments, pushes the true ones out of sight.
 */
export function namedEarlier(earlier: readonly EarlierLog[]): Named {
  const told = earlier.find(({ opening }) => opening !== null)?.opening?.earlier ?? [];
  const passedOn = told.filter(({ head }) => head !== null).toSorted((a, b) => b.issue - a.issue);
  const inSight = earlier.map(({ issue, log, opening }) =>
    opening === null
      ? (passedOn.find((one) => one.issue === issue) ?? { issue, head: null, length: 0 })
      : { issue, head: log.head, length: log.length },
  );
  const seen = new Set(inSight.map(({ issue }) => issue));
  const room = HEADS - inSight.filter(({ head }) => head !== null).length;
  return [...inSight, ...passedOn.filter(({ issue }) => !seen.has(issue)).slice(0, room)];
}
