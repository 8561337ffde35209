/** The ask job's wait: listens for presses, polls its issue, records comments' decisions, until the matter is settled. */
import { containsHead } from '../log/chain.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { isOpen, isOver } from '../request/state.ts';
import { commandOfComment, commandOfPress, notRecorded, PRESS_DEADLINE_MS, recordDecision } from './decisions.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import { closeOpen, showFailed } from './open.ts';
import type { Listener, PolledComment, Press } from './ports.ts';
import { type Reading, reconcile, understand, wholeSnapshot } from './reading.ts';
import { type DrawIssue, messageOf, showCard, showIssue, viewOf } from './show.ts';

/** How often the issue is polled, with conditional requests that cost nothing while nothing changes. */
export const POLL_MS = 5_000;

/**
 * Waits until the request is approved, denied, expired, cancelled (`signal`) or broken. What is returned was read whole.
 * Throws the Fault of a broken log or of a GitHub that refuses us; card and issue say so already.
 */
export async function waitForVerdict(
  desk: Desk,
  draw: DrawIssue,
  listener: Listener | null,
  opened: Reading,
  signal: AbortSignal,
): Promise<Reading> {
  const bell = newBell(signal);
  const receiver = receive(desk, opened.snapshot.number, bell);
  let reading = opened;
  try {
    await listener?.start(receiver.onPress);
    for (;;) {
      reading = await waitOnce(desk, draw, reading, bell, signal);
      if (reading.state.status === 'pending') continue;
      await listener?.stop();
      await receiver.settled();
      const late = bell.take();
      if (late === null) return reading;
      // A denial may have arrived while the listener closed: deny wins until the job starts.
      const last = await reconcile(desk, reading.snapshot.number, late);
      stillHolds(last, reading);
      reading = last;
      if (reading.state.status !== 'pending') return reading;
      await listener?.start(receiver.onPress);
    }
  } catch (error) {
    await listener?.stop();
    await receiver.settled();
    await showFailed(desk, draw, reading, error);
    throw error;
  }
}

async function waitOnce(
  desk: Desk,
  draw: DrawIssue,
  reading: Reading,
  bell: Bell,
  signal: AbortSignal,
): Promise<Reading> {
  const { expiresAt } = reading.state.opening.request;
  if (!isOpen(reading.state)) return reading;
  if (signal.aborted) return closeOpen(desk, reading, { type: 'cancel', reason: 'The workflow run was cancelled.' });
  if (isOver(expiresAt, desk.clock.now())) return closeOpen(desk, reading, { type: 'expire' });
  const untilExpiry = Date.parse(expiresAt) - desk.clock.now();
  if (bell.peek() === null) await desk.clock.sleep(Math.min(POLL_MS, Math.max(untilExpiry, 0)), bell.signal());
  const next = await lookAgain(desk, reading, bell);
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
    `Issue #${next.snapshot.number}: ${held.why}`,
    'Nothing runs. Find out who changed it; ask anew.',
  );
}

/** The next reading when something changed, null when nothing did. */
async function lookAgain(desk: Desk, reading: Reading, bell: Bell): Promise<Reading | null> {
  const issue = reading.snapshot.number;
  const written = bell.take();
  if (written !== null) return reconcile(desk, issue, written);
  const polled = await poll(desk, issue);
  if (polled === null || !differs(polled, reading)) return null;
  const recorded = await recordComments(desk, polled, reading);
  if (recorded !== null) return reconcile(desk, issue, recorded);
  const newest = polled.at(-1)?.id;
  return understand(desk, await wholeSnapshot(desk, issue, newest === undefined ? {} : { commentId: newest }));
}

/** Polls; an outage is waited out, since waiting opens nothing and the request still expires. */
async function poll(desk: Desk, issue: number): Promise<PolledComment[] | null> {
  try {
    return await desk.repository.poll(issue);
  } catch (error) {
    if (!(error instanceof Fault) || (error.code !== 'unavailable' && error.code !== 'rate-limited')) throw error;
    desk.progress.warn(`${error.message} Still waiting; nothing is lost.`);
    return null;
  }
}

function differs(polled: PolledComment[], { snapshot }: Reading): boolean {
  const known = new Map(snapshot.comments.map((comment) => [comment.id, comment.body]));
  const firstPolled = polled[0]?.id ?? Number.POSITIVE_INFINITY;
  const stillThere = new Set(polled.map(({ id }) => id));
  const changed = polled.some(({ id, body }) => known.get(id) !== body);
  const gone = snapshot.comments.some(({ id }) => id >= firstPolled && !stillThere.has(id));
  return changed || gone || (polled.length === 0 && snapshot.comments.length > 0);
}

/** Records what people decided by comment since; gives the last record's comment id, null when there was none. */
async function recordComments(desk: Desk, polled: PolledComment[], reading: Reading): Promise<number | null> {
  let last: number | null = null;
  for (const comment of polled) {
    const command = commandOfComment(comment, parseDecision(comment.body));
    if (command === null || reading.state.answeredComments.includes(String(comment.id))) continue;
    const recorded = await recordDecision(desk, reading.snapshot.number, command);
    if (recorded.kind === 'refused') desk.progress.info(recorded.message);
    if (recorded.commentId !== null) last = recorded.commentId;
  }
  return last;
}

/** Rings when a record of the own issue was written, holding its comment id until it is taken. */
interface Bell {
  ring(commentId: number): void;
  peek(): number | null;
  take(): number | null;
  /** Fires at the next ring, or when the job is cancelled. */
  signal(): AbortSignal;
}

function newBell(cancelled: AbortSignal): Bell {
  let latest: number | null = null;
  let next = new AbortController();
  return {
    ring(commentId) {
      latest = Math.max(latest ?? 0, commentId);
      next.abort();
    },
    peek: () => latest,
    take() {
      const taken = latest;
      latest = null;
      next = new AbortController();
      return taken;
    },
    signal: () => AbortSignal.any([next.signal, cancelled]),
  };
}

/** Handles presses for any request of this repository, one at a time for each issue. */
function receive(desk: Desk, ownIssue: number, bell: Bell) {
  const queues = new Map<number, Promise<unknown>>();
  const background = new Set<Promise<unknown>>();
  const later = (work: Promise<unknown>) => {
    const done = work
      .catch((error: unknown) => desk.progress.warn(messageOf(error)))
      .finally(() => background.delete(done));
    background.add(done);
  };
  const onPress = async (press: Press): Promise<boolean> => {
    const found = commandOfPress(press, desk.trust.repositoryId);
    if (found === null) return false;
    const received = desk.clock.now();
    const remaining = () => PRESS_DEADLINE_MS - (desk.clock.now() - received);
    const { issue, command } = found;
    const before = queues.get(issue) ?? Promise.resolve();
    const work = before.then(() => recordDecision(desk, issue, command, remaining));
    const settled = work.catch(() => null);
    queues.set(issue, settled);
    try {
      const recorded = await work;
      if (recorded.kind === 'refused') later(answer(desk, press, recorded.message));
      if (recorded.commentId !== null && issue === ownIssue) bell.ring(recorded.commentId);
      if (recorded.kind === 'recorded' && issue !== ownIssue) later(showForeign(desk, issue, recorded.commentId));
      return true;
    } catch (error) {
      desk.progress.warn(`A press for issue #${issue} was not recorded: ${messageOf(error)}`);
      later(answer(desk, press, notRecorded(error, issueUrl(desk, issue))));
      return false;
    } finally {
      if (queues.get(issue) === settled) queues.delete(issue);
    }
  };
  const settled = async () => {
    while (background.size > 0) await Promise.all(background);
  };
  return { onPress, settled };
}

async function answer(desk: Desk, press: Press, text: string): Promise<void> {
  await desk.chat?.answer(press.card, press.slack.user, text);
}

/** Whoever records a foreign request's decision updates its card; the owner draws it anew after its next poll. */
async function showForeign(desk: Desk, issue: number, commentId: number): Promise<void> {
  const reading = await reconcile(desk, issue, commentId);
  await showCard(desk, reading, viewOf(desk, reading));
}

function issueUrl(desk: Desk, issue: number): string {
  return `${desk.serverUrl}/${desk.repositoryName}/issues/${issue}`;
}
