/** Tokens that were verified before: a service reads the same logs again and again, and a token stays what it was. */
import { hash } from 'node:crypto';
import { type CryptoKey, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';

/** The payloads of verified tokens, by the hash of all that the answer depends on. Whoever drops it only verifies anew. */
export type VerifiedTokens = Map<string, JWTPayload>;

/** So many are remembered: the records of a thousand open requests. */
const MOST = 20_000;

/**
 * The token's payload, as `jwtVerify` gives it; one that was verified before with this very key and these options is not verified
 * again. Throws as `jwtVerify` does, and remembers no failure.
 */
export async function payloadVerified(
  token: string,
  { key, thumbprint }: { key: CryptoKey; thumbprint: string },
  options: JWTVerifyOptions,
  known: VerifiedTokens | undefined,
): Promise<JWTPayload> {
  if (known === undefined) return (await jwtVerify(token, key, options)).payload;
  // A text of its own: the token is a piece of a comment, all of which would be kept with it.
  const name = hash('sha256', `${thumbprint} ${JSON.stringify(options)} ${token}`, 'base64');
  const before = known.get(name);
  if (before !== undefined) return before;
  const { payload } = await jwtVerify(token, key, options);
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= MOST) known.delete(oldest);
  known.set(name, payload);
  return payload;
}
