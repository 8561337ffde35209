/** Whose keys an export is verified with, and what grade that gives it. */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { expect, test } from 'vitest';
import type { ExportHeader } from '../../src/log/export-format.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { trustedExport, trustedFor } from '../../src/log/export-vouch.ts';
import type { Trust } from '../../src/log/trust.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

const requests = await x.repository(3);
const file = await x.fileOf(requests);
const lines = x.linesOf(file);
const NONE = { live: new Set<string>(), vouched: new Set<string>() };
const others = await generateKeyPair('RS256', { extractable: true });
const otherJwk: JWK = { ...(await exportJWK(others.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
const trusting = (keys: JWK[], change: Partial<Trust> = {}): Trust => ({
  ...b.trust,
  issuers: [{ issuer: b.ISSUER, keys }],
  ...change,
});
const thumbprint = requests[0]?.log.entries[0]?.key?.thumbprint ?? '';

test('by its own keys alone a file is unproven, by live ones live, and by those that a trusted export vouches for archived', async () => {
  const grade = async (known: { live: Set<string>; vouched: Set<string> } | null) =>
    (await verifyExport(file, known === null ? {} : { trusted: { trust: b.trust, known } })).grading?.grade;
  expect(await grade(null)).toBe('unproven');
  expect(await grade(NONE)).toBe('unproven');
  expect(await grade({ ...NONE, live: new Set([thumbprint]) })).toBe('live');
  expect(await grade({ ...NONE, vouched: new Set([thumbprint]) })).toBe('archived');
});

test('a key that only the file has verifies its records, unproven, behind the trusted ones', async () => {
  const now = { ...otherJwk, kid: 'k2' };
  const verdict = await verifyExport(file, { trusted: { trust: trusting([now]), known: NONE } });
  expect(verdict).toMatchObject({
    status: 'whole',
    unusedKeys: [],
    grading: { grade: 'unproven', keys: [{ kid: 'k1', records: 15 }] },
  });
});

test("a key of the file under a live key's name is reported and not used", async () => {
  const verdict = await verifyExport(file, { trusted: { trust: trusting([otherJwk]), known: NONE } });
  expect(verdict.unusedKeys).toMatchObject([
    { kid: 'k1', thumbprint, why: expect.stringContaining('another key is trusted') },
  ]);
  expect(verdict).toMatchObject({ status: 'broken', first: { issue: 1, record: 1, commentId: 100 } });
});

test('what the caller trusts wins over what the file says of its workflows, branch and repository', async () => {
  const broken = async (change: Partial<Trust>) =>
    (await verifyExport(file, { trusted: { trust: trusting([b.jwk], change), known: NONE } })).status;
  expect(await broken({})).toBe('whole');
  expect(await broken({ workflows: ['.github/workflows/other.yml'] })).toBe('broken');
  expect(await broken({ defaultBranch: 'trunk' })).toBe('broken');
  expect(await broken({ repositoryId: 71 })).toBe('broken');
});

test('unsigned records that the policy accepts are graded unsigned, and broken by a trust that refuses them', async () => {
  const trust: Trust = { ...b.trust, unsigned: 'accept' };
  const unsigned = await x.fileOf(await x.repository(1, { trust, signed: false }), { trust });
  expect(await verifyExport(unsigned)).toMatchObject({ status: 'whole', grading: { grade: 'unsigned' } });
  const refused = await verifyExport(unsigned, { trusted: { trust: b.trust, known: NONE } });
  expect(refused).toMatchObject({ status: 'broken', first: { issue: 1, record: 1 } });
});

/** What a file is verified with by those who kept these. */
async function kept(...files: string[]) {
  const exports = await Promise.all(files.map((text) => trustedExport(text)));
  const read = exports.flatMap((one) => (one.ok ? [one.trusted] : []));
  expect(read).toHaveLength(files.length);
  return { trusted: (header: ExportHeader) => trustedFor(read, header) };
}
const vouchedBy = async (text: string) => {
  const read = await trustedExport(text);
  return read.ok ? read.trusted.keys.map((key) => key.thumbprint) : null;
};

test('a trusted export vouches for the keys that were live when it was made, used in it or not, and for no other', async () => {
  expect(await verifyExport(file, await kept(file))).toMatchObject({ status: 'whole', grading: { grade: 'archived' } });
  expect(await vouchedBy(await x.fileOf([]))).toEqual([thumbprint]);
  // Only the repository's own archive held that key when this was made: whoever could change that could bring it in.
  const archived = await x.fileOf(requests, { live: new Set() });
  expect(await vouchedBy(archived)).toEqual([]);
  expect(await verifyExport(archived, await kept(archived))).toMatchObject({
    ...{ status: 'whole', grading: { grade: 'unproven' } },
  });
});

test('a trusted export that was cut or changed vouches for nothing', async () => {
  expect(await vouchedBy(file.slice(0, -1))).toBe(null);
  expect(await vouchedBy(file.replace('Fine by me', 'Fine by us'))).toBe(null);
});

test('a trusted export vouches, though a request in it was broken already when it was made', async () => {
  const beyond = [{ code: 'body', commentId: null, why: 'the text of issue #1 was changed' }];
  const broken = await x.fileOf(requests.slice(0, 1).map((one) => ({ ...one, beyond })));
  expect(await verifyExport(broken)).toMatchObject({ status: 'broken' });
  expect(await vouchedBy(broken)).toEqual([thumbprint]);
});

const foreign = x.resealed(lines.map((text, i) => (i === 0 ? text.replace('"id":70', '"id":71') : text)));

test('a file is verified by those of the trusted exports that are of its repository, whatever their order', async () => {
  const orders = [await kept(file, foreign), await kept(foreign, file)];
  for (const options of orders) {
    expect(await verifyExport(file, options)).toMatchObject({ status: 'whole', grading: { grade: 'archived' } });
  }
});

test('a file of a repository of which no trusted export is, is not determined, though its own keys would do', async () => {
  const elsewhere = await x.fileOf([], { trust: { ...b.trust, repositoryId: 71 } });
  expect(await verifyExport(elsewhere, await kept(file))).toMatchObject({
    ...{ status: 'unknown', why: 'It is of acme/shop (71), of which nothing that is trusted tells.' },
  });
  expect(await verifyExport(foreign, await kept(file))).toMatchObject({ status: 'broken' });
});

test('a header with many keys costs no more than in proportion', async () => {
  const many = Array.from({ length: 2_000 }, (_, i) => {
    const n = Buffer.from(String(i)).toString('base64url');
    return { kty: 'RSA', n, e: 'AQAB', kid: `m${i}` };
  });
  const text = await x.fileOf([], { trust: trusting(many) });
  const verdict = await verifyExport(text, { trusted: { trust: trusting([b.jwk]), known: NONE } });
  expect([verdict.status, verdict.unusedKeys]).toEqual(['whole', []]);
});

test.each([
  ['an empty key', '"n":"[^"]*"', '"n":""'],
  ['a key that is none', '"n":"[^"]*"', '"n":"AAAA"'],
  ['a private part', '"kty":"RSA"', '"d":"AQAB","kty":"RSA"'],
])('a header with %s is broken, and nothing throws', async (_, from, to) => {
  const changed = lines.with(0, (lines[0] ?? '').replace(new RegExp(from), to));
  expect(changed).not.toEqual(lines);
  expect(await verifyExport(x.resealed(changed))).toMatchObject({ status: 'broken' });
});
