import { expect, test } from 'vitest';
import { auditIssue } from '../../src/app/audit-judge.ts';
import { summarizeRepository } from '../../src/app/audit-report.ts';
import { auditRepository } from '../../src/app/audit-repository.ts';
import type { AuditSource } from '../../src/app/ports.ts';
import { parseComment } from '../../src/log/comment.ts';
import { POLICY_TEXT } from '../request/given.ts';
import { auditorOf, auditSource, worldOf } from './audit-world.ts';
import { BOT, unavailable } from './fake-github.ts';
import { ISSUER } from './fake-issuer.ts';
import { account, createWorld, faultOf, INPUT, type World } from './world.ts';

const ED = account('ed');

async function issueVerdict(w: World, issue = 1, head: string | null = null) {
  return (await auditIssue(await auditorOf(w), issue, head)).verdict;
}

async function repositoryVerdict(w: World) {
  return auditRepository(await auditorOf(w), () => {});
}

/** The comment that holds the record of this number. */
function commentOf(w: World, seq: number, issue = 1): number {
  const found = w.github.issue(issue).comments.find(({ body }) => {
    const parsed = parseComment(body);
    return parsed.kind === 'record' && parsed.record.seq === seq;
  });
  if (found === undefined) throw new Error(`There is no record ${seq}.`);
  return found.id;
}

/** As if GitHub had forgotten the deletion, or somebody had never let it know of the comment. */
function removeTraceless(w: World, comment: number, issue = 1): void {
  w.github.remove(comment);
  w.github.issue(issue).deletions.length = 0;
}

test('a finished request is whole, and rests on live keys', async () => {
  const w = await worldOf(1);
  const verdict = await issueVerdict(w);
  expect(verdict).toMatchObject({ status: 'whole', issue: 1, records: 5, broken: [], notes: [] });
  expect(verdict).toMatchObject({ grading: { grade: 'live' }, head: w.records().at(-1)?.hash });
});

test('what an issuer signed that only the policy names is not proven, and verdict and keys name it', async () => {
  const w = await worldOf(1);
  const issuers = ['https://ghe.example/_services/token'];
  const { verdict } = await auditIssue(await auditorOf(w, { issuers }), 1, null);
  expect(verdict).toMatchObject({ status: 'whole', grading: { grade: 'unproven', keys: [{ issuer: ISSUER }] } });
  expect(verdict.grading?.why).toContain(`${ISSUER}, an issuer that only the repository's policy vouches for`);
  expect((await auditorOf(w, { issuers })).known.live.size).toBe(0);
});

test('an edited record is named with its number, its comment and what to do', async () => {
  const w = await worldOf(1);
  const comment = commentOf(w, 2);
  w.github.edit(comment, 'nothing to see here', ED.id);
  expect(await issueVerdict(w)).toMatchObject({
    status: 'broken',
    broken: [
      {
        ...{ code: 'edited', comment, url: `https://github.com/acme/shop/issues/1#issuecomment-${comment}` },
        ...{ why: expect.stringContaining(`comment ${comment}`), remedy: expect.stringContaining('edit history') },
      },
      { code: 'missing', record: 3 },
    ],
  });
});

test('what a person adds breaks nothing and is reported', async () => {
  const w = await worldOf(1);
  const copy = w.github.issue().comments.find(({ id }) => id === commentOf(w, 2))?.body ?? '';
  const comment = w.github.write(ED, copy);
  expect(await issueVerdict(w)).toMatchObject({
    ...{ status: 'whole', broken: [] },
    notes: [{ code: 'not-a-bot', comment, record: 2, why: expect.stringContaining(ED.login) }],
  });
});

test('a text that a person changed breaks the request, and a changed title is worth knowing', async () => {
  const w = await worldOf(1);
  w.github.rename(ED, 'Lunch menu');
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole', notes: [{ code: 'beside' }] });
  w.github.rewrite(ED, w.github.issue().body.replace('OPS-1', 'OPS-2'));
  expect(await issueVerdict(w)).toMatchObject({ status: 'broken', broken: [{ code: 'body', record: null }] });
});

test('an issue that never held a request is none, and one whose opening a bot edited away is broken', async () => {
  const w = await createWorld();
  await w.github.client().createIssue({ title: 'Mine', body: 'x', labels: ['debug-request'] });
  w.github.edit(w.github.write(ED, 'hello'), 'hello again');
  expect(await issueVerdict(w)).toMatchObject({ status: 'none', records: 0, grading: null });
  w.github.edit(w.github.write(BOT, 'an opening'), 'wiped', ED.id);
  expect(await issueVerdict(w)).toMatchObject({ status: 'broken', broken: [{ code: 'edited' }] });
});

test('an issue that does not exist is a failure that says where to look further', async () => {
  const w = await createWorld();
  expect(await faultOf(issueVerdict(w, 7))).toMatchObject({
    ...{ code: 'not-found', message: expect.stringContaining('#7') },
    remedy: expect.stringContaining('audit verify acme/shop'),
  });
});

test('a record known from elsewhere must be there', async () => {
  const w = await worldOf(1);
  const head = w.records()[2]?.hash ?? '';
  expect(await issueVerdict(w, 1, head)).toMatchObject({ status: 'whole' });
  const other = `sha256:${'0'.repeat(64)}`;
  expect(await issueVerdict(w, 1, other)).toMatchObject({ status: 'broken', broken: [{ code: 'head' }] });
});

test('a list that lags is read again before anything is called broken', async () => {
  const w = await worldOf(1);
  const source = auditSource(w);
  const hidden = commentOf(w, 3);
  let looks = 0;
  const lagging = async (issue: number) => {
    const found = await source.issue(issue);
    looks += 1;
    if (found === null || looks > 2) return found;
    const comments = found.comments.filter(({ id }) => id !== hidden);
    // Once GitHub's own count tells that one is missing, once it does not.
    return { ...found, comments, commentCount: looks === 1 ? found.commentCount : comments.length };
  };
  const auditor = await auditorOf(w, { source: { issue: lagging } });
  expect((await auditIssue(auditor, 1, null)).verdict).toMatchObject({ status: 'whole', records: 5 });
  expect(looks).toBe(3);
});

test('what cannot be read now is not determined, and never broken', async () => {
  const w = await worldOf(1);
  const first = await auditSource(w).issue(1);
  const short = async () => (first === null ? null : { ...first, comments: first.comments.slice(1) });
  const auditor = await auditorOf(w, { source: { issue: short } });
  expect((await auditIssue(auditor, 1, null)).verdict).toMatchObject({
    ...{ status: 'unknown', broken: [] },
    notes: [{ code: 'unread', why: expect.stringContaining('did not show') }],
  });
});

test('a whole repository is whole, and says how far it is', async () => {
  const w = await worldOf(2);
  const seen: number[] = [];
  const verdict = await auditRepository(await auditorOf(w), (done) => seen.push(done));
  expect(verdict).toMatchObject({ status: 'whole', requests: [{ issue: 1 }, { issue: 2 }], archive: { broken: [] } });
  expect(seen).toEqual([1, 2]);
});

test('a deleted issue is named with the openings that name it', async () => {
  const w = await worldOf(3);
  const head = w.records(1).at(-1)?.hash;
  w.github.issues.delete(1);
  const verdict = await repositoryVerdict(w);
  expect(verdict.status).toBe('broken');
  expect(verdict.requests).toMatchObject([
    { issue: 1, url: 'https://github.com/acme/shop/issues/1', broken: [{ code: 'gone', why: expect.any(String) }] },
    { issue: 2, status: 'whole' },
    { issue: 3, status: 'whole' },
  ]);
  expect(verdict.requests[0]?.broken[0]?.why).toBe(
    `issue #1 is gone; the openings of #2, #3 name it as a log that ended with ${head}`,
  );
});

test('a log whose end was cut off without a trace lacks what a later opening names', async () => {
  const w = await worldOf(2);
  const head = w.records(1).at(-1)?.hash;
  removeTraceless(w, commentOf(w, 5));
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole', records: 4 });
  expect((await repositoryVerdict(w)).requests[0]).toMatchObject({
    ...{ issue: 1, status: 'broken' },
    broken: [{ code: 'head', why: `issue #1 lacks the record ${head}, which the opening of #2 names as its last` }],
  });
});

test('a request whose label was taken away is found through the later openings, and the label is missed', async () => {
  const w = await worldOf(2);
  w.github.issue(1).labels = [];
  const verdict = await repositoryVerdict(w);
  expect(verdict).toMatchObject({ status: 'whole', requests: [{ issue: 1, records: 5 }, { issue: 2 }] });
  expect(verdict.requests[0]?.notes).toMatchObject([{ code: 'beside', why: expect.stringContaining('debug-request') }]);
});

test('a text that a person changed breaks the log also where its policy is not to be had any more', async () => {
  const w = await worldOf(1);
  w.github.policy = { path: INPUT.policyPath, commit: 'e'.repeat(40), blob: 'f'.repeat(40), text: POLICY_TEXT };
  w.github.blobs.clear();
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole', notes: [{ code: 'policy' }] });
  w.github.rewrite(ED, w.github.issue().body);
  expect(await issueVerdict(w)).toMatchObject({
    status: 'broken',
    broken: [{ code: 'body', why: expect.stringMatching(/^the text of issue #1 was changed by ed-dev at .*Z$/) }],
  });
});

test('one request that cannot be read leaves the verdict on the others standing', async () => {
  const w = await worldOf(2);
  const source = auditSource(w);
  const first = async function* () {
    for await (const issue of source.requests({ since: null })) {
      yield issue.number === 1 ? { ...issue, comments: issue.comments.slice(1) } : issue;
    }
  };
  const failing = () => Promise.reject(unavailable());
  const auditor = await auditorOf(w, { source: { requests: first, issue: failing } });
  expect(await auditRepository(auditor, () => {})).toMatchObject({
    status: 'unknown',
    requests: [
      { issue: 1, status: 'unknown', notes: [{ why: 'GitHub answered 503.' }] },
      { issue: 2, status: 'whole' },
    ],
  });
});

test('a log whose workflow the policy of now does not list as a signer is not determined, and named as such, never passed over', async () => {
  const w = await worldOf(2);
  const { policy } = w.github;
  if (policy === null) throw new Error('The world has a policy.');
  w.github.policy = { ...policy, text: policy.text.replaceAll('workflows/debug.yml', 'workflows/renamed.yml') };
  const auditor = await auditorOf(w);
  const { verdict, summaries } = await summarizeRepository(auditor, () => {});
  expect(verdict).toMatchObject({ status: 'unknown', requests: [{ status: 'unknown' }, { status: 'unknown' }] });
  expect(verdict.requests[0]?.notes).toMatchObject([
    {
      code: 'signer',
      why: expect.stringContaining('none of its 5 records counts'),
      remedy: expect.stringContaining('signers'),
    },
  ]);
  expect(summaries.map(({ issue, verification }) => [issue, verification.status])).toEqual([
    [1, 'unknown'],
    [2, 'unknown'],
  ]);
  w.github.policy = policy;
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole' });
});

test('what a person pastes into an issue with the label of a request, or a bot says there, makes no request of it', async () => {
  const w = await worldOf(1);
  const record = w.github.issue().comments[0]?.body ?? '';
  const { number } = await w.github.client().createIssue({ title: 'Mine', body: 'x', labels: ['debug-request'] });
  w.github.write(ED, record, { issue: number });
  w.github.write(BOT, record, { issue: number });
  w.github.write(BOT, 'Hello.', { issue: number });
  expect(await issueVerdict(w, number)).toMatchObject({ status: 'none', records: 0 });
});

test('an audit during which a request goes on and a new one names its end tells nobody that a record is lost', async () => {
  const w = await worldOf(2);
  const source = auditSource(w);
  const early = await source.issue(1);
  const cut = early && { ...early, comments: early.comments.slice(0, -1), commentCount: early.comments.length - 1 };
  const lists: AuditSource['requests'][] = [
    async function* () {
      if (cut) yield cut;
      yield* source.requests({ since: null });
    },
    async function* () {
      for await (const one of source.requests({ since: null })) yield one.number === 1 && cut ? cut : one;
    },
  ];
  for (const requests of lists) {
    const verdict = await auditRepository(await auditorOf(w, { source: { requests } }), () => {});
    expect(verdict).toMatchObject({ status: 'whole', requests: [{ records: 5, broken: [] }, { records: 5 }] });
  }
});

test('a record known from elsewhere is not called removed where the log could not be read whole', async () => {
  const w = await worldOf(1);
  const head = w.records().at(-1)?.hash ?? '';
  const issue = async (number: number) => {
    const found = await auditSource(w).issue(number);
    return found && { ...found, commentCount: found.commentCount + 1 };
  };
  const auditor = await auditorOf(w, { source: { issue } });
  expect((await auditIssue(auditor, 1, head)).verdict).toMatchObject({ status: 'unknown', broken: [] });
});

test('records by an app whose account was deleted make a request not determined, never none or broken', async () => {
  const w = await worldOf(2);
  for (const comment of w.github.issue(1).comments) comment.author = null;
  expect(await issueVerdict(w)).toMatchObject({ status: 'unknown', broken: [], notes: [{ code: 'signer' }] });
  expect(await repositoryVerdict(w)).toMatchObject({
    ...{ status: 'unknown', requests: [{ status: 'unknown', broken: [] }, { status: 'whole' }] },
  });
});

test('a stranger’s comment that was deleted breaks nothing, also once the stranger’s account is gone', async () => {
  const w = await worldOf(1);
  w.github.remove(w.github.write(ED, 'oops'));
  for (const deletion of w.github.issue(1).deletions) deletion.authorId = null;
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole', notes: [{ code: 'deleted' }] });
});
