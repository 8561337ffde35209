/** What a log's signatures rest on, and what may be called proven. */
import { expect, test } from 'vitest';
import type { Entry } from '../../src/log/chain.ts';
import { gradeOf, isProven } from '../../src/log/grade.ts';
import * as b from './build.ts';

const log = await b.read(await b.eight());
const [sample] = log.entries;
if (sample?.key == null) throw new Error('the honest log has no signed record');
const live = sample.key.thumbprint;
/** Records 1, 2, …, each signed with the key of that thumbprint; null: unsigned. */
const entries = (...thumbprints: (string | null)[]): Entry[] =>
  thumbprints.map((thumbprint, i) => ({
    ...sample,
    record: { ...sample.record, seq: i + 1 },
    key: thumbprint === null ? null : { issuer: b.ISSUER, kid: `kid-${thumbprint}`, thumbprint },
  }));
const KNOWN = { live: new Set(['now', live]), vouched: new Set(['kept', 'now']) };

test('a log whose keys the issuer publishes now is live', () => {
  expect(gradeOf(log.entries, KNOWN)).toEqual({
    grade: 'live',
    why: 'All 8 records are signed with keys that the issuer publishes now.',
    keys: [{ issuer: b.ISSUER, kid: 'k1', thumbprint: live, records: [1, 2, 3, 4, 5, 6, 7, 8], standing: 'live' }],
  });
});

test.each([
  ['live', ['now', 'now']],
  ['archived', ['now', 'kept', 'now']],
  ['unproven', ['now', 'kept', 'lost']],
  ['unproven', ['lost']],
  ['unproven', []],
  ['unsigned', ['now', null]],
  ['unsigned', ['lost', null, 'kept']],
] as const)('the weakest record decides: %s for the keys %j', (grade, thumbprints) => {
  expect(gradeOf(entries(...thumbprints), KNOWN).grade).toBe(grade);
});

test('only what rests on keys from outside the repository is proven', () => {
  expect((['live', 'archived', 'unproven', 'unsigned'] as const).map(isProven)).toEqual([true, true, false, false]);
});

test('each key is named with its records and where it stands, in the order in which they first signed', () => {
  const { keys, why } = gradeOf(entries('kept', 'lost', 'now', 'lost'), KNOWN);
  expect(keys).toEqual([
    { issuer: b.ISSUER, kid: 'kid-kept', thumbprint: 'kept', records: [1], standing: 'vouched' },
    { issuer: b.ISSUER, kid: 'kid-lost', thumbprint: 'lost', records: [2, 4], standing: 'unproven' },
    { issuer: b.ISSUER, kid: 'kid-now', thumbprint: 'now', records: [3], standing: 'live' },
  ]);
  expect(why).toContain(
    '2 of 4 records are signed with a key that only the repository or the file itself vouches for (records 2 and 4)',
  );
});

test('of many unsigned records the first few are named', () => {
  const { why } = gradeOf(entries(null, null, null, null, null, null, null, 'now'), KNOWN);
  expect(why).toContain('7 of 8 records are unsigned (records 1, 2, 3, 4, 5 and 2 more)');
});
