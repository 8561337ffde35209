/** The archive of keys in an export's header: it comes along whole, and a change in it breaks the file. */
import { expect, test } from 'vitest';
import { readArchive, withArchive } from '../../src/log/archive.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import * as a from './archive-build.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

const now = a.publishing(a.C);
const archive = await readArchive([a.issueOf(await a.threeYears())], now);
const trust = withArchive(
  { ...now, issuers: [{ issuer: b.ISSUER, keys: [...(now.issuers[0]?.keys ?? []), b.jwk] }] },
  archive,
);
const live = new Set([a.C.thumbprint]);
const file = await x.fileOf(await x.repository(1), { trust, live, archive: archive.lines });
const lines = x.linesOf(file);

test('an export brings the archive of keys along, and marks which of them are live', async () => {
  expect(archive.lines).toHaveLength(3);
  const { issuers, archive: told } = JSON.parse(lines[0] ?? '');
  expect(told).toEqual(archive.lines);
  expect(issuers[0].keys.map(({ kid, live: is }: { kid: string; live: boolean }) => `${kid} ${is}`)).toEqual([
    'c true',
    'k1 false',
    'a false',
    'b false',
  ]);
  expect(await verifyExport(file)).toMatchObject({ status: 'whole', grading: { grade: 'unproven' } });
  expect(await verifyExport(file, { trusted: { trust: now, known: { live, vouched: new Set() } } })).toMatchObject({
    status: 'whole',
  });
});

test.each([
  ['changed', (text: string) => text.replace(/"sentence":"Archived/, '"sentence":"Arch1ved')],
  ['signed by nobody', (text: string) => text.replace(/"token":"[^"]*"/, '"token":"e30.e30.e30"')],
])('an archive record that was %s breaks the file, even where all sums are made to fit', async (_, change) => {
  const changed = lines.with(0, change(lines[0] ?? ''));
  expect(changed).not.toEqual(lines);
  expect(await verifyExport(x.resealed(changed))).toMatchObject({ status: 'broken', first: { line: 1 } });
});

test('a record of keys that somebody deleted before breaks no later export', async () => {
  const left = await readArchive([a.issueOf((await a.threeYears()).slice(1))], now);
  expect(left.broken).toMatchObject([{ code: 'missing' }]);
  const later = await x.fileOf(await x.repository(1), { trust, live, archive: left.lines });
  expect(await verifyExport(later)).toMatchObject({ status: 'whole' });
});
