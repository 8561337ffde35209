/** The close job's and the sweep's deliveries: what the webhook does not have yet, as much of it as fits into one run. */

import type { AuditedRecord } from '../audit/record.ts';
import { jobOf } from '../log/record.ts';
import { receiverOr } from './ask-deliveries.ts';
import type { Delivered } from './delivered.ts';
import { eventOf, type NotTaken, recordsToTell, send } from './deliveries.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { Receiver, ReceiverAt } from './ports.ts';
import { type Reading, understand, wholeSnapshot } from './reading.ts';
import { markIfWrittenTo, UNDELIVERED } from './undelivered.ts';

/** Delivers, and remembers for the rest of its run that the receiver takes nothing. */
export interface Postman {
  /** The records of a request that the receiver lacks; true: it has them all now. */
  deliver(reading: Reading, lacks: Lacks): Promise<boolean>;
  /** Why this run delivers nothing more; null: it goes on. */
  over(): string | null;
}

interface Place {
  commentId: number;
  record: { hash: string };
}

/** Whether the receiver lacks a record, by its place in the log. */
export type Lacks = (entry: Place, index: number) => boolean;

const ALL: Lacks = () => true;

/** How long a run may be busy with deliveries: a person waits for the end of a close job. */
const ONE_MS = 20_000;
const ALL_MS = 120_000;
const PATIENCE = { pauses: [1_000, 4_000], longest: 10_000 };
/** So many requests in a row that are not taken mean the receiver, not the requests. */
const FAILING = 3;
/** Each costs two of the thousand calls an hour that all jobs of the repository share. */
const AT_ONCE = 25;

/** null: the policy has no webhook. */
export async function newPostman(
  desk: Desk,
  { webhook }: { webhook: { url: string } | null },
  at: ReceiverAt,
  isSweep: boolean,
): Promise<Postman | null> {
  if (webhook === null) return null;
  const receiver = await receiverOr(desk, at, webhook.url);
  return receiver === null ? idle() : postman(desk, receiver, isSweep ? ALL_MS : ONE_MS);
}

/** Whoever cannot sign delivers nothing, and says of nothing that it is delivered. */
function idle(): Postman {
  return {
    deliver: async (reading, lacks) => !reading.log.entries.some(lacks),
    over: () => 'this job cannot sign what it would send',
  };
}

function postman(desk: Desk, receiver: Receiver, budgetMs: number): Postman {
  const { clock } = desk;
  const deps = { receiver, clock, patience: PATIENCE };
  let busyMs = 0;
  let failed = 0;
  let last: string | null = null;
  const over = (): string | null => {
    if (failed >= FAILING) return last;
    return busyMs >= budgetMs ? 'the time for it is over' : null;
  };
  const deliverOne = async (record: AuditedRecord): Promise<NotTaken | null> => {
    const from = clock.now();
    const [outOfTime, settled] = [new AbortController(), new AbortController()];
    void clock.sleep(budgetMs - busyMs, settled.signal).then(() => outOfTime.abort());
    const not = await send(deps, eventOf(record), outOfTime.signal);
    settled.abort();
    busyMs += clock.now() - from;
    if (not?.what !== 'this') failed = not === null ? 0 : failed + 1;
    return not;
  };
  return {
    over,
    async deliver(reading, lacks) {
      const { number } = reading.snapshot;
      const lacking = new Set(reading.log.entries.filter(lacks).map(({ commentId }) => commentId));
      for (const record of recordsToTell(desk, reading).filter(({ entry }) => lacking.has(entry.commentId))) {
        const why = over() ?? (await deliverOne(record))?.why ?? null;
        if (why === null) continue;
        last = why;
        const { seq } = record.entry.record;
        desk.progress.warn(
          `From record ${seq} of #${number} on nothing was delivered to the webhook: ${why}. The next sweep tries again.`,
        );
        return false;
      }
      return true;
    },
  };
}

/** Which records the receiver lacks, as far as the job that looks after the request can tell. */
export function lackingOf(
  entries: readonly Place[],
  known: {
    /** How far the ask job delivered, by its word to the close job of its run; undefined in any other job. */
    handedOver: Delivered | undefined;
    labels: readonly string[];
    /** The comments that were there before this job wrote any. */
    before: ReadonlySet<number>;
  },
): Lacks {
  const { handedOver, labels, before } = known;
  if (handedOver !== undefined) {
    const count = handedOver?.count ?? 0;
    // A record that showed late stands among the first now, or what was handed over is of another log.
    const isSame = count > 0 && entries[count - 1]?.record.hash === handedOver?.last;
    return isSame ? (_, index) => index >= count : ALL;
  }
  return labels.includes(UNDELIVERED) ? ALL : ({ commentId }) => !before.has(commentId);
}

/** A request whose log cannot be believed: nothing of it is delivered, and it stays marked. */
export interface Unbelieved {
  snapshot: Reading['snapshot'];
  fault: Fault;
}

/**
 * Delivers what earlier jobs could not, of requests that are closed; a receiver that fails is reported and ends it. Gives the
 * requests whose logs cannot be believed: they stay marked until somebody has looked at them and takes the label off.
 */
export async function deliverLeft(desk: Desk, post: Postman, done: readonly number[]): Promise<Unbelieved[]> {
  const left = (await desk.repository.undelivered()).filter((issue) => !done.includes(issue));
  // One that is never taken must not keep those behind it waiting: each sweep begins at another.
  const start = (jobOf(desk.writer)?.run ?? 0) % Math.max(left.length, 1);
  const turn = [...left.slice(start), ...left.slice(0, start)].slice(0, AT_ONCE);
  const unbelieved: Unbelieved[] = [];
  let delivered = 0;
  for (const issue of turn) {
    if (post.over() !== null) break;
    const outcome = await deliverAll(desk, post, issue);
    if (outcome === true) delivered += 1;
    else if (outcome !== false) unbelieved.push(outcome);
  }
  const rest = left.length - delivered - unbelieved.length;
  if (delivered > 0) desk.progress.info(`Delivered the records of ${count(delivered)} to the webhook.`);
  if (rest > 0) {
    desk.progress.warn(
      `The records of ${count(rest)} are still to be delivered to the webhook; the next sweep goes on.`,
    );
  }
  return unbelieved;
}

const count = (requests: number): string => `${requests} ${requests === 1 ? 'request' : 'requests'}`;

/** True once the issue is marked no more. */
async function deliverAll(desk: Desk, post: Postman, issue: number): Promise<boolean | Unbelieved> {
  try {
    const snapshot = await wholeSnapshot(desk, issue, {});
    const reading = await readable(desk, snapshot);
    if (reading instanceof Fault) return { snapshot, fault: reading };
    if (!(await post.deliver(reading, ALL))) return false;
    await desk.repository.removeLabel(issue, UNDELIVERED);
    await markIfWrittenTo(desk, reading);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    desk.progress.warn(`The records of #${issue} were not delivered: ${error.message} ${error.remedy}`);
    return false;
  }
}

/** A Fault: the log cannot be believed, so that there is nothing to tell. */
async function readable(desk: Desk, snapshot: Reading['snapshot']): Promise<Reading | Fault> {
  try {
    return await understand(desk, snapshot);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'log')) throw error;
    const then = `It stays marked; once you have looked at it, take the label ${UNDELIVERED} off.`;
    return new Fault(
      error.code,
      `Its records are not delivered to the webhook: ${error.message}`,
      `${error.remedy} ${then}`,
    );
  }
}
