/** Dispatches by the API: who may start which workflow with what, and what GitHub gives back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gitNow } from '../../../src/sandbox/git.ts';
import type { Dispatched } from '../../../src/sandbox/host.ts';
import { runWorkflow } from '../../../src/sandbox/workflow/run.ts';
import { temporaryFolder } from '../workflow/bench.ts';
import { type AppFixture, openWithApp } from './app-fixture.ts';

const WORKFLOW = `
on:
  workflow_dispatch:
    inputs:
      target: { type: choice, options: [staging, production], required: true }
      reason: { required: true }
      loud: { type: boolean, default: false }
permissions: {}
jobs:
  say: { runs-on: u, steps: [{ run: 'echo "\${{ inputs.target }} for $GITHUB_ACTOR"' }] }
`;
const OTHER = 'on: { schedule: [{ cron: "0 0 * * *" }] }\njobs: { a: { runs-on: u, steps: [{ run: "true" }] } }\n';

let shared: AppFixture & { gitDir: string; close: () => Promise<void> };
beforeAll(async () => {
  const gitDir: string[] = [];
  const fixture = await openWithApp({}, (dir) => {
    gitDir.push(dir);
    mkdirSync(join(dir, '.github/workflows'), { recursive: true });
    writeFileSync(join(dir, '.github/workflows/debug.yml'), WORKFLOW);
    writeFileSync(join(dir, '.github/workflows/other.yml'), OTHER);
    gitNow(dir, ['add', '.']);
    gitNow(dir, ['commit', '--quiet', '--message=Workflows']);
  });
  shared = { ...fixture, gitDir: gitDir[0] ?? '' };
});
afterAll(() => shared.close());

const INPUTS = { target: 'staging', reason: 'Orders are late' };

async function dispatch(body: object, { workflow = 'debug.yml', token = '' } = {}) {
  const path = `/repos/acme/shop/actions/workflows/${workflow}/dispatches`;
  return shared.ask('POST', path, { token: token || (await shared.installationToken()).token, body });
}

test('an App starts a run as its bot, is told which where it asks, and a runner takes it on', async () => {
  const told: Dispatched[] = [];
  const stop = shared.gh.onDispatch((dispatched) => told.push(dispatched));
  const answer = await dispatch({ ref: 'main', inputs: { ...INPUTS, loud: true }, return_run_details: true });
  stop();
  expect(answer.status).toBe(200);
  const [run] = told;
  if (run === undefined) throw new Error('Nobody was told.');
  const { id, workflowPath, inputs, actor, ...queued } = run;
  expect(answer.json).toEqual({
    workflow_run_id: id,
    run_url: `${shared.gh.url}/repos/acme/shop/actions/runs/${id}`,
    html_url: `${shared.gh.url}/acme/shop/actions/runs/${id}`,
  });
  expect({ workflowPath, inputs, actor }).toMatchObject({
    workflowPath: '.github/workflows/debug.yml',
    inputs: { ...INPUTS, loud: 'true' },
    actor: { login: 'debug-approval-acme[bot]' },
  });
  const options = { host: shared.gh, checkout: shared.gitDir, tempDir: temporaryFolder() };
  const result = await runWorkflow({ ...options, workflowPath, inputs, actor, queued: { id, ...queued } });
  expect(result).toMatchObject({ id, attempt: 1, conclusion: 'success' });
  expect(result.jobs['say']?.log.map(({ text }) => text)).toContain('staging for debug-approval-acme[bot]');
  expect((await dispatch({ ref: 'refs/heads/main', inputs: INPUTS })).status).toBe(204);
  expect(shared.gh.violations).toEqual([]);
});

test.each([
  ['a workflow that there is not', { ref: 'main' }, 'none.yml', 404, 'Not Found'],
  ['a workflow that nobody may dispatch', { ref: 'main' }, 'other.yml', 422, "does not have 'workflow_dispatch'"],
  ['a branch that there is not', { ref: 'dev', inputs: INPUTS }, 'debug.yml', 422, 'No ref found for: dev'],
  ['no ref', { inputs: INPUTS }, 'debug.yml', 422, 'ref'],
  ['an input that it has not', { ref: 'main', inputs: { ...INPUTS, x: '1' } }, 'debug.yml', 422, "input 'x'"],
  ['a required input left out', { ref: 'main', inputs: { target: 'staging' } }, 'debug.yml', 422, "input 'reason'"],
  ['a choice that is none', { ref: 'main', inputs: { ...INPUTS, target: 'moon' } }, 'debug.yml', 422, "'moon'"],
  ['too much text', { ref: 'main', inputs: { ...INPUTS, reason: 'x'.repeat(65_530) } }, 'debug.yml', 422, 'too large'],
])('%s is refused, and starts nothing', async (_what, body, workflow, status, words) => {
  const told: Dispatched[] = [];
  const stop = shared.gh.onDispatch((dispatched) => told.push(dispatched));
  const answer = await dispatch(body, { workflow });
  stop();
  expect(answer).toMatchObject({ status, json: { message: expect.stringContaining(words) } });
  expect(told).toEqual([]);
});

test('only who may write actions starts a run', async () => {
  const { token } = await shared.installationToken({ permissions: { actions: 'read' } });
  for (const other of [token, shared.gh.userToken('bo'), shared.job({ actions: 'read' }).token])
    expect((await dispatch({ ref: 'main', inputs: INPUTS }, { token: other })).status).toBe(403);
});

test('a disabled workflow starts nothing', async () => {
  shared.gh.configure({ repository: { disabledWorkflows: ['.github/workflows/debug.yml'] } });
  expect(await dispatch({ ref: 'main', inputs: INPUTS })).toMatchObject({
    status: 422,
    json: { message: expect.stringContaining('disabled workflow') },
  });
});
