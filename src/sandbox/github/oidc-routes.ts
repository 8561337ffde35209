/** The provider's addresses: discovery and keys for everybody, tokens for a job with `id-token: write`. */
import { claimsOf } from './claims.ts';
import type { Oidc } from './oidc.ts';
import type { Reply } from './reply.ts';
import type { World } from './world.ts';

/** Where an Enterprise Server's provider is, too (docs.github.com, OpenID Connect on GHES). */
export const OIDC_PATH = '/_services/token';

/** Answers below {@link OIDC_PATH}; null: no such address. */
export async function serveOidc(
  oidc: Oidc,
  world: World,
  request: { path: string; query: URLSearchParams; authorization: string | undefined },
): Promise<Reply | null> {
  switch (request.path) {
    case `${OIDC_PATH}/.well-known/openid-configuration`:
      return { status: 200, json: oidc.configuration() };
    case `${OIDC_PATH}/.well-known/jwks`:
      return { status: 200, json: oidc.jwks() };
    case `${OIDC_PATH}/token`:
      return token(oidc, world, request);
    default:
      return null;
  }
}

async function token(
  oidc: Oidc,
  world: World,
  { query, authorization }: { query: URLSearchParams; authorization: string | undefined },
): Promise<Reply> {
  const job = world.runs.byRequestToken(/^bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
  if (job === null || query.get('job') !== String(job.id)) {
    return { status: 401, json: { message: 'The request token is unknown, or its job has ended.' } };
  }
  // Without an audience GitHub names the owner's address.
  const audience = query.get('audience') ?? `https://github.com/${world.repository.owner}`;
  const value = await oidc.sign(claimsOf(job, world.repository), audience);
  return { status: 200, json: { count: value.length, value } };
}
