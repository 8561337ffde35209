/** A request's log: its accepted records in order, whether they hang together, and what was lost, changed or added. */
import {
  type Entry as AcceptedEntry,
  acceptRecords,
  type LogComment as Comment,
  type HeldRecord as Held,
  heldRecords,
  type SignatureCache as Signatures,
} from './accept.ts';
import type { ParsedComments } from './comment.ts';
import { brief, type Finding as LogFinding } from './finding.ts';
import { type Draft, type Record, sealRecord } from './record.ts';
import { verifySignature } from './signature.ts';
import { GATEWAY_ISSUER, type Trust } from './trust.ts';

export type Entry = AcceptedEntry;
export type Finding = LogFinding;
export type HeldRecord = Held;
export type LogComment = Comment;
export type SignatureCache = Signatures;

/** The slice of the application's `IssueSnapshot` that the log needs. */
export interface LogIssue {
  number: number;
  comments: readonly LogComment[];
  deletions: readonly LogDeletion[];
}

/** When a comment was deleted, whose it was (null: unknown), whether of an app's account, and by whom (absent: unknown). */
export interface LogDeletion {
  at: string;
  authorId: number | null;
  authorIsBot?: boolean;
  actorId?: number;
}

/** What tells of edits and deletions. */
interface Changes {
  comments: readonly HeldRecord['comment'][];
  deletions: LogIssue['deletions'];
}

export interface Log {
  /** The request that the opening record opened; null: there is none, and nothing may run. */
  request: string | null;
  /** In the order of comment ids. */
  entries: Entry[];
  /** Hash of the accepted record with the highest comment id. */
  head: string | null;
  /** How many records the head's ancestry has, the head included. */
  length: number;
  /** Accepted records that no accepted record names: what the next record follows. Sorted. */
  tips: string[];
  /** The highest `seq`; 0 for an empty log. */
  seq: number;
  /** What is ignored: additions of others, harmless edits and deletions. */
  findings: Finding[];
  /** What stops the request: lost or changed records. Empty for a log that holds. */
  broken: Finding[];
}

/**
 * Reads and verifies an issue's log. Needs no network, no clock; the order of `comments` does not matter. What is merely
 * added never breaks it. A list that lags can lack a record that a later one names: read again before believing `broken`.
 */
export async function readLog(
  issue: LogIssue,
  trust: Trust,
  cache: SignatureCache | null = null,
  parsed: ParsedComments | null = null,
): Promise<Log> {
  const comments = inOrder(issue.comments, (comment) => comment);
  const { held, findings } = heldRecords(comments, parsed);
  return verifiedLog({ ...issue, comments }, held, findings, trust, cache);
}

/**
 * The same for records that were read already (`recordOfLine`) and of which nothing was deleted, as from an export: no
 * comment is taken apart again. The order of `held` does not matter; a comment that is there twice counts once.
 */
export async function readRecords(
  issue: number,
  held: readonly HeldRecord[],
  trust: Trust,
  cache: SignatureCache | null = null,
): Promise<Log> {
  const ordered = inOrder(held, ({ comment }) => comment);
  const comments = ordered.map(({ comment }) => comment);
  return verifiedLog({ number: issue, comments, deletions: [] }, ordered, [], trust, cache);
}

async function verifiedLog(
  issue: Changes & { number: number },
  held: readonly HeldRecord[],
  malformed: readonly Finding[],
  trust: Trust,
  cache: SignatureCache | null,
): Promise<Log> {
  const accepted = await acceptRecords(issue.number, held, trust, cache);
  const { entries } = accepted;
  const byAnybody = entries.length === 0 || (await ghostWrote(issue, held, entries, trust));
  const byApps = isGatewayUnknown(entries, trust);
  const changes = lossesOf(issue, { entries, editedRecords: accepted.editedRecords, byAnybody, byApps });
  const broken = [...chainFaults(entries), ...changes.broken];
  if (accepted.noOpening) {
    const why = `issue ${issue.number} holds records that would count, but none that opens a request`;
    broken.unshift({ code: 'no-opening', commentId: null, why });
  }
  const head = entries.at(-1)?.record.hash ?? null;
  return {
    request: entries[0]?.record.request ?? null,
    entries,
    head,
    length: head === null ? 0 : ancestry(entries, head).size,
    tips: tipsOf(entries),
    seq: entries.reduce((highest, { record }) => Math.max(highest, record.seq), 0),
    findings: [...malformed, ...accepted.findings, ...changes.findings].sort(byComment).map(brief),
    broken: broken.map(brief),
  };
}

/**
 * What the debug job must find: the head that it was handed is accepted and its ancestry has exactly that length. More
 * records may have followed.
 */
export function containsHead(log: Log, head: string, length: number): { ok: true } | { ok: false; why: string } {
  if (!log.entries.some(({ record }) => record.hash === head)) {
    return { ok: false, why: `the log does not hold the record ${head} that it had: it was deleted or changed` };
  }
  const found = ancestry(log.entries, head).size;
  if (found === length) return { ok: true };
  return { ok: false, why: `record ${head} stands on ${found} records (itself included), it had ${length}` };
}

/** The next record of a log, sealed and yet to be signed: it names all tips that its writer saw. Throws as `sealRecord`. */
export function nextRecord(log: Log, content: Omit<Draft, 'v' | 'seq' | 'prev'>): Record {
  if (log.request !== null && log.request !== content.request) {
    throw new TypeError(`A record of request ${content.request} cannot follow one of request ${log.request}.`);
  }
  const seqs = log.entries.filter(({ record }) => log.tips.includes(record.hash)).map(({ record }) => record.seq);
  const { at, by, events, sentence, writer, issue, request } = content;
  const seq = 1 + Math.max(0, ...seqs);
  return sealRecord({ v: 1, seq, issue, request, at, by, events, sentence, writer, prev: [...log.tips] });
}

/** By comment id, none twice; where two pages of a list disagree about a comment, the edited one is the later truth. */
function inOrder<T>(items: readonly T[], commentOf: (item: T) => HeldRecord['comment']): T[] {
  const byId = new Map<number, T>();
  for (const item of items) {
    const { id, editedAt } = commentOf(item);
    const known = byId.get(id);
    if (known === undefined || (editedAt ?? '') > (commentOf(known).editedAt ?? '')) byId.set(id, item);
  }
  return [...byId.values()].sort((a, b) => commentOf(a).id - commentOf(b).id);
}

/** Each record must stand on accepted records of earlier comments, and count on from them. */
function chainFaults(entries: readonly Entry[]): Finding[] {
  const earlier = new Map<string, number>();
  const all = new Set(entries.map(({ record }) => record.hash));
  const faults: Finding[] = [];
  entries.forEach(({ commentId, record }, index) => {
    const missing = record.prev.filter((hash) => !all.has(hash));
    const later = record.prev.filter((hash) => all.has(hash) && !earlier.has(hash));
    const seqs = record.prev.flatMap((hash) => earlier.get(hash) ?? []);
    const name = `record ${record.seq} (comment ${commentId})`;
    const fault = (code: Finding['code'], why: string) => faults.push({ code, commentId, why: `${name} ${why}` });
    if (missing.length > 0) fault('missing', `follows ${missing.join(', ')}, which is not there: a record is lost`);
    if (later.length > 0) fault('order', `follows ${later.join(', ')}, which stands in a later comment`);
    if (index === 0 && record.prev.length > 0) fault('order', 'opens the request and yet follows another record');
    if (index > 0 && record.prev.length === 0) fault('missing', 'follows no record: only the opening may');
    const whole = missing.length === 0 && later.length === 0;
    const seq = 1 + Math.max(0, ...seqs);
    if (whole && record.seq !== seq) fault('sequence', `should be record ${seq}, after those that it follows`);
    earlier.set(record.hash, record.seq);
  });
  return faults;
}

/** Which comments may have been records, though they are none now. */
interface MayHaveCounted {
  entries: readonly Entry[];
  editedRecords: readonly Finding[];
  /** Those of nobody knows whom. */
  byAnybody: boolean;
  /** Those of any app whose comment somebody else touched. */
  byApps: boolean;
}

/**
 * Edits and deletions. Those of an account that wrote records count as lost records, since what the comment held can no
 * longer be told. GitHub names the author of a deleted comment as long as that account exists, and who wrote records that
 * stand exists: only where none stands, or a deleted account wrote one, may a comment of nobody knows whom have been a record.
 */
function lossesOf(issue: Changes, { entries, editedRecords, byAnybody, byApps }: MayHaveCounted) {
  const writers = new Set(entries.map(({ author }) => author.id));
  const editedOnes = new Set(editedRecords.map(({ commentId }) => commentId));
  const broken: Finding[] = [...editedRecords];
  const findings: Finding[] = [];
  for (const { id, author, editedAt, editorId } of issue.comments) {
    if (editedAt === null || editedOnes.has(id)) continue;
    const why = `comment ${id} of ${author?.login ?? 'a deleted account'} was edited at ${editedAt}`;
    const lost = author !== null && (writers.has(author.id) || (byApps && author.bot && editorId !== author.id));
    (lost ? broken : findings).push({ code: 'edited', commentId: id, why });
  }
  for (const { at, authorId, authorIsBot, actorId } of issue.deletions) {
    const why = `a comment of ${authorId === null ? 'an unknown account' : `account ${authorId}`} was deleted at ${at}`;
    const ofApp = byApps && authorIsBot !== false && actorId !== authorId;
    const lost = authorId === null ? byAnybody : writers.has(authorId) || ofApp;
    (lost ? broken : findings).push({ code: 'deleted', commentId: null, why });
  }
  return { broken, findings };
}

/**
 * A gateway may write here and no record of it stands, which would show its account: whoever edits or deletes the first one must not
 * find that it was nobody's. An app that changes its own comments is another one, since the gateway never does.
 */
function isGatewayUnknown(entries: readonly Entry[], { issuers }: Trust): boolean {
  if (entries.some(({ key }) => key?.issuer === GATEWAY_ISSUER)) return false;
  return issuers.some(({ issuer }) => issuer === GATEWAY_ISSUER);
}

/** Whether a record would count but for its author, whose account does not exist any more. */
async function ghostWrote(
  { deletions }: Changes,
  held: readonly HeldRecord[],
  entries: readonly Entry[],
  trust: Trust,
) {
  if (deletions.every(({ authorId }) => authorId !== null)) return false;
  const counted = new Set(entries.map(({ record }) => record.hash));
  for (const { comment, record } of held) {
    if (comment.author !== null || counted.has(record.hash)) continue;
    if (record.sig === null ? trust.unsigned === 'accept' : (await verifySignature(record, comment, trust)).ok)
      return true;
  }
  return false;
}

function tipsOf(entries: readonly Entry[]): string[] {
  const named = new Set(entries.flatMap(({ record }) => record.prev));
  return entries
    .map(({ record }) => record.hash)
    .filter((hash) => !named.has(hash))
    .sort();
}

/** The hashes of a record and of all accepted records that it stands on. */
function ancestry(entries: readonly Entry[], head: string): Set<string> {
  const prevOf = new Map(entries.map(({ record }) => [record.hash, record.prev]));
  const seen = new Set<string>();
  const open = [head];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const prev = prevOf.get(hash);
    if (prev === undefined || seen.has(hash)) continue;
    seen.add(hash);
    open.push(...prev);
  }
  return seen;
}

/** What is about no comment stands last. */
function byComment(a: Finding, b: Finding): number {
  return (a.commentId ?? Number.MAX_SAFE_INTEGER) - (b.commentId ?? Number.MAX_SAFE_INTEGER);
}
