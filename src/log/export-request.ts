/** One request of an export: its lines as they come, and what they amount to once the last one is there. */
import { containsHead, type Finding, type HeldRecord, type Log, readRecords } from './chain.ts';
import { type ExportedPolicy, RECORD_LIMIT, type RequestBegin, type RequestEnd } from './export-format.ts';
import type { Trusted } from './export-trust.ts';
import { inShort } from './finding.ts';
import { type Grading, gradeOf } from './grade.ts';

/** What does not hold, and where: the line of the file, the request's issue, the record's number in its request, its comment. */
export interface ExportFault {
  line: number | null;
  issue: number | null;
  record: number | null;
  commentId: number | null;
  why: string;
}

/**
 * What an export says of one request. `none`: the issue held no request when it was exported, and nothing was lost. `unknown`:
 * records of it stand in the file that nobody can verify, as the exporter said already.
 */
export interface RequestVerdict {
  issue: number;
  request: string | null;
  status: 'whole' | 'broken' | 'none' | 'unknown';
  updatedAt: string;
  records: number;
  head: string | null;
  length: number;
  /** null: no record of it counts. */
  grading: Grading | null;
  policy: RequestBegin['policy'];
  /** What was ignored when it was exported: additions of others, harmless edits and deletions. */
  findings: RequestBegin['findings'];
  /** The records that keep it from being judged; none unless `unknown`. */
  unverified: RequestBegin['unverified'];
  /** In the order of the file. */
  faults: ExportFault[];
}

/** A request whose lines are being read. */
export interface OpenRequest {
  begin: RequestBegin;
  line: number;
  /** How many lines of records there are, those that cannot be read included. */
  records: number;
  held: HeldRecord[];
  /** The record's number and the line of each that is held. */
  places: { record: number; line: number }[];
  faults: ExportFault[];
}

export function openRequest(begin: RequestBegin, line: number): OpenRequest {
  return { begin, line, records: 0, held: [], places: [], faults: [] };
}

/** Where what is missing stands among the lines. */
const AT_THE_END = Number.MAX_SAFE_INTEGER;

/** Takes the next record. */
export function takeEntry(open: OpenRequest, held: HeldRecord, line: number): void {
  open.records += 1;
  const { id } = held.comment;
  const place = { record: open.records, line };
  const fault = (why: string) => open.faults.push({ ...place, issue: open.begin.issue, commentId: id, why });
  if (id <= (open.held.at(-1)?.comment.id ?? 0)) {
    fault('it does not stand in the order of the comments: a line was moved or doubled');
  } else if (open.held.length < RECORD_LIMIT) {
    open.held.push(held);
    open.places.push(place);
  } else if (open.records === RECORD_LIMIT + 1) {
    fault(`its request has more than ${RECORD_LIMIT} records, which no issue can hold`);
  }
}

/** Takes a line that should be a record and cannot be read. */
export function takeUnreadable(
  open: OpenRequest,
  fault: { line: number; commentId: number | null; why: string },
): void {
  open.records += 1;
  open.faults.push({ ...fault, issue: open.begin.issue, record: open.records });
}

/** What the request's lines amount to. `end` is null where its end line is missing. */
export async function judge(
  open: OpenRequest,
  end: (RequestEnd & { line: number }) | null,
  { trust, known }: Trusted,
): Promise<{ verdict: RequestVerdict; log: Log }> {
  const { begin, held, records } = open;
  const { issue, policy, updatedAt, findings } = begin;
  const log = await readRecords(issue, held, trust);
  const unverified = begin.unverified.filter(
    ({ commentId }) => !log.entries.some((one) => one.commentId === commentId),
  );
  const faults = [
    ...open.faults,
    ...chainFaults(open, log, unverified),
    ...listedFaults(open),
    ...openingFaults(open, log),
    ...endFaults(open, log, end),
  ];
  faults.sort((a, b) => (a.line ?? AT_THE_END) - (b.line ?? AT_THE_END));
  const { head, length } = log;
  // Whoever holds more keys than the exporter did reads more than the first line says.
  const request = begin.unverified.length > 0 ? log.request : begin.request;
  const holds = unverified.length > 0 ? 'unknown' : request === null ? 'none' : 'whole';
  const status = faults.length > 0 ? 'broken' : holds;
  const grading = log.entries.length === 0 ? null : gradeOf(log.entries, known);
  return {
    verdict: {
      ...{ issue, request, status, updatedAt, records, head, length, grading, policy, findings, faults },
      unverified: status === 'unknown' ? unverified : [],
    },
    log,
  };
}

/**
 * A file holds nothing but records that counted, and those that the exporter could not verify: what else a live log may ignore
 * is a change here. That others stand on what nobody can verify is no fault of theirs.
 */
function chainFaults(open: OpenRequest, log: Log, unverified: RequestBegin['unverified']): ExportFault[] {
  const listed = new Set(unverified.map(({ commentId }) => commentId));
  const unproven = open.held.filter(({ comment }) => listed.has(comment.id));
  const broken = log.broken.filter((fault) => !isExcused(fault, log, unproven));
  const findings = log.findings.filter(({ commentId }) => !listed.has(commentId));
  return [...broken, ...findings].map(({ commentId, why }: Finding) => {
    const place = open.places[open.held.findIndex(({ comment }) => comment.id === commentId)];
    return { line: place?.line ?? null, issue: open.begin.issue, record: place?.record ?? null, commentId, why };
  });
}

/** Whether a fault means nothing else than that records do not count which stand in the file and which nobody can verify. */
function isExcused({ code, commentId }: Finding, { entries }: Log, unproven: readonly HeldRecord[]): boolean {
  if (code === 'no-opening') return unproven.length > 0;
  if (code !== 'missing') return false;
  const counted = new Set(entries.map(({ record }) => record.hash));
  const prev = entries.find((one) => one.commentId === commentId)?.record.prev ?? [];
  const missing = prev.filter((hash) => !counted.has(hash));
  return missing.length > 0 && missing.every((hash) => unproven.some(({ record }) => record.hash === hash));
}

/** What the exporter could not verify stands in the file all the same: else a line was taken out. */
function listedFaults({ begin, line, held }: OpenRequest): ExportFault[] {
  const there = new Set(held.map(({ comment }) => comment.id));
  return begin.unverified
    .filter(({ commentId }) => commentId === null || !there.has(commentId))
    .map(({ commentId }) => ({
      ...{ line, issue: begin.issue, record: null, commentId },
      why: `its first line lists comment ${commentId ?? 'none'} as one that nobody could verify, and no line holds it: a line was removed`,
    }));
}

/** What the request's first line says must be what its opening says. A log that was broken when it was exported stays so. */
function openingFaults({ begin, line, records }: OpenRequest, log: Log): ExportFault[] {
  const { issue, request, policy, broken } = begin;
  const fault = (why: string, commentId: number | null = null) => ({ line, issue, record: null, commentId, why });
  const faults = broken.map(({ commentId, why }) =>
    fault(`it was broken already when it was exported: ${why}`, commentId),
  );
  // What the exporter could not verify it could not say either.
  if (begin.unverified.length > 0) return faults;
  // Without an opening the chain says why, unless nothing is there.
  if (log.request === null && records > 0 && request !== null) return faults;
  if (log.request !== request) {
    faults.push(
      fault(`its first line says that it is ${request ?? 'no request'}, its records say ${log.request ?? 'nothing'}`),
    );
    return faults;
  }
  const named = log.entries[0]?.record.events.find((event) => event.type === 'requested')?.request.policy ?? null;
  if (named?.path !== policy?.path || named?.commit !== policy?.commit || named?.blob !== policy?.blob) {
    faults.push(fault(`its opening names the policy ${policyName(named)}, its first line ${policyName(policy)}`));
  }
  return faults;
}

function policyName(policy: Pick<ExportedPolicy, 'path' | 'commit' | 'blob'> | null): string {
  return policy === null ? 'none' : `${policy.path} at ${policy.commit} (${policy.blob})`;
}

function endFaults(open: OpenRequest, log: Log, end: (RequestEnd & { line: number }) | null): ExportFault[] {
  const { issue } = open.begin;
  const fault = (why: string) => ({ line: end?.line ?? null, issue, record: null, commentId: null, why });
  if (end === null) return [fault('its end line is missing: the file was cut, or a line removed')];
  if (end.issue !== issue) return [fault(`its end line is of issue ${end.issue}: lines were moved or removed`)];
  if (end.records !== open.records) {
    return [
      fault(`its end line counts ${end.records} records, there are ${open.records}: lines were added or removed`),
    ];
  }
  if (open.begin.unverified.length > 0 || (end.head === log.head && end.length === log.length)) return [];
  const found = `${log.head ?? 'none'} of length ${log.length}`;
  return [fault(`its head is ${found}, its end line says ${end.head ?? 'none'} of length ${end.length}`)];
}

/** What a file says in words of its own must not pass for ours, nor hide anything: one line, nothing invisible in it. */
export function inOneLine(fault: ExportFault): ExportFault {
  return { ...fault, why: visibly(fault.why) };
}

/** The same of a text alone. */
export function visibly(text: string): string {
  return inShort(text).replace(UNSEEN, (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A head known from elsewhere. `length`: how many records it stands on, itself included. */
export interface KnownHead {
  hash: string;
  length?: number;
}

/** Whether the log holds a head that is known from elsewhere, and if so, why it is not as it was (null: it is). */
export function findHead(log: Log, { hash, length }: KnownHead): { why: string | null } | null {
  if (!log.entries.some(({ record }) => record.hash === hash)) return null;
  if (length === undefined) return { why: null };
  const has = containsHead(log, hash, length);
  return { why: has.ok ? null : `the head known from elsewhere is not as it was: ${has.why}` };
}
