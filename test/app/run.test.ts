/** The debug job: it runs exactly what was approved, once, or nothing at all. */
import { expect, test } from 'vitest';
import { requestDigest } from '../../src/request/request.ts';
import { BLOB, POLICY_TEXT } from '../request/given.ts';
import { approved, nothingRan } from './approved.ts';
import { notWritten } from './fake-github.ts';
import { key, policyWith } from './policies.ts';
import { COMMIT, createWorld, eventsOf, faultOf, type World } from './world.ts';

test('an approved request runs its argv once, with the named variables alone, and start and end are on record', async () => {
  const { w, asked } = await approved();
  const ran = await w.debug(asked);
  expect(ran?.ended).toMatchObject({ outcome: 'finished', exitCode: 0 });
  expect(w.commands).toEqual([
    { argv: ['runbooks/status.sh', '--service', 'web', '--note=none'], env: { STATUS_URL: 'x' } },
  ]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided', 'started', 'ended']);
  expect(w.records().at(-2)?.writer).toMatchObject({ environment: 'production', job: 'debug' });
  expect(w.records().at(-2)?.events).toEqual([
    {
      type: 'started',
      digest: asked.view.digest,
      run: { id: 9001, attempt: 1 },
      checkRun: '55',
      environment: 'production',
    },
  ]);
});

test.each([
  ['7d', 7],
  ['36h', 2],
  ['10m', 1],
])('a transcript that the policy keeps for %s is kept by GitHub for whole days: %i', async (kept, days) => {
  const { w, asked } = await approved(() => {}, policyWith(key(`retention: { transcript: ${kept} }`)));
  expect(await w.debug(asked)).toMatchObject({ retentionDays: days });
});

test('of a policy that does not say how long, GitHub keeps the transcript as long as it does by itself', async () => {
  const { w, asked } = await approved(() => {}, policyWith(key('retention: { slack: 1d }')));
  expect(await w.debug(asked)).toMatchObject({ retentionDays: null });
});

test('while the command runs the issue says so', async () => {
  const { w, asked } = await approved();
  w.during.run = async () => expect(w.github.issue().labels).toEqual(['debug-request', 'debug:running']);
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('§4.2 a grant is used once: a second start is refused', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  const fault = await faultOf(w.debug(asked, { job: { checkRun: '56' } }));
  expect(fault).toMatchObject({ code: 'refused', message: expect.stringContaining('finished') });
  expect(w.commands).toHaveLength(1);
});

test('§4.2 two debug jobs at once: the lowest start record runs, the other refuses', async () => {
  const { w, asked } = await approved();
  const both = await Promise.allSettled([w.debug(asked), w.debug(asked, { job: { checkRun: '56' } })]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(w.commands).toHaveLength(1);
  expect(eventsOf(w).filter((type) => type === 'started')).toHaveLength(2);
});

test('§4.2 two debug jobs at once, while the lists lag: still one runs', async () => {
  const { w, asked } = await approved();
  await w.after(60, () => (w.github.lagMs = 3_000));
  const both = await Promise.allSettled([w.debug(asked), w.debug(asked, { job: { checkRun: '56' } })]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(w.commands).toHaveLength(1);
});

test('§4.1 a re-run of the debug job alone is refused, with the advice to re-run all', async () => {
  const { w, asked } = await approved();
  const fault = await faultOf(w.debug(asked, { job: { run: { id: 9001, attempt: 2 } } }));
  expect(fault.message).toContain('70/9001/2');
  expect(fault.remedy).toContain('Re-run all jobs');
  nothingRan(w, 'An approval counts for one attempt');
});

type Change = Parameters<World['debug']>[1];
const OTHER = `sha256:${'0'.repeat(64)}`;
const OTHERS: [name: string, change: Change, why: string][] = [
  ['another digest handed over', { input: { digest: OTHER } }, 'not what was approved'],
  ['another head handed over', { input: { head: OTHER } }, 'not the one that was approved'],
  ['another length handed over', { input: { length: 4 } }, 'not the one that was approved'],
  ['another version of the action', { version: '0.2.0' }, 'differs in: version'],
  [
    'another commit',
    { job: { commit: 'd'.repeat(40) }, checkout: { commit: 'd'.repeat(40), changed: [] } },
    'differs in: commit',
  ],
  [
    'another environment',
    { job: { environment: 'staging' } },
    'This job runs in the environment "staging"; approved was "production".',
  ],
  ['no environment', { job: { environment: null } }, 'This job runs in no environment; approved was "production".'],
  ['another run', { job: { run: { id: 9002, attempt: 1 } } }, 'the approval is for 70/9001/1'],
  ['another repository', { job: { repositoryId: 71 } }, 'the approval is for 70/9001/1'],
  [
    'another workflow that may sign',
    { job: { workflow: { path: '.github/workflows/sweep.yml', ref: 'refs/heads/main' } } },
    'differs in: workflow',
  ],
  [
    'a workflow that may not sign',
    { job: { workflow: { path: '.github/workflows/evil.yml', ref: 'refs/heads/main' } } },
    'not among the policy',
  ],
];
test.each(OTHERS)('§4.1 %s: nothing runs', async (_, change, why) => {
  const { w, asked } = await approved();
  const fault = await faultOf(w.debug(asked, change));
  expect(fault.message).toContain(why);
  nothingRan(w, why);
});

test.each([
  [
    'the argv that the policy makes of it is another',
    ['runbooks/status.sh,', 'runbooks/other.sh,'],
    'differs in: argv',
  ],
  [
    "the target's environment is another",
    ['environment: production,', 'environment: staging,'],
    'differs in: environment',
  ],
  ['the runbook is gone', ['  status:\n    title', '  state:\n    title'], 'no longer resolves'],
] as const)(
  '§4.1 what the named policy blob says is computed anew; %s: nothing runs',
  async (_, [piece, other], why) => {
    const { w, asked } = await approved();
    // As if git had two texts for one blob id; and the default branch has moved on, so that the blob is read.
    w.github.blobs.set(BLOB, POLICY_TEXT.replace(piece, other));
    w.github.policy = {
      path: '.github/debug-approval.yml',
      commit: 'e'.repeat(40),
      blob: 'e'.repeat(40),
      text: POLICY_TEXT,
    };
    expect((await faultOf(w.debug(asked))).message).toContain(why);
    nothingRan(w, why);
  },
);

const CASES: [where: string, policy: string, job: string][] = [
  ['the policy', 'Production', 'production'],
  ["the debug job's token", 'production', 'PRODUCTION'],
  ['both', 'PRODUCTION', 'Production'],
];
test.each(CASES)(
  "§4.1 an environment in other letters in %s is the same one to GitHub: it runs, under GitHub's own name for it",
  async (_, inPolicy, inJob) => {
    const text = POLICY_TEXT.replace('environment: production,', `environment: ${inPolicy},`);
    const { w, asked } = await approved(({ github }) => {
      github.policy = { path: '.github/debug-approval.yml', commit: COMMIT, blob: BLOB, text };
      github.blobs.set(BLOB, text);
    });
    expect(asked.view.request.environment).toBe('production');
    await w.debug(asked, { job: { environment: inJob } });
    expect(w.commands).toHaveLength(1);
    expect(eventsOf(w).slice(-2)).toEqual(['started', 'ended']);
  },
);

test('§4.1 another version of the action with its own digest handed over is not what stands in the log: nothing runs', async () => {
  const { w, asked } = await approved();
  const digest = requestDigest({ ...asked.view.request, version: '0.2.0' });
  expect((await faultOf(w.debug(asked, { version: '0.2.0', input: { digest } }))).message).toContain(digest);
  nothingRan(w, 'differs in: version');
});

test('§4.1 a policy that changed since changes nothing: the one that the request names counts', async () => {
  const { w, asked } = await approved();
  const text = POLICY_TEXT.replace('runbooks/status.sh,', 'runbooks/other.sh,');
  w.github.policy = { path: '.github/debug-approval.yml', commit: 'e'.repeat(40), blob: 'e'.repeat(40), text };
  await w.debug(asked);
  expect(w.commands[0]?.argv[0]).toBe('runbooks/status.sh');
});

test.each([
  ['a changed file', { commit: COMMIT, changed: ['runbooks/status.sh'] }, 'runbooks/status.sh differ'],
  ['another commit', { commit: 'd'.repeat(40), changed: [] }, 'The checkout is at ddd'],
])('§4.5 a checkout with %s runs nothing', async (_, checkout, why) => {
  const { w, asked } = await approved();
  expect((await faultOf(w.debug(asked, { checkout }))).message).toContain(why);
  nothingRan(w, why);
});

test.each([
  ['another event', { event: 'push' }, 'started by push'],
  ['a pull request', { event: 'pull_request_target' }, 'started by pull_request_target'],
  [
    'another branch',
    { workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/feature' } },
    'refs/heads/feature',
  ],
  ['a tag', { workflow: { path: '.github/workflows/debug.yml', ref: 'refs/tags/main' } }, 'refs/tags/main'],
])('§4.5 a debug job by %s runs nothing', async (_, job, why) => {
  const { w, asked } = await approved();
  expect((await faultOf(w.debug(asked, { job }))).message).toContain(why);
  nothingRan(w, why);
});

test('§4.5 a repository that became public runs nothing', async () => {
  const { w, asked } = await approved();
  w.github.public = true;
  expect((await faultOf(w.debug(asked))).message).toContain('is public');
  nothingRan(w, 'is public');
});

test('a request that nobody approved runs nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(30, asking.cancel);
  const asked = await asking.result;
  expect((await faultOf(w.debug(asked))).message).toContain('cancelled');
  nothingRan(w, 'cancelled');
});

test('an approval that expired before the job came runs nothing', async () => {
  const { w, asked } = await approved();
  const late = w.after(3_600, () => w.debug(asked));
  expect((await faultOf(late)).message).toContain('expired at 2026-03-02T11:00:00Z');
  nothingRan(w, 'expired');
});

test('a start record that lands after the expiry runs nothing', async () => {
  const { w, asked } = await approved();
  const left = Date.parse(asked.view.request.expiresAt) - w.clock.now();
  w.github.slow = { comment: 5_000 };
  const late = w.after(left / 1000 - 2, () => w.debug(asked));
  expect((await faultOf(late)).message).toContain('This start does not count');
  expect(w.commands).toEqual([]);
});

test.each([
  ['edited', (w: World, id: number) => w.github.edit(id, 'All is well.')],
  ['deleted', (w: World, id: number) => w.github.remove(id)],
])('§4.8 a record that somebody %s after the approval stops the job', async (_, attack) => {
  const { w, asked } = await approved();
  attack(w, w.github.issue().comments[1]?.id ?? 0);
  expect((await faultOf(w.debug(asked))).code).toBe('log');
  expect(w.commands).toEqual([]);
});

test('§4.8 the head that ask handed over shows a last record whose deletion left no trace', async () => {
  const { w, asked } = await approved();
  const issue = w.github.issue();
  w.github.remove(issue.comments.at(-1)?.id ?? 0);
  issue.deletions.length = 0;
  const fault = await faultOf(w.debug(asked));
  expect(fault).toMatchObject({ code: 'log', message: expect.stringContaining(asked.reading.log.head ?? '') });
  nothingRan(w, 'deleted or changed');
});

test('§4.8 a whole deleted issue runs nothing', async () => {
  const { w, asked } = await approved();
  w.github.issues.delete(1);
  const told: string[] = [];
  expect((await faultOf(w.debug(asked, { told }))).message).toContain('Issue #1 does not exist');
  expect(w.commands).toEqual([]);
  expect(told.join()).toContain('could not be written');
});

test('§4.6 a start that cannot be recorded starts nothing', async () => {
  const { w, asked } = await approved();
  w.github.fail('comment', { fault: notWritten() });
  expect((await faultOf(w.debug(asked))).code).toBe('not-written');
  nothingRan(w, 'GitHub answered 403.');
});

test('§4.7 a start record that GitHub never shows starts nothing', async () => {
  const { w, asked } = await approved();
  await w.after(60, () => (w.github.lagMs = 10_000_000));
  expect((await faultOf(w.debug(asked))).message).toContain('did not show');
  expect(w.commands).toEqual([]);
});
