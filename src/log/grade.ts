/** What a log's signatures rest on: the issuer's live keys, keys from a trusted export, an archive nobody vouches for, or nothing. */
import type { Entry } from './accept.ts';

/**
 * From the strongest to the weakest: keys that the issuer publishes now; keys that an export kept elsewhere vouches for;
 * keys that only the repository's own archive or the file itself brings; no signature at all.
 */
export const GRADES = ['live', 'archived', 'unproven', 'unsigned'] as const;
export type Grade = (typeof GRADES)[number];

/** Where a key stands: as the grade that it gives. */
export type Standing = Exclude<Grade, 'archived' | 'unsigned'> | 'vouched';

/** RFC 7638 thumbprints (SHA-256, base64url) of keys. */
export interface KnownKeys {
  /** Those that the issuer publishes now. */
  live: ReadonlySet<string>;
  /** Those that a trusted export holds, which was kept where nobody with rights in the repository could change it. */
  vouched: ReadonlySet<string>;
  /** Issuers that the repository's policy alone names: whoever may change it could have signed with keys of their own. */
  foreign?: ReadonlySet<string>;
}

/** A key that verified signatures of a log. */
export interface UsedKey {
  issuer: string;
  kid: string | null;
  thumbprint: string;
  /** The `seq` of the records that it signed, in the order of their comments. */
  records: number[];
  standing: Standing;
}

export interface Grading {
  grade: Grade;
  /** One sentence for people: what the grade rests on, and how many records it is about. */
  why: string;
  /** In the order in which they first signed. */
  keys: UsedKey[];
}

/** Whether a grade may be called proven: each signature verified with a key that does not come from the repository or the file. */
export function isProven(grade: Grade): boolean {
  return grade === 'live' || grade === 'archived';
}

/** The grade of accepted records: the weakest decides. A log without records is `unproven`: nothing in it proves anything. */
export function gradeOf(entries: readonly Entry[], known: KnownKeys): Grading {
  const keys = usedKeys(entries, known);
  const unsigned = entries.filter(({ key }) => key === null).map(({ record }) => record.seq);
  const unproven = recordsOf(keys, 'unproven');
  const vouched = recordsOf(keys, 'vouched');
  const all = entries.length;
  if (all === 0) return { grade: 'unproven', why: 'There are no records, so nothing is proven.', keys };
  if (unsigned.length > 0) {
    const why = `${share(unsigned, all)} unsigned${named(unsigned, all)}: whoever may comment as a bot could have written them.`;
    return { grade: 'unsigned', why, keys };
  }
  const foreign = keys.filter(({ issuer }) => known.foreign?.has(issuer) === true);
  if (foreign.length > 0) {
    const signed = recordsOf(foreign, 'unproven');
    const who = [...new Set(foreign.map(({ issuer }) => issuer))].join(', ');
    const why = `${share(signed, all)} signed with a key of ${who}, an issuer that only the repository's policy vouches for${named(signed, all)}.`;
    return { grade: 'unproven', why, keys };
  }
  if (unproven.length > 0) {
    const why = `${share(unproven, all)} signed with a key that only the repository or the file itself vouches for${named(unproven, all)}.`;
    return { grade: 'unproven', why, keys };
  }
  if (vouched.length > 0) {
    const why = `${share(vouched, all)} signed with a key that a trusted export vouches for${named(vouched, all)}.`;
    return { grade: 'archived', why, keys };
  }
  return { grade: 'live', why: `${share(entries, all)} signed with keys that the issuer publishes now.`, keys };
}

function usedKeys(entries: readonly Entry[], { live, vouched, foreign }: KnownKeys): UsedKey[] {
  const used = new Map<string, UsedKey>();
  for (const { key, record } of entries) {
    if (key === null) continue;
    const { issuer, kid, thumbprint } = key;
    const known = used.get(thumbprint);
    if (known !== undefined) {
      known.records.push(record.seq);
      continue;
    }
    const proven = live.has(thumbprint) ? 'live' : vouched.has(thumbprint) ? 'vouched' : 'unproven';
    const standing = foreign?.has(issuer) === true ? 'unproven' : proven;
    used.set(thumbprint, { issuer, kid, thumbprint, records: [record.seq], standing });
  }
  return [...used.values()];
}

function recordsOf(keys: readonly UsedKey[], standing: Standing): number[] {
  return keys.flatMap((key) => (key.standing === standing ? key.records : [])).sort((a, b) => a - b);
}

/** `All 8 records are`, `2 of 8 records are`, `1 of 8 records is`, `The one record is`. */
function share({ length }: { length: number }, all: number): string {
  if (all === 1) return 'The one record is';
  return length === all ? `All ${all} records are` : `${length} of ${all} records ${length === 1 ? 'is' : 'are'}`;
}

const MOST_NAMED = 5;

/** ` (records 2 and 4)`, of many the first few; nothing where it is all of them. */
function named(records: readonly number[], all: number): string {
  if (records.length === all) return '';
  const first = records.slice(0, MOST_NAMED).map(String);
  const rest = records.length - first.length;
  const parts = rest > 0 ? [first.join(', '), `${rest} more`] : [first.slice(0, -1).join(', '), first.at(-1) ?? ''];
  return ` (${records.length === 1 ? 'record' : 'records'} ${parts.filter((part) => part !== '').join(' and ')})`;
}
