/** Tokens that were verified before: a service reads the same logs again and again, and a token stays what it was. */
import { hash } from 'node:crypto';
import { type CryptoKey, decodeJwt, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { signatureAudience } from './record.ts';

/** The payloads of verified tokens, by the hash of all that the answer depends on. Whoever drops it only verifies anew. */
export type VerifiedTokens = Map<string, JWTPayload>;

/** So many are remembered: the records of a thousand open requests. */
const MOST = 20_000;

/** What a token is held to besides its signature. */
export interface Expected {
  algorithm: 'RS256' | 'EdDSA';
  issuer: string;
  /** Of the record that it signs. */
  hash: string;
  /** When the token says that it was issued, in seconds since 1970. */
  iat: number;
}

/**
 * The token's payload, as `jwtVerify` gives it; one that was verified before with this very key and expectation is not verified
 * again. Throws as `jwtVerify` does, and remembers no failure.
 */
export async function payloadVerified(
  token: string,
  { key, thumbprint }: { key: CryptoKey; thumbprint: string },
  expected: Expected,
  known: VerifiedTokens | undefined,
): Promise<JWTPayload> {
  const options = optionsOf(expected);
  if (known === undefined) return (await jwtVerify(token, key, options)).payload;
  const name = nameOf(token, thumbprint, options);
  const before = known.get(name);
  if (before !== undefined) return before;
  const { payload } = await jwtVerify(token, key, options);
  keep(known, name, payload);
  return payload;
}

/**
 * Remembers a token that this process has made itself just now, with the private half of the key of that thumbprint (RFC 7638):
 * to verify it would only repeat that work.
 */
export function rememberSigned(token: string, thumbprint: string, expected: Expected, known: VerifiedTokens): void {
  keep(known, nameOf(token, thumbprint, optionsOf(expected)), decodeJwt(token));
}

function optionsOf({ algorithm, issuer, hash: signed, iat }: Expected): JWTVerifyOptions {
  return {
    algorithms: [algorithm],
    issuer,
    audience: signatureAudience(signed),
    requiredClaims: ['iat'],
    // A token lives for minutes, a log for years: it is judged as of its issue, which must be close to the comment's creation.
    currentDate: new Date(iat * 1000),
  };
}

/** A text of its own: the token is a piece of a comment, all of which would be kept with it. */
function nameOf(token: string, thumbprint: string, options: JWTVerifyOptions): string {
  return hash('sha256', `${thumbprint} ${JSON.stringify(options)} ${token}`, 'base64');
}

function keep(known: VerifiedTokens, name: string, payload: JWTPayload): void {
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= MOST) known.delete(oldest);
  known.set(name, payload);
}
