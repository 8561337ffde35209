/** The ask job's ear: records presses for any request of the repository, one at a time for each issue. */
import { commandOfPress, notRecorded, PRESS_DEADLINE_MS, recordDecision } from './decisions.ts';
import type { Desk } from './desk.ts';
import type { Listener, Press } from './ports.ts';
import { reconcile } from './reading.ts';
import { messageOf, showCard, viewOf } from './show.ts';

/** Listens while the job waits. Without Slack it hears nothing, and the issue alone serves. */
export interface Ear {
  /** Connects. Throws the Fault `slack` of a failure that waiting cannot mend. */
  open(): Promise<void>;
  /** From now on presses for this issue ring the bell. */
  own(issue: number): void;
  bell: Bell;
  /** Disconnects, then finishes what was received. */
  close(): Promise<void>;
}

export function newEar(desk: Desk, listener: Listener | null, cancelled: AbortSignal): Ear {
  const bell = newBell(cancelled);
  let ownIssue: number | null = null;
  let opened = false;
  const receiver = receive(desk, () => ownIssue, bell);
  return {
    bell,
    own(issue) {
      ownIssue = issue;
    },
    async open() {
      opened = true;
      await listener?.start(receiver.onPress);
    },
    async close() {
      if (opened) await listener?.stop();
      opened = false;
      await receiver.settled();
    },
  };
}

/** Rings when a record of the own issue was written, holding its comment id until it is taken. */
export interface Bell {
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
function receive(desk: Desk, own: () => number | null, bell: Bell) {
  const queues = new Map<number, Promise<unknown>>();
  const background = new Set<Promise<unknown>>();
  const later = (work: Promise<unknown>) => {
    const done = work
      .catch((error: unknown) => desk.progress.warn(messageOf(error)))
      .finally(() => background.delete(done));
    background.add(done);
  };
  const take = async (press: Press): Promise<boolean> => {
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
      if (recorded.commentId !== null && issue === own()) bell.ring(recorded.commentId);
      if (recorded.kind === 'recorded' && issue !== own()) later(showForeign(desk, issue, recorded.commentId));
      return true;
    } catch (error) {
      desk.progress.warn(`A press for issue #${issue} was not recorded: ${messageOf(error)}`);
      later(answer(desk, press, notRecorded(error, issueUrl(desk, issue))));
      return false;
    } finally {
      if (queues.get(issue) === settled) queues.delete(issue);
    }
  };
  const inWork = new Map<string, Promise<boolean>>();
  /** Whoever presses the same button again and again has one place in the queue: others must not wait behind them all. */
  const onPress = (press: Press): Promise<boolean> => {
    const same = JSON.stringify([press.decision, press.value, press.slack, press.card]);
    const work = inWork.get(same) ?? take(press).finally(() => inWork.delete(same));
    inWork.set(same, work);
    return work;
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
