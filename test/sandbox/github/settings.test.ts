/** What stands under Settings, as strict as the real GitHub: who may see it, and that it changes while the sandbox runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gitNow } from '../../../src/sandbox/git.ts';
import { R, start } from './fixture.ts';

const AT = `/repos/${R.owner}/${R.repo}`;

describe('names of secrets', () => {
  test('are shown to a person who writes, without values, and to no job', async () => {
    const { gh, ask, job } = await start();
    gh.configure({ repository: { secrets: ['TOKEN'] } });
    const token = gh.userToken('ana');
    expect(await ask('GET', `${AT}/actions/secrets`, { token })).toMatchObject({
      status: 200,
      json: { total_count: 1, secrets: [{ name: 'TOKEN' }] },
    });
    const { json } = await ask('GET', `${AT}/environments/production/secrets`, { token });
    expect(json).toMatchObject({ secrets: [{ name: 'KEY' }] });
    expect(JSON.stringify(json)).not.toContain('value');
    expect(await ask('GET', `${AT}/environments/nowhere/secrets`, { token })).toMatchObject({ status: 404 });
    const all = job({ actions: 'write', contents: 'write', issues: 'write' }).token;
    for (const path of ['actions/secrets', 'environments/production/secrets', 'actions/permissions']) {
      expect(await ask('GET', `${AT}/${path}`, { token: all })).toMatchObject({ status: 403 });
      expect(await ask('GET', `${AT}/${path}`, { token: gh.userToken('bo') })).toMatchObject({ status: 403 });
    }
    expect(gh.violations).toEqual([]);
  });

  test('are shown to no job of a public repository either', async () => {
    const { ask, job } = await start({ repository: { owner: R.owner, name: R.repo, public: true, plan: 'free' } });
    expect(await ask('GET', `${AT}/actions/secrets`, { token: job({}).token })).toMatchObject({ status: 403 });
  });
});

test('whether Actions run is told to administrators alone', async () => {
  const { gh, ask } = await start();
  expect(await ask('GET', `${AT}/actions/permissions`, { token: gh.userToken('ana') })).toMatchObject({ status: 403 });
  expect(await ask('GET', `${AT}/actions/permissions`, { token: gh.userToken('di') })).toMatchObject({
    status: 200,
    json: { enabled: true },
  });
  gh.configure({ repository: { actions: false } });
  expect(await ask('GET', `${AT}/actions/permissions`, { token: gh.userToken('di') })).toMatchObject({
    json: { enabled: false },
  });
  expect(gh.violations).toEqual([]);
});

test('without issues GitHub answers that they are disabled', async () => {
  const { gh, ask } = await start();
  gh.configure({ repository: { issues: false } });
  const token = gh.userToken('ana');
  for (const method of ['GET', 'POST']) {
    const body = method === 'POST' ? { body: { title: 'x' } } : {};
    expect(await ask(method, `${AT}/issues`, { token, ...body })).toMatchObject({
      status: 410,
      json: { message: 'Issues are disabled for this repo' },
    });
  }
  expect(await ask('GET', AT, { token })).toMatchObject({ json: { has_issues: false } });
  expect(gh.violations).toEqual([]);
});

test('an account is found by its number, and runs by their status', async () => {
  const { gh, ask, as, run, job } = await start();
  const { token } = job({ actions: 'read' });
  expect(await ask('GET', '/user/12', { token })).toMatchObject({
    status: 200,
    json: { id: 12, login: 'bo', type: 'User' },
  });
  expect(await ask('GET', '/user/99', { token })).toMatchObject({ status: 404 });
  const id = run();
  gh.updateRun(id, { status: 'waiting', conclusion: null });
  const { data } = await as(token).actions.listWorkflowRunsForRepo({ ...R, status: 'waiting' });
  expect(data.workflow_runs.map((one) => one.id)).toEqual([id]);
  expect((await as(token).repos.getBranchRules({ ...R, branch: 'main' })).data).toEqual([]);
  expect(gh.violations).toEqual([]);
});

test('a change of permissions counts at once', async () => {
  const { gh, ask } = await start();
  const token = gh.userToken('bo');
  expect(await ask('GET', `${AT}/actions/secrets`, { token })).toMatchObject({ status: 403 });
  gh.configure({ permissions: { bo: 'write' } });
  expect(await ask('GET', `${AT}/actions/secrets`, { token })).toMatchObject({ status: 200 });
});

test('of another repository files can be read, and nothing else', async () => {
  const gitDir = repository();
  const { gh, ask } = await start({ others: [{ owner: 'tools', name: 'Action', gitDir }] });
  const token = gh.userToken('ana');
  const file = await ask('GET', '/repos/Tools/action/contents/package.json', { token });
  expect(file).toMatchObject({ status: 200, json: { type: 'file', content: `${btoa('{"version":"1.0.0"}')}` } });
  expect(await ask('GET', '/repos/tools/action/issues', { token })).toMatchObject({ status: 404 });
  expect(await ask('GET', '/repos/tools/other/contents/package.json', { token })).toMatchObject({ status: 404 });
  expect(gh.violations).toEqual([]);
});

function repository(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-other-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  gitNow(dir, ['init', '--quiet', '--initial-branch=main']);
  writeFileSync(join(dir, 'package.json'), '{"version":"1.0.0"}');
  gitNow(dir, ['add', '.']);
  gitNow(dir, ['commit', '--quiet', '-m', 'First']);
  return dir;
}
