/** The ask job's wait: listens for presses, polls its issue, records comments' decisions, until the matter is settled. */
import { containsHead } from '../log/chain.ts';
import { outcomeOf, outcomeText } from '../request/present.ts';
import { isOpen, isOver } from '../request/state.ts';
import { type Care, newCare, tellRequester } from './care.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf, OUTAGE } from './fault.ts';
import { closeOpen, showFailed, showSettled } from './open.ts';
import type { Bell, Ear } from './presses.ts';
import { type Reading, reconcile, unchanged, understand, wholeSnapshot } from './reading.ts';
import { type DrawIssue, showCard, showIssue, viewOf } from './show.ts';
import { differs, isRead, judgeComments, newWatch, type Watch } from './watch.ts';

/** How often the issue is polled, with conditional requests that cost nothing while nothing changes. */
export const POLL_MS = 5_000;

/**
 * From so many polls on that brought nothing but talk, the next comes later: each costs one of the thousand calls an hour that
 * all jobs of the repository share (docs.github.com, rate limits of GITHUB_TOKEN). Presses ring the bell all the same.
 */
const TALK = 12;
const TALK_POLL_MS = 30_000;

/**
 * Waits until the request is approved, denied, expired, cancelled (`signal`) or broken, and shows that everywhere.
 * What is returned was read whole.
 * Throws the Fault of a broken log or of a GitHub that refuses us; card and issue say so already.
 */
export async function waitForVerdict(
  desk: Desk,
  draw: DrawIssue,
  ear: Ear,
  opened: Reading,
  signal: AbortSignal,
): Promise<Reading> {
  const turn: Turn = { bell: ear.bell, watch: newWatch(), care: newCare(desk, ear.talk), signal };
  let reading = opened;
  try {
    while (reading.state.status === 'pending') {
      reading = await waitOnce(desk, draw, reading, turn);
      desk.deliveries?.offer(reading);
    }
    await Promise.all([ear.close(), showSettled(desk, draw, reading)]);
    const settled = await settleLate(desk, reading, turn);
    desk.deliveries?.offer(settled);
    if (!looksTheSame(settled, reading)) await showSettled(desk, draw, settled);
    await tellRequester(desk, settled, outcomeText(outcomeOf(settled.state)));
    return settled;
  } catch (error) {
    await ear.close();
    await recordFailure(desk, draw, reading, error);
    throw error;
  }
}

/** What arrived while the listener closed: a denial wins until the job starts, and what was said is put on record. */
async function settleLate(desk: Desk, reading: Reading, { bell, care }: Turn): Promise<Reading> {
  const said = await care.last(reading);
  if (said !== null) bell.ring(said);
  const late = bell.take();
  if (late === null) return reading;
  const last = await reconcile(desk, reading.snapshot.number, late);
  stillHolds(last, reading);
  if (last.state.status !== 'pending') return last;
  // Nobody listens any more, so nobody could approve anew.
  return closeOpen(desk, last, { type: 'cancel', reason: 'An approval was withdrawn just when the wait was over.' });
}

/** Whether people would be shown the same of both. */
function looksTheSame(a: Reading, b: Reading): boolean {
  return factsShown(a) === factsShown(b);
}

function factsShown({ state: { status, decisions, withdrawals, reminders } }: Reading): string {
  return JSON.stringify([status, decisions.map(({ commentId }) => commentId), withdrawals.length, reminders.length]);
}

/** Ends the request as an error, in its log where that still holds. */
async function recordFailure(desk: Desk, draw: DrawIssue, reading: Reading, error: unknown): Promise<void> {
  const fault = error instanceof Fault ? error : null;
  const message = fault === null ? 'Something unexpected went wrong.' : `${fault.message} ${fault.remedy}`;
  await tellRequester(desk, reading, `Ended in an error; nothing ran. ${message}`);
  const last = { ...reading, opening: reading.state.opening };
  if (fault?.code === 'log') return showFailed(desk, draw, last, error);
  try {
    const code = fault?.code ?? 'unexpected';
    await showSettled(desk, draw, await closeOpen(desk, reading, { type: 'fail', code, message }));
  } catch (problem) {
    desk.progress.warn(`The error could not be recorded: ${messageOf(problem)}`);
    await showFailed(desk, draw, last, error);
  }
}

/** What goes along from one turn of the wait to the next. */
interface Turn {
  bell: Bell;
  watch: Watch;
  care: Care;
  signal: AbortSignal;
}

async function waitOnce(
  desk: Desk,
  draw: DrawIssue,
  reading: Reading,
  { bell, watch, care, signal }: Turn,
): Promise<Reading> {
  const { expiresAt } = reading.state.opening.request;
  if (!isOpen(reading.state)) return reading;
  if (signal.aborted) return closeOpen(desk, reading, { type: 'cancel', reason: 'The workflow run was cancelled.' });
  if (isOver(expiresAt, desk.clock.now())) return closeOpen(desk, reading, { type: 'expire' });
  // What was just decided is read first: whoever decided shall not be reminded of it.
  const cared = bell.peek() === null ? await care.due(reading) : null;
  if (cared !== null) bell.ring(cared);
  const untilExpiry = Date.parse(expiresAt) - desk.clock.now();
  const pause = Math.min(watch.talk < TALK ? POLL_MS : TALK_POLL_MS, care.pause(reading));
  if (bell.peek() === null) await desk.clock.sleep(Math.min(pause, Math.max(untilExpiry, 0)), bell.signal());
  // A cancellation woke it: nothing more is recorded than that.
  if (signal.aborted) return reading;
  const next = await orWait(desk, bell, () => lookAgain(desk, reading, bell, watch));
  return next === null ? reading : shown(desk, draw, next, reading);
}

/** The next reading, once people see what is new in it. */
async function shown(desk: Desk, draw: DrawIssue, next: Reading, before: Reading): Promise<Reading> {
  stillHolds(next, before);
  unchanged(desk, next);
  if (next.state.status !== 'pending' || looksTheSame(next, before)) return next;
  const view = viewOf(desk, next);
  await Promise.all([showCard(desk, next, view), showIssue(desk, draw, view, { labels: next.snapshot.labels })]);
  return next;
}

/** What was seen once must be there at every later look, whoever writes the records. Throws a Fault `log`. */
function stillHolds(next: Reading, { log }: Reading): void {
  const held = containsHead(next.log, log.head ?? '', log.length);
  if (held.ok) return;
  throw new Fault(
    'log',
    `Issue #${next.snapshot.number}: ${held.why}.`,
    'Nothing runs. Find out who changed it; ask anew.',
  );
}

/** How long a look that lacks what was read before may still be one of a replica that lags, in ms. */
const LAGS_MS = [1_000, 3_000, 6_000];

/** A whole look. Where it lacks what was read before, that may be lag and no loss: it looks again before anybody says so. */
async function lookWhole(desk: Desk, { log, snapshot }: Reading, until: { commentId?: number }): Promise<Reading> {
  let next = await understand(desk, await wholeSnapshot(desk, snapshot.number, until));
  for (const pause of LAGS_MS) {
    if (containsHead(next.log, log.head ?? '', log.length).ok) break;
    await desk.clock.sleep(pause);
    next = await understand(desk, await wholeSnapshot(desk, snapshot.number, until));
  }
  return next;
}

/** The next reading when something changed, null when nothing did. */
async function lookAgain(desk: Desk, reading: Reading, bell: Bell, watch: Watch): Promise<Reading | null> {
  const issue = reading.snapshot.number;
  watch.written = bell.take() ?? watch.written;
  // What whoever pressed a button met need not show in the list of comments.
  const doubted = desk.doubted.has(issue);
  if (watch.written === null && !doubted) {
    const fresh = await desk.repository.poll(issue);
    watch.polled = fresh ?? watch.polled;
    watch.unread = fresh ?? watch.unread ?? (watch.ahead ? watch.polled : null);
    watch.ahead = false;
    watch.talk = fresh === null ? 0 : watch.talk + 1;
    if (watch.unread === null) return null;
    const judged = await judgeComments(desk, watch.unread, reading, watch);
    if (judged === 'nothing' && !differs(watch.unread, reading, watch)) {
      watch.unread = null;
      return null;
    }
    watch.talk = 0;
    if (judged === 'interrupted') await desk.clock.sleep(POLL_MS, bell.signal());
  }
  const next = await lookWhole(desk, reading, watch.written === null ? {} : { commentId: watch.written });
  desk.doubted.delete(issue);
  watch.ahead = watch.written !== null;
  watch.written = null;
  if (watch.unread !== null && isRead(watch.unread, next, watch)) watch.unread = null;
  return next;
}

/** An outage is waited out, since waiting opens nothing and the request still expires. */
async function orWait<T>(desk: Desk, bell: Bell, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Fault) || !OUTAGE.includes(error.code)) throw error;
    desk.progress.warn(`${error.message} Still waiting; nothing is lost.`);
    await desk.clock.sleep(POLL_MS, bell.signal());
    return null;
  }
}
