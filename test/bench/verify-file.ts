/** Exports of any number of records for the bench, written as they are made. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, Log } from '../../src/log/chain.ts';
import { type ExportedRequest, exportLines } from '../../src/log/export-write.ts';
import { type Record as LogRecord, signedRecord } from '../../src/log/record.ts';
import type { Event } from '../../src/request/events.ts';
import { requestId } from '../../src/request/request.ts';
import * as b from '../log/build.ts';

export const RECORDS_A_REQUEST = 10;
/** How many earlier requests an opening names. */
const NAMED = 5;

export interface BenchFile {
  path: string;
  records: number;
  signed: boolean;
}

/** Writes an export of so many records, ten a request, as a repository would have them. */
export async function writeBenchFile({ path, records, signed }: BenchFile): Promise<void> {
  const trust = { ...b.trust, unsigned: signed ? ('refuse' as const) : ('accept' as const) };
  const requests = requestsOf(records / RECORDS_A_REQUEST, signed);
  const content = { trust, exportedAt: '2027-01-01T00:00:00Z', requests, policyText: () => b.POLICY };
  await pipeline(Readable.from(exportLines(content)), createWriteStream(path));
}

async function* requestsOf(count: number, signed: boolean): AsyncGenerator<ExportedRequest> {
  let earlier: { issue: number; head: string | null; length: number }[] = [];
  for (let issue = 1; issue <= count; issue += 1) {
    const log = await logOf(issue, earlier, signed);
    earlier = [{ issue, head: log.head, length: log.length }, ...earlier].slice(0, NAMED);
    yield { issue, updatedAt: b.instant(issue), log };
  }
}

async function logOf(
  issue: number,
  earlier: { issue: number; head: string | null; length: number }[],
  signed: boolean,
) {
  const run = { id: 9000 + issue, attempt: 1 };
  const request = requestId(b.trust.repositoryId, run);
  const ask = { ...b.ASK, run };
  const debug = { ...b.DEBUG, run };
  const refused = Array.from({ length: RECORDS_A_REQUEST - 5 }, (): [b.Job, Event] => [
    ask,
    { type: 'refused', code: 'not-eligible', decision: 'approve', account: 'slack:T1/U1' },
  ]);
  const steps: [b.Job, Event][] = [
    [ask, { ...b.opening(b.request(run)), earlier }],
    ...refused,
    [ask, b.decided('bo')],
    [ask, b.decided('cy')],
    [debug, b.started(run)],
    [debug, b.ended()],
  ];
  const entries: Entry[] = [];
  let log: Log = b.EMPTY;
  for (const [index, [job, event]] of steps.entries()) {
    const record = b.draft(log, job, [event], { issue, request });
    entries.push(await entryOf(record, job, issue * 100 + index, signed));
    log = { ...b.EMPTY, request, entries, head: record.hash, length: index + 1, tips: [record.hash], seq: index + 1 };
  }
  return log;
}

async function entryOf(record: LogRecord, job: b.Job, commentId: number, signed: boolean): Promise<Entry> {
  const written = signed ? signedRecord(record, await b.sign(b.claimsFor(job, record.hash, commentId))) : record;
  const place = { commentId, createdAt: b.instant(commentId), author: b.BOT };
  return { ...place, record: written, claims: null, key: null };
}
