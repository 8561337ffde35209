/** Which comments of an issue hold records that count: signed, by the right job, for this request, the first of each. */
import { requestDigest, requestId } from '../request/request.ts';
import { sha256OfCanonical } from './canonical.ts';
import { type Parsed, parseComment } from './comment.ts';
import type { Finding, FindingCode } from './finding.ts';
import { sameName } from './names.ts';
import type { Record } from './record.ts';
import { maySign } from './roles.ts';
import { type Claims, type SignatureResult, verifySignature } from './signature.ts';
import type { Trust } from './trust.ts';

/** A comment as the log needs it: the slice of the application's `IssueComment` that counts. Times are RFC 3339. */
export interface LogComment {
  id: number;
  author: { id: number; login: string; bot: boolean } | null;
  createdAt: string;
  editedAt: string | null;
  body: string;
}

/** An accepted record and the comment that holds it. */
export interface Entry {
  commentId: number;
  createdAt: string;
  author: { id: number; login: string; bot: boolean };
  record: Record;
  /** What GitHub vouches for about its writer. */
  claims: Claims;
}

export interface Accepted {
  /** In the order of comment ids; the opening is the first. */
  entries: Entry[];
  /** Comments that were edited and yet hold a record that would count: whose they are does not matter. */
  editedRecords: Finding[];
  findings: Finding[];
  /** There are signed records of this issue, but none of them opens a request. */
  noOpening: boolean;
}

/**
 * What `verifySignature` found, by the hash of all that it depends on. A caller may keep one for as long as it likes: an
 * answer never changes for the same record, comment time and trust.
 */
export type SignatureCache = Map<string, SignatureResult>;

const AT_ONCE = 8;

type Candidate = { comment: LogComment; record: Record; claims: Claims };
type Opening = Extract<Record['events'][number], { type: 'requested' }>;
type Refusal = { code: FindingCode; why: string };

/** Accepts or reports each comment that holds a record. `comments` are in the order of their ids, none twice. */
export async function acceptRecords(
  issue: { number: number; comments: readonly LogComment[] },
  trust: Trust,
  cache: SignatureCache,
): Promise<Accepted> {
  const findings: Finding[] = [];
  const holding = issue.comments.flatMap((comment) => {
    const parsed = parseComment(comment.body);
    if (parsed.kind === 'none') return [];
    const refusal = unfit(parsed, comment, issue.number);
    if (refusal !== null) findings.push({ ...refusal, commentId: comment.id });
    return parsed.kind === 'record' && refusal === null ? [{ comment, record: parsed.record }] : [];
  });
  const signed = await verified(holding, trust, cache, findings);
  // What an edited comment holds now is not what somebody wrote then; an unedited copy of it counts instead.
  const candidates = signed.filter(({ comment }) => comment.editedAt === null);
  const opening = findOpening(candidates, trust, findings);
  const noOpening = opening === null && signed.length > 0;
  const entries = opening === null ? [] : fitting(candidates, opening, trust, findings);
  const counted = new Set(entries.map(({ record }) => record.hash));
  const editedRecords = signed
    .filter(({ comment, record }) => comment.editedAt !== null && !counted.has(record.hash))
    .filter((candidate) => opening === null || refusalUnder(candidate, opening, trust) === null)
    .map(({ comment, record }) => {
      const why = `comment ${comment.id}, which holds record ${record.seq}, was edited at ${comment.editedAt}`;
      return { code: 'edited' as const, commentId: comment.id, why };
    });
  return { entries, editedRecords, findings, noOpening };
}

/** Cheap reasons first, so that a flood of copies costs no signature checks. */
function unfit(parsed: Parsed, comment: LogComment, issue: number): Refusal | null {
  if (parsed.kind === 'malformed') return { code: 'malformed', why: `it is no record: ${parsed.why}` };
  if (parsed.kind === 'none') return null;
  if (parsed.record.issue !== issue) {
    return { code: 'other-issue', why: `it is a record of issue ${parsed.record.issue}, not of ${issue}` };
  }
  // Jobs and the gateway write as apps. A person who deletes the records and posts copies of some of them would
  // otherwise become their author, and the deletions would look like those of a stranger's comments.
  if (comment.author?.bot !== true) {
    const who = comment.author?.login ?? 'a deleted account';
    return { code: 'not-a-bot', why: `it was written by ${who}; records are written by an app's account only` };
  }
  return null;
}

async function verified(
  holding: readonly { comment: LogComment; record: Record }[],
  trust: Trust,
  cache: SignatureCache,
  findings: Finding[],
): Promise<Candidate[]> {
  const trusted = sha256OfCanonical(JSON.parse(JSON.stringify(trust)));
  const results = await bounded(holding, async ({ comment, record }) => {
    const { hash, sig } = record;
    const key = sha256OfCanonical({ hash, sig, createdAt: comment.createdAt, trusted });
    const known = cache.get(key) ?? (await verifySignature(record, comment, trust));
    cache.set(key, known);
    return known;
  });
  return holding.flatMap(({ comment, record }, i) => {
    const result = results[i];
    if (result?.ok) return [{ comment, record, claims: result.claims }];
    const why = result === undefined ? 'its signature was not checked' : result.why;
    const finding: Finding = { code: 'not-signed', commentId: comment.id, why: `it is not signed: ${why}` };
    findings.push(result === undefined ? finding : { ...finding, signature: result.code });
    return [];
  });
}

/** Works on a few at a time; the results are in the order of the items. */
async function bounded<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  }
  return results;
}

/** The opening: of the records that open a request and may do so, the one with the lowest comment id. */
function findOpening(candidates: readonly Candidate[], trust: Trust, findings: Finding[]) {
  for (const candidate of candidates) {
    const requested = candidate.record.events.find((event) => event.type === 'requested');
    if (requested === undefined) continue;
    const refusal = badOpening(candidate, requested, trust);
    if (refusal === null) return { candidate, requested };
    findings.push({ ...refusal, commentId: candidate.comment.id });
  }
  return null;
}

function badOpening({ record, claims }: Candidate, requested: Opening, trust: Trust): Refusal | null {
  const { request, digest } = requested;
  const may = maySign(claims, record.events, request, trust);
  if (!may.ok) return { code: 'wrong-role', why: may.why };
  const id = requestId(trust.repositoryId, { id: claims.run, attempt: claims.attempt });
  const bad = (why: string): Refusal => ({ code: 'bad-opening', why });
  if (request.repositoryId !== trust.repositoryId) return bad(`it asks for repository ${request.repositoryId}`);
  if (record.request !== id || request.id !== id) {
    return bad(`the run that signed may open request ${id} only, not ${record.request} with request ${request.id}`);
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
    const { comment, record, claims } = candidate;
    const first = entries.get(record.hash);
    const refusal: Refusal | null =
      refusalUnder(candidate, opening, trust) ??
      (first ? { code: 'copy', why: `it is a copy of record ${record.seq} in comment ${first.commentId}` } : null);
    if (refusal !== null) {
      if (!refused.has(comment.id)) findings.push({ ...refusal, commentId: comment.id });
    } else if (comment.author !== null) {
      const { id, createdAt, author } = comment;
      entries.set(record.hash, { commentId: id, createdAt, author, record, claims });
    }
  }
  return [...entries.values()];
}

/** Why a signed record does not count in the log that this opening began; null if it does. */
function refusalUnder(candidate: Candidate, opening: FoundOpening, trust: Trust): Refusal | null {
  const { record, claims } = candidate;
  const request = opening.candidate.record.request;
  if (record.request !== request) return { code: 'other-request', why: `it is of request ${record.request}` };
  if (record.events.some(({ type }) => type === 'requested') && record.hash !== opening.candidate.record.hash) {
    return { code: 'second-opening', why: `request ${request} is opened by comment ${opening.candidate.comment.id}` };
  }
  const may = maySign(claims, record.events, opening.requested.request, trust);
  return may.ok ? null : { code: 'wrong-role', why: may.why };
}
