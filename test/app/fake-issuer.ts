/** An issuer of OIDC tokens as GitHub's: it publishes several keys, signs with the newest, and retires the others. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://token.actions.githubusercontent.com';

async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, jwk };
}

const first = await newKey('k1');

/** What the first key signed: the same claims have the same signature, and tests by the hundred begin in the same way. */
const signed = new Map<string, Promise<string>>();

type Key = typeof first;

const sign = ({ kid, privateKey }: Key, claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);

function signedByFirst(claims: Record<string, unknown>): Promise<string> {
  const text = JSON.stringify(claims);
  const token = signed.get(text) ?? sign(first, claims);
  signed.set(text, token);
  return token;
}

export type FakeIssuer = ReturnType<typeof fakeIssuer>;

export function fakeIssuer() {
  let current = first;
  let published = [first.jwk];
  return {
    keys: (): JWK[] => [...published],
    /** The name of the key that signs now. */
    kid: (): string => current.kid,
    sign: (claims: Record<string, unknown>): Promise<string> =>
      current === first ? signedByFirst(claims) : sign(current, claims),
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
