/** The signature of a record: a token of GitHub, or of the gateway, whose audience is the record's hash. No clock, no network. */
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import * as v from 'valibot';
import { sameName } from './names.ts';
import { issuesOf, type Record, signatureAudience } from './record.ts';
import { GATEWAY_ISSUER, type Trust } from './trust.ts';
import { payloadVerified } from './verified-tokens.ts';
import { keyFor, type VerifyingKey } from './verifying-keys.ts';

/** How far a token's issue may lie from the comment's creation, either way. */
const FRESH_MS = 120_000;

const Digits = v.pipe(v.string(), v.regex(/^[1-9]\d{0,15}$/), v.transform(Number), v.safeInteger());
const GitHubClaims = v.object({
  aud: v.string(),
  iat: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  repository: v.pipe(v.string(), v.regex(/^[^/@]+\/[^/@]+$/)),
  repository_id: Digits,
  repository_owner_id: Digits,
  workflow_ref: v.string(),
  job_workflow_ref: v.string(),
  run_id: Digits,
  run_attempt: Digits,
  event_name: v.string(),
  environment: v.optional(v.string()),
  sha: v.optional(v.string()),
  check_run_id: v.optional(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
});
type GitHubClaims = v.InferOutput<typeof GitHubClaims>;

/** All that the gateway's token says. */
const GatewayToken = v.strictObject({
  iss: v.literal(GATEWAY_ISSUER),
  aud: v.string(),
  iat: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  repository_id: Digits,
  repository_owner_id: Digits,
});

/** What the signature vouches for: a job, by GitHub's word, or the gateway, by the name of its key. */
export type Claims = JobClaims | GatewayClaims;

export interface GatewayClaims {
  gateway: string;
  /** When the token was issued, in seconds since 1970. */
  issuedAt: number;
}

/** What GitHub vouches for about the job that signed. */
export interface JobClaims {
  issuer: string;
  run: number;
  attempt: number;
  environment: string | null;
  /** What started the run: `workflow_dispatch`, `schedule`, … */
  event: string;
  workflow: string;
  commit: string | null;
  checkRun: string | null;
  /** When the token was issued, in seconds since 1970. */
  issuedAt: number;
}

export type SignatureCode =
  | 'unsigned'
  | 'not-a-token'
  | 'issuer'
  | 'signature'
  /** It does not verify with the first of several keys that have its `kid`. */
  | 'second-key'
  | 'claims'
  | 'audience'
  | 'repository'
  | 'retired'
  | 'workflow'
  | 'writer'
  | 'time';
export type SignatureResult =
  | { ok: true; claims: Claims; key: VerifyingKey }
  | { ok: false; code: SignatureCode; why: string };

/** What a signature is about: a record of a request's log, or of the archive of keys. */
export type Signed = Pick<Record, 'hash' | 'sig' | 'writer'>;

/** What is said of a record without a signature. */
export const UNSIGNED = no('unsigned', 'it carries no signature');

/**
 * Whether a record's signature may be believed, by all of DESIGN §5 but the signer's role. `createdAt` is the comment's,
 * RFC 3339. Resolves to a refusal with its reason, never rejects; nothing in the token chooses a key, an algorithm or an issuer.
 */
export async function verifySignature(
  record: Signed,
  comment: { createdAt: string },
  trust: Trust,
): Promise<SignatureResult> {
  if (record.sig === null) return UNSIGNED;
  const read = await payloadOf(record.sig, record.hash, trust);
  if (!read.ok) return read;
  if (record.sig.type === 'gateway') return verifyGateway(read, record, comment, trust);
  const parsed = v.safeParse(GitHubClaims, read.payload);
  if (!parsed.success) return no('claims', `its token is none of GitHub Actions (${issuesOf(parsed.issues)})`);
  const claims = parsed.output;
  return (
    wrongAudience(claims, record) ??
    wrongRepository(claims, trust) ??
    wrongWorkflow(claims, trust) ??
    wrongWriter(claims, record) ??
    wrongTime(claims, comment) ?? { ok: true, claims: claimsOf(claims, read.key.issuer), key: read.key }
  );
}

/** The same of a record that says that the gateway wrote it. */
function verifyGateway(
  { payload, key, until }: Payload & { ok: true },
  record: Signed,
  comment: { createdAt: string },
  trust: Trust,
): SignatureResult {
  const parsed = v.safeParse(GatewayToken, payload);
  if (!parsed.success) return no('claims', `its token is none of the gateway (${issuesOf(parsed.issues)})`);
  const claims = parsed.output;
  const gateway = key.kid ?? '';
  return (
    wrongAudience(claims, record) ??
    wrongRepository(claims, trust) ??
    wrongGateway(gateway, record) ??
    retired(claims, gateway, until) ??
    wrongTime(claims, comment) ?? { ok: true, claims: { gateway, issuedAt: claims.iat }, key }
  );
}

type Payload =
  | { ok: true; payload: JWTPayload; key: VerifyingKey; until: string | null }
  | (SignatureResult & { ok: false });

/** The one algorithm of each kind of token. */
const ALGORITHMS = { oidc: 'RS256', gateway: 'EdDSA' } as const;

/** The token's payload once a key of a trusted issuer has verified it. */
async function payloadOf({ type, token }: NonNullable<Record['sig']>, hash: string, trust: Trust): Promise<Payload> {
  const algorithm = ALGORITHMS[type];
  const unverified = peek(token);
  if (unverified === null) return no('not-a-token', 'its signature is no JSON web token');
  if (unverified.alg !== algorithm) {
    return no('signature', `its token uses ${unverified.alg}, only ${algorithm} is accepted`);
  }
  if (!isInOneForm(token)) return no('not-a-token', 'its signature is not written in its one form');
  const { issuer, kid, iat } = unverified;
  if ((issuer === GATEWAY_ISSUER) !== (type === 'gateway')) {
    return no('issuer', `its token's issuer is ${issuer}, and it says that it is of the kind ${type}`);
  }
  if (!trust.issuers.some((one) => one.issuer === issuer)) {
    return no('issuer', `its token's issuer ${issuer} is not trusted`);
  }
  const found = await keyFor(trust, issuer, kid);
  if (!found.ok) return no('signature', `its token does not verify with the keys of ${issuer}: ${found.why}`);
  try {
    const payload = await payloadVerified(token, found, { algorithm, issuer, hash, iat }, trust.verified);
    const { until, thumbprint } = found;
    return { ok: true, payload, key: { issuer, kid: found.kid, thumbprint }, until };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed && found.others > 0) {
      const why = `its token does not verify with the key ${kid} of ${issuer}; ${found.others} more of that name, behind it in the list, are refused`;
      return no('second-key', why);
    }
    return no('signature', `its token does not verify with the keys of ${issuer} (${String(error)})`);
  }
}

/**
 * Whether the token's signature is the one text of its bytes. Header and payload are signed as they stand, but base64url leaves
 * bits of its last character unused: a text that differs there, or by spaces, would verify, and no hash covers it.
 */
function isInOneForm(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

/** What an unverified token says of itself, only to find the key; null if it is no token. */
function peek(token: string): { alg: string; issuer: string; kid: string | undefined; iat: number } | null {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    const { iss, iat } = decodeJwt(token);
    const named = typeof alg === 'string' && typeof iss === 'string' && typeof iat === 'number';
    if (kid !== undefined && typeof kid !== 'string') return null;
    return named && Number.isSafeInteger(iat) && Math.abs(iat) < 8.64e12 ? { alg, issuer: iss, kid, iat } : null;
  } catch {
    // jose throws for whatever is no token: that is the answer, there is nothing more to say about such text.
    return null;
  }
}

function wrongAudience(claims: Pick<GitHubClaims, 'aud'>, record: Signed) {
  if (claims.aud === signatureAudience(record.hash)) return null;
  return no('audience', `its token is for ${claims.aud}, not for ${signatureAudience(record.hash)}`);
}

function wrongRepository(claims: Pick<GitHubClaims, 'repository_id' | 'repository_owner_id'>, trust: Trust) {
  const { repository_id: id, repository_owner_id: owner } = claims;
  if (id === trust.repositoryId && owner === trust.ownerId) return null;
  const own = `${trust.repositoryName} (${trust.repositoryId}, owner ${trust.ownerId})`;
  return no('repository', `its token is of repository ${id} of owner ${owner}, not of ${own}`);
}

/**
 * Both refs are compared whole with what is allowed, never taken apart: a branch `x@refs/heads/main` deceives no parser.
 * The repository's name is the token's own, whose id was checked: logs outlive a rename.
 */
function wrongWorkflow(claims: GitHubClaims, trust: Trust) {
  const own = trust.workflows.filter((path) => path.startsWith('.github/workflows/'));
  const foreign = trust.workflows.filter((path) => /^[^./][^/]*\/[^/]+\/.+/.test(path));
  const local = own.map((path) => `${claims.repository}/${path}`);
  if (!isListed(claims.workflow_ref, local, trust)) {
    return no('workflow', `the workflow ${claims.workflow_ref} is not one that may sign for ${trust.repositoryName}`);
  }
  if (!isListed(claims.job_workflow_ref, [...local, ...foreign], trust)) {
    return no('workflow', `the job's workflow ${claims.job_workflow_ref} is not one that may sign`);
  }
  return null;
}

function isListed(ref: string, workflows: readonly string[], trust: Trust): boolean {
  return workflows.some((workflow) => {
    const [owner = '', name = '', ...path] = workflow.split('/');
    const repository = `${owner}/${name}`;
    const rest = `/${path.join('/')}@refs/heads/${trust.defaultBranch}`;
    return sameName(ref.slice(0, repository.length), repository) && ref.slice(repository.length) === rest;
  });
}

function wrongWriter(claims: GitHubClaims, record: Signed) {
  if ('gateway' in record.writer) return no('writer', 'a job signed what says that the gateway wrote it');
  const { run, attempt, environment } = record.writer;
  const signer = `run ${claims.run_id} attempt ${claims.run_attempt} in environment ${claims.environment ?? 'none'}`;
  const same = claims.run_id === run && claims.run_attempt === attempt && (claims.environment ?? null) === environment;
  if (same) return null;
  return no(
    'writer',
    `${signer} signed what says that run ${run} attempt ${attempt} in environment ${environment ?? 'none'} wrote it`,
  );
}

function wrongGateway(gateway: string, { writer }: Signed) {
  if ('gateway' in writer && writer.gateway === gateway) return null;
  const named = 'gateway' in writer ? `the key ${writer.gateway}` : `a job of run ${writer.run}`;
  return no('writer', `the gateway signed with the key ${gateway} what says that it is from ${named}`);
}

function retired({ iat }: { iat: number }, gateway: string, until: string | null) {
  if (until === null || iat * 1000 < Date.parse(until)) return null;
  return no('retired', `its token was issued after the key ${gateway} was retired (${until})`);
}

function wrongTime(claims: Pick<GitHubClaims, 'iat'>, comment: { createdAt: string }) {
  const apart = Math.abs(claims.iat * 1000 - Date.parse(comment.createdAt));
  if (apart <= FRESH_MS) return null;
  return no('time', `its token was issued ${apart / 1000} s from the comment's creation, at most 120 s are allowed`);
}

function claimsOf(claims: GitHubClaims, issuer: string): JobClaims {
  return {
    issuer,
    run: claims.run_id,
    attempt: claims.run_attempt,
    environment: claims.environment ?? null,
    event: claims.event_name,
    workflow: claims.workflow_ref,
    commit: claims.sha ?? null,
    checkRun: claims.check_run_id ?? null,
    issuedAt: claims.iat,
  };
}

function no(code: SignatureCode, why: string): { ok: false; code: SignatureCode; why: string } {
  return { ok: false, code, why };
}
