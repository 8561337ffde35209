/** An export: whole as it was made, broken by any change, and no export at all is neither. */
import { exportJWK } from 'jose';
import { expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/log/canonical.ts';
import { exportLog, verifyExport } from '../../src/log/export.ts';
import * as b from './build.ts';

const log = await b.read(await b.eight());
const { path, commit, blob } = b.request().policy;
const policy = { path, commit, blob, text: b.POLICY };
const file = exportLog({ issue: b.ISSUE, log, trust: b.trust, policy });
const lines = file.split('\n');
const line = (i: number) => lines[i] ?? '';

/** The file with other lines and an end line that fits them: what somebody who knows the format would make. */
function resealed(changed: string[]): string {
  const before = changed.map((text) => `${text}\n`).join('');
  return `${before}${canonicalJson({ type: 'end', records: changed.length - 1, sha256: sha256(before) })}\n`;
}
const content = lines.slice(0, 9);
const header = (change: (text: string) => string) => resealed(content.with(0, change(line(0))));

test('an export is whole, unproven by its own keys and given by those of the caller', async () => {
  expect(await verifyExport(file)).toMatchObject({ status: 'whole', grade: 'unproven', request: '70/9001/1' });
  expect(await verifyExport(file, { trust: b.trust })).toMatchObject({ status: 'whole', grade: 'given' });
});

test('a change of any byte is broken', async () => {
  const step = 41;
  for (let i = 0; i < file.length; i += i > file.length - 160 ? 1 : step) {
    const other = file[i] === 'x' ? 'y' : 'x';
    const changed = `${file.slice(0, i)}${other}${file.slice(i + 1)}`;
    expect(`${i} ${(await verifyExport(changed)).status}`).toBe(`${i} broken`);
  }
});

test('a file cut anywhere is broken', async () => {
  for (const at of [file.length - 1, file.length - 40, line(0).length + 1 + line(1).length + 1, file.length / 2]) {
    expect((await verifyExport(file.slice(0, at))).status).toBe('broken');
  }
  for (const kept of [9, 8, 3, 2])
    expect((await verifyExport(`${lines.slice(0, kept).join('\n')}\n`)).status).toBe('broken');
});

test.each([1, 2, 5, 7])('a removed record %i is broken, even where the end line is made to fit', async (i) => {
  expect((await verifyExport(lines.toSpliced(i, 1).join('\n'))).status).toBe('broken');
  expect((await verifyExport(resealed(content.toSpliced(i, 1)))).status).toBe('broken');
});

test('swapped and doubled lines are broken and named, even where the end line is made to fit', async () => {
  const swapped = content.with(3, line(4)).with(4, line(3));
  expect(await verifyExport(resealed(swapped))).toMatchObject({ status: 'broken', record: 4 });
  expect(await verifyExport(resealed(content.toSpliced(3, 0, line(3))))).toMatchObject({ status: 'broken', record: 4 });
});

test('a changed record is named, with its comment', async () => {
  const changed = content.with(3, line(3).replace('Fine by me', 'Fine by us'));
  expect(await verifyExport(resealed(changed))).toMatchObject({ status: 'broken', record: 3, commentId: 30 });
});

test('a record with a forged signature is named', async () => {
  const changed = content.with(5, line(5).replace(/"token":"[^"]*"/, '"token":"e30.e30.e30"'));
  expect(await verifyExport(resealed(changed))).toMatchObject({
    status: 'broken',
    record: 5,
    findings: [{ code: 'not-signed' }, { code: 'missing' }],
  });
});

test.each<[string, (text: string) => string]>([
  ['another policy text', (text) => text.replace('version: 1', 'version: 2')],
  ['another policy commit', (text) => text.replace('c'.repeat(40), 'd'.repeat(40))],
  ['another repository', (text) => text.replace('"id":70', '"id":71')],
  ['another issue', (text) => text.replace('"issue":17', '"issue":18')],
  ['another request', (text) => text.replace('70/9001/1', '70/9001/2')],
  ['another default branch', (text) => text.replace('"main"', '"trunk"')],
  ['other workflows', (text) => text.replace('debug.yml', 'evil.yml')],
])('a header with %s is broken, even where the end line is made to fit', async (_, change) => {
  expect(header(change)).not.toBe(file);
  expect((await verifyExport(header(change))).status).toBe('broken');
});

test('an end line that counts wrongly is broken', async () => {
  expect((await verifyExport(file.replace('"records":8', '"records":9'))).status).toBe('broken');
});

test('something after the end line is broken', async () => {
  expect((await verifyExport(`${file}\n`)).status).toBe('broken');
  expect((await verifyExport(`${file}${line(9)}\n`)).status).toBe('broken');
  expect((await verifyExport(file.replaceAll('\n', '\r\n'))).status).toBe('broken');
});

test('records cut off with an end line made to fit show by the head that is known from elsewhere', async () => {
  const cut = resealed(content.slice(0, 8));
  const head = { hash: log.head ?? '', length: log.length };
  expect((await verifyExport(cut, { head })).status).toBe('broken');
  expect((await verifyExport(file, { head })).status).toBe('whole');
});

test('a forged log with keys of its own is whole by those keys, and broken by those of the caller', async () => {
  const trust = { ...b.trust, issuers: [{ issuer: b.ISSUER, keys: [] }] };
  expect(await verifyExport(file, { trust })).toMatchObject({ status: 'broken', record: 1 });
});

test.each(['', '\n', 'hello', '{}', '{"type":"end"}', '[1,2]\n[3]', '\u0000'])('%j is no export', async (text) => {
  expect((await verifyExport(text)).status).toBe('unknown');
});

test('no private part of a key leaves', async () => {
  const keys = [
    { ...(await exportJWK(b.keys.privateKey)), kid: 'k1' },
    { kty: 'oct', k: 'c2VjcmV0' },
  ];
  const made = exportLog({ issue: b.ISSUE, log, trust: { ...b.trust, issuers: [{ issuer: b.ISSUER, keys }] }, policy });
  expect(JSON.parse(made.split('\n')[0] ?? '').issuers[0].keys).toEqual([
    { kty: 'RSA', kid: 'k1', n: b.jwk.n, e: b.jwk.e },
  ]);
});

test('an issue without an accepted opening has nothing to export', () => {
  expect(() => exportLog({ issue: 17, log: b.EMPTY, trust: b.trust, policy })).toThrow(/Issue 17/);
});

test('given a log that was broken when it was exported, then its file is never whole', async () => {
  const comments = (await b.eight()).map((comment, i) =>
    i === 4 ? { ...comment, editedAt: comment.createdAt } : comment,
  );
  const edited = await b.read(comments);
  expect(edited.broken).not.toEqual([]);
  const verdict = await verifyExport(exportLog({ issue: b.ISSUE, log: edited, trust: b.trust, policy }));
  expect(verdict.status).toBe('broken');
});

test('a file whose last record was cut off and whose end was rewritten is whole by itself, and broken by a head known from elsewhere', async () => {
  const head = (await verifyExport(file)).head ?? '';
  const cut = resealed(lines.slice(0, 8));
  expect(await verifyExport(cut)).toMatchObject({ status: 'whole' });
  expect(await verifyExport(cut, { head: { hash: head } })).toMatchObject({ status: 'broken' });
  expect(await verifyExport(file, { head: { hash: head } })).toMatchObject({ status: 'whole', head });
});
