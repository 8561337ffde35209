/**
 * GitHub's OIDC tokens: they sign a record's hash, and they tell a job who it is.
 * Plain fetch instead of getIDToken of @actions/core: that one repeats for up to a minute, while a person who pressed
 * a button waits 2 s, and it reads its address from the environment, which here is the entry's business.
 */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as v from 'valibot';
import { Fault, noIdToken } from '../app/fault.ts';
import type { JobIdentity, Signer } from '../app/ports.ts';
import { isPrivateChannel } from './api-address.ts';
import { reasonOf } from './faults.ts';
import { sendable } from './token.ts';

/** The runner's own variables ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN; empty or missing without the right. */
export interface OidcEndpoint {
  url: string | undefined;
  token: string | undefined;
  /** For both tries together, in ms. */
  deadlineMs?: number;
  fetch?: typeof fetch;
}

// The click path has its own, shorter one (PRESS_DEADLINE_MS in src/app/decisions.ts).
const DEADLINE_MS = 10_000;
const Answer = v.looseObject({ value: v.pipe(v.string(), v.minLength(1)) });

/** Whether the runner gave this job the right to ask. What then fails is a failure, and never a job without the right. */
export function isGranted({ url, token }: OidcEndpoint): boolean {
  return Boolean(url) || Boolean(token);
}

/**
 * Signs `hash` by having GitHub issue a token whose audience is `debug-approval:<hash>`; gives null in a job without the right
 * to ask for one. Throws a Fault `oidc`.
 */
export function signer(endpoint: OidcEndpoint): Signer {
  return { sign: async (hash) => (isGranted(endpoint) ? idToken(endpoint, `debug-approval:${hash}`) : null) };
}

/** This job's own identity, from a token whose audience signs nothing. Throws a Fault `oidc`. */
export async function ownIdentity(endpoint: OidcEndpoint): Promise<JobIdentity> {
  return jobIdentity(await idToken(endpoint, 'debug-approval:identity'));
}

async function idToken(endpoint: OidcEndpoint, audience: string): Promise<string> {
  const { url, token } = granted(endpoint);
  url.searchParams.set('audience', audience);
  const send = endpoint.fetch ?? fetch;
  const options = {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    signal: AbortSignal.timeout(endpoint.deadlineMs ?? DEADLINE_MS),
    redirect: 'error' as const,
  };
  const answer = await twice(() => send(url, options));
  if (!answer.ok) throw unavailable(`it answered ${answer.status}`, null);
  return tokenIn(answer);
}

/** Asking for a token changes nothing, so one failure is forgiven; both tries share the deadline. */
async function twice(send: () => Promise<Response>): Promise<Response> {
  try {
    const first = await send();
    if (first.status < 500) return first;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw unavailable(reasonOf(error), error);
  }
  try {
    return await send();
  } catch (error) {
    throw unavailable(reasonOf(error), error);
  }
}

async function tokenIn(answer: Response): Promise<string> {
  let body: unknown;
  try {
    body = await answer.json();
  } catch (error) {
    throw unavailable('its answer was cut short', error);
  }
  const parsed = v.safeParse(Answer, body);
  if (!parsed.success) throw unavailable('its answer holds no token', null);
  return parsed.output.value;
}

function granted({ url, token }: OidcEndpoint): { url: URL; token: string } {
  if (!url || !token) throw noIdToken();
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address !== null && isPrivateChannel(address)) {
    return { url: address, token: sendable(token, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN') };
  }
  throw new Fault(
    'oidc',
    'The address for ID tokens is neither https nor on this machine.',
    'Leave ACTIONS_ID_TOKEN_REQUEST_URL as the runner sets it.',
  );
}

function unavailable(why: string, cause: unknown): Fault {
  return new Fault(
    'oidc',
    `GitHub's OIDC service gave no ID token: ${why}.`,
    'Nothing was recorded. Try again; if it stays, look at https://www.githubstatus.com.',
    { cause },
  );
}

/** An id as a token's claims and the runner's variables have it. */
export const Digits = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.safeInteger(), v.minValue(1));
const Claims = v.looseObject({
  repository: v.string(),
  repository_id: Digits,
  run_id: Digits,
  run_attempt: Digits,
  sha: v.string(),
  workflow_ref: v.string(),
  environment: v.optional(v.string()),
  event_name: v.string(),
  check_run_id: v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))),
});

/**
 * The claims of a token that GitHub has just handed to this job; who receives it from elsewhere must verify it first.
 * Throws a Fault `oidc` when a claim is missing.
 */
export function jobIdentity(token: string): JobIdentity {
  const { payload, kid } = partsOf(token);
  const claims = v.safeParse(Claims, payload);
  if (!claims.success) {
    const issue = claims.issues[0];
    throw claimFault(`its claim ${v.getDotPath(issue) ?? '(none)'}: ${issue.message}`);
  }
  const { output } = claims;
  const workflow = workflowOf(output.workflow_ref, output.repository);
  if (workflow === null) throw claimFault(`its claim workflow_ref: ${JSON.stringify(output.workflow_ref)}`);
  return {
    signed: true,
    repositoryId: output.repository_id,
    run: { id: output.run_id, attempt: output.run_attempt },
    commit: output.sha,
    workflow,
    environment: output.environment ?? null,
    event: output.event_name,
    checkRun: output.check_run_id ?? null,
    kid,
  };
}

function partsOf(token: string): { payload: unknown; kid: string | null } {
  try {
    return { payload: decodeJwt(token), kid: decodeProtectedHeader(token).kid ?? null };
  } catch (error) {
    throw claimFault(reasonOf(error));
  }
}

/** Reads `owner/name/.github/workflows/debug.yml@refs/heads/main`; null: it is not of that form, or another repository's. */
export function workflowOf(reference: string, repository: string): JobIdentity['workflow'] | null {
  const at = reference.indexOf('@');
  const prefix = `${repository}/`;
  if (at < 0 || !reference.startsWith(prefix)) return null;
  return { path: reference.slice(prefix.length, at), ref: reference.slice(at + 1) };
}

function claimFault(what: string): Fault {
  return new Fault(
    'oidc',
    `This job's ID token cannot be read: ${what}.`,
    'Run it in a GitHub Actions job of this repository.',
  );
}
