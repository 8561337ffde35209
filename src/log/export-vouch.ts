/** What exports that were kept elsewhere vouch for: keys that the issuer published when they were made, and whose they were. */
import { calculateJwkThumbprint } from 'jose';
import type { ExportHeader } from './export-format.ts';
import type { Chunks } from './export-lines.ts';
import { scanExport } from './export-scan.ts';
import { type Trusted, trustOf } from './export-trust.ts';
import type { TrustedKey } from './trust.ts';

/** A key that a trusted export vouches for. */
export interface VouchedKey {
  issuer: string;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
  key: TrustedKey;
}

/** An export that is trusted, and the keys that were live when it was made. */
export interface TrustedExport {
  header: ExportHeader;
  keys: VouchedKey[];
}

/**
 * Reads an export that the verifier trusts, since it was kept where nobody with rights in the repository could change it. It
 * vouches for the keys that it marks as live, whether they signed anything in it or not: the others are the word of the
 * repository's own archive. Refused where it is cut or a byte of it was changed; a request that was broken already when it
 * was exported makes nothing else in it untrustworthy.
 */
export async function trustedExport(
  chunks: Chunks,
): Promise<{ ok: true; trusted: TrustedExport } | { ok: false; why: string }> {
  const scan = await scanExport(chunks);
  if (scan.kind !== 'complete') {
    return { ok: false, why: scan.kind === 'cut' ? 'it was cut: its end line is missing' : scan.why };
  }
  const keys = await Promise.all(
    scan.header.issuers.flatMap(({ issuer, keys: own }) =>
      own.filter(({ live }) => live).map((key) => vouchedKey(issuer, key)),
    ),
  );
  return { ok: true, trusted: { header: scan.header, keys } };
}

async function vouchedKey(issuer: string, { live: _, ...key }: ExportHeader['issuers'][number]['keys'][number]) {
  return { issuer, key, thumbprint: await calculateJwkThumbprint(key) };
}

/**
 * What a file is verified with where nothing but these exports is trusted; null: none of them is of its repository. Keys are
 * those of all of them, since one issuer signs for all repositories; issuers, workflows and branch are those of the same
 * repository's exports alone, of several the latest one's. What the file says of these would let in the records of any repository.
 */
export function trustedFor(exports: readonly TrustedExport[], { repository }: ExportHeader): Trusted | null {
  const own = exports.filter(({ header }) => header.repository.id === repository.id);
  const latest = own.toSorted((a, b) => Date.parse(a.header.exportedAt) - Date.parse(b.header.exportedAt)).at(-1);
  if (latest === undefined) return null;
  const keys = exports.flatMap((one) => one.keys);
  // Also those of an export that vouches for no key: the file's own keys are then unproven, not a stranger's.
  const issuers = [...new Set(own.flatMap(({ header }) => header.issuers.map(({ issuer }) => issuer)))];
  return {
    trust: {
      ...trustOf(latest.header),
      workflows: [...new Set(own.flatMap(({ header }) => header.workflows))],
      issuers: issuers.map((issuer) => ({
        issuer,
        keys: keys.filter((one) => one.issuer === issuer).map(({ key }) => key),
      })),
    },
    known: { live: new Set(), vouched: new Set(keys.map(({ thumbprint }) => thumbprint)) },
  };
}
