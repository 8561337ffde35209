/** The sandbox against GitHub's own OpenAPI description. */
import { expect, test } from 'vitest';
import { loadContract } from '../../../src/sandbox/github/contract.ts';
import { R, start } from './fixture.ts';

test('every answer of a request’s whole life is one that GitHub’s description allows', async () => {
  const { gh, sha, as, job } = await start({
    repository: { owner: R.owner, name: R.repo, public: false, plan: 'enterprise' },
  });
  const { token } = job({ issues: 'write', contents: 'read', actions: 'read' }, 'production');
  const api = as(token);
  const run_id = gh.startRun({
    workflowPath: '.github/workflows/debug.yml',
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha,
    actor: { id: 11, login: 'ana' },
    triggeringActor: { id: 11, login: 'ana' },
  }).id;
  expect(gh.startAttempt(run_id, { id: 14, login: 'di' })).toBe(2);
  gh.updateRun(run_id, { status: 'completed', conclusion: 'failure' });
  await api.repos.get(R);
  expect((await api.repos.getBranch({ ...R, branch: 'main' })).data).toMatchObject({
    protected: true,
    commit: { sha },
  });
  expect((await api.actions.getWorkflowRun({ ...R, run_id })).data).toMatchObject({
    run_attempt: 2,
    conclusion: 'failure',
    actor: { id: 11, type: 'User' },
    triggering_actor: { id: 14 },
    path: '.github/workflows/debug.yml',
    head_branch: 'main',
    head_sha: sha,
  });
  const attempt = await api.actions.getWorkflowRunAttempt({ ...R, run_id, attempt_number: 1 });
  expect(attempt.data).toMatchObject({ run_attempt: 1, triggering_actor: { id: 11 } });
  gh.startJob({ runId: run_id, attempt: 2, key: 'debug', environment: null, permissions: {} });
  expect((await api.actions.listJobsForWorkflowRun({ ...R, run_id })).data.jobs).toMatchObject([
    { name: 'debug', conclusion: null },
  ]);
  await api.repos.getEnvironment({ ...R, environment_name: 'production' });
  await api.repos.listDeploymentBranchPolicies({ ...R, environment_name: 'production' });
  const issue_number = (await api.issues.create({ ...R, title: 'x', body: 'y', labels: ['debug-request'] })).data
    .number;
  const comment_id = (await api.issues.createComment({ ...R, issue_number, body: 'record' })).data.id;
  await api.issues.updateComment({ ...R, comment_id, body: 'changed' });
  await api.issues.getComment({ ...R, comment_id });
  await api.issues.listComments({ ...R, issue_number, per_page: 100, since: '2026-01-01T00:00:00Z' });
  await api.issues.deleteComment({ ...R, comment_id });
  await api.issues.lock({ ...R, issue_number, lock_reason: 'resolved' });
  await api.issues.unlock({ ...R, issue_number });
  await api.issues.update({ ...R, issue_number, state: 'closed', state_reason: 'completed', title: 'done' });
  expect((await api.issues.get({ ...R, issue_number })).data).toMatchObject({
    state: 'closed',
    state_reason: 'completed',
  });
  expect(
    (await api.issues.listForRepo({ ...R, state: 'all', labels: 'debug-request', sort: 'updated' })).data,
  ).toHaveLength(1);
  const file = (await api.repos.getContent({ ...R, path: '.github/debug-approval.yml', ref: sha })).data;
  if (!('sha' in file)) throw new Error('not a file');
  await api.git.getBlob({ ...R, file_sha: file.sha });
  await api.repos.getContent({ ...R, path: '' });
  await api.repos.getCollaboratorPermissionLevel({ ...R, username: 'bo' });
  await api.rateLimit.get();
  expect(gh.violations).toEqual([]);
});

test('a request that GitHub’s description rejects is a violation, and a body that is wrong is refused', async () => {
  const { gh, ask } = await start();
  const token = gh.userToken('ana');
  expect(await ask('POST', '/repos/acme/shop/issues', { token, body: { body: 'no title' } })).toMatchObject({
    status: 422,
  });
  expect(await ask('GET', '/repos/acme/shop/issues?colour=red', { token })).toMatchObject({ status: 200 });
  expect(gh.violations).toMatchObject([
    { side: 'request', route: 'POST /repos/{owner}/{repo}/issues', message: expect.stringContaining('title') },
    { side: 'request', route: 'GET /repos/{owner}/{repo}/issues', message: expect.stringContaining('colour') },
  ]);
});

test.each([
  ['an answer without what GitHub requires', 200, { name: 'shop' }],
  ['a body of the wrong type', 200, []],
  ['a status that GitHub does not document', 202, {}],
])('the contract notices %s', (_, status, json) => {
  expect(loadContract().response('GET', '/repos/{owner}/{repo}', status, json)).toHaveLength(1);
});

test('what is no JSON is refused as GitHub refuses it', async () => {
  const { gh } = await start();
  const answer = await fetch(`${gh.url}/repos/acme/shop/issues`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gh.userToken('ana')}` },
    body: '{"title":',
  });
  expect(answer.status).toBe(400);
});

test('every request is kept with its body and answer, and without its token', async () => {
  const { gh, ask } = await start();
  const token = gh.userToken('ana');
  await ask('POST', '/repos/acme/shop/issues', { token, body: { title: 'x' } });
  const seen = {
    method: 'POST',
    path: '/repos/acme/shop/issues',
    query: {},
    body: { title: 'x' },
    status: 201,
    by: 'ana',
  };
  expect(gh.requests).toEqual([seen]);
  expect(JSON.stringify(gh.requests)).not.toContain(token);
});

test.each([
  ['issue_comment', 'created'],
  ['issues', 'opened'],
  ['workflow_run', 'completed'],
  ['deployment_protection_rule', 'requested'],
])('the contract notices a webhook’s payload that is none: %s %s', (event, action) => {
  expect(loadContract().event(event, action, { action, repository: {} })).toHaveLength(1);
});
