/** The ask job's deliveries: each record of its request goes out in the background, and nobody who decides waits for that. */
import { fold } from '../request/state.ts';
import { eventOf, recordsToTell, send } from './deliveries.ts';
import type { Desk } from './desk.ts';
import { hasEnded } from './ends-here.ts';
import { Fault } from './fault.ts';
import type { Receiver, ReceiverAt } from './ports.ts';
import { type Reading, reconcile } from './reading.ts';
import { messageOf, UNDELIVERED } from './show.ts';

export interface Deliveries {
  /** The latest reading of the job's own request: what is new in it goes out, after all that was before it. */
  offer(reading: Reading): void;
  /** This job wrote a record to another job's request. Where that one is over, nobody else would tell of it. */
  wroteTo(issue: number, commentId: number): void;
  /** Ends it, within `END_MS` and at once without `patient`; gives how many of the own log's first records the receiver has. */
  end(patient: boolean): Promise<number>;
}

/** How long the job stays at its end for what is still on its way. */
const END_MS = 5_000;
/** A receiver that is down for longer is left to the close job. */
const PATIENCE = { pauses: [5_000, 60_000, 300_000, 1_800_000], longest: 1_800_000 };
/** For the other requests' records. */
const SHORT = { pauses: [1_000, 4_000], longest: 10_000 };

/** Begins to deliver to the policy's webhook; where there is no secret or no sound one, it says so and sends nothing. */
export async function openDeliveries(desk: Desk, at: ReceiverAt, url: string): Promise<Deliveries> {
  const receiver = await receiverOr(desk, at, url);
  const stop = new AbortController();
  const own = ownLine(desk, receiver, stop.signal);
  const late = new Set<Promise<void>>();
  return {
    offer: own.offer,
    wroteTo(issue, commentId) {
      const work = tellLate(desk, receiver, { issue, commentId }, stop.signal)
        .catch((error: unknown) => desk.progress.warn(`A record of #${issue} was not delivered: ${messageOf(error)}`))
        .finally(() => late.delete(work));
      late.add(work);
    },
    async end(patient) {
      if (patient) await within(desk, END_MS, Promise.all([own.settled(), ...late]));
      stop.abort();
      await Promise.all([own.settled(), ...late]);
      return own.delivered();
    },
  };
}

/** The receiver at the policy's address; null, and said, where this job cannot sign what it would send. */
export async function receiverOr({ progress }: Desk, at: ReceiverAt, url: string): Promise<Receiver | null> {
  if (at === null) {
    progress.warn(
      'The policy names a webhook, but this job has no `webhook-secret`: no record is delivered. Give it one, stored in the environment debug-approval, or take `webhook` out of the policy.',
    );
    return null;
  }
  try {
    return await at(url);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    progress.warn(`No record is delivered to the webhook. ${error.message} ${error.remedy}`);
    return null;
  }
}

/** One after the other, in the order of the log. */
function ownLine(desk: Desk, receiver: Receiver | null, signal: AbortSignal) {
  let latest: Reading | null = null;
  let delivered = 0;
  let tail: Promise<void> = Promise.resolve();
  /** Whether the receiver is in trouble: at the end nobody waits for it then. */
  let failing = receiver === null;
  let gaveUp = receiver === null;
  let warned = false;
  const trouble = (why: string): void => {
    failing = true;
    if (!warned && !signal.aborted)
      desk.progress.warn(
        `The webhook takes no records now: ${why}. The close job or the sweep delivers what it lacks.`,
      );
    warned = true;
  };
  const drain = async (to: Receiver): Promise<void> => {
    const deps = { receiver: to, clock: desk.clock, patience: PATIENCE };
    while (latest !== null && !gaveUp && !signal.aborted) {
      const record = recordsToTell(desk, latest)[delivered];
      if (record === undefined) return;
      const why = await send(deps, eventOf(record), signal, trouble);
      if (why === null) {
        failing = false;
        delivered += 1;
      } else {
        gaveUp = true;
        trouble(why);
      }
    }
  };
  return {
    offer(reading: Reading): void {
      if (receiver === null || reading === latest) return;
      latest = reading;
      tail = tail
        .then(() => drain(receiver))
        .catch((error: unknown) => {
          gaveUp = true;
          trouble(messageOf(error));
        });
    },
    /** Resolves when all is delivered, or cannot be now. */
    settled: async (): Promise<void> => {
      if (!failing || signal.aborted) await tail;
    },
    delivered: () => delivered,
  };
}

/** A record of a request that was over before: it goes out by itself; where it does not, the issue is marked for the sweep. */
async function tellLate(
  desk: Desk,
  receiver: Receiver | null,
  { issue, commentId }: { issue: number; commentId: number },
  signal: AbortSignal,
): Promise<void> {
  const reading = await reconcile(desk, issue, commentId);
  const before = reading.log.entries.filter((entry) => entry.commentId < commentId);
  // Its own jobs tell of it, as long as they live.
  if (!hasEnded(fold(reading.policy, before))) return;
  const record = recordsToTell(desk, reading).find(({ entry }) => entry.commentId === commentId);
  if (record === undefined) return;
  const deps = receiver === null ? null : { receiver, clock: desk.clock, patience: SHORT };
  if (deps !== null && (await send(deps, eventOf(record), signal)) === null) return;
  const { labels } = reading.snapshot;
  if (!labels.includes(UNDELIVERED)) await desk.repository.updateIssue(issue, { labels: [...labels, UNDELIVERED] });
}

async function within({ clock }: Desk, ms: number, work: Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([work, clock.sleep(ms, stop.signal)]);
  stop.abort();
}
