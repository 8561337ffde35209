/** Heads that openings name, and those that are known from elsewhere, against the requests of an export. */
import { expect, test } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

const requests = await x.repository(3);
const file = await x.fileOf(requests);
const lines = x.linesOf(file);
const headOf = (issue: number) => requests[issue - 1]?.log.head ?? '';

test('records cut off with sums made to fit show by the head that is known from elsewhere', async () => {
  const last = requests[2]?.log ?? b.EMPTY;
  const cut = x.resealed(lines.toSpliced(lines.length - 3, 1));
  expect(await verifyExport(cut)).toMatchObject({ status: 'whole' });
  const head = { hash: last.head ?? '' };
  expect(await verifyExport(cut, { heads: [head] })).toMatchObject({
    status: 'broken',
    why: expect.stringContaining(head.hash),
  });
  expect(await verifyExport(file, { heads: [head, { ...head, length: last.length }] })).toMatchObject({
    status: 'whole',
  });
  expect(await verifyExport(file, { heads: [{ ...head, length: 4 }] })).toMatchObject({
    status: 'broken',
    first: { issue: 3 },
  });
});

test('a request that an opening names and the file of a range lacks is not checked, and named', async () => {
  const range = { since: b.instant(61), until: null, states: null, issues: null };
  const { status, why, heads } = await verifyExport(await x.fileOf(requests.slice(1), { range }));
  expect({ status, unchecked: heads.unchecked }).toEqual({
    status: 'whole',
    unchecked: [{ issue: 1, head: headOf(1), namedBy: [2, 3] }],
  });
  expect(why).toContain('Not checked, because the file does not hold them: earlier requests that openings name (#1).');
});

test.each([
  ['before', [1, 2]],
  ['after', [2, 1]],
])(
  'a request that lost the head which an opening names is broken, where it stands %s that opening',
  async (_, order) => {
    const comments = await b.eight();
    const shorter = { ...(await b.read(comments.slice(0, 7))) };
    const full = x.exported(b.ISSUE, await b.read(comments), b.instant(1));
    const later = x.exported(99, await x.logOf(99, { earlier: [full] }), b.instant(2));
    const both = new Map([
      [1, x.exported(b.ISSUE, shorter, b.instant(1))],
      [2, later],
    ]);
    const verdict = await verifyExport(await x.fileOf(order.flatMap((i) => both.get(i) ?? [])));
    expect(verdict).toMatchObject({ status: 'broken', first: { issue: b.ISSUE, record: null }, counts: { broken: 1 } });
    expect(verdict.why).toContain('the opening of issue 99 names');
  },
);

test('a whole request that was taken out of a file of everything shows by the opening that names it', async () => {
  const types = lines.map((line) => JSON.parse(line)).map(({ type, issue }) => `${type} ${issue}`);
  const [from, to] = [types.indexOf('request 2'), types.indexOf('request-end 2')];
  const verdict = await verifyExport(x.resealed(lines.toSpliced(from, to - from + 1)));
  expect(verdict).toMatchObject({ status: 'broken', first: { issue: 2 } });
  expect(verdict.why).toContain(`the opening of issue 3 names ${headOf(2)} as its head`);
});

test('an emptied log is broken by the openings that name its head', async () => {
  const emptied = [x.exported(1, b.EMPTY), ...requests.slice(1)];
  expect(await verifyExport(await x.fileOf(emptied))).toMatchObject({ status: 'broken', first: { issue: 1 } });
});
