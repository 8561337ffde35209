/** What an export holds beside one version of each request that counts: a later version, and records that nobody can verify. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

const lines = x.linesOf(await x.fileOf(await x.repository(1)));

describe('a request that stands in a file again, since it went on while that was written', () => {
  const early = () => b.read(comments.slice(0, 4));
  let comments: Awaited<ReturnType<typeof b.eight>>;
  beforeAll(async () => {
    comments = await b.eight();
  });

  test('replaces what stands before, and all in it counts once', async () => {
    const full = x.exported(b.ISSUE, await b.read(comments));
    const next = x.exported(99, await x.logOf(99, { earlier: [full] }));
    const once = await verifyExport(await x.fileOf([next, full]));
    const again = await verifyExport(await x.fileOf([x.exported(b.ISSUE, await early()), next, full, full]));
    expect({ ...again, grading: null }).toEqual({ ...once, grading: null });
    expect(again).toMatchObject({
      status: 'whole',
      counts: { requests: 2, records: 13 },
      grading: { keys: [{ records: 13 }] },
    });
  });

  test('and lacks a record that it held before is broken', async () => {
    const full = x.exported(b.ISSUE, await b.read(comments));
    const verdict = await verifyExport(await x.fileOf([full, x.exported(b.ISSUE, await early())]));
    expect(verdict).toMatchObject({ status: 'broken', counts: { faults: 4 }, first: { issue: b.ISSUE } });
    expect(verdict.why).toContain('which it held where it stands before: it lost a record');
  });
});

test('records that did not count for want of a trusted signer stand in the file, for whoever trusts that signer', async () => {
  const log = await x.logOf(9);
  const why = 'its workflow is not listed';
  const unverified = log.entries.map(({ commentId: id, createdAt, author, record }) => {
    return { code: 'signer', why, comment: { id, createdAt, author, editedAt: null }, record };
  });
  const trust = { ...b.trust, workflows: ['.github/workflows/renamed.yml'] };
  const text = await x.fileOf([{ ...x.exported(9, b.EMPTY), unverified }], { trust });
  expect(await verifyExport(text)).toMatchObject({
    ...{ status: 'unknown', why: `Issue #9 cannot be judged. ${why}.` },
    counts: { requests: 1, records: 5, none: 0, unknown: 1 },
  });
  const trusted = { trust: b.trust, known: { live: new Set<string>(), vouched: new Set<string>() } };
  expect(await verifyExport(text, { trusted })).toMatchObject({ status: 'whole', head: log.head });
  const changed = x.resealed(x.linesOf(text).map((one) => one.replace('Fine by me', 'Fine by us')));
  expect((await verifyExport(changed)).status).toBe('broken');
});

test('a time that no clock has breaks the file', async () => {
  const trust = { ...b.trust, unsigned: 'accept' as const };
  const text = await x.fileOf(await x.repository(1, { trust, signed: false }), { trust });
  const timeless = (line: string) =>
    line.startsWith('{"comment"') ? line.replace(/"createdAt":"[^"]*"/, '"createdAt":"2026-99-99T99:99:99Z"') : line;
  const forged = x.resealed(x.linesOf(text).map(timeless));
  expect(await verifyExport(forged)).toMatchObject({ status: 'broken', first: { issue: 1, record: 1 } });
});

test('a line in which everything is wrong is told by the first thing, in short', async () => {
  const wrong = lines.with(
    0,
    (lines[0] ?? '').replace(/"workflows":\[[^\]]*\]/, `"workflows":[${'0,'.repeat(20_000)}0]`),
  );
  const { why, status } = await verifyExport(x.resealed(wrong));
  expect([status, why.length < 800]).toEqual(['broken', true]);
});

test('what a file says in words of its own is told in short, on one visible line', async () => {
  const told = (why: string) => ({ code: 'body', commentId: null, why });
  const [first] = await x.repository(1);
  if (first === undefined) throw new Error('There is no request.');
  const long = `\n\u001b[2J${'w'.repeat(100_000)}`;
  const broken = await verifyExport(await x.fileOf([{ ...first, beyond: [told(long)] }]));
  const unverified = first.log.entries.map(({ commentId: id, createdAt, author, record }) => {
    return { code: 'keys', why: long, comment: { id, createdAt, author, editedAt: null }, record };
  });
  const trust = { ...b.trust, workflows: [] };
  const unknown = await verifyExport(await x.fileOf([{ ...x.exported(1, b.EMPTY), unverified }], { trust }));
  expect([broken.status, unknown.status]).toEqual(['broken', 'unknown']);
  for (const { why } of [broken, unknown]) expect([why.length < 800, /\p{Cc}/u.test(why)]).toEqual([true, false]);
});

test('a record that was taken out of a file stays a fault, whatever its first line says that nobody could verify', async () => {
  const full = x.exported(b.ISSUE, await b.read(await b.eight()));
  const all = x.linesOf(await x.fileOf([full]));
  const out = all.filter((line) => line.startsWith('{"comment"'))[3] ?? '';
  const { comment } = JSON.parse(out);
  const told = [{ code: 'signer', commentId: comment.id, why: 'its workflow was renamed' }];
  const forged = all
    .filter((line) => line !== out)
    .map((line) => {
      const data = JSON.parse(line);
      if (data.type === 'request') return JSON.stringify({ ...data, unverified: told });
      return data.type?.endsWith('end') ? JSON.stringify({ ...data, records: data.records - 1 }) : line;
    });
  const verdict = await verifyExport(x.resealed(forged));
  expect(verdict.status).toBe('broken');
  expect(verdict.faults.map(({ why }) => why).join()).toContain('no line holds it: a line was removed');
});
