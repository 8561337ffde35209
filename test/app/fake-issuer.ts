/** An issuer of OIDC tokens as GitHub's: it publishes several keys, signs with the newest, and retires the others. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://token.actions.githubusercontent.com';

async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, jwk };
}

const first = await newKey('k1');

export type FakeIssuer = ReturnType<typeof fakeIssuer>;

export function fakeIssuer() {
  let current = first;
  let published = [first.jwk];
  return {
    keys: (): JWK[] => [...published],
    /** The name of the key that signs now. */
    kid: (): string => current.kid,
    sign: (claims: Record<string, unknown>): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: current.kid }).sign(current.privateKey),
    /** Another key signs from now on; those before stay published. Gives the new key's public half. */
    async rotate(kid: string): Promise<JWK> {
      current = await newKey(kid);
      published = [current.jwk, ...published];
      return current.jwk;
    },
    /** Only the key that signs stays published. */
    retire(): void {
      published = [current.jwk];
    },
  };
}
