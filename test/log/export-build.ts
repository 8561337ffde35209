/** Exports for tests: a repository of a few requests whose openings name each other's heads. */
import { canonicalJson, sha256 } from '../../src/log/canonical.ts';
import { type Log, type LogComment, readLog } from '../../src/log/chain.ts';
import { type ExportContent, type ExportedRequest, exportText } from '../../src/log/export-write.ts';
import type { Trust } from '../../src/log/trust.ts';
import type { Event } from '../../src/request/events.ts';
import { requestId } from '../../src/request/request.ts';
import * as b from './build.ts';

export const EXPORTED_AT = '2026-04-01T00:00:00Z';
export const POLICY = { path: '.github/debug-approval.yml', commit: 'c'.repeat(40), text: b.POLICY };

/** The log of a request in this issue, by a run of its own; its opening names the heads of `earlier`. */
export async function logOf(
  issue: number,
  options: { earlier?: readonly ExportedRequest[]; trust?: Trust; signed?: boolean } = {},
): Promise<Log> {
  const { earlier = [], trust = b.trust, signed = true } = options;
  const run = { id: 9000 + issue, attempt: 1 };
  const request = requestId(trust.repositoryId, run);
  const named = earlier.map(({ issue: of, log }) => ({ issue: of, head: log.head, length: log.length }));
  const ask = { ...b.ASK, run };
  const debug = { ...b.DEBUG, run };
  const steps: [b.Job, Event][] = [
    [ask, { ...b.opening(b.request(run)), earlier: named }],
    [ask, { type: 'refused', code: 'own-request', decision: 'approve', account: 'slack:T1/U1' }],
    [ask, b.decided('bo')],
    [debug, b.started(run)],
    [debug, b.ended()],
  ];
  const comments: LogComment[] = [];
  let log = b.EMPTY;
  for (const [index, [job, event]] of steps.entries()) {
    const id = issue * 100 + index;
    const record = b.draft(log, job, [event], { issue, request });
    comments.push(signed ? await b.comment(record, job, id) : b.asComment(record, id));
    log = await readLog({ number: issue, comments, deletions: [] }, trust);
  }
  return log;
}

export const exported = (issue: number, log: Log, updatedAt = b.instant(issue * 60)): ExportedRequest => ({
  issue,
  updatedAt,
  log,
});

/** Requests 1, 2, … `count`; each opening names the heads of all before it. */
export async function repository(count: number, options: Parameters<typeof logOf>[1] = {}): Promise<ExportedRequest[]> {
  const requests: ExportedRequest[] = [];
  for (let issue = 1; issue <= count; issue += 1) {
    requests.push(exported(issue, await logOf(issue, { ...options, earlier: [...requests] })));
  }
  return requests;
}

export const contentOf = (
  requests: readonly ExportedRequest[],
  change: Partial<ExportContent> = {},
): ExportContent => ({
  trust: b.trust,
  exportedAt: EXPORTED_AT,
  requests,
  policyText: () => b.POLICY,
  ...change,
});

export const fileOf = (requests: readonly ExportedRequest[], change: Partial<ExportContent> = {}): Promise<string> =>
  exportText(contentOf(requests, change));

/** The lines of a file, each without its line break. */
export const linesOf = (file: string): string[] => file.split('\n').slice(0, -1);

/** These lines with sums, counts and heads that fit them: what somebody who knows the format would make of a changed file. */
export function resealed(lines: readonly string[]): string {
  let text = '';
  let [requests, records, inRequest] = [0, 0, 0];
  let head = null;
  let length = 0;
  for (const line of lines) {
    const value = JSON.parse(line);
    if (value.record !== undefined) [inRequest, head, length] = [inRequest + 1, value.record.hash, value.record.seq];
    if (value.type === 'request') [requests, inRequest, head, length] = [requests + 1, 0, null, 0];
    if (value.type === 'request-end') {
      records += inRequest;
      Object.assign(value, { records: inRequest, head, length, sha256: sha256(text) });
    }
    if (value.type === 'end') Object.assign(value, { requests, records, sha256: sha256(text) });
    text += `${canonicalJson(value)}\n`;
  }
  return text;
}
