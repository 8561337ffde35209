/** The ask job's wait: listens for presses, polls its issue, records comments' decisions, until the matter is settled. */
import { containsHead } from '../log/chain.ts';
import { parseDecision } from '../request/comment-decision.ts';
import type { DecideCommand } from '../request/decide.ts';
import { isOpen, isOver } from '../request/state.ts';
import { commandOfComment, countKnownRefusal, recordDecision } from './decisions.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import { closeOpen, showFailed, showSettled } from './open.ts';
import type { IssueComment, PolledComment } from './ports.ts';
import type { Bell, Ear } from './presses.ts';
import { type Reading, reconcile, understand, wholeSnapshot } from './reading.ts';
import { type DrawIssue, messageOf, showCard, showIssue, viewOf } from './show.ts';

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
  const { bell } = ear;
  const watch: Watch = { written: null, polled: null, ahead: false, unread: null, judged: new Set(), talk: 0 };
  let reading = opened;
  try {
    while (reading.state.status === 'pending') {
      reading = await waitOnce(desk, draw, reading, { bell, watch, signal });
    }
    await Promise.all([ear.close(), showSettled(desk, draw, reading)]);
    const late = bell.take();
    if (late === null) return reading;
    // A denial may have arrived while the listener closed: deny wins until the job starts.
    const last = await reconcile(desk, reading.snapshot.number, late);
    stillHolds(last, reading);
    reading = last;
    await showSettled(desk, draw, reading);
    return reading;
  } catch (error) {
    await ear.close();
    await recordFailure(desk, draw, reading, error);
    throw error;
  }
}

/** Ends the request as an error, in its log where that still holds. */
async function recordFailure(desk: Desk, draw: DrawIssue, reading: Reading, error: unknown): Promise<void> {
  const fault = error instanceof Fault ? error : null;
  if (fault?.code === 'log') return showFailed(desk, draw, reading, error);
  const message = fault === null ? 'Something unexpected went wrong.' : `${fault.message} ${fault.remedy}`;
  try {
    const code = fault?.code ?? 'unexpected';
    await showSettled(desk, draw, await closeOpen(desk, reading, { type: 'fail', code, message }));
  } catch (problem) {
    desk.progress.warn(`The error could not be recorded: ${messageOf(problem)}`);
    await showFailed(desk, draw, reading, error);
  }
}

/** What this job has seen of its issue and not yet dealt with. */
interface Watch {
  /** A record of its own that the next reading must hold. */
  written: number | null;
  /** The latest poll that brought something. */
  polled: PolledComment[] | null;
  /** Whether a reading is newer than that poll: what is gone since need not have changed the list that was polled. */
  ahead: boolean;
  /** The latest poll, while something in it is not judged or not in any reading. */
  unread: PolledComment[] | null;
  /** Comments whose decision was recorded or refused. */
  judged: Set<number>;
  /** How many polls in a row changed and brought nothing that matters. */
  talk: number;
}

async function waitOnce(
  desk: Desk,
  draw: DrawIssue,
  reading: Reading,
  { bell, watch, signal }: { bell: Bell; watch: Watch; signal: AbortSignal },
): Promise<Reading> {
  const { expiresAt } = reading.state.opening.request;
  if (!isOpen(reading.state)) return reading;
  if (signal.aborted) return closeOpen(desk, reading, { type: 'cancel', reason: 'The workflow run was cancelled.' });
  if (isOver(expiresAt, desk.clock.now())) return closeOpen(desk, reading, { type: 'expire' });
  const untilExpiry = Date.parse(expiresAt) - desk.clock.now();
  const pause = watch.talk < TALK ? POLL_MS : TALK_POLL_MS;
  if (bell.peek() === null) await desk.clock.sleep(Math.min(pause, Math.max(untilExpiry, 0)), bell.signal());
  // A cancellation woke it: nothing more is recorded than that.
  if (signal.aborted) return reading;
  const next = await orWait(desk, bell, () => lookAgain(desk, reading, bell, watch));
  if (next === null) return reading;
  stillHolds(next, reading);
  if (next.state.status !== 'pending' || next.state.decisions.length === reading.state.decisions.length) return next;
  const view = viewOf(desk, next);
  await Promise.all([showCard(desk, next, view), showIssue(desk, draw, view)]);
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
  if (watch.written === null) {
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

const OUTAGE: readonly Fault['code'][] = ['unavailable', 'rate-limited'];

/** True once every comment of the poll is in the reading (it may lag behind the poll) and judged. */
function isRead(polled: PolledComment[], { snapshot }: Reading, { judged }: Watch): boolean {
  const known = new Set(snapshot.comments.map(({ id }) => id));
  return polled.every((comment) => known.has(comment.id) && (judged.has(comment.id) || !decides(comment)));
}

function decides(comment: PolledComment): boolean {
  return commandOfComment(comment, parseDecision(comment.body)) !== null;
}

/**
 * Whether the poll shows another log than the reading: what an account of an app wrote, or what decides. Whatever else people
 * write, edit and delete costs no look at the whole, however often they do it; the next one reports it.
 */
function differs(polled: PolledComment[], { snapshot }: Reading, { judged }: Watch): boolean {
  const matters = (comment: IssueComment): boolean =>
    comment.author?.bot === true || (!judged.has(comment.id) && parseDecision(comment.body) !== null);
  const known = new Map(snapshot.comments.map((comment) => [comment.id, comment]));
  const stillThere = new Set(polled.map(({ id }) => id));
  const changed = polled.some((comment) => {
    const before = known.get(comment.id);
    return before?.body !== comment.body && (matters(comment) || (before !== undefined && matters(before)));
  });
  return changed || snapshot.comments.some((comment) => matters(comment) && !stillThere.has(comment.id));
}

/**
 * Records what people decided by comment since, each once. `interrupted`: GitHub did not take or not confirm a record;
 * the next reading shows whether it stands, and what does not is tried again; or it does not list the comment yet.
 */
async function judgeComments(
  desk: Desk,
  polled: PolledComment[],
  reading: Reading,
  watch: Watch,
): Promise<'recorded' | 'nothing' | 'interrupted'> {
  let result: 'recorded' | 'nothing' = 'nothing';
  let unseen = false;
  for (const comment of polled) {
    const command = commandOfComment(comment, parseDecision(comment.body));
    if (command === null || watch.judged.has(comment.id)) continue;
    if (!isDealtWith(desk, reading, comment, command)) {
      try {
        const recorded = await recordDecision(desk, reading.snapshot.number, command);
        if (recorded.kind === 'unseen') {
          unseen = true;
          continue;
        }
        if (recorded.kind === 'refused') desk.progress.info(recorded.message);
        if (recorded.commentId !== null) {
          watch.written = recorded.commentId;
          result = 'recorded';
        }
      } catch (error) {
        if (!(error instanceof Fault) || !MENDS_ITSELF.includes(error.code)) throw error;
        desk.progress.warn(`The decision in comment ${comment.id} is not recorded yet: ${error.message}`);
        return 'interrupted';
      }
    }
    watch.judged.add(comment.id);
  }
  return unseen ? 'interrupted' : result;
}

function isDealtWith(desk: Desk, reading: Reading, { id }: PolledComment, command: DecideCommand): boolean {
  return reading.state.answeredComments.includes(String(id)) || countKnownRefusal(desk, reading, command);
}

/** `log`: a list that lags looks like a broken log; the next reading is a whole one, and judges it. */
const MENDS_ITSELF: readonly Fault['code'][] = [...OUTAGE, 'not-written', 'not-confirmed', 'oidc', 'log'];
