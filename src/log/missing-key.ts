/** Which key a record waits for: who signed it nobody can tell without, which is another thing than that it is forged. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Signed } from './signature.ts';
import type { Trust } from './trust.ts';
import { keyFor } from './verifying-keys.ts';

/** The `kid` of the record's key where nobody holds a key of that name; null: it is held, or the token names none. */
export async function missingKey({ sig }: Pick<Signed, 'sig'>, trust: Trust): Promise<string | null> {
  if (sig === null) return null;
  try {
    const { kid } = decodeProtectedHeader(sig.token);
    const { iss } = decodeJwt(sig.token);
    if (kid === undefined || iss === undefined || !trust.issuers.some(({ issuer }) => issuer === iss)) return null;
    return (await keyFor(trust, iss, kid)).ok ? null : kid;
  } catch {
    // jose throws for whatever is no token: then it is no key that is missing.
    return null;
  }
}
