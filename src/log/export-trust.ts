/** Which keys an export is verified with: those that the verifier trusts, and behind them those that the file itself brings. */
import { calculateJwkThumbprint } from 'jose';
import { readArchiveLines } from './archive.ts';
import type { ExportedKey, ExportHeader } from './export-format.ts';
import type { KnownKeys } from './grade.ts';
import { APPROVAL_ENVIRONMENT } from './names.ts';
import type { Trust, TrustedKey } from './trust.ts';
import { publicPart } from './verifying-keys.ts';

/** What a verifier trusts and has from elsewhere than the file that it verifies. */
export interface Trusted {
  /** The repository, its workflows, and keys: those that are live first. It always wins over what the file says. */
  trust: Trust;
  /** Which of its keys are live now, and which a trusted export vouches for. */
  known: KnownKeys;
}

/** A key of the file that verifies nothing, and why. */
export interface UnusedKey {
  issuer: string;
  kid: string | null;
  thumbprint: string;
  why: string;
}

/** What a file is verified with, and what of its header does not hold. */
export interface FileTrust extends Trusted {
  unused: UnusedKey[];
  faults: string[];
}

/**
 * What a file is verified with. Without `trusted` all is the file's own word, and so is the grade. With it, a key of the file counts
 * only for an issuer that is trusted and only behind the trusted keys; one that has the `kid` of such a key is not used.
 */
export async function fileTrust(header: ExportHeader, trusted: Trusted | null): Promise<FileTrust> {
  const unused: UnusedKey[] = [];
  const base: Trusted = trusted ?? { trust: { ...trustOf(header), issuers: [] }, known: NOTHING };
  const sources = trusted?.trust.issuers ?? header.issuers.map(({ issuer }) => ({ issuer, keys: [] }));
  const own = new Map<string, Ring>();
  for (const { issuer, keys } of sources) own.set(issuer, await ringOf(keys));
  for (const { issuer, keys } of header.issuers) {
    for (const key of keys) {
      const thumbprint = await calculateJwkThumbprint(jwkOf(key));
      const ring = own.get(issuer);
      const why = refusal(ring, key, thumbprint);
      if (why !== null) unused.push({ issuer, kid: key.kid ?? null, thumbprint, why });
      else if (ring !== undefined) add(ring, jwkOf(key), thumbprint);
    }
  }
  const trust = { ...base.trust, issuers: [...own].map(([issuer, { keys }]) => ({ issuer, keys })) };
  const faults = [...wrongRepository(header, base.trust), ...(await archiveFaults(header, trust))];
  return { trust, known: base.known, unused, faults };
}

/** The trust that a header describes, with all of its keys. */
export function trustOf({ repository, workflows, issuers, unsigned }: ExportHeader): Trust {
  return {
    repositoryId: repository.id,
    ownerId: repository.ownerId,
    repositoryName: repository.name,
    defaultBranch: repository.defaultBranch,
    issuers: issuers.map(({ issuer, keys }) => ({ issuer, keys: keys.map(jwkOf) })),
    workflows,
    approvalEnvironment: APPROVAL_ENVIRONMENT,
    unsigned,
  };
}

const NOTHING: KnownKeys = { live: new Set(), vouched: new Set() };

function jwkOf({ live: _, ...key }: ExportedKey): TrustedKey {
  return key;
}

/** An issuer's keys, each thumbprint made once: a file may bring thousands. */
interface Ring {
  keys: TrustedKey[];
  thumbprints: Set<string>;
  kids: Set<string | undefined>;
}

async function ringOf(keys: readonly TrustedKey[]): Promise<Ring> {
  const ring: Ring = { keys: [], thumbprints: new Set(), kids: new Set() };
  for (const key of keys) {
    const part = publicPart(key);
    if (part === null) ring.keys.push(key);
    else add(ring, key, await calculateJwkThumbprint(part));
  }
  return ring;
}

/** A key that is there already is not added again. */
function add(ring: Ring, key: TrustedKey, thumbprint: string): void {
  if (ring.thumbprints.has(thumbprint)) return;
  ring.keys.push(key);
  ring.thumbprints.add(thumbprint);
  ring.kids.add(key.kid);
}

/** Why a key of the file verifies nothing; null: it does, as one of its issuer's. */
function refusal(ring: Ring | undefined, { kid }: ExportedKey, thumbprint: string): string | null {
  if (ring === undefined) return 'its issuer is not trusted';
  if (ring.thumbprints.has(thumbprint) || !ring.kids.has(kid)) return null;
  return `another key is trusted under its name ${kid ?? '(none)'}`;
}

function wrongRepository({ repository: { id, ownerId, name } }: ExportHeader, trust: Trust): string[] {
  if (id === trust.repositoryId && ownerId === trust.ownerId) return [];
  const own = `${trust.repositoryName} (${trust.repositoryId}, owner ${trust.ownerId})`;
  return [`the file is of repository ${name} (${id}, owner ${ownerId}), not of ${own}`];
}

/**
 * A header holds only records of the archive that counted; that a key stands behind a trusted one of its name is told
 * elsewhere. That a record was lost before it was exported is no change of the file, and breaks no request's log.
 */
async function archiveFaults({ archive }: ExportHeader, trust: Trust): Promise<string[]> {
  if (archive.length === 0) return [];
  const { findings } = await readArchiveLines(archive, trust);
  return findings
    .filter(({ code }) => code !== 'key-conflict')
    .map(({ commentId, why }) => `the record of keys in comment ${commentId} does not hold: ${why}`);
}
