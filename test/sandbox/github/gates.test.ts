/** Custom deployment protection rules: what they hold, who may answer for them, and what ends the waiting. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvironmentOptions, GitHubOptions } from '../../../src/sandbox/github/server.ts';
import { type AppFixture, openWithApp, startWithApp } from './app-fixture.ts';
import { R } from './fixture.ts';

const ruled = (name: string): EnvironmentOptions => ({
  name,
  branches: { kind: 'named', patterns: [{ name: 'main', type: 'branch' }] },
  adminBypass: name === 'staging',
  reviewers: [],
  waitMinutes: 0,
  secrets: { KEY: name },
  customRule: true,
});
const gated = (plan: GitHubOptions['repository']['plan'] = 'enterprise', open = false): Partial<GitHubOptions> => ({
  repository: { owner: R.owner, name: R.repo, public: open, plan },
  environments: [ruled('production'), ruled('staging')],
});

let shared: AppFixture & { close: () => Promise<void> };
beforeAll(async () => {
  shared = await openWithApp(gated());
});
afterAll(() => shared.close());

/** A job that comes to the gate of its environment, in a run that goes on. */
function held({ gh, run }: AppFixture, { environment = 'production', runId = run(), key = 'debug' } = {}) {
  gh.updateRun(runId, { status: 'in_progress', conclusion: null });
  const place = { runId, attempt: 1, key, environment };
  const gate = gh.reachGate(place);
  const start = () => gh.startJob({ ...place, permissions: {} });
  return { runId, start, ends: gate?.ends ?? null, cancel: () => gate?.cancel() };
}

const review = async (fixture: AppFixture, runId: number, body: object, token?: string) =>
  fixture.ask('POST', `/repos/acme/shop/actions/runs/${runId}/deployment_protection_rule`, {
    token: token ?? (await fixture.installationToken()).token,
    body,
  });

const YES = { environment_name: 'production', state: 'approved', comment: 'As #7 says.' };

describe('a job whose environment has the rule', () => {
  test('waits without a runner and without a token, as the run and its job say', async () => {
    const { runId, start } = held(shared);
    const api = shared.as(shared.gh.userToken('bo'));
    expect((await api.actions.getWorkflowRun({ ...R, run_id: runId })).data.status).toBe('waiting');
    const { data } = await api.actions.listJobsForWorkflowRun({ ...R, run_id: runId });
    expect(data.jobs).toMatchObject([{ name: 'debug', status: 'waiting', runner_id: null }]);
    const waiting = await api.actions.listWorkflowRunsForRepo({ ...R, status: 'waiting' });
    expect(waiting.data.workflow_runs.map(({ id }) => id)).toContain(runId);
    const pending = await api.actions.getPendingDeploymentsForRun({ ...R, run_id: runId });
    expect(pending.data).toMatchObject([{ environment: { name: 'production' }, current_user_can_approve: false }]);
    expect(start()).toMatchObject({ kind: 'refused' });
  });

  test('starts once the App approved, which the run’s reviews show with its words', async () => {
    const { runId, ends, start } = held(shared);
    expect((await review(shared, runId, YES)).status).toBe(204);
    expect(await ends).toEqual({ kind: 'open' });
    expect(start()).toMatchObject({ kind: 'ready', secrets: { KEY: 'production' } });
    const api = shared.as(shared.gh.userToken('bo'));
    expect((await api.actions.getReviewsForRun({ ...R, run_id: runId })).data).toMatchObject([
      { state: 'approved', comment: 'As #7 says.', user: { login: 'debug-approval-acme[bot]' } },
    ]);
    expect((await api.actions.getWorkflowRun({ ...R, run_id: runId })).data.status).toBe('in_progress');
    expect((await api.actions.getPendingDeploymentsForRun({ ...R, run_id: runId })).data).toEqual([]);
    expect(shared.gh.violations).toEqual([]);
  });

  test('fails without having started where the App rejects', async () => {
    const { runId, ends, start } = held(shared);
    await review(shared, runId, { ...YES, state: 'rejected' });
    expect(await ends).toMatchObject({ kind: 'refused', reason: expect.stringContaining('rejected') });
    expect(start()).toMatchObject({ kind: 'refused' });
    const api = shared.as(shared.gh.userToken('bo'));
    const { data } = await api.actions.listJobsForWorkflowRun({ ...R, run_id: runId });
    expect(data.jobs).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
  });

  test('is answered together with all others of its run at that environment, and with no other', async () => {
    const first = held(shared);
    const second = held(shared, { runId: first.runId, key: 'debug2' });
    const elsewhere = held(shared, { runId: first.runId, environment: 'staging', key: 'debug3' });
    const other = held(shared);
    await review(shared, first.runId, YES);
    expect([await first.ends, await second.ends]).toEqual([{ kind: 'open' }, { kind: 'open' }]);
    expect([elsewhere.start().kind, other.start().kind]).toEqual(['refused', 'refused']);
  });

  test('has no secret and no start for another branch, whatever the rule says', () => {
    const { ends, start } = held(shared, { runId: shared.run('refs/heads/dev') });
    expect(ends).toBeNull();
    expect(start()).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Branch "dev"') });
  });

  test('that is cancelled never starts', async () => {
    const { runId, ends, cancel, start } = held(shared);
    cancel();
    expect(await ends).toEqual({ kind: 'cancelled' });
    expect((await review(shared, runId, YES)).status).toBe(422);
    expect(start()).toMatchObject({ kind: 'refused' });
  });

  test('is let in by an administrator where the environment allows that, and only there', async () => {
    const strict = held(shared);
    expect(() => shared.gh.startWaitingJobs(strict.runId)).toThrow('lets no administrator past');
    const lax = held(shared, { environment: 'staging' });
    shared.gh.startWaitingJobs(lax.runId);
    expect(await lax.ends).toEqual({ kind: 'open' });
  });

  test('fails after 30 days, and where its environment is deleted', async () => {
    const fixture = await startWithApp(gated());
    const old = held(fixture);
    fixture.gh.passTime(30 * 86_400_000 - 1000);
    const young = held(fixture);
    fixture.gh.passTime(1000);
    expect(await old.ends).toMatchObject({ kind: 'refused', reason: expect.stringContaining('30 days') });
    fixture.gh.configure({ environments: [ruled('staging')] });
    expect(await young.ends).toMatchObject({ kind: 'refused', reason: expect.stringContaining('deleted') });
  });
});

describe('the App’s answer', () => {
  test('is refused from anybody else, and from a token without deployments: write', async () => {
    const { runId } = held(shared);
    const { token } = await shared.installationToken({ permissions: { actions: 'write' } });
    for (const other of [shared.gh.userToken('di'), shared.job({ deployments: 'write' }).token, token])
      expect((await review(shared, runId, YES, other)).status).toBe(403);
    expect(held(shared, { runId }).start().kind).toBe('refused');
  });

  test.each([
    ['names no environment', { state: 'approved', comment: 'x' }],
    ['has neither state nor comment', { environment_name: 'production' }],
    ['has a state that is none', { ...YES, state: 'approve' }],
    ['has a comment of 1,025 characters', { ...YES, comment: 'x'.repeat(1025) }],
    ['is for an environment at which nothing waits', { ...YES, environment_name: 'staging' }],
  ])('is refused where it %s', async (_what, body) => {
    const { runId } = held(shared);
    expect((await review(shared, runId, body)).status).toBe(422);
  });

  test('is refused where nothing waits any more, or there is no such run', async () => {
    const { runId } = held(shared);
    await review(shared, runId, YES);
    expect((await review(shared, runId, { ...YES, state: 'rejected' })).status).toBe(422);
    expect((await review(shared, 1, YES)).status).toBe(404);
  });

  test('may be put off ten times with a comment, which changes nothing', async () => {
    const { runId, start } = held(shared);
    const report = { environment_name: 'production', comment: 'Waits for 1 of sre.' };
    for (let n = 0; n < 10; n += 1) expect((await review(shared, runId, report)).status).toBe(204);
    expect((await review(shared, runId, report)).status).toBe(422);
    expect(start().kind).toBe('refused');
    const { json } = await shared.ask('GET', `/repos/acme/shop/actions/runs/${runId}/approvals`, {
      token: shared.gh.userToken('bo'),
    });
    expect(json).toHaveLength(10);
    expect(json).toMatchObject([{ state: 'pending', comment: report.comment }, ...Array(9).fill({})]);
    expect((await review(shared, runId, YES)).status).toBe(204);
  });
});

test('a private repository has custom rules on Enterprise alone: elsewhere they are not listed and hold nothing', async () => {
  const path = '/repos/acme/shop/environments/production/deployment_protection_rules';
  const rule = { enabled: true, app: { id: 4711, slug: 'debug-approval-acme' } };
  for (const [plan, open, rules] of [
    ['team', false, []],
    ['free', true, [rule]],
  ] as const) {
    const fixture = await startWithApp(gated(plan, open));
    const { json } = await fixture.ask('GET', path, { token: (await fixture.installationToken()).token });
    expect(json).toMatchObject({ total_count: rules.length, custom_deployment_protection_rules: rules });
    expect(held(fixture).start().kind).toBe(rules.length === 0 ? 'ready' : 'refused');
    expect(fixture.gh.violations).toEqual([]);
  }
  const { json } = await shared.ask('GET', path, { token: shared.job({ actions: 'read' }).token });
  expect(json).toMatchObject({ custom_deployment_protection_rules: [rule] });
});
