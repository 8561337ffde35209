/** What the archive lacks, and the record that adds it. */
import { type Belief, nameOf } from './archive-belief.ts';
import { liveKeys } from './archive-keys.ts';
import { type ArchivedKey, type ArchiveRecord, KEYS_A_RECORD, sealArchiveRecord } from './archive-record.ts';
import type { Writer } from './record.ts';
import type { Trust } from './trust.ts';

export interface Lacking {
  /** Live keys that no record holds, at most {@link KEYS_A_RECORD}. */
  keys: ArchivedKey[];
  /**
   * The key that signs now has signed no record yet: until it has, the archive hangs on older keys alone, and once those
   * are gone nothing that is live vouches for it.
   */
  anchor: boolean;
}

/**
 * What is to be written now; null: nothing, or not yet. `kid` names the key that signs this job's tokens: as long as it is
 * not among the published ones, nobody could verify what it signs.
 */
export async function lacking(archive: Belief, trust: Trust, kid: string): Promise<Lacking | null> {
  const live = await liveKeys(trust);
  const signing = live.find((key) => key.kid === kid);
  if (signing === undefined) return null;
  const held = new Set(archive.keys.map(({ thumbprint }) => thumbprint));
  const keys = live.filter(({ thumbprint }) => !held.has(thumbprint)).slice(0, KEYS_A_RECORD);
  const anchor = !archive.signers.includes(signing.thumbprint);
  return keys.length > 0 || anchor ? { keys, anchor } : null;
}

/**
 * The record that adds what is lacking to the archive in this issue, sealed and yet to be signed. It vouches for the live
 * keys and for what the records that count hold; never for what no live key leads to, for anybody could have put it there.
 */
export function nextArchiveRecord(
  archive: Belief,
  { keys }: Lacking,
  place: { issue: number; repository: number; at: string; writer: Writer },
): ArchiveRecord {
  const own = archive.lines.filter(({ record }) => record.issue === place.issue);
  const named = new Set(own.flatMap(({ record }) => record.prev));
  const tips = own.map(({ record }) => record).filter(({ hash }) => !named.has(hash));
  const prev = tips.map(({ hash }) => hash).sort();
  const seq = 1 + Math.max(0, ...tips.map((tip) => tip.seq));
  const vouched = [...new Set([...archive.vouched, ...keys.map(({ thumbprint }) => thumbprint)])].sort();
  return sealArchiveRecord({
    ...{ v: 1, type: 'keys', seq, ...place, keys, vouched, prev },
    sentence: sentence(keys, vouched.length),
  });
}

const NAMED = 10;
const PLAIN = /^[\w.:-]{1,100}$/;

function sentence(keys: readonly ArchivedKey[], all: number): string {
  const vouches = `Vouches for ${all === 1 ? 'that key' : `all ${all} keys known so far`}.`;
  if (keys.length === 0) return `Nothing new to archive; another key signs now. ${vouches}`;
  const names = keys.slice(0, NAMED).map((key) => (PLAIN.test(nameOf(key)) ? nameOf(key) : key.thumbprint));
  const rest = keys.length > NAMED ? ` and ${keys.length - NAMED} more` : '';
  return `Archived ${keys.length === 1 ? 'the key' : `${keys.length} keys:`} ${names.join(', ')}${rest}. ${vouches}`;
}
