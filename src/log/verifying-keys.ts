/** An issuer's public keys, ready to verify: each imported once, and found by the `kid` that a token names. */
import { type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import { GATEWAY_ISSUER, type Trust, type TrustedKey } from './trust.ts';

/** The key that verified a signature. */
export interface VerifyingKey {
  issuer: string;
  kid: string | null;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
}

/** Ready to verify, or why it never can. */
type Prepared = { ok: true; key: CryptoKey; thumbprint: string } | { ok: false; why: string };
type Found =
  | { ok: true; key: CryptoKey; thumbprint: string; kid: string | null; until: string | null }
  | { ok: false; why: string };

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
  const fits = issuer === GATEWAY_ISSUER ? isGatewayKey : mayVerify;
  const own = trust.issuers.filter((one) => one.issuer === issuer).flatMap(({ keys }) => keys.filter(fits));
  const named = kid === undefined ? own : own.filter((key) => key.kid === kid);
  const [first, ...rest] = await Promise.all(named.map(async (jwk) => ({ jwk, ready: await prepare(jwk) })));
  if (first === undefined) {
    const kind = issuer === GATEWAY_ISSUER ? 'Ed25519' : 'RSA';
    return { ok: false, why: `it has no ${kind} key ${kid ?? ''}`.trimEnd(), others: 0 };
  }
  const { jwk, ready } = first;
  const others = rest.filter(({ ready: other }) => !ready.ok || !other.ok || other.thumbprint !== ready.thumbprint);
  if (kid === undefined && others.length > 0)
    return { ok: false, why: 'the token does not say with which key', others: 0 };
  const about = { kid: jwk.kid ?? null, until: jwk.until ?? null };
  return { ...(ready.ok ? { ...ready, ...about } : ready), others: others.length };
}

/** What the issuer published for something else than RS256 signatures verifies none. */
export function mayVerify({ kty, alg, use, key_ops: operations }: JWK): boolean {
  if (kty !== 'RSA' || (alg ?? 'RS256') !== 'RS256' || (use ?? 'sig') !== 'sig') return false;
  return operations === undefined || operations.includes('verify');
}

/** The gateway's records are signed with Ed25519 alone. */
function isGatewayKey({ kty, crv }: JWK): boolean {
  return kty === 'OKP' && crv === 'Ed25519';
}

function prepare(jwk: TrustedKey): Promise<Prepared> {
  const known = prepared.get(jwk);
  if (known !== undefined) return known;
  const made = imported(jwk);
  prepared.set(jwk, made);
  return made;
}

/** What of a key its thumbprint is about (RFC 7638 §3.2, RFC 8037 §2): the public part; null: it lacks something. */
export function publicPart({ kty, n, e, crv, x }: JWK): JWK | null {
  if (kty === 'OKP') return crv === undefined || x === undefined ? null : { kty, crv, x };
  return kty !== 'RSA' || n === undefined || e === undefined ? null : { kty, n, e };
}

/** Only the public part: whoever holds a private key by mistake still cannot sign with what is kept here. */
async function imported(jwk: JWK): Promise<Prepared> {
  const part = publicPart(jwk);
  if (part === null) return { ok: false, why: 'it lacks a part of it' };
  try {
    const key = await importJWK(part, part.kty === 'OKP' ? 'EdDSA' : 'RS256');
    if (key instanceof Uint8Array) return { ok: false, why: 'it is no public key' };
    return { ok: true, key, thumbprint: await calculateJwkThumbprint(part) };
  } catch (error) {
    return { ok: false, why: `it is no usable ${part.kty} key (${String(error)})` };
  }
}
