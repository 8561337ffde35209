/** The lines of an export, version 2: what each of them holds, how it is written, and how it is read without loss. */
import * as v from 'valibot';
import { Digest, Instant, RequestId } from '../request/request.ts';
import { ArchiveLine } from './archive-record.ts';
import { canonicalJson } from './canonical.ts';
import type { HeldRecord } from './chain.ts';
import { recordOfLine } from './comment.ts';
import { inShort } from './finding.ts';
import { FIRST_ISSUE, issuesOf, type Record } from './record.ts';

/** More characters than any honest line has: a comment holds 65,536, and a header the whole archive of keys. */
export const LINE_LIMIT = 8 * 1024 * 1024;
/** GitHub takes 2,500 comments an issue; a request beyond this is none, and would have to be held in memory. */
export const RECORD_LIMIT = 10_000;

const Text = v.string();
/** A name that verdicts repeat: nothing in it can pass for words of ours. */
const Name = v.pipe(Text, v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'no invisible characters'));
const Id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Base64url = v.pipe(Text, v.regex(/^[\w-]+$/, 'base64url'));

const named = { kid: v.exactOptional(Name), alg: v.exactOptional(Text), use: v.exactOptional(Text), live: v.boolean() };
/**
 * A public key; a private part is not allowed in an export. `live`: its issuer published it when the file was made; of a gateway's
 * key: whoever made the file vouched for it.
 */
export const ExportedKey = v.variant('kty', [
  v.strictObject({ kty: v.literal('RSA'), n: Base64url, e: Base64url, ...named }),
  v.strictObject({
    ...{ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: Base64url, ...named },
    until: v.exactOptional(Instant),
  }),
]);
export type ExportedKey = v.InferOutput<typeof ExportedKey>;

const Comment = v.strictObject({
  id: Id,
  createdAt: Instant,
  author: v.strictObject({ id: Count, login: Text, bot: v.boolean() }),
});
type Comment = v.InferOutput<typeof Comment>;

/** What was asked for; null: no bound. An issue outside of it may exist and is not in the file. */
const Range = v.strictObject({
  since: v.nullable(Instant),
  until: v.nullable(Instant),
  states: v.nullable(v.array(Text)),
  issues: v.nullable(v.array(Id)),
});
export type ExportRange = v.InferOutput<typeof Range>;

const Header = v.strictObject({
  type: v.literal('debug-approval/export'),
  v: v.literal(2),
  repository: v.strictObject({ id: Id, ownerId: Id, name: Name, defaultBranch: Name }),
  workflows: v.array(Name),
  unsigned: v.picklist(['refuse', 'accept']),
  issuers: v.array(
    v.strictObject({
      issuer: Name,
      keys: v.pipe(
        v.array(ExportedKey),
        v.check((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'two keys with one kid'),
      ),
    }),
  ),
  archive: v.array(ArchiveLine),
  range: Range,
  exportedAt: Instant,
});
export type ExportHeader = v.InferOutput<typeof Header>;

/** A policy's text, once in a file, before the first request that was opened under it. null: it could not be had any more. */
const Policy = v.strictObject({
  type: v.literal('policy'),
  path: Text,
  commit: Text,
  blob: v.pipe(Text, v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)),
  text: v.nullable(Text),
});
export type ExportedPolicy = v.InferOutput<typeof Policy>;

const Told = v.strictObject({ code: Text, commentId: v.nullable(Id), why: Text });
/**
 * `request` and `policy` are null where an issue holds no accepted opening. An issue that went on while the file was written
 * stands in it again: the later one replaces the earlier.
 */
const RequestBegin = v.strictObject({
  type: v.literal('request'),
  issue: Id,
  request: v.nullable(RequestId),
  policy: v.nullable(v.strictObject({ path: Text, commit: Text, blob: Text })),
  updatedAt: Instant,
  /** What was broken when the log was exported: records that were lost or changed are in no line. */
  broken: v.array(Told),
  /** What was ignored then: additions of others, harmless edits and deletions. */
  findings: v.array(Told),
  /** Records in the lines below that nobody could verify then, such as for want of their keys: whoever holds these may. */
  unverified: v.array(Told),
});
export type RequestBegin = v.InferOutput<typeof RequestBegin>;

/** `sha256` is that of all bytes of the file before this line, as in the end line. */
const RequestEnd = v.strictObject({
  type: v.literal('request-end'),
  issue: Id,
  records: Count,
  head: v.nullable(Digest),
  length: Count,
  sha256: Digest,
});
export type RequestEnd = v.InferOutput<typeof RequestEnd>;

/** `cursor`: what changed later than this may not be in the file; a later export goes on from there. */
const End = v.strictObject({
  type: v.literal('end'),
  requests: Count,
  records: Count,
  cursor: v.nullable(Instant),
  sha256: Digest,
});
export type ExportEnd = v.InferOutput<typeof End>;

const Typed = v.variant('type', [Header, Policy, RequestBegin, RequestEnd, End]);
type Typed = v.InferOutput<typeof Typed>;

/** A record and the comment that holds it. Only unedited comments are exported. */
export type ExportedEntry = { type: 'entry' } & HeldRecord;

export type ExportLine = Typed | ExportedEntry;
export type ReadLine = { ok: true; line: ExportLine } | { ok: false; why: string; commentId: number | null };

const ENTRY = '{"comment":';
/** Within a string its quotes would be escaped: the first one in an entry's line ends the comment. */
const RECORD = ',"record":';

/** The text of a line, with its line break. Throws a `RangeError` for one that no reader would take. */
export function lineText(line: Typed): string {
  return bounded(canonicalJson(line), line.type);
}

/** The same for a record. */
export function entryText({ id, createdAt, author }: Comment, record: Record): string {
  const comment = { id, createdAt, author: { id: author.id, login: author.login, bot: author.bot } };
  return bounded(`${ENTRY}${canonicalJson(comment)}${RECORD}${canonicalJson(record)}}`, 'record');
}

function bounded(text: string, type: string): string {
  if (text.length < LINE_LIMIT) return `${text}\n`;
  throw new RangeError(`A ${type} line of ${text.length} characters cannot be exported; a line takes ${LINE_LIMIT}.`);
}

/** Reads a line, without its line break, that must be exactly what was written. Never throws. */
export function readLine(text: string): ReadLine {
  if (text.startsWith('\ufeff')) return no('it begins with a byte order mark: something converted the file');
  if (text.endsWith('\r')) return no('it ends in CR LF: something converted the line breaks');
  return text.startsWith(ENTRY) ? readEntry(text) : readTyped(text);
}

/** Whether something in this line is ours, so that a damaged export is not taken for a stranger's file. */
export function looksLikeOurs(text: string): boolean {
  return text.includes('"type":"debug-approval/export"') || text.startsWith('{"archive":[') || readLine(text).ok;
}

function readTyped(text: string): ReadLine {
  const value = canonicalValue(text);
  if (!value.ok) return no(`it is ${value.why}`);
  const parsed = v.safeParse(Typed, value.value, FIRST_ISSUE);
  return parsed.success
    ? { ok: true, line: parsed.output }
    : no(`it is no line of version 2 (${issuesOf(parsed.issues)})`);
}

function readEntry(text: string): ReadLine {
  const cut = text.indexOf(RECORD);
  if (cut === -1) return no('it holds a comment and no record');
  const read = readComment(text.slice(ENTRY.length, cut));
  if (!read.ok) return no(`its comment is ${read.why}`);
  const { comment } = read;
  if (!text.endsWith('}')) return no('it does not end as it must', comment.id);
  const parsed = recordOfLine(text.slice(cut + RECORD.length, -1));
  if (parsed.kind === 'record') return { ok: true, line: { type: 'entry', comment, record: parsed.record } };
  return no(parsed.kind === 'malformed' ? parsed.why : 'it holds no record', comment.id);
}

/** What nearly every comment is like, in the canonical form: read so, a file takes a tenth less time. */
const USUAL =
  /^\{"author":\{"bot":(true|false),"id":([1-9]\d{0,14}),"login":"([\w.[\]-]+)"\},"createdAt":"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)","id":([1-9]\d{0,14})\}$/;

type HeldComment = HeldRecord['comment'];

function readComment(text: string): { ok: true; comment: HeldComment } | { ok: false; why: string } {
  const [, bot, author, login, at, id] = USUAL.exec(text) ?? [];
  if (login !== undefined && at !== undefined) {
    const by = { id: Number(author), login, bot: bot === 'true' };
    return { ok: true, comment: { id: Number(id), createdAt: at, author: by, editedAt: null } };
  }
  const value = canonicalValue(text);
  if (!value.ok) return value;
  const comment = v.safeParse(Comment, value.value, FIRST_ISSUE);
  if (!comment.success) return { ok: false, why: `none (${issuesOf(comment.issues)})` };
  return { ok: true, comment: { ...comment.output, editedAt: null } };
}

function no(why: string, commentId: number | null = null): ReadLine {
  return { ok: false, why: inShort(why), commentId };
}

function canonicalValue(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? { ok: true, value } : { ok: false, why: 'not in the canonical form' };
  } catch (error) {
    return { ok: false, why: `not JSON (${String(error)})` };
  }
}

/** What changed so long ago, in ms, GitHub's lists show, whatever the clocks of both sides say. */
const SETTLED_MS = 600_000;

/**
 * The cursor of a file: ten minutes before the newest change in it, or before the moment when it was begun if that was earlier.
 * GitHub's lists lag, and this machine's clock may be wrong: what comes twice does no harm, what is passed over is lost. It is
 * never before the file's own beginning, where it also is without requests.
 */
export function cursorOf(newest: string | null, { exportedAt, range }: Pick<ExportHeader, 'exportedAt' | 'range'>) {
  if (newest === null) return range.since;
  return later(range.since, settledBefore(Date.parse(newest) > Date.parse(exportedAt) ? exportedAt : newest));
}

/** Ten minutes before. RFC 3339 UTC in whole seconds. */
export function settledBefore(time: string): string {
  return new Date(Date.parse(time) - SETTLED_MS).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The later of two moments; null is before all. */
export function later(a: string | null, b: string): string {
  return a !== null && Date.parse(a) >= Date.parse(b) ? a : b;
}
