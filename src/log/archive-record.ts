/** A record of the archive of keys: which keys an issuer published when a trusted job looked, signed as all records are. */
import * as v from 'valibot';
import { Digest, Instant } from '../request/request.ts';
import { findBlock, renderBlock } from './block.ts';
import { canonicalJson, sha256OfCanonical } from './canonical.ts';
import { inShort } from './finding.ts';
import { FIRST_ISSUE, Hashes, Id, issuesOf, Sentence, Writer } from './record.ts';

/** The label of the issues that hold the archive. */
export const ARCHIVE_LABEL = 'debug-approval-keys';
/** The title of such an issue. */
export const ARCHIVE_TITLE = 'Keys that signed the log of debug requests';
/** How many keys one record takes: with the thumbprints of all keys before, it stays far below a comment's limit. */
export const KEYS_A_RECORD = 50;

const Thumbprint = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'a SHA-256 in base64url'));
const Base64url = v.pipe(v.string(), v.regex(/^[\w-]+$/, 'base64url'));

/** A key that an issuer published: enough to verify with, and nothing else. */
export const ArchivedKey = v.strictObject({
  issuer: v.pipe(v.string(), v.minLength(1)),
  kid: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: Thumbprint,
  key: v.strictObject({ kty: v.literal('RSA'), n: Base64url, e: Base64url }),
});
export type ArchivedKey = v.InferOutput<typeof ArchivedKey>;

/** Thumbprints in ascending order, none twice: one set has one form. */
const Thumbprints = v.pipe(
  v.array(Thumbprint),
  v.check((all) => all.every((one, i) => i === 0 || (all[i - 1] ?? '') < one), 'sorted and unique'),
);

const unsealed = {
  v: v.literal(1),
  type: v.literal('keys'),
  /** 1 + the highest `seq` among `prev`. */
  seq: Id,
  issue: Id,
  /** GitHub's id of the repository. */
  repository: Id,
  at: Instant,
  writer: Writer,
  /** Those that no earlier record holds. */
  keys: v.array(ArchivedKey),
  /** Thumbprints of all keys so far, these included: whoever believes this record believes them too. */
  vouched: Thumbprints,
  sentence: Sentence,
  /** Hashes of the records of this issue that its writer saw and no other names. */
  prev: Hashes,
};
const Draft = v.strictObject(unsealed);
export type ArchiveDraft = v.InferOutput<typeof Draft>;

export const ArchiveRecord = v.strictObject({
  ...unsealed,
  hash: Digest,
  sig: v.nullable(v.strictObject({ type: v.literal('oidc'), token: v.pipe(v.string(), v.minLength(1)) })),
});
export type ArchiveRecord = v.InferOutput<typeof ArchiveRecord>;

/** A record that counts and the comment that holds it, as an export's header keeps it. */
export const ArchiveLine = v.strictObject({
  comment: v.strictObject({
    id: Id,
    createdAt: Instant,
    author: v.strictObject({ id: Id, login: v.string(), bot: v.boolean() }),
  }),
  record: ArchiveRecord,
});
export type ArchiveLine = v.InferOutput<typeof ArchiveLine>;

/** Seals a draft: the record with its hash, not yet signed. Throws a `TypeError` for what the schema does not allow. */
export function sealArchiveRecord(draft: ArchiveDraft): ArchiveRecord {
  const parsed = v.safeParse(Draft, draft);
  if (!parsed.success) throw new TypeError(`This cannot become a record of keys: ${issuesOf(parsed.issues)}.`);
  return { ...parsed.output, hash: sha256OfCanonical(parsed.output), sig: null };
}

/** Its comment: the sentence for people, then the record in a collapsed block. */
export function renderArchiveComment(record: ArchiveRecord): string {
  return `${record.sentence}\n\n${renderBlock('Keys', record.seq, record)}`;
}

export type ParsedArchive =
  | { kind: 'record'; record: ArchiveRecord }
  | { kind: 'none' }
  | { kind: 'malformed'; why: string };

/** The record that a comment holds: the comment must be, byte for byte, what is written for that record. Never throws. */
export function parseArchiveComment(body: string): ParsedArchive {
  const text = body.replaceAll('\r\n', '\n').trimEnd();
  const found = findBlock('Keys', text);
  if (found.kind !== 'block') return found;
  const parsed = archiveRecordOf(found.line);
  if (parsed.kind !== 'record') return parsed;
  const fault = faultIn(parsed.record);
  if (fault !== null) return { kind: 'malformed', why: fault };
  if (renderArchiveComment(parsed.record) === text) return parsed;
  return { kind: 'malformed', why: 'it is not what is written for its record' };
}

function archiveRecordOf(line: string): ParsedArchive {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { kind: 'malformed', why: inShort(`its record is not JSON (${String(error)})`) };
  }
  const parsed = v.safeParse(ArchiveRecord, value, FIRST_ISSUE);
  if (parsed.success) return { kind: 'record', record: parsed.output };
  return { kind: 'malformed', why: `it is no record of keys (${issuesOf(parsed.issues)})` };
}

/** Why a record is not what its hash says, or cannot have been written; null where all is well. Never throws. */
export function faultIn(record: ArchiveRecord): string | null {
  const { hash, sig: _, ...draft } = record;
  try {
    canonicalJson(record);
    return sha256OfCanonical(draft) === hash ? null : 'its hash is not that of its content';
  } catch (error) {
    return `it has no canonical form (${String(error)})`;
  }
}
