/** A log as one file (JSON Lines) that anybody can verify without a network, and that shows every change of a byte. */
import { createHash } from 'node:crypto';
import type { JWK } from 'jose';
import * as v from 'valibot';
import { Digest, RequestId } from '../request/request.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { containsHead, type Finding, type Log, type LogComment, readLog } from './chain.ts';
import { checkRecord, renderComment } from './comment.ts';
import { APPROVAL_ENVIRONMENT } from './names.ts';
import { issuesOf, Record } from './record.ts';
import type { Trust } from './trust.ts';

const Text = v.string();
const Id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A public RSA key; a private part is not allowed in an export. */
const PublicKey = v.strictObject({
  kty: v.literal('RSA'),
  n: Text,
  e: Text,
  kid: v.exactOptional(Text),
  alg: v.exactOptional(Text),
  use: v.exactOptional(Text),
});
const Header = v.strictObject({
  type: v.literal('debug-approval/export'),
  v: v.literal(1),
  repository: v.strictObject({ id: Id, ownerId: Id, name: Text, defaultBranch: Text }),
  issue: Id,
  request: RequestId,
  workflows: v.array(Text),
  issuers: v.array(v.strictObject({ issuer: Text, keys: v.array(PublicKey) })),
  policy: v.strictObject({ path: Text, commit: Text, blob: Text, text: Text }),
  /** What was broken when the log was exported: records that were lost or changed are in no line. */
  broken: v.array(v.strictObject({ code: Text, commentId: v.nullable(Id), why: Text })),
});
type Header = v.InferOutput<typeof Header>;
const Line = v.strictObject({
  comment: v.strictObject({
    id: Id,
    createdAt: Text,
    editedAt: v.null(),
    author: v.strictObject({ id: Count, login: Text, bot: v.boolean() }),
  }),
  record: Record,
});
type Line = v.InferOutput<typeof Line>;
const End = v.strictObject({ type: v.literal('end'), records: Count, sha256: Digest });

export interface ExportVerdict {
  status: 'whole' | 'broken' | 'unknown';
  why: string;
  /** 1-based number of the first record that does not hold, where one can be named. */
  record: number | null;
  commentId: number | null;
  findings: Finding[];
  /** `unproven`: verified with the keys that the file itself brings; `given`: with those of the caller's own trust. */
  grade: 'unproven' | 'given';
  request: string | null;
  /** Hash of the last record, to compare with the head that is known from elsewhere; null unless whole. */
  head: string | null;
}

/**
 * A log as JSON Lines: a header with all that verification needs, one line per accepted record, oldest first, and an end
 * line with the number of records and the SHA-256 of all bytes before it. `trust` is that with which the log was read.
 * Throws a `TypeError` for a log without an opening.
 */
export function exportLog(content: { issue: number; log: Log; trust: Trust; policy: Header['policy'] }): string {
  const { issue, log, trust } = content;
  if (log.request === null)
    throw new TypeError(`Issue ${issue} holds no accepted request, there is nothing to export.`);
  const { path, commit, blob, text } = content.policy;
  const header: Header = {
    type: 'debug-approval/export',
    v: 1,
    repository: {
      id: trust.repositoryId,
      ownerId: trust.ownerId,
      name: trust.repositoryName,
      defaultBranch: trust.defaultBranch,
    },
    issue,
    request: log.request,
    workflows: trust.workflows,
    issuers: trust.issuers.map(({ issuer, keys }) => ({ issuer, keys: keys.flatMap(publicPart) })),
    policy: { path, commit, blob, text },
    broken: log.broken.map(({ code, commentId, why }) => ({ code, commentId, why })),
  };
  const lines = log.entries.map(({ commentId, createdAt, author, record }): Line => {
    const { id, login, bot } = author;
    return { comment: { id: commentId, createdAt, editedAt: null, author: { id, login, bot } }, record };
  });
  const before = [header, ...lines].map((line) => `${canonicalJson(line)}\n`).join('');
  return `${before}${canonicalJson({ type: 'end', records: lines.length, sha256: sha256(before) })}\n`;
}

/** Only RSA keys sign (RS256), and only their public part leaves. */
function publicPart({ kty, n, e, kid, alg, use }: JWK): v.InferOutput<typeof PublicKey>[] {
  if (kty !== 'RSA' || n === undefined || e === undefined) return [];
  const named = { ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }) };
  return [{ kty: 'RSA', n, e, ...named, ...(use === undefined ? {} : { use }) }];
}

/**
 * Verifies an export. Without `trust` the file's own keys and workflows are used: then `whole` says that nothing changed
 * since it was made, not that GitHub signed it (grade `unproven`). A file cannot show that its last records were cut off
 * and its end rewritten; `head`, as known from elsewhere, does.
 */
export async function verifyExport(
  text: string,
  options: { trust?: Trust; head?: { hash: string; length?: number } } = {},
): Promise<ExportVerdict> {
  const grade = options.trust === undefined ? 'unproven' : 'given';
  const verdict = (status: ExportVerdict['status'], at: Fault | null, why: string): ExportVerdict => ({
    status,
    why,
    record: at?.record ?? null,
    commentId: at?.commentId ?? null,
    findings: at?.findings ?? [],
    grade,
    request: at?.request ?? null,
    head: null,
  });
  const lines = text.split('\n');
  if (!lines.some(looksLikeOurs)) return verdict('unknown', null, 'This is no export of Debug Approval.');
  const header = read(Header, lines[0] ?? '');
  if (!header.ok) return verdict('broken', null, `The first line is no header of version 1: ${header.why}.`);
  const last = lines.findLastIndex((line) => read(End, line).ok);
  const records = readLines(lines.slice(1, last === -1 ? undefined : last));
  const request = header.value.request;
  if (!records.ok) return verdict('broken', { ...records, request }, records.why);
  const fault =
    framingFault(text, lines, last, records.value.length) ??
    policyFault(header.value, records.value) ??
    brokenBefore(header.value) ??
    (await chainFault(header.value, records.value, options));
  if (fault !== null) return verdict('broken', { ...fault, request }, fault.why);
  const head = records.value.at(-1)?.record.hash ?? null;
  const why = `All ${records.value.length} records of request ${request} hold; the last is ${head}.`;
  return { ...verdict('whole', { why: '', request }, why), head };
}

interface Fault {
  why: string;
  record?: number;
  commentId?: number | null;
  findings?: Finding[];
  request?: string;
}
type Read<T> = { ok: true; value: T } | ({ ok: false } & Fault);

/** A line of the schema, in exactly the canonical form. */
function read<T>(schema: v.GenericSchema<unknown, T>, line: string): Read<T> {
  let value: unknown;
  try {
    value = JSON.parse(line);
    if (canonicalJson(value) !== line) return { ok: false, why: 'it is not in the canonical form' };
  } catch (error) {
    return { ok: false, why: `it is not JSON (${String(error)})` };
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? { ok: true, value: parsed.output } : { ok: false, why: issuesOf(parsed.issues) };
}

/** Any one of our lines makes it an export, so that damage to one of them makes it a broken export and no stranger. */
function looksLikeOurs(line: string): boolean {
  return line.includes('"debug-approval/export"') || read(End, line).ok || read(Line, line).ok;
}

function readLines(lines: readonly string[]): Read<Line[]> {
  const all: Line[] = [];
  for (const [i, line] of lines.entries()) {
    const record = i + 1;
    if (line === '' && i === lines.length - 1) break;
    const parsed = read(Line, line);
    if (!parsed.ok) return { ok: false, record, why: `Line ${i + 2} is no record: ${parsed.why}.` };
    const { comment, record: content } = parsed.value;
    const at = { ok: false as const, record, commentId: comment.id };
    const checked = checkRecord(content);
    if (checked.kind !== 'record') {
      return {
        ...at,
        why: `Record ${record} was changed: ${checked.kind === 'malformed' ? checked.why : 'not a record'}.`,
      };
    }
    if (comment.id <= (all.at(-1)?.comment.id ?? 0)) {
      return {
        ...at,
        why: `Record ${record} does not stand in the order of the comments: a line was moved or doubled.`,
      };
    }
    all.push(parsed.value);
  }
  return { ok: true, value: all };
}

function framingFault(text: string, lines: readonly string[], last: number, records: number): Fault | null {
  const end = read(End, lines[last] ?? '');
  if (last === -1 || !end.ok) return { why: 'The end line is missing: the file was cut or its end changed.' };
  if (last !== lines.length - 2 || lines.at(-1) !== '')
    return { why: 'Something stands after the end line, or its line break is missing.' };
  if (end.value.records !== records)
    return { why: `The end line counts ${end.value.records} records, there are ${records}.` };
  const before = lines
    .slice(0, last)
    .map((line) => `${line}\n`)
    .join('');
  const found = text.startsWith(before) ? sha256(before) : 'nothing';
  return found === end.value.sha256
    ? null
    : { why: `The bytes hash to ${found}, the end line says ${end.value.sha256}.` };
}

/** A log that was broken when it was exported stays so: what its file lacks can no longer be told. */
function brokenBefore({ broken }: Header): Fault | null {
  const [first] = broken;
  if (first === undefined) return null;
  return { why: `The log was broken already when it was exported: ${first.why}.`, commentId: first.commentId };
}

/** The policy in the header must be the one that the signed opening names; its blob id is the hash of its text. */
function policyFault(header: Header, lines: readonly Line[]): Fault | null {
  const { path, commit, blob, text } = header.policy;
  const opened = lines[0]?.record.events.find((event) => event.type === 'requested');
  if (opened === undefined) return { why: 'The first record opens no request.', record: 1 };
  const named = opened.request.policy;
  if (named.path !== path || named.commit !== commit || named.blob !== blob) {
    return { why: `The opening names policy ${named.path} at ${named.commit} (${named.blob}), the header another.` };
  }
  const id = gitBlob(text, blob.length === 64 ? 'sha256' : 'sha1');
  return id === blob ? null : { why: `The policy's text is blob ${id}, not ${blob} that the opening names.` };
}

/** The id that git gives a text. */
function gitBlob(text: string, algorithm: 'sha1' | 'sha256'): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

async function chainFault(
  header: Header,
  lines: readonly Line[],
  options: { trust?: Trust; head?: { hash: string; length?: number } },
): Promise<Fault | null> {
  const comments: LogComment[] = [];
  for (const [i, { comment, record }] of lines.entries()) {
    const rendered = renderComment(record);
    if (!rendered.ok) return { why: rendered.message, record: i + 1, commentId: comment.id };
    comments.push({ ...comment, body: rendered.body });
  }
  const trust = options.trust ?? trustOf(header);
  const log = await readLog({ number: header.issue, comments, deletions: [] }, trust);
  const numberOf = ({ commentId }: Finding) => lines.findIndex(({ comment }) => comment.id === commentId) + 1;
  // An export holds nothing but accepted records: what a live log may ignore is a change here. A record that fails takes
  // those after it along, so the first one is named.
  const findings = [...log.broken, ...log.findings].sort((a, b) => numberOf(a) - numberOf(b));
  const first = findings.find(({ commentId }) => commentId !== null);
  const any = first ?? findings[0];
  if (any !== undefined) {
    const at = first === undefined ? {} : { record: numberOf(first), commentId: first.commentId };
    return {
      why: `${first === undefined ? 'The log' : `Record ${numberOf(first)}`} does not hold: ${any.why}.`,
      findings,
      ...at,
    };
  }
  if (log.request !== header.request)
    return { why: `The records are of request ${log.request}, the header says ${header.request}.` };
  if (options.head === undefined) return null;
  const { hash, length } = options.head;
  if (length === undefined && log.entries.some(({ record }) => record.hash === hash)) return null;
  const has = containsHead(log, hash, length ?? 0);
  return has.ok ? null : { why: `The head known from elsewhere is not there: ${has.why}.` };
}

function trustOf(header: Header): Trust {
  const { repository, workflows, issuers } = header;
  return {
    repositoryId: repository.id,
    ownerId: repository.ownerId,
    repositoryName: repository.name,
    defaultBranch: repository.defaultBranch,
    issuers,
    workflows,
    approvalEnvironment: APPROVAL_ENVIRONMENT,
  };
}
