/** An issuer whose keys change over the years, the honest archive of them, and what attackers put into it. */
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Archive, type ArchiveIssue, readArchive } from '../../src/log/archive.ts';
import { lacking, nextArchiveRecord } from '../../src/log/archive-next.ts';
import {
  type ArchiveDraft,
  type ArchiveRecord,
  renderArchiveComment,
  sealArchiveRecord,
} from '../../src/log/archive-record.ts';
import type { LogComment } from '../../src/log/chain.ts';
import type { Trust } from '../../src/log/trust.ts';
import { BOT, claimsFor, ISSUER, instant, type Job, SWEEP, sign, trust } from './build.ts';

export interface Key {
  jwk: JWK;
  privateKey: CryptoKey;
  kid: string;
  thumbprint: string;
}

export async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { jwk, privateKey, kid, thumbprint: await calculateJwkThumbprint(jwk) };
}

/** Keys of three years, and one that an attacker made. */
export const [A, B, C, EVIL] = (await Promise.all(['a', 'b', 'c', 'evil'].map(newKey))) as [Key, Key, Key, Key];

export const ISSUE = 3;

/** The trust at a time when the issuer publishes these keys. */
export const publishing = (...keys: Key[]): Trust => ({
  ...trust,
  issuers: [{ issuer: ISSUER, keys: keys.map(({ jwk }) => jwk) }],
});

export const issueOf = (comments: LogComment[], change: Partial<ArchiveIssue> = {}): ArchiveIssue => ({
  number: ISSUE,
  comments,
  deletions: [],
  ...change,
});

/** A key as a record holds it. */
export const held = ({ jwk, kid, thumbprint }: Key): ArchiveDraft['keys'][number] => ({
  ...{ issuer: ISSUER, kid, thumbprint },
  key: { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' },
});

export interface Signing {
  by?: Key;
  job?: Job;
  claims?: Record<string, unknown>;
  change?: Partial<LogComment>;
}

/** The comment of a record, signed by the sweep with this key, and with whatever an attacker changes. */
export async function commentOf(record: ArchiveRecord, id: number, signing: Signing = {}): Promise<LogComment> {
  const { by = A, job = SWEEP, claims = {}, change = {} } = signing;
  const token = await sign({ ...claimsFor(job, record.hash, id), ...claims }, by.privateKey, { kid: by.kid });
  return unsigned({ ...record, sig: { type: 'oidc', token } }, id, change);
}

export const unsigned = (record: ArchiveRecord, id: number, change: Partial<LogComment> = {}): LogComment => ({
  ...{ id, author: BOT, createdAt: instant(id), editedAt: null, body: renderArchiveComment(record) },
  ...change,
});

/** A record of this key as an attacker would have it. */
export function forged(change: Partial<ArchiveDraft> = {}, job: Job = SWEEP): ArchiveRecord {
  return sealArchiveRecord({
    ...{ v: 1, type: 'keys', seq: 1, issue: ISSUE, repository: trust.repositoryId, at: instant(0) },
    writer: { run: job.run.id, attempt: job.run.attempt, job: 'sweep', environment: job.environment },
    ...{ keys: [held(EVIL)], vouched: [EVIL.thumbprint], sentence: 'Archived the key evil.', prev: [] },
    ...change,
  });
}

/** What one sweep leaves behind, at a time when these keys are published and the first of them signs. */
export async function swept(before: LogComment[], [signing, ...others]: [Key, ...Key[]], id: number) {
  const now = publishing(signing, ...others);
  const archive = await readArchive([issueOf(before)], now);
  const due = await lacking(archive, now, signing.kid);
  if (due === null) return before;
  const { run, attempt } = { run: SWEEP.run.id, attempt: SWEEP.run.attempt };
  const writer = { run, attempt, job: 'sweep', environment: SWEEP.environment };
  const place = { issue: ISSUE, repository: trust.repositoryId, at: instant(id), writer };
  return [...before, await commentOf(nextArchiveRecord(archive, due, place), id, { by: signing })];
}

/** Sweeps at three times: A signs; B signs beside it; C signs beside B. */
export async function threeYears(): Promise<LogComment[]> {
  const first = await swept([], [A], 10);
  const second = await swept(first, [B, A], 20);
  return swept(second, [C, B], 30);
}

export const kids = ({ keys }: Pick<Archive, 'keys'>): (string | null)[] => keys.map(({ kid }) => kid);
