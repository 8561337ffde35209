/** What an export that was kept elsewhere vouches for: keys that the issuer published when it was made, and whose they were. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ExportHeader } from './export-format.ts';
import type { Chunks } from './export-lines.ts';
import { type Trusted, trustOf } from './export-trust.ts';
import { verifyExport } from './export-verify.ts';

/** A key that a trusted export vouches for. */
export interface VouchedKey {
  issuer: string;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
  key: JWK;
}

/**
 * Reads an export that the verifier trusts, since it was kept where nobody with rights in the repository could change it. It must
 * be whole by itself, and vouches only for keys that it marks as live. `trusted` is for verifying without a network: repository,
 * default branch and workflows are this file's. Those of the file to be verified would let in the records of any repository
 * on GitHub, since one key signs for all of them.
 */
export async function trustedExport(
  chunks: Chunks,
): Promise<{ ok: true; trusted: Trusted; keys: VouchedKey[] } | { ok: false; why: string }> {
  const headers: ExportHeader[] = [];
  const verdict = await verifyExport(chunks, { onHeader: (header) => headers.push(header) });
  const [header] = headers;
  if (header === undefined || verdict.status !== 'whole') return { ok: false, why: verdict.why };
  const issuers = header.issuers.map(({ issuer, keys }) => ({ issuer, keys: keys.filter(({ live }) => live) }));
  const trust = trustOf({ ...header, issuers });
  const keys: VouchedKey[] = [];
  for (const { issuer, keys: own } of trust.issuers) {
    for (const key of own) keys.push({ issuer, thumbprint: await calculateJwkThumbprint(key), key });
  }
  const vouched = new Set(keys.map(({ thumbprint }) => thumbprint));
  return { ok: true, trusted: { trust, known: { live: new Set(), vouched } }, keys };
}
