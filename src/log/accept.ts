/** Which comments of an issue hold records that count: signed, by the right job, for this request, the first of each. */
import { requestDigest, requestId } from '../request/request.ts';
import { sha256, sha256OfCanonical } from './canonical.ts';
import { type ParsedComments, parseComment, parsedOnce } from './comment.ts';
import type { Finding } from './finding.ts';
import { sameName } from './names.ts';
import type { Record } from './record.ts';
import { maySign, type Signer } from './roles.ts';
import { type Claims, type SignatureResult, UNSIGNED, verifySignature } from './signature.ts';
import type { Trust } from './trust.ts';
import { mustBeSigned, writerOf } from './unsigned.ts';
import type { VerifyingKey } from './verifying-keys.ts';

/** A comment as the log needs it: the slice of the application's `IssueComment` that counts. Times are RFC 3339. */
export interface LogComment {
  id: number;
  author: { id: number; login: string; bot: boolean } | null;
  createdAt: string;
  editedAt: string | null;
  /** Who edited it last; absent: nobody did, or nobody knows who. */
  editorId?: number;
  body: string;
}

/** An accepted record and the comment that holds it. */
export interface Entry {
  commentId: number;
  createdAt: string;
  author: { id: number; login: string; bot: boolean };
  record: Record;
  /** What GitHub vouches for about its writer; null: it is unsigned and was accepted as such. */
  claims: Claims | null;
  /** The key that verified its signature; null: it is unsigned and was accepted as such. */
  key: VerifyingKey | null;
}

export interface Accepted {
  /** In the order of comment ids; the opening is the first. */
  entries: Entry[];
  /** Comments that were edited and yet hold a record that would count: whose they are does not matter. */
  editedRecords: Finding[];
  findings: Finding[];
  /** There are records of this issue that would count, but none of them opens a request. */
  noOpening: boolean;
}

/**
 * What `verifySignature` found, by the hash of all that it depends on. A caller may keep one for as long as it likes: an
 * answer never changes for the same record, comment time and trust.
 */
export type SignatureCache = Map<string, SignatureResult>;

const AT_ONCE = 8;

/** A record that was read from a comment and is whole (its hash fits), and what GitHub says of that comment. */
export interface HeldRecord {
  comment: Omit<LogComment, 'body'>;
  record: Record;
}

/** Unsigned (and accepted so) where `claims` and `key` are null. */
type Candidate = HeldRecord & Pick<Entry, 'claims' | 'key'>;
type Opening = Extract<Record['events'][number], { type: 'requested' }>;
type Refusal = Omit<Finding, 'commentId'>;

/** The records that comments hold, and the findings for what is no record; `known` spares what was parsed before. Never throws. */
export function heldRecords(
  comments: readonly LogComment[],
  known: ParsedComments | null = null,
): { held: HeldRecord[]; findings: Finding[] } {
  const held: HeldRecord[] = [];
  const findings: Finding[] = [];
  for (const comment of comments) {
    const parsed = known === null ? parseComment(comment.body) : parsedOnce(comment.body, known);
    if (parsed.kind === 'record') held.push({ comment, record: parsed.record });
    if (parsed.kind === 'malformed') {
      findings.push({ code: 'malformed', commentId: comment.id, why: `it is no record: ${parsed.why}` });
    }
  }
  return { held, findings };
}

/**
 * Accepts or reports each record. `held` is in the order of the comments' ids, no comment twice. `cache` spares what was
 * verified before; null: nothing is kept.
 */
export async function acceptRecords(
  issue: number,
  held: readonly HeldRecord[],
  trust: Trust,
  cache: SignatureCache | null,
): Promise<Accepted> {
  const findings: Finding[] = [];
  const fit = held.filter(({ comment, record }) => {
    const refusal = unfit(record, comment, issue);
    if (refusal !== null) findings.push({ ...refusal, commentId: comment.id });
    return refusal === null;
  });
  const believed = await verified(fit, trust, cache, findings);
  // What an edited comment holds now is not what somebody wrote then; an unedited copy of it counts instead.
  const candidates = believed.filter(({ comment }) => comment.editedAt === null);
  const opening = findOpening(candidates, trust, findings);
  const noOpening = opening === null && believed.length > 0;
  const entries = opening === null ? [] : fitting(candidates, opening, trust, findings);
  const counted = new Set(entries.map(({ record }) => record.hash));
  const editedRecords = believed
    .filter(({ comment, record }) => comment.editedAt !== null && !counted.has(record.hash))
    .filter((candidate) => opening === null || refusalUnder(candidate, opening, trust) === null)
    .map(({ comment, record }) => {
      const why = `comment ${comment.id}, which holds record ${record.seq}, was edited at ${comment.editedAt}`;
      return { code: 'edited' as const, commentId: comment.id, why };
    });
  return { entries, editedRecords, findings, noOpening };
}

/** Cheap reasons first, so that a flood of copies costs no signature checks. */
function unfit(record: Record, comment: HeldRecord['comment'], issue: number): Refusal | null {
  if (record.issue !== issue) {
    return { code: 'other-issue', why: `it is a record of issue ${record.issue}, not of ${issue}` };
  }
  // Jobs and the gateway write as apps. A person who deletes the records and posts copies of some of them would
  // otherwise become their author, and the deletions would look like those of a stranger's comments.
  if (comment.author?.bot !== true) {
    const who = comment.author?.login ?? 'a deleted account';
    return { code: 'not-a-bot', why: `it was written by ${who}; records are written by an app's account only` };
  }
  return null;
}

/** The records whose signatures hold, and where the policy accepts it those without one. A bad signature never counts. */
async function verified(
  held: readonly HeldRecord[],
  trust: Trust,
  cache: SignatureCache | null,
  findings: Finding[],
): Promise<Candidate[]> {
  const signed = held.filter(({ record }) => record.sig !== null);
  const results = new Map<HeldRecord, SignatureResult>();
  await bounded(signed, async (one) => {
    results.set(one, await signatureOf(one, trust, cache));
  });
  return held.flatMap((one): Candidate[] => {
    if (one.record.sig === null && trust.unsigned === 'accept') return [{ ...one, claims: null, key: null }];
    const result = results.get(one) ?? UNSIGNED;
    if (result.ok) return [{ ...one, claims: result.claims, key: result.key }];
    const why = `it is not signed: ${result.why}`;
    findings.push({ code: 'not-signed', commentId: one.comment.id, why, signature: result.code });
    return [];
  });
}

/** As `verifySignature`; what is in the cache is not verified again. */
export async function signatureOf(
  one: SignedRecord,
  trust: Trust,
  cache: SignatureCache | null,
): Promise<SignatureResult> {
  const verify = () => verifySignature(one.record, one.comment, trust);
  return cache === null ? verify() : remembered(cache, keyOf(one, digestOf(trust)), verify);
}

/** A record, and when its comment was created. */
interface SignedRecord {
  comment: Pick<LogComment, 'createdAt'>;
  record: Record;
}

/** All that the answer depends on; the hash is that of all else that the record says. */
function keyOf({ comment, record }: SignedRecord, trusted: string): string {
  return sha256(`${trusted} ${comment.createdAt} ${record.hash} ${record.sig?.type} ${record.sig?.token}`);
}

const DIGESTS = new WeakMap<Trust, string>();

/** Of all that is trusted, which never changes: whoever learns of more keys makes another. */
function digestOf(trust: Trust): string {
  const { verified: _, ...trusted } = trust;
  const digest = DIGESTS.get(trust) ?? sha256OfCanonical(JSON.parse(JSON.stringify(trusted)));
  DIGESTS.set(trust, digest);
  return digest;
}

async function remembered(cache: SignatureCache, key: string, verify: () => Promise<SignatureResult>) {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const result = await verify();
  cache.set(key, result);
  return result;
}

/** Works on a few at a time. */
async function bounded<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += AT_ONCE) {
    await Promise.all(items.slice(i, i + AT_ONCE).map(work));
  }
}

/**
 * The opening: of the records that open a request and may do so, the one with the lowest comment id. Any signed one comes
 * before those without a signature: nobody takes a request over by a bot's comment that is quicker than the ask job's.
 */
function findOpening(candidates: readonly Candidate[], trust: Trust, findings: Finding[]) {
  const signedFirst = [...candidates.filter(isSigned), ...candidates.filter((one) => !isSigned(one))];
  for (const candidate of signedFirst) {
    const requested = candidate.record.events.find((event) => event.type === 'requested');
    if (requested === undefined) continue;
    const refusal = badOpening(candidate, requested, trust);
    if (refusal === null) return { candidate, requested };
    findings.push({ ...refusal, commentId: candidate.comment.id });
  }
  return null;
}

function badOpening(candidate: Candidate, requested: Opening, trust: Trust): Refusal | null {
  const { record } = candidate;
  const { request, digest } = requested;
  const signer = signerOf(candidate);
  const may = maySign(signer, record.events, request, trust);
  if (!may.ok || 'gateway' in signer)
    return { code: 'wrong-role', why: may.ok ? 'the gateway opens no request' : may.why };
  const id = requestId(trust.repositoryId, { id: signer.run, attempt: signer.attempt });
  const bad = (why: string): Refusal => ({ code: 'bad-opening', why });
  if (request.repositoryId !== trust.repositoryId) return bad(`it asks for repository ${request.repositoryId}`);
  if (record.request !== id || request.id !== id) {
    return bad(`the run that wrote it may open request ${id} only, not ${record.request} with request ${request.id}`);
  }
  if (requestDigest(request) !== digest) return bad(`its digest ${digest} is not that of its request`);
  if (record.events.filter(({ type }) => type === 'requested').length > 1) return bad('it opens more than one request');
  if (sameName(request.environment, trust.approvalEnvironment)) {
    return bad(`its target's environment is ${trust.approvalEnvironment}, where only decisions are made`);
  }
  return null;
}

type FoundOpening = NonNullable<ReturnType<typeof findOpening>>;

function fitting(candidates: readonly Candidate[], opening: FoundOpening, trust: Trust, findings: Finding[]): Entry[] {
  const entries = new Map<string, Entry>();
  const refused = new Set(findings.map(({ commentId }) => commentId));
  for (const candidate of candidates) {
    const { comment, record, claims, key } = candidate;
    const first = entries.get(record.hash);
    const refusal: Refusal | null =
      refusalUnder(candidate, opening, trust) ??
      (first ? { code: 'copy', why: `it is a copy of record ${record.seq} in comment ${first.commentId}` } : null);
    if (refusal !== null) {
      if (!refused.has(comment.id)) findings.push({ ...refusal, commentId: comment.id });
    } else if (comment.author !== null) {
      const { id, createdAt, author } = comment;
      entries.set(record.hash, { commentId: id, createdAt, author, record, claims, key });
    }
  }
  return [...entries.values()];
}

/** Why a believed record does not count in the log that this opening began; null if it does. */
function refusalUnder(candidate: Candidate, opening: FoundOpening, trust: Trust): Refusal | null {
  const { record } = candidate;
  const request = opening.candidate.record.request;
  if (record.request !== request) return { code: 'other-request', why: `it is of request ${record.request}` };
  if (record.events.some(({ type }) => type === 'requested') && record.hash !== opening.candidate.record.hash) {
    return { code: 'second-opening', why: `request ${request} is opened by comment ${opening.candidate.comment.id}` };
  }
  if (!isSigned(candidate) && isSigned(opening.candidate) && mustBeSigned(record)) {
    const why = 'it is not signed, though the opening is: what people say and decide must be signed then';
    return { code: 'not-signed', why, signature: 'unsigned' };
  }
  const may = maySign(signerOf(candidate), record.events, opening.requested.request, trust);
  return may.ok ? null : { code: 'wrong-role', why: may.why };
}

function isSigned({ claims }: Candidate): boolean {
  return claims !== null;
}

/** Who a record is from: by its token, or by its own word where it has none. */
function signerOf({ claims, record }: Candidate): Signer {
  return claims ?? writerOf(record);
}
