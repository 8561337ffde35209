/** The public keys of the issuers whose signatures count, and the {@link Trust} made of them. */
import type { JWK } from 'jose';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { RepositoryFacts } from '../app/ports.ts';
import { GATEWAY_ISSUER, type Trust, type TrustedKey } from '../log/trust.ts';
import { type GatewayKey, rawKey } from '../policy/gateway.ts';
import { isLoopback } from './api-address.ts';
import { reasonOf } from './faults.ts';

/** GitHub's own issuer on github.com. compiled in. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** What the policy on the default branch says of signatures. */
export interface PolicySigners {
  /** Left out: github.com's. GHES, data residency and the sandbox have their own. */
  issuer?: string;
  /** Paths of this repository, or whole with `owner/name/` for a called workflow elsewhere. */
  workflows: readonly string[];
  /** Whether records without a signature count. */
  unsigned: Trust['unsigned'];
  /** The gateway's public keys, as the policy writes them. */
  gateway?: readonly GatewayKey[];
}

export interface KeyOptions {
  /** Whether the API itself is on this machine: only then may an issuer be. */
  apiIsLoopback: boolean;
  deadlineMs?: number;
  fetch?: typeof fetch;
}

const DEADLINE_MS = 5_000;
const text = v.optional(v.string());
const Configuration = v.looseObject({ issuer: v.string(), jwks_uri: v.string() });
const Keys = v.looseObject({
  keys: v.pipe(
    v.array(
      v.object({
        kty: v.string(),
        kid: text,
        alg: text,
        use: text,
        n: text,
        e: text,
        crv: text,
        x: text,
        y: text,
      }),
    ),
    v.minLength(1),
  ),
});

/** The verifier's trust for a repository: its ids, and the live keys of the one issuer that counts. Throws a Fault `oidc`. */
export async function trustFor(facts: RepositoryFacts, signers: PolicySigners, options: KeyOptions): Promise<Trust> {
  const issuer = signers.issuer ?? GITHUB_ISSUER;
  return {
    repositoryId: facts.id,
    ownerId: facts.ownerId,
    repositoryName: facts.name,
    defaultBranch: facts.defaultBranch,
    issuers: [{ issuer, keys: await fetchKeys(issuer, options) }, ...gatewayIssuer(signers.gateway ?? [])],
    workflows: [...signers.workflows],
    approvalEnvironment: 'debug-approval',
    unsigned: signers.unsigned,
  };
}

/** The gateway among the issuers; it is none where the policy names no key of it. */
export function gatewayIssuer(keys: readonly GatewayKey[]): Trust['issuers'] {
  if (keys.length === 0) return [];
  const jwks = keys.map(({ name, key, until }): TrustedKey => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: rawKey(key) ?? '', kid: name, alg: 'EdDSA', use: 'sig' };
    return until === undefined ? jwk : { ...jwk, until };
  });
  return [{ issuer: GATEWAY_ISSUER, keys: jwks }];
}

/** The issuer's current keys, by its discovery document. Throws a Fault `oidc`; no key is ever taken from elsewhere. */
export async function fetchKeys(issuer: string, options: KeyOptions): Promise<JWK[]> {
  const address = accepted(issuer, options.apiIsLoopback);
  const discovery = `${address.href.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const configuration = v.safeParse(Configuration, await read(discovery, issuer, options));
  if (!configuration.success || configuration.output.issuer !== issuer) {
    throw unusable(issuer, 'its configuration does not name itself as the issuer');
  }
  const source = configuration.output.jwks_uri;
  if (!URL.canParse(source) || new URL(source).origin !== address.origin) {
    throw unusable(issuer, 'it keeps its keys at another origin');
  }
  const keys = v.safeParse(Keys, await read(source, issuer, options));
  if (!keys.success) throw unusable(issuer, 'it publishes no usable keys');
  return keys.output.keys.map(withoutUndefined);
}

function withoutUndefined(key: v.InferOutput<typeof Keys>['keys'][number]): JWK {
  const { kty, ...rest } = key;
  return { kty, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}

function accepted(issuer: string, apiIsLoopback: boolean): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null || url.search !== '' || url.hash !== '') throw unusable(issuer, 'it is no plain URL');
  if (isLoopback(url)) {
    if (apiIsLoopback) return url;
    throw unusable(issuer, 'an issuer on this machine counts only for a GitHub on this machine (the sandbox)');
  }
  if (url.protocol !== 'https:') throw unusable(issuer, 'it is not https');
  return url;
}

async function read(url: string, issuer: string, options: KeyOptions): Promise<unknown> {
  const send = options.fetch ?? fetch;
  try {
    const signal = AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS);
    const answer = await send(url, { redirect: 'error', signal });
    if (!answer.ok) throw unusable(issuer, `${new URL(url).pathname} answered ${answer.status}`);
    return await answer.json();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unusable(issuer, reasonOf(error), error);
  }
}

function unusable(issuer: string, why: string, cause: unknown = null): Fault {
  return new Fault(
    'oidc',
    `The keys of the issuer ${JSON.stringify(issuer)} are not to be had: ${why}. Without them no record can be believed.`,
    'Try again; for an issuer of your own, check "signers" in the policy.',
    { cause },
  );
}
