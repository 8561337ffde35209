/** What the sweep and the close job do for one request: its last words, its true end, its card and issue, and what the webhook lacks. */
import type { Command } from '../request/command.ts';
import { instant } from '../request/instant.ts';
import { oneOfNames } from '../request/names.ts';
import { outcomeText } from '../request/present.ts';
import { isOpen, type OpenedState } from '../request/state.ts';
import { lookAfterReview, openReview } from './after-review.ts';
import { bodyFindings, ignored } from './body.ts';
import { tellRequester } from './care.ts';
import { recordDeed } from './deed.ts';
import type { Delivered } from './delivered.ts';
import type { Desk } from './desk.ts';
import { endedAt, endsHere, hasEnded } from './ends-here.ts';
import { Fault, whyOf } from './fault.ts';
import type { IssueSnapshot, JobIdentity } from './ports.ts';
import { type Reading, textFault, understand, wholeSnapshot } from './reading.ts';
import type { DebugResult } from './run-end.ts';
import { showCard, showIssue, viewOf } from './show.ts';
import { commandFor, lastWords } from './sweep-command.ts';
import { lackingOf, type Postman } from './sweep-deliveries.ts';
import { tellThread } from './tell-thread.ts';
import { markIfWrittenTo } from './undelivered.ts';
import { showUnproven } from './unproven.ts';

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

/** What a sweep has at hand. */
export interface Place {
  desk: Desk;
  job: JobIdentity;
  /** How the debug job of this run ended; null where this is not its close job. */
  debugResult: DebugResult | null;
  /** The end of what the command of this run printed, by the debug job's word. */
  lastLines: string;
  /** null: the policy has no webhook. */
  post: Postman | null;
  /** How far the ask job of this run delivered; undefined where this is not its close job. */
  handedOver: Delivered | undefined;
}

/** For so long after its end a request waits for a Slack that does not let its card be changed. */
const PATIENCE_MS = 3_600_000;

/** Whether somebody must and can still sign. */
export function awaitsReview(reading: Reading): boolean {
  return (openReview(reading)?.by.length ?? 0) > 0;
}

/** Settles a request. Its trouble is reported and keeps no other from being settled. */
export async function settleSafely(place: Place, snapshot: IssueSnapshot): Promise<Swept> {
  try {
    return await settle(place, snapshot);
  } catch (error) {
    return troubled(place, snapshot, 'unreadable', error);
  }
}

/** A request in trouble, which is said. */
export function troubled(
  { desk }: Pick<Place, 'desk'>,
  { number, url }: { number: number; url: string },
  status: 'unproven' | 'unreadable',
  error: unknown,
): Swept {
  const why = whyOf(error);
  desk.progress.warn(`Issue #${number}: ${why}`);
  return { issue: number, url, status, note: why, reading: null, overdue: false };
}

async function settle(place: Place, snapshot: IssueSnapshot): Promise<Swept> {
  const { desk, job, debugResult, lastLines } = place;
  const whole = await wholeSnapshot(desk, snapshot.number, { first: snapshot });
  let reading = await believed(place, whole);
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  const text = textFault(desk, reading);
  // By a text that somebody changed nobody decides any more.
  if (text === null || !isOpen(reading.state)) reading = await orBroken(place, reading, lastWords);
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  const command = await commandFor(place, reading.state, text);
  if (command !== null) reading = await record(place, reading, command);
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  reading = await orBroken(place, reading, ({ desk: at }, found) => lookAfterReview(at, found));
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  const { status } = reading.state;
  const over = hasEnded(reading.state);
  const review = openReview(reading);
  const view = viewOf(desk, reading);
  if (over) {
    // Whoever signs the after-review writes on the issue: it stays open until then.
    // Where somebody closed it all the same, it is opened again.
    const [delivered, shown] = await Promise.all([deliver(place, reading, whole), showCard(desk, reading, view)]);
    // Sweeps find what is open: a card that still has its buttons is changed by the next one.
    const isDone = shown || desk.clock.now() - endedAt(reading) >= PATIENCE_MS;
    const change = { close: review === null && isDone, reopen: awaitsReview(reading) || !isDone };
    await showIssue(desk, desk.draw, view, { ...change, delivered, labels: null });
    if (place.post !== null && delivered) await markIfWrittenTo(desk, reading);
    if (endsHere(desk, reading, debugResult === null ? null : job.run)) {
      const outcome = outcomeText(view);
      if (debugResult !== null) await tellThread(desk, reading, { outcome, lastLines });
      await tellRequester(desk, reading, outcome);
    }
  }
  const overdue = over && review !== null && desk.clock.now() > review.dueAt;
  const told = outcomeText(view) ?? `Still ${status}: ${reading.state.verdict.sentence}`;
  const changed = text === null || told.includes(text) ? [] : [text];
  const beside = [...bodyFindings(whole, reading.log.entries), ...ignored(whole.number, reading.log.findings)];
  for (const why of [...changed, ...beside]) desk.progress.warn(why);
  const note = [told, ...changed, ...reviewNote(reading)];
  return { issue: snapshot.number, url: snapshot.url, status, note: note.join(' '), reading, overdue };
}

/** Whether the policy's webhook has all records of a request that is over. What `seen` holds was there before this job wrote. */
async function deliver({ post, handedOver }: Place, reading: Reading, seen: IssueSnapshot): Promise<boolean> {
  if (post === null) return true;
  const before = new Set(seen.comments.map(({ id }) => id));
  return post.deliver(reading, lackingOf(reading.log.entries, { handedOver, labels: seen.labels, before }));
}

function reviewNote(reading: Reading): string[] {
  const review = openReview(reading);
  if (review === null) return [];
  const who = oneOfNames(reading.policy, review.by) || 'nobody, since the policy leaves nobody to sign it';
  return [`The after-review is due by ${instant(review.dueAt)}, from ${who}.`];
}

/** The reading of a whole snapshot; the Fault of a log that cannot be believed, once issue and card say so. */
async function believed(place: Place, whole: IssueSnapshot): Promise<Reading | Fault> {
  try {
    return await understand(place.desk, whole);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'log')) throw error;
    await showUnproven({ ...place, draw: place.desk.draw }, whole, error);
    return error;
  }
}

async function record(place: Place, reading: Reading, command: Command): Promise<Reading | Fault> {
  const { desk } = place;
  const written = await recordDeed(desk, reading, command);
  if (written === null) return reading;
  return believed(place, await wholeSnapshot(desk, reading.snapshot.number, { commentId: written.commentId }));
}

/** The reading after some work on it; the Fault of a log that broke meanwhile. */
async function orBroken(
  place: Place,
  reading: Reading,
  work: (place: Place, reading: Reading) => Promise<Reading>,
): Promise<Reading | Fault> {
  const { number } = reading.snapshot;
  try {
    return await work(place, reading);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'log')) throw error;
    return believed(place, await wholeSnapshot(place.desk, number, {}));
  }
}
