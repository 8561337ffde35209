/** The gateway's signature of a record: a token made with its own Ed25519 key, as src/log/signature.ts verifies it. */
import { type CryptoKey, calculateJwkThumbprint, exportJWK, importPKCS8, SignJWT } from 'jose';
import { signatureAudience } from './record.ts';
import { GATEWAY_ISSUER } from './trust.ts';
import { rememberSigned, type VerifiedTokens } from './verified-tokens.ts';

const ALGORITHM = 'EdDSA';

/** The gateway's private key, under the name that the policy gives to its public half. */
export interface GatewayKeyPair {
  name: string;
  key: CryptoKey;
  /** RFC 7638, SHA-256, base64url: what an auditor names to believe it. */
  thumbprint: string;
}

/** Reads a private Ed25519 key in PKCS #8 PEM (`openssl genpkey -algorithm ed25519`); null: it is none. */
export async function gatewayKey(name: string, pem: string): Promise<GatewayKeyPair | null> {
  try {
    const key = await importPKCS8(pem, ALGORITHM, { extractable: true });
    const { kty, crv, x } = await exportJWK(key);
    if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) return null;
    return { name, key: await importPKCS8(pem, ALGORITHM), thumbprint: await calculateJwkThumbprint({ kty, crv, x }) };
  } catch {
    // jose throws for whatever is no such key: that is the answer, and its message may repeat a part of the secret.
    return null;
  }
}

/** Signs a record's hash for one repository. `now` is in ms since 1970. `known`: where the token counts as verified from now on. */
export async function gatewayToken(
  { name, key, thumbprint }: GatewayKeyPair,
  repository: { id: number; ownerId: number },
  hash: string,
  now: number,
  known?: VerifiedTokens,
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const token = await new SignJWT({
    repository_id: String(repository.id),
    repository_owner_id: String(repository.ownerId),
  })
    .setProtectedHeader({ alg: ALGORITHM, kid: name })
    .setIssuer(GATEWAY_ISSUER)
    .setAudience(signatureAudience(hash))
    .setIssuedAt(iat)
    .sign(key);
  if (known !== undefined)
    rememberSigned(token, thumbprint, { algorithm: ALGORITHM, issuer: GATEWAY_ISSUER, hash, iat }, known);
  return token;
}
