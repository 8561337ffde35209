/** The close job's and the sweep's deliveries: what the webhook does not have yet, as much of it as fits into one run. */
import type { AuditedRecord } from '../audit/record.ts';
import { receiverOr } from './ask-deliveries.ts';
import { eventOf, recordsToTell, send } from './deliveries.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { Receiver, ReceiverAt } from './ports.ts';
import { type Reading, understand, wholeSnapshot } from './reading.ts';
import { UNDELIVERED } from './show.ts';

/** Delivers, and remembers for the rest of its run that the receiver takes nothing. */
export interface Postman {
  /** The records of a request from the one with this index on; true: the receiver has them all now. */
  deliver(reading: Reading, from: number): Promise<boolean>;
  /** Why this run delivers nothing more; null: it goes on. */
  over(): string | null;
}

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
    deliver: async (reading, from) => from >= reading.log.entries.length,
    over: () => 'this job cannot sign what it would send',
  };
}

function postman(desk: Desk, receiver: Receiver, budgetMs: number): Postman {
  const { clock } = desk;
  const deps = { receiver, clock, patience: PATIENCE };
  const { signal } = new AbortController();
  let busyMs = 0;
  let failed = 0;
  let last: string | null = null;
  const over = (): string | null => {
    if (failed >= FAILING) return last;
    return busyMs >= budgetMs ? 'the time for it is over' : null;
  };
  const deliverOne = async (record: AuditedRecord): Promise<string | null> => {
    const from = clock.now();
    const why = await send(deps, eventOf(record), signal);
    busyMs += clock.now() - from;
    failed = why === null ? 0 : failed + 1;
    return why;
  };
  return {
    over,
    async deliver(reading, from) {
      const { number } = reading.snapshot;
      for (const record of recordsToTell(desk, reading).slice(from)) {
        const why = over() ?? (await deliverOne(record));
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

/** With which record the delivery of a request begins, as far as the job that looks after it can tell. */
export function firstToDeliver(known: {
  /** How many the ask job delivered, which the close job of its run is told; null in any other job. */
  handedOver: number | null;
  labels: readonly string[];
  /** How many records there were before this job wrote any. */
  before: number;
}): number {
  if (known.handedOver !== null) return known.handedOver;
  return known.labels.includes(UNDELIVERED) ? 0 : known.before;
}

/** Delivers what earlier jobs could not, of requests that are closed; a receiver that fails is reported and ends it. */
export async function deliverLeft(desk: Desk, post: Postman, done: readonly number[]): Promise<void> {
  if (post.over() !== null) return;
  const left = (await desk.repository.undelivered()).filter((issue) => !done.includes(issue));
  // One that is never taken must not keep those behind it waiting: each sweep begins at another.
  const start = Math.floor(desk.clock.now() / 60_000) % Math.max(left.length, 1);
  const turn = [...left.slice(start), ...left.slice(0, start)].slice(0, AT_ONCE);
  let delivered = 0;
  for (const issue of turn) {
    if (post.over() !== null) break;
    if (await deliverAll(desk, post, issue)) delivered += 1;
  }
  const rest = left.length - delivered;
  if (delivered > 0) desk.progress.info(`Delivered the records of ${count(delivered)} to the webhook.`);
  if (rest > 0)
    desk.progress.warn(
      `The records of ${count(rest)} are still to be delivered to the webhook; the next sweep goes on.`,
    );
}

const count = (requests: number): string => `${requests} ${requests === 1 ? 'request' : 'requests'}`;

/** True once the issue is marked no more. */
async function deliverAll(desk: Desk, post: Postman, issue: number): Promise<boolean> {
  try {
    const snapshot = await wholeSnapshot(desk, issue, {});
    const reading = await readable(desk, snapshot);
    if (reading !== null && !(await post.deliver(reading, 0))) return false;
    await desk.repository.updateIssue(issue, { labels: snapshot.labels.filter((label) => label !== UNDELIVERED) });
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    desk.progress.warn(`The records of #${issue} were not delivered: ${error.message} ${error.remedy}`);
    return false;
  }
}

/** null: the log cannot be believed, so that there is nothing to tell. */
async function readable(desk: Desk, snapshot: Reading['snapshot']): Promise<Reading | null> {
  try {
    return await understand(desk, snapshot);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'log')) throw error;
    desk.progress.warn(`The records of #${snapshot.number} are not delivered: ${error.message}`);
    return null;
  }
}
