/** Keys as the archive holds them, and how a verifier uses them beside the live ones. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ArchivedKey } from './archive-record.ts';
import type { Trust } from './trust.ts';
import { mayVerify } from './verifying-keys.ts';

/** The keys of the trust that can sign records, as the archive would hold them. */
export async function liveKeys(trust: Trust): Promise<ArchivedKey[]> {
  const all = trust.issuers.flatMap(({ issuer, keys }) => keys.filter(mayVerify).map((jwk) => ({ issuer, jwk })));
  const found = all.map(async ({ issuer, jwk: { n, e, kid } }) => {
    if (n === undefined || e === undefined) return [];
    const key = { kty: 'RSA' as const, n, e };
    return [{ issuer, kid: kid ?? null, thumbprint: await calculateJwkThumbprint(key), key }];
  });
  // Of two keys of one name the first is the one that verifies (verifying-keys.ts).
  return (await Promise.all(found)).flat().filter(({ issuer, kid }, index, keys) => {
    return kid === null || keys.findIndex((one) => one.issuer === issuer && one.kid === kid) === index;
  });
}

/** The trust with archived keys behind the live ones: so no archived key ever takes the place of a live one. */
export function withArchive(trust: Trust, archive: { keys: readonly ArchivedKey[] }): Trust {
  const issuers = trust.issuers.map(({ issuer, keys }) => {
    const archived = archive.keys.filter((one) => one.issuer === issuer);
    return { issuer, keys: [...keys, ...archived.map(jwkOf)] };
  });
  return { ...trust, issuers };
}

/** Whether a key is what its thumbprint says. */
export async function thumbprintFits({ key, thumbprint }: ArchivedKey): Promise<boolean> {
  return (await calculateJwkThumbprint(key)) === thumbprint;
}

function jwkOf({ kid, key }: ArchivedKey): JWK {
  return { ...key, alg: 'RS256', use: 'sig', ...(kid === null ? {} : { kid }) };
}
