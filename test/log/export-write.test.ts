/** What an export holds, and how a later or a resumed one goes on. */
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/log/canonical.ts';
import { exportCursor, isWritten, resumePoint } from '../../src/log/export-scan.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { exportLines } from '../../src/log/export-write.ts';
import type { Trust } from '../../src/log/trust.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

const requests = await x.repository(3);
const file = await x.fileOf(requests);
const lines = x.linesOf(file);
const parsed = (text: string) => x.linesOf(text).map((line) => JSON.parse(line));

/** What `exportLines` adds to a file that was cut after so many bytes. */
async function resumed(cut: Buffer, change: Parameters<typeof x.contentOf>[1] = {}): Promise<string> {
  const found = await resumePoint([cut]);
  if (!found.ok) throw new Error(found.why);
  let text = cut.subarray(0, found.point.bytes).toString();
  for await (const line of exportLines(x.contentOf(requests, change), found.point)) text += line;
  return text;
}

test('each line is canonical JSON, and they come in the order of the format', () => {
  for (const line of lines) expect(canonicalJson(JSON.parse(line))).toBe(line);
  const of = (value: { type?: string }) => value.type ?? 'record';
  const one = ['request', ...Array<string>(5).fill('record'), 'request-end'];
  expect(parsed(file).map(of)).toEqual(['debug-approval/export', 'policy', ...one, ...one, ...one, 'end']);
});

test('the header holds what verification needs and no more', () => {
  const [header] = parsed(file);
  const { n, e } = b.jwk;
  expect(header).toEqual({
    type: 'debug-approval/export',
    v: 2,
    repository: { id: 70, ownerId: 7, name: 'acme/shop', defaultBranch: 'main' },
    workflows: b.trust.workflows,
    unsigned: 'refuse',
    issuers: [{ issuer: b.ISSUER, keys: [{ kty: 'RSA', n, e, kid: 'k1', alg: 'RS256', use: 'sig', live: true }] }],
    archive: [],
    range: { since: null, until: null, states: null, issues: null },
    exportedAt: x.EXPORTED_AT,
  });
});

test('no private part of a key leaves, nor a key that signs nothing here', async () => {
  const secret = { ...(await exportJWK(b.keys.privateKey)), kid: 'k1' };
  const keys = [secret, { kty: 'oct', k: 'c2VjcmV0' }, { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', d: 'ZA' }];
  const text = await x.fileOf(requests, { trust: { ...b.trust, issuers: [{ issuer: b.ISSUER, keys }] } });
  const [{ issuers }] = parsed(text);
  expect(issuers[0].keys).toEqual([{ kty: 'RSA', kid: 'k1', n: b.jwk.n, e: b.jwk.e, live: true }]);
  for (const part of [secret.d, secret.p, secret.q, secret.dp, secret.dq, secret.qi, 'c2VjcmV0']) {
    expect(text).not.toContain(part ?? 'missing');
  }
});

test('a key that its issuer publishes no more is marked as such', async () => {
  const [{ issuers }] = parsed(await x.fileOf(requests, { live: new Set() }));
  expect(issuers[0].keys).toMatchObject([{ kid: 'k1', live: false }]);
});

test('a record whose key the header lacks cannot be exported', async () => {
  const other = { ...(await exportJWK((await generateKeyPair('RS256')).publicKey)), kid: 'k2' };
  const trust: Trust = { ...b.trust, issuers: [{ issuer: b.ISSUER, keys: [other] }] };
  await expect(x.fileOf(requests, { trust })).rejects.toThrow(
    /record 1 of issue 1 is signed with the key k1 .*Begin a new export/,
  );
});

test("a policy's text is asked for once and stands once, before the first request under it", async () => {
  const asked: string[] = [];
  const policyText = (blob: string) => {
    asked.push(blob);
    return b.POLICY;
  };
  const text = await x.fileOf(requests, { policyText });
  expect(asked).toEqual([b.request().policy.blob]);
  expect(text.split(JSON.stringify(b.POLICY))).toHaveLength(2);
});

test('what was broken and what was ignored is told in the line of its request', async () => {
  const stranger = b.asComment(b.draft(b.EMPTY, b.ASK, [b.opening()]), 500);
  const log = await b.read([...(await b.eight()).slice(1), stranger]);
  const line = parsed(await x.fileOf([x.exported(b.ISSUE, log)])).find(({ type }) => type === 'request');
  expect(line).toMatchObject({ issue: b.ISSUE, request: null, policy: null, broken: [{ code: 'no-opening' }] });
  expect(line.findings).toMatchObject([{ code: 'not-signed', commentId: 500 }]);
});

test('an issue that went on while the file was written stands in it again', async () => {
  const again = x.exported(1, requests[0]?.log ?? b.EMPTY, '2026-05-01T00:00:00Z');
  const text = await x.fileOf([...requests, again]);
  expect(parsed(text).flatMap(({ type, issue }) => (type === 'request' ? issue : []))).toEqual([1, 2, 3, 1]);
});

test('the cursor lies ten minutes before the newest change and before the export was begun, and not before the file itself', async () => {
  const cursorOf = async (...args: Parameters<typeof x.fileOf>) => (await verifyExport(await x.fileOf(...args))).cursor;
  expect(await cursorOf(requests)).toBe(b.instant(180 - 600));
  expect(await cursorOf(requests, { exportedAt: b.instant(100) })).toBe(b.instant(100 - 600));
  const range = { since: b.instant(7), until: null, states: null, issues: null };
  expect(await cursorOf(requests, { range })).toBe(b.instant(7));
  expect(await cursorOf([], { range })).toBe(b.instant(7));
  expect(await cursorOf([])).toBe(null);
});

test('a later export goes on from a whole file, and from no other', async () => {
  expect(await exportCursor(file)).toMatchObject({
    ok: true,
    cursor: b.instant(180 - 600),
    header: { repository: { id: 70 } },
  });
  expect(await exportCursor(file.slice(0, -1))).toMatchObject({ ok: false });
  expect(await exportCursor(file.replace('Fine by me', 'Fine by us'))).toMatchObject({ ok: false });
  expect(await exportCursor(`${file}x`)).toMatchObject({ ok: false });
  expect(await exportCursor('hello\n')).toMatchObject({ ok: false, why: expect.stringContaining('no export') });
});

test('a file that was cut anywhere after its header is gone on with to the very bytes that it would have had', async () => {
  const bytes = Buffer.from(file);
  const header = (lines[0] ?? '').length + 1;
  for (const cut of [header, header + 1, 3000, 9000, 12_345, bytes.length - 300, bytes.length - 1]) {
    expect(await resumed(bytes.subarray(0, cut))).toBe(file);
  }
});

test('a file that was changed is gone on with after its last request that was not', async () => {
  const at = file.indexOf('"issue":2,');
  const changed = Buffer.from(`${file.slice(0, at)}"issue":9,${file.slice(at + 10)}`);
  expect(await resumed(changed.subarray(0, -1))).toBe(file);
});

test('a complete file is not gone on with, nor what is no export, nor the export of another repository', async () => {
  expect(await resumePoint(file)).toMatchObject({ ok: false, complete: true });
  expect(await resumePoint('hello')).toMatchObject({ ok: false, complete: false });
  const foreign = { trust: { ...b.trust, repositoryId: 71 } };
  await expect(resumed(Buffer.from(file.slice(0, 9000)), foreign)).rejects.toThrow(
    'is of acme/shop (70), not of acme/shop (71)',
  );
});

test('of a file that is gone on with it is known whom its openings name; what went on since stands in it again, and what may have within the second', async () => {
  const point = await resumePoint([Buffer.from(file).subarray(0, file.indexOf('"issue":3,'))]);
  if (!point.ok) throw new Error(point.why);
  expect([isWritten(point.point, 1, b.instant(60)), isWritten(point.point, 1, b.instant(61))]).toEqual([true, false]);
  expect(point.point.named).toEqual(new Set([1]));
  const early = await x.fileOf(requests, { exportedAt: b.instant(60) });
  const cut = await resumePoint([Buffer.from(early).subarray(0, early.indexOf('"issue":3,'))]);
  expect(cut.ok && isWritten(cut.point, 1, b.instant(60))).toBe(false);
});

test.each<[string, Partial<Trust>]>([
  ['owner', { ownerId: 8 }],
  ['default branch', { defaultBranch: 'trunk' }],
  ['signing workflows', { workflows: ['.github/workflows/other.yml'] }],
  ['rule for unsigned records', { unsigned: 'accept' }],
])('a file that was begun under another %s is not gone on with, since it would not verify', async (what, change) => {
  const trust = { ...b.trust, ...change };
  await expect(resumed(Buffer.from(file.slice(0, 9000)), { trust })).rejects.toThrow(`begun under another ${what}`);
});

test('of what was ignored the first hundred are told, and how many more there were', async () => {
  const log = requests[0]?.log ?? b.EMPTY;
  const findings = Array.from({ length: 250 }, (_, i) => ({
    code: 'copy' as const,
    commentId: i + 1,
    why: 'it is a copy',
  }));
  const line = parsed(await x.fileOf([x.exported(1, { ...log, findings })])).find(({ type }) => type === 'request');
  expect([line.findings.length, line.findings.at(-1)]).toEqual([
    ...[101, { code: 'more', commentId: null, why: '150 more were ignored' }],
  ]);
});

test('a resumed export refuses records that are signed with a newer key than its header holds', async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const newer = { ...(await exportJWK(pair.publicKey)), kid: 'k2' };
  const text = await x.fileOf([], { trust: { ...b.trust, issuers: [{ issuer: b.ISSUER, keys: [newer] }] } });
  await expect(resumed(Buffer.from(x.linesOf(text)[0] ?? '').subarray())).rejects.toThrow();
  await expect(resumed(Buffer.from(`${x.linesOf(text)[0]}\n`))).rejects.toThrow('Begin a new export');
});
