/** Whose keys an export is verified with, and what grade that gives it. */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { expect, test } from 'vitest';
import type { Trusted } from '../../src/log/export-trust.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { trustedExport, trustIn } from '../../src/log/export-vouch.ts';
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
/** The trust of whoever has this export alone. */
async function trustingAlone(text: string): Promise<Trusted> {
  const read = await trustedExport(text);
  if (!read.ok) throw new Error(read.why);
  return trustIn(read, []);
}

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

test('a trusted export vouches for the keys that were live when it was made, and for those alone', async () => {
  const trusted = await trustingAlone(file);
  expect(trusted.known.vouched).toEqual(new Set([thumbprint]));
  expect(await verifyExport(file, { trusted })).toMatchObject({ status: 'whole', grading: { grade: 'archived' } });
});

test('a key that was not live when a trusted export was made stays unproven, however whole that export is', async () => {
  const trusted = await trustingAlone(await x.fileOf(requests, { live: new Set() }));
  expect(trusted.known.vouched).toEqual(new Set());
  expect(await verifyExport(file, { trusted })).toMatchObject({ status: 'whole', grading: { grade: 'unproven' } });
});

test('an export of which a byte was changed or cut vouches for nothing; one that holds a broken request does', async () => {
  expect(await trustedExport(file.slice(0, -1))).toMatchObject({ ok: false });
  expect(await trustedExport(file.replace('"live":true', '"live":true '))).toMatchObject({ ok: false });
  const [first] = requests;
  if (first === undefined) throw new Error('There is no request.');
  const beyond = [{ code: 'body', commentId: null, why: 'the text of issue #1 was changed' }];
  const broken = await x.fileOf([{ ...first, beyond }]);
  expect(await verifyExport(broken)).toMatchObject({ status: 'broken' });
  expect(await trustedExport(broken)).toMatchObject({ ok: true, keys: [{ thumbprint }] });
});

test("without a network a forged file cannot bring its own repository to a trusted export's keys", async () => {
  const foreign = x.resealed(lines.map((text, i) => (i === 0 ? text.replace('"id":70', '"id":71') : text)));
  const verdict = await verifyExport(foreign, { trusted: await trustingAlone(file) });
  expect(verdict).toMatchObject({
    status: 'broken',
    first: { line: 1, why: expect.stringContaining('not of acme/shop (70, owner 7)') },
  });
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
