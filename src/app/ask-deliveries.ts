/** The ask job's deliveries: each record of its request goes out in the background, and nobody who decides waits for that. */
import type { Delivered } from './delivered.ts';
import { eventOf, recordsToTell, send } from './deliveries.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf } from './fault.ts';
import type { Receiver, ReceiverAt } from './ports.ts';
import type { Reading } from './reading.ts';

export interface Deliveries {
  /** The latest reading of the job's own request: what is new in it goes out, after all that was before it. */
  offer(reading: Reading): void;
  /** Work that this job must not leave behind: marks on other requests, whose records the sweep delivers. Never rejects. */
  beside(work: Promise<void>): void;
  /** Ends it, within `END_MS` and at once without `patient`; gives how far the receiver has the own log. */
  end(patient: boolean): Promise<Delivered>;
}

/** How long the job stays at its end for what is still on its way. */
const END_MS = 5_000;
/** A receiver that is down for longer is left to the close job. */
const PATIENCE = { pauses: [5_000, 60_000, 300_000, 1_800_000], longest: 1_800_000 };

/** Begins to deliver to the policy's webhook; where there is no secret or no sound one, it says so and sends nothing. */
export async function openDeliveries(desk: Desk, at: ReceiverAt, url: string): Promise<Deliveries> {
  const receiver = await receiverOr(desk, at, url);
  const stop = new AbortController();
  const own = ownLine(desk, receiver, stop.signal);
  const beside = new Set<Promise<void>>();
  return {
    offer: own.offer,
    beside(work) {
      const done = work.finally(() => beside.delete(done));
      beside.add(done);
    },
    async end(patient) {
      if (patient) await within(desk, END_MS, Promise.all([own.settled(), ...beside]));
      stop.abort();
      await own.settled();
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
  /** Their hashes: a record that shows late may stand before others that were sent already. */
  const sent = new Set<string>();
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
      const record = recordsToTell(desk, latest).find(({ entry }) => !sent.has(entry.record.hash));
      if (record === undefined) return;
      const not = await send(deps, eventOf(record), signal, trouble);
      if (not === null) {
        failing = false;
        sent.add(record.entry.record.hash);
      } else {
        gaveUp = true;
        trouble(not.why);
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
    delivered(): Delivered {
      const hashes = latest?.log.entries.map(({ record }) => record.hash) ?? [];
      const first = hashes.findIndex((hash) => !sent.has(hash));
      const count = first === -1 ? hashes.length : first;
      const last = hashes[count - 1];
      return last === undefined ? null : { count, last };
    },
  };
}

async function within({ clock }: Desk, ms: number, work: Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([work, clock.sleep(ms, stop.signal)]);
  stop.abort();
}
