/** What an export that was kept elsewhere vouches for: keys that the issuer published when it was made, and whose they were. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ExportHeader } from './export-format.ts';
import type { Chunks } from './export-lines.ts';
import { scanExport } from './export-scan.ts';
import { type Trusted, trustOf } from './export-trust.ts';

/** A key that a trusted export vouches for. */
export interface VouchedKey {
  issuer: string;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
  key: JWK;
}

export interface TrustedExport {
  header: ExportHeader;
  keys: VouchedKey[];
}

/**
 * Reads an export that the verifier trusts, since it was kept where nobody with rights in the repository could change it. Its bytes
 * must be as they were written; a request that was broken already when it was made makes it no less trustworthy. It vouches only
 * for keys that it marks as live: of the others it had nothing but the repository's own word.
 */
export async function trustedExport(
  chunks: Chunks,
): Promise<({ ok: true } & TrustedExport) | { ok: false; why: string }> {
  const scan = await scanExport(chunks);
  if (scan.kind === 'none') return { ok: false, why: scan.why };
  if (scan.kind === 'cut') return { ok: false, why: 'it was cut: its end line is missing' };
  const live = scan.header.issuers.flatMap(({ issuer, keys }) =>
    keys.flatMap(({ live: isLive, ...key }) => (isLive ? [{ issuer, key }] : [])),
  );
  const keys = live.map(async (one) => ({ ...one, thumbprint: await calculateJwkThumbprint(one.key) }));
  return { ok: true, header: scan.header, keys: await Promise.all(keys) };
}

/**
 * What a file is verified with where nothing but these exports of one repository is trusted: their keys and workflows, and the
 * last one's repository and default branch. Those of the file itself would let in the records of any repository on GitHub, since
 * one key signs for all of them.
 */
export function trustIn(last: TrustedExport, others: readonly TrustedExport[]): Trusted {
  const all = [...others, last];
  const keys = all.flatMap((one) => one.keys);
  // Also the issuers of an export that vouches for no key: the file's own keys are then unproven, not a stranger's.
  const issuers = [...new Set(all.flatMap(({ header }) => header.issuers.map(({ issuer }) => issuer)))];
  return {
    trust: {
      ...trustOf(last.header),
      workflows: [...new Set(all.flatMap(({ header }) => header.workflows))],
      issuers: issuers.map((issuer) => ({
        issuer,
        keys: keys.filter((one) => one.issuer === issuer).map(({ key }) => key),
      })),
    },
    known: { live: new Set(), vouched: new Set(keys.map(({ thumbprint }) => thumbprint)) },
  };
}
