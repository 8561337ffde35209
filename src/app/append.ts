/** Appends one record to a request's issue: chained to what was seen, signed where the job can, written once. */

import { type Log, nextRecord } from '../log/chain.ts';
import { renderComment } from '../log/comment.ts';
import { type Record as LogRecord, signedRecord } from '../log/record.ts';
import type { Actor, Event } from '../request/events.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import { refuseUnlessBelieved } from './new-keys.ts';
import { ENOUGH } from './settles.ts';

export interface Written {
  commentId: number;
  createdAt: string;
}

/** Time left on a path with a deadline; null: no deadline. */
export type Remaining = () => number;

/**
 * Writes the events of one command as one comment. Refused attempts that were only counted so far go along.
 * Throws Faults: `oidc`, `not-written`, `not-confirmed`; `refused` where it stands and no reader will believe it.
 */
export async function append(
  desk: Desk,
  to: { issue: number; request: string; log: Log },
  what: { by: Actor; events: Event[]; sentence: string },
  remaining?: Remaining,
): Promise<Written> {
  const counts = desk.uncounted.get(to.issue);
  desk.uncounted.delete(to.issue);
  try {
    return await write(desk, to, what, counts, remaining);
  } catch (error) {
    for (const [account, count] of Object.entries(counts ?? {})) countRefusal(desk, to.issue, account, count);
    throw error;
  }
}

/** Remembers a refused attempt that gets no record of its own. */
export function countRefusal(desk: Pick<Desk, 'uncounted'>, issue: number, account: string, times = 1): void {
  const counts = desk.uncounted.get(issue) ?? {};
  desk.uncounted.set(issue, { ...counts, [account]: (counts[account] ?? 0) + times });
}

async function write(
  desk: Desk,
  to: { issue: number; request: string; log: Log },
  what: { by: Actor; events: Event[]; sentence: string },
  counts: Record<string, number> | undefined,
  remaining: Remaining | undefined,
): Promise<Written> {
  const events = counts === undefined ? what.events : [...what.events, counted(counts)];
  const draft = nextRecord(to.log, {
    issue: to.issue,
    request: to.request,
    at: new Date(desk.clock.now()).toISOString(),
    by: what.by,
    events,
    sentence: what.sentence,
    writer: desk.writer,
  });
  const record = await inTime(desk, remaining, signed(desk, draft));
  const rendered = renderComment(record);
  if (!rendered.ok) throw new Fault('not-written', rendered.message, rendered.remedy);
  if (remaining !== undefined && remaining() <= 0) throw tooLate();
  const written = await desk.repository.comment(to.issue, rendered.body, remaining?.());
  await refuseUnlessBelieved(desk, record, written.createdAt, 'after');
  return { commentId: written.id, createdAt: written.createdAt };
}

/** What no reader would count is not written: whoever decided is told, and no end is written again and again. */
async function signed(desk: Desk, draft: LogRecord): Promise<LogRecord> {
  const token = await desk.signer.sign(draft.hash);
  const record = token === null ? draft : signedRecord(draft, token);
  await refuseUnlessBelieved(desk, record, draft.at, 'before');
  return record;
}

function counted(counts: Record<string, number>): Event {
  return { type: 'refusals-counted', counts };
}

/** Lets a promise have the time that is left; after that nothing is written any more. */
export async function inTime<T>(
  desk: Pick<Desk, 'clock'>,
  remaining: Remaining | undefined,
  work: Promise<T>,
): Promise<T> {
  if (remaining === undefined) return work;
  const stop = new AbortController();
  const late = desk.clock.sleep(Math.max(remaining(), 0), stop.signal).then(() => 'late' as const);
  try {
    const first = await Promise.race([work.then((value) => ({ value })), late]);
    if (first !== 'late') return first.value;
  } finally {
    stop.abort(ENOUGH);
  }
  work.catch(() => null);
  throw tooLate();
}

export function tooLate(): Fault {
  return new Fault('not-written', 'It took too long to look everything up; nothing was recorded.', 'Try again.');
}
