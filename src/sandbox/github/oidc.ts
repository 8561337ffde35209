/** GitHub's OIDC provider: signs what a job is, for the audience that the job asks for. */
import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose';

export interface Oidc {
  issuer: string;
  jwks(): JSONWebKeySet;
  /** A new key signs from now on; those before stay published until they are retired. */
  rotate(): Promise<void>;
  /** Publishes no key any more but the one that signs. */
  retire(): void;
  /** Signs claims with `iss`, `iat`, `nbf`, `exp`, `jti` and `aud` filled in, unless the claims have them. */
  sign(claims: Record<string, unknown>, audience: string): Promise<string>;
  configuration(): Record<string, unknown>;
}

const LIFETIME_S = 300;

/** Making an RSA key takes longer than opening all else: the providers of a process begin with the same one. */
let first: Promise<Key> | null = null;

/** A provider, by its clock (ms); its first key is this process's, each one after it is fresh. */
export async function createOidc(issuer: string, clock: () => number = Date.now): Promise<Oidc> {
  first ??= newKey();
  let current = await first;
  let published = [current.jwk];
  return {
    issuer,
    jwks: () => ({ keys: published }),
    async rotate() {
      current = await newKey();
      published = [current.jwk, ...published];
    },
    retire() {
      published = [current.jwk];
    },
    sign(claims, audience) {
      const now = Math.floor(clock() / 1000);
      const times = { iat: now, nbf: now - 600, exp: now + LIFETIME_S };
      const payload = { jti: randomUUID(), aud: audience, iss: issuer, ...times, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: current.jwk.kid ?? '', x5t: current.jwk.kid ?? '' })
        .sign(current.privateKey);
    },
    configuration: () => ({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
  };
}

interface Key {
  privateKey: CryptoKey;
  jwk: JWK;
}

async function newKey(): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk: { ...jwk, kid: randomUUID(), alg: 'RS256', use: 'sig' } };
}
