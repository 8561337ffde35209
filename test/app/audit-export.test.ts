/** What an export of a repository holds: all of a range, nothing twice, and nothing that could not be read whole. */
import { beforeAll, expect, test } from 'vitest';
import { type AuditRange, exportOf, judgedIn } from '../../src/app/audit-export.ts';
import { alarmsOf, summarizeRepository } from '../../src/app/audit-report.ts';
import type { AuditSource } from '../../src/app/ports.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { exportText } from '../../src/log/export-write.ts';
import { auditorOf, auditSource, worldOf } from './audit-world.ts';
import { account, faultOf, type World } from './world.ts';

const ALL: AuditRange = { since: null, until: null, states: null, issues: null };
const EXPORTED_AT = '2030-01-01T00:00:00Z';

let world: World;
let times: Record<number, string>;
beforeAll(async () => {
  world = await worldOf(3);
  times = {};
  for await (const { number, updatedAt } of auditSource(world).requests({ since: null })) times[number] = updatedAt;
});

async function issuesIn(range: Partial<AuditRange>, source: Partial<AuditSource> = {}): Promise<number[]> {
  const found: number[] = [];
  for await (const { snapshot } of judgedIn(await auditorOf(world, { source }), { ...ALL, ...range })) {
    found.push(snapshot.number);
  }
  return found;
}

test('a range is by the latest change, both ends included, the one that changed longest ago first', async () => {
  expect(await issuesIn({})).toEqual([1, 2, 3]);
  expect(await issuesIn({ since: times[2] ?? '' })).toEqual([2, 3]);
  expect(await issuesIn({ until: times[2] ?? '' })).toEqual([1, 2]);
  expect(await issuesIn({ since: times[2] ?? '', until: times[2] ?? '' })).toEqual([2]);
});

test('a range is by state and by issue, where that is asked for', async () => {
  expect(await issuesIn({ states: ['finished'] })).toEqual([1, 2, 3]);
  expect(await issuesIn({ states: ['denied', 'expired'] })).toEqual([]);
  expect(await issuesIn({ issues: [3, 1] })).toEqual([3, 1]);
  expect(await faultOf(issuesIn({ issues: [1, 77] }))).toMatchObject({ code: 'not-found' });
});

test('a request whose label somebody took away stands in the range all the same, once, if an opening names it', async () => {
  const source = auditSource(world);
  const unlabelled = (...without: number[]) =>
    async function* ({ since }: { since: string | null }) {
      for await (const issue of source.requests({ since })) if (!without.includes(issue.number)) yield issue;
    };
  expect(await issuesIn({}, { requests: unlabelled(2) })).toEqual([1, 3, 2]);
  expect(await issuesIn({}, { requests: unlabelled(1, 2) })).toEqual([3, 2, 1]);
  const [since, until] = [times[2] ?? '', times[3] ?? ''];
  expect(await issuesIn({ since, until }, { requests: unlabelled(2) })).toEqual([3, 2]);
  expect(await issuesIn({ issues: [3] }, { requests: unlabelled(2) })).toEqual([3]);
  // An export that was cut goes on behind what it holds, and does not lose what changed before that.
  expect(await issuesIn({ goOnFrom: times[3] ?? '' }, { requests: unlabelled(2) })).toEqual([3, 2, 1]);
});

test('an issue that changes while the list is read, and so comes again, stands in it once', async () => {
  const source = auditSource(world);
  const twice = async function* () {
    yield* source.requests({ since: null });
    const again = await source.issue(1);
    if (again !== null) yield { ...again, updatedAt: EXPORTED_AT };
  };
  expect(await issuesIn({}, { requests: twice })).toEqual([1, 2, 3]);
});

test('a request that cannot be read whole ends the export, since nobody would miss it in the file', async () => {
  const source = auditSource(world);
  const short = async function* () {
    for await (const issue of source.requests({ since: null })) {
      yield issue.number === 2 ? { ...issue, commentCount: 99 } : issue;
    }
  };
  const one = async (number: number) => {
    const found = await source.issue(number);
    return found === null ? null : { ...found, commentCount: 99 };
  };
  expect(await faultOf(issuesIn({}, { requests: short, issue: one }))).toMatchObject({
    ...{ code: 'unavailable', message: expect.stringContaining('#2') },
  });
});

test('the file holds the range, is whole, and is verified by the same keys to the same grade', async () => {
  // The blob of this world's policy is no real one, so its text cannot stand in a file.
  const auditor = { ...(await auditorOf(world)), policyText: async () => null };
  const seen: number[] = [];
  const text = await exportText(
    exportOf(auditor, ALL, {
      ...{ exportedAt: EXPORTED_AT, skip: new Set() },
      onRequest: ({ snapshot }) => void seen.push(snapshot.number),
    }),
  );
  expect(seen).toEqual([1, 2, 3]);
  const { trust, known } = auditor;
  expect(await verifyExport(text, { trusted: { trust, known } })).toMatchObject({
    ...{ status: 'whole', cursor: times[3], grading: { grade: 'live' } },
    counts: { requests: 3, records: 15, policiesWithoutText: 1 },
  });
});

async function verdictOnExport(w: World) {
  const auditor = { ...(await auditorOf(w)), policyText: async () => null };
  const how = { exportedAt: EXPORTED_AT, skip: new Set<number>(), onRequest: () => {} };
  return verifyExport(await exportText(exportOf(auditor, ALL, how)));
}

test('a request whose keys nobody has is not whole in the file without its records', async () => {
  const w = await worldOf(1);
  await w.issuer.rotate('k2');
  w.issuer.retire();
  expect(await verdictOnExport(w)).toMatchObject({
    ...{ status: 'broken', counts: { records: 0 } },
    why: expect.stringContaining('5 records are signed with keys that are not to be had any more'),
  });
});

test('a request whose text alone was changed is broken in the file, too', async () => {
  const w = await worldOf(1);
  w.github.rewrite(account('ed'), 'Nothing was asked.');
  const verdict = await verdictOnExport(w);
  expect(verdict).toMatchObject({
    ...{ status: 'broken', counts: { faults: 1 } },
    why: expect.stringMatching(/already when it was exported: the text of issue #1 was changed by ed-dev at [^.]*\.$/),
  });
});

test('a report has every request with its verdict, those included whose end only a later opening shows to be cut', async () => {
  const w = await worldOf(3);
  w.github.issues.delete(1);
  w.github.issue(2).comments.pop();
  const { summaries, verdict } = await summarizeRepository(await auditorOf(w), () => {});
  expect(summaries.map(({ issue, verification }) => [issue, verification.status])).toEqual([
    [2, 'broken'],
    [3, 'whole'],
  ]);
  expect(summaries[0]?.detail.broken).toHaveLength(1);
  expect(alarmsOf(verdict)).toMatchObject([expect.stringContaining('#1 is gone'), expect.stringContaining('lacks')]);
});
