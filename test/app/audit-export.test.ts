/** What an export of a repository holds: all of a range, nothing twice, and nothing that could not be read whole. */
import type { JWK } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { type AuditRange, exportOf, judgedIn } from '../../src/app/audit-export.ts';
import { alarmsOf, summarizeRepository } from '../../src/app/audit-report.ts';
import type { AuditSource, TrustSource } from '../../src/app/ports.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { exportText } from '../../src/log/export-write.ts';
import type { Trust } from '../../src/log/trust.ts';
import { newKey } from '../log/archive-build.ts';
import { ISSUER } from '../log/build.ts';
import { POLICY_TEXT } from '../request/given.ts';
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

test('a request of which nobody can tell how it stands is in an export of any state', async () => {
  const w = await worldOf(2);
  const blob = 'f'.repeat(40);
  // The policy is another by now, and the old one is gone.
  w.github.policy = { path: '.github/debug-approval.yml', commit: 'd'.repeat(40), blob, text: POLICY_TEXT };
  w.github.blobs.clear();
  await w.github.client().createIssue({ title: 'Talk', body: 'x', labels: ['debug-request'] });
  const found: number[] = [];
  const range: AuditRange = { ...ALL, states: ['denied'] };
  for await (const { snapshot } of judgedIn(await auditorOf(w), range)) found.push(snapshot.number);
  expect(found).toEqual([1, 2]);
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
  // Nor what only openings that it holds name.
  expect(await issuesIn({ goOnFrom: EXPORTED_AT, named: [2] }, { requests: unlabelled(2) })).toEqual([2, 1]);
});

test('an issue that goes on while the list is read, and so comes again, is read again', async () => {
  const source = auditSource(world);
  const twice = async function* () {
    yield* source.requests({ since: null });
    const again = await source.issue(1);
    if (again !== null) yield { ...again, updatedAt: EXPORTED_AT };
  };
  expect(await issuesIn({}, { requests: twice })).toEqual([1, 2, 3, 1]);
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
      ...{ exportedAt: EXPORTED_AT, skip: () => false },
      onRequest: ({ snapshot }) => void seen.push(snapshot.number),
    }),
  );
  expect(seen).toEqual([1, 2, 3]);
  const { trust, known } = auditor;
  expect(await verifyExport(text, { trusted: { trust, known } })).toMatchObject({
    ...{ status: 'whole', cursor: expect.any(String), grading: { grade: 'live' } },
    counts: { requests: 3, records: 15, policiesWithoutText: 1 },
  });
});

test('a request whose text alone was changed is broken in the file, too', async () => {
  const w = await worldOf(1);
  w.github.rewrite(account('ed'), 'Nothing was asked.');
  const verdict = await verifyExport(await fileBy(w));
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

async function fileBy(w: World, change: Parameters<typeof auditorOf>[1] = {}): Promise<string> {
  // The blob of this world's policy is no real one, so its text cannot stand in a file.
  const auditor = { ...(await auditorOf(w, change)), policyText: async () => null };
  return exportText(exportOf(auditor, ALL, { exportedAt: EXPORTED_AT, skip: () => false, onRequest: () => {} }));
}

test('an export during which a request goes on and a new one names its end holds both as they are at last', async () => {
  const source = auditSource(world);
  const early = await source.issue(2);
  const cut = early && { ...early, comments: early.comments.slice(0, -1), commentCount: early.comments.length - 1 };
  const lists: AuditSource['requests'][] = [
    // As GitHub lists by change, it comes again; where an export is of certain issues, nothing does.
    async function* () {
      if (cut) yield cut;
      yield* source.requests({ since: null });
    },
    async function* () {
      for await (const one of source.requests({ since: null })) yield one.number === 2 && cut ? cut : one;
    },
  ];
  for (const requests of lists) {
    const verdict = await verifyExport(await fileBy(world, { source: { requests } }));
    expect(verdict).toMatchObject({ status: 'whole', counts: { requests: 3, records: 15 } });
  }
});

test.each<[string, (next: JWK) => Partial<Trust>, string]>([
  [
    'whose keys nobody holds',
    (key) => ({ issuers: [{ issuer: ISSUER, keys: [key] }] }),
    '5 records are signed with keys',
  ],
  [
    'of a workflow that is no signer any more',
    () => ({ workflows: ['.github/workflows/new.yml'] }),
    'it is not signed',
  ],
  ['of a default branch that was renamed since', () => ({ defaultBranch: 'trunk' }), 'it is not signed'],
])(
  'records %s are exported all the same: not determined, and whole for whoever can verify them',
  async (_, change, why) => {
    const [w, next] = [await worldOf(1), await newKey('next')];
    const { trust, known } = await auditorOf(w);
    const later: TrustSource = {
      trust: async (...asked) => ({ ...(await w.trust.trust(...asked)), ...change(next.jwk) }),
    };
    const text = await fileBy(w, { trust: later });
    const verdict = await verifyExport(text);
    expect(verdict).toMatchObject({ status: 'unknown', counts: { requests: 1, records: 5, unknown: 1, broken: 0 } });
    expect(verdict.why).toContain(`Issue #1 cannot be judged. ${why}`);
    expect(await verifyExport(text, { trusted: { trust, known } })).toMatchObject({
      ...{ status: 'whole', counts: { unknown: 0 }, grading: { grade: 'live' } },
    });
  },
);
