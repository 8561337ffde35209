/** Environments: what a plan protects, and what a job gets through the gate. */
import { describe, expect, test } from 'vitest';
import type { GitHubOptions } from '../../../src/sandbox/github/server.ts';
import { R, start } from './fixture.ts';

const repository = (plan: GitHubOptions['repository']['plan'], open = false): Partial<GitHubOptions> => ({
  repository: { owner: R.owner, name: R.repo, public: open, plan },
});
const PERMISSIONS = { actions: 'read' } as const;

async function shown(change: Partial<GitHubOptions>): Promise<unknown> {
  const { as, job } = await start(change);
  const client = as(job(PERMISSIONS).token);
  return (await client.repos.getEnvironment({ ...R, environment_name: 'production' })).data;
}

describe('what GitHub says of an environment', () => {
  test('Enterprise, or a public repository, has reviewers, wait timer, branch policy and the ban of admin bypass', async () => {
    for (const change of [repository('enterprise'), repository('free', true)]) {
      expect(await shown(change)).toMatchObject({
        can_admins_bypass: false,
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
        protection_rules: [
          { type: 'wait_timer', wait_timer: 5 },
          { type: 'required_reviewers', reviewers: [{ type: 'User', reviewer: { login: 'di' } }] },
          { type: 'branch_policy' },
        ],
      });
    }
  });

  test('Team protects a private repository’s environment by branches and nothing else', async () => {
    expect(await shown(repository('team'))).toMatchObject({
      can_admins_bypass: true,
      protection_rules: [{ type: 'branch_policy' }],
    });
  });

  test('Free does not protect a private repository’s environment at all', async () => {
    expect(await shown(repository('free'))).toMatchObject({ protection_rules: [], deployment_branch_policy: null });
  });

  test('the named patterns are listed', async () => {
    const { as, job } = await start();
    const client = as(job(PERMISSIONS).token);
    const { data } = await client.repos.listDeploymentBranchPolicies({ ...R, environment_name: 'production' });
    expect(data).toMatchObject({ total_count: 1, branch_policies: [{ name: 'main', type: 'branch' }] });
  });

  test('an environment that nobody configured is created without protection by the job that names it', async () => {
    const { as, job } = await start();
    const wanted = { ...R, environment_name: 'prodution' };
    await expect(as(job(PERMISSIONS).token).repos.getEnvironment(wanted)).rejects.toMatchObject({ status: 404 });
    const { token } = job(PERMISSIONS, 'prodution');
    expect((await as(token).repos.getEnvironment(wanted)).data).toMatchObject({ protection_rules: [] });
  });
});

describe('the gate', () => {
  test('a job on an admitted branch gets the secrets, one on another branch is refused', async () => {
    const { gh, run } = await start();
    const attempt = { attempt: 1, key: 'debug', environment: 'production', permissions: {} };
    expect(gh.startJob({ ...attempt, runId: run() })).toMatchObject({ kind: 'ready', secrets: { KEY: 'value' } });
    expect(gh.startJob({ ...attempt, runId: run('refs/heads/dev') })).toMatchObject({
      kind: 'refused',
      reason: 'Branch "dev" is not allowed to deploy to production due to environment protection rules.',
    });
    expect(gh.startJob({ ...attempt, runId: run('refs/tags/main') })).toMatchObject({ kind: 'refused' });
  });

  test('on Free and private the gate is open and there are no secrets', async () => {
    const { gh, run } = await start(repository('free'));
    const job = { runId: run('refs/heads/dev'), attempt: 1, key: 'debug', environment: 'production', permissions: {} };
    expect(gh.startJob(job)).toMatchObject({ kind: 'ready', secrets: {} });
  });

  test('"protected branches" admits the protected branch, or every branch where none is protected', async () => {
    const environment = { adminBypass: false, reviewers: [], waitMinutes: 0, secrets: {} };
    const environments = [{ ...environment, name: 'production', branches: { kind: 'protected' as const } }];
    for (const mainProtected of [true, false]) {
      const { gh, run } = await start({ environments, mainProtected });
      const started = (ref: string) =>
        gh.startJob({ runId: run(ref), attempt: 1, key: 'debug', environment: 'production', permissions: {} }).kind;
      expect(started('refs/heads/main')).toBe('ready');
      expect(started('refs/heads/dev')).toBe(mainProtected ? 'refused' : 'ready');
    }
  });
});
