/** An issuer's public keys, ready to verify: each imported once, and found by the `kid` that a token names. */
import { type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import type { Trust } from './trust.ts';

/** The key that verified a signature. */
export interface VerifyingKey {
  issuer: string;
  kid: string | null;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
}

/** Ready to verify RS256, or why it never can. */
type Prepared = { ok: true; key: CryptoKey; thumbprint: string } | { ok: false; why: string };
type Found = { ok: true; key: CryptoKey; thumbprint: string; kid: string | null } | { ok: false; why: string };

/** By the key's object: it is only ever read, and lives as long as the trust that holds it. */
const prepared = new WeakMap<JWK, Promise<Prepared>>();

/**
 * The key of this issuer that a token with this `kid` is verified with. Where two keys have one `kid`, the first in the
 * list counts and `others` is 1 or more: an archived key, which stands behind the live ones, cannot take the place of one.
 * A token without `kid` is verified only where the issuer has a single key.
 */
export async function keyFor(
  trust: Trust,
  issuer: string,
  kid: string | undefined,
): Promise<Found & { others: number }> {
  const own = trust.issuers.filter((one) => one.issuer === issuer).flatMap(({ keys }) => keys.filter(mayVerify));
  const named = kid === undefined ? own : own.filter((key) => key.kid === kid);
  const [first, ...rest] = await Promise.all(named.map(async (jwk) => ({ jwk, ready: await prepare(jwk) })));
  if (first === undefined) return { ok: false, why: `it has no RSA key ${kid ?? ''}`.trimEnd(), others: 0 };
  const { jwk, ready } = first;
  const others = rest.filter(({ ready: other }) => !ready.ok || !other.ok || other.thumbprint !== ready.thumbprint);
  if (kid === undefined && others.length > 0)
    return { ok: false, why: 'the token does not say with which key', others: 0 };
  return { ...(ready.ok ? { ...ready, kid: jwk.kid ?? null } : ready), others: others.length };
}

/** What the issuer published for something else than RS256 signatures verifies none. */
export function mayVerify({ kty, alg, use, key_ops: operations }: JWK): boolean {
  if (kty !== 'RSA' || (alg ?? 'RS256') !== 'RS256' || (use ?? 'sig') !== 'sig') return false;
  return operations === undefined || operations.includes('verify');
}

function prepare(jwk: JWK): Promise<Prepared> {
  const known = prepared.get(jwk);
  if (known !== undefined) return known;
  const made = imported(jwk);
  prepared.set(jwk, made);
  return made;
}

/** Only the public part: whoever holds a private key by mistake still cannot sign with what is kept here. */
async function imported({ n, e }: JWK): Promise<Prepared> {
  if (n === undefined || e === undefined) return { ok: false, why: 'it lacks its modulus or its exponent' };
  try {
    const publicPart = { kty: 'RSA', n, e };
    const key = await importJWK(publicPart, 'RS256');
    if (key instanceof Uint8Array) return { ok: false, why: 'it is no RSA key' };
    return { ok: true, key, thumbprint: await calculateJwkThumbprint(publicPart) };
  } catch (error) {
    return { ok: false, why: `it is no usable RSA key (${String(error)})` };
  }
}
