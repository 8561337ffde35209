/** The repository's own node24 actions and the two built-in ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artifactPin, bench, checkoutPin, logOf } from './bench.ts';

const metadata = `
name: Probe
description: Shows what it is given.
inputs:
  some-input: { description: given, required: true }
  With Space: { description: by default, default: "\${{ github.token }}" }
  status: { description: how the job stands, default: "\${{ job.status }}" }
runs: { using: node24, main: dist/main.js, post: dist/post.js }
`;
const main = `
const fs = require('node:fs');
const env = process.env;
fs.appendFileSync(env.GITHUB_STATE, 'issue<<E\\n12\\nE\\n');
fs.appendFileSync(env.GITHUB_OUTPUT, 'token-starts=' + env.INPUT_WITH_SPACE.slice(0, 4) + '\\n');
console.log(JSON.stringify({
  cwd: process.cwd() === env.GITHUB_WORKSPACE,
  node: process.version.split('.')[0],
  some: env['INPUT_SOME-INPUT'],
  names: Object.keys(env).filter((name) => /^(GITHUB_|RUNNER_|ACTIONS_|CI$)/.test(name)).sort(),
}));
if (env['INPUT_SOME-INPUT'] === 'fail') process.exitCode = 1;
`;
const post = `console.log('post of ' + process.env.STATE_issue + ' with ' + process.env['INPUT_SOME-INPUT'] + ' of ' + process.env.INPUT_STATUS);`;
const action = { 'probe/action.yml': metadata, 'probe/dist/main.js': main, 'probe/dist/post.js': post };

function oneJob(steps: string): string {
  return `
on: workflow_dispatch
permissions: { contents: read, id-token: write }
jobs:
  one:
    runs-on: ubuntu-latest
    outputs: { token: "\${{ steps.probe.outputs.token-starts }}" }
    steps:
      - uses: ${checkoutPin}
${steps}`;
}

const probe = (input: string): string => `
      - id: probe
        uses: ./probe
        with: { some-input: ${input} }
`;

test('an action runs in the workspace with the variables that a runner gives it', async () => {
  const result = await bench(oneJob(probe('given')), action).run();
  const line = logOf(result, 'one')
    .split('\n')
    .find((text) => text.startsWith('{'));
  const seen: unknown = JSON.parse(line ?? 'null');
  expect(seen).toMatchObject({ cwd: true, node: 'v24', some: 'given' });
  expect(seen).toMatchObject({
    names: [
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'ACTIONS_ID_TOKEN_REQUEST_URL',
      'CI',
      'GITHUB_ACTION',
      'GITHUB_ACTIONS',
      'GITHUB_ACTOR',
      'GITHUB_ACTOR_ID',
      'GITHUB_API_URL',
      'GITHUB_BASE_REF',
      'GITHUB_ENV',
      'GITHUB_EVENT_NAME',
      'GITHUB_EVENT_PATH',
      'GITHUB_GRAPHQL_URL',
      'GITHUB_HEAD_REF',
      'GITHUB_JOB',
      'GITHUB_OUTPUT',
      'GITHUB_PATH',
      'GITHUB_REF',
      'GITHUB_REF_NAME',
      'GITHUB_REF_PROTECTED',
      'GITHUB_REF_TYPE',
      'GITHUB_REPOSITORY',
      'GITHUB_REPOSITORY_ID',
      'GITHUB_REPOSITORY_OWNER',
      'GITHUB_REPOSITORY_OWNER_ID',
      'GITHUB_RETENTION_DAYS',
      'GITHUB_RUN_ATTEMPT',
      'GITHUB_RUN_ID',
      'GITHUB_RUN_NUMBER',
      'GITHUB_SERVER_URL',
      'GITHUB_SHA',
      'GITHUB_STATE',
      'GITHUB_STEP_SUMMARY',
      'GITHUB_TRIGGERING_ACTOR',
      'GITHUB_WORKFLOW',
      'GITHUB_WORKFLOW_REF',
      'GITHUB_WORKFLOW_SHA',
      'GITHUB_WORKSPACE',
      'RUNNER_ARCH',
      'RUNNER_ENVIRONMENT',
      'RUNNER_NAME',
      'RUNNER_OS',
      'RUNNER_TEMP',
      'RUNNER_TOOL_CACHE',
      'RUNNER_WORKSPACE',
    ],
  });
  expect(result.jobs['one']?.outputs).toEqual({ token: 'ghs_' });
});

test('a job without id-token: write is told of no place to ask for tokens', async () => {
  const workflow = oneJob(probe('given')).replace(', id-token: write', '');
  expect(logOf(await bench(workflow, action).run(), 'one')).not.toContain('ACTIONS_ID_TOKEN');
});

test('post steps run after all steps, latest first, with the state of their main step, even after a failure', async () => {
  const result = await bench(
    oneJob(`${probe('fail')}
      - { uses: ./probe, if: always(), with: { some-input: second } }`),
    action,
  ).run();
  const posts = logOf(result, 'one')
    .split('\n')
    .filter((text) => text.startsWith('post of'));
  // The defaults are read anew: the job's status is another one than when the main steps ran.
  expect(posts).toEqual(['post of 12 with second of failure', 'post of 12 with fail of failure']);
  expect(result.conclusion).toBe('failure');
});

test('an action whose step was skipped has no post step', async () => {
  const result = await bench(
    oneJob(`
      - { uses: ./probe, if: "false", with: { some-input: a } }`),
    action,
  ).run();
  expect(logOf(result, 'one')).not.toContain('post of');
});

test('an action that nobody checked out is not found', async () => {
  const workflow = oneJob(probe('given')).replace(`- uses: ${checkoutPin}`, `- run: 'true'`);
  const result = await bench(workflow, action).run();
  expect(logOf(result, 'one')).toContain('Did you forget to run actions/checkout');
});

test('an input that the action does not declare is warned of', async () => {
  const result = await bench(oneJob(probe('a, extra: b')), action).run();
  expect(result.jobs['one']?.annotations).toMatchObject([
    {
      level: 'warning',
      message: "Unexpected input(s) 'extra', valid inputs are ['some-input', 'With Space', 'status']",
    },
  ]);
});

test('a checkout is a clean git working copy at the commit of the run', async () => {
  const result = await bench(
    oneJob(`
      - run: 'test "$(git rev-parse HEAD)" = "$GITHUB_SHA" && test -z "$(git status --porcelain)" && git branch --show-current'`),
    {
      'a.txt': 'a',
    },
  ).run();
  expect(logOf(result, 'one').split('\n')).toEqual([`Checked out ${result.sha}`, 'main']);
});

const upload = (inputs: string): string => `
      - { uses: ${artifactPin}, continue-on-error: true, with: { ${inputs} } }`;

test('an artifact holds the named files, save hidden ones, for as long as was asked, and GitHub may refuse its name', async () => {
  const { host, run } = bench(
    oneJob(`
      - { id: make, run: mkdir found && echo all good > found/out.txt && echo hidden > found/.env }${[
        upload('name: transcript, path: found, retention-days: "7"'),
        upload('name: transcript, path: found'),
        upload('name: kept, path: found/out.txt, retention-days: "400"'),
        upload('path: found/out.txt, retention-days: ""'),
      ].join('')}`),
  );
  const result = await run();
  expect(host.calls.filter((call) => call.includes('stores'))).toEqual([
    'job 1 stores transcript of 9 bytes for 7 days',
    'job 1 stores kept of 9 bytes for 90 days',
    'job 1 stores artifact of 9 bytes for the usual days',
  ]);
  expect(result.jobs['one']?.annotations).toMatchObject([
    { level: 'error', message: 'There is an artifact transcript already.' },
    {
      level: 'warning',
      message:
        'Retention days cannot be greater than the maximum allowed retention set within the repository. Using 90 instead.',
    },
  ]);
  const [transcript, ...others] = result.artifacts;
  expect(transcript).toMatchObject({ id: 301, name: 'transcript', job: 'one' });
  expect(others.map(({ name }) => name)).toEqual(['kept', 'artifact']);
  const folder = join(transcript?.path ?? '', 'found');
  expect(readdirSync(folder)).toEqual(['out.txt']);
  expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('all good\n');
  const outputs = result.jobs['one']?.steps[2]?.outputs;
  expect(outputs).toEqual({ 'artifact-id': '301', 'artifact-digest': expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('what actions/upload-artifact would refuse, or cannot find, is not uploaded', async () => {
  const { host, run } = bench(
    oneJob(
      [
        ...['""', 'a/b', "'a\\b'", "'a:b'", "'a*b'", "'a?b'"].map((name) => upload(`name: ${name}, path: a.txt`)),
        ...['soon', '"-1"'].map((days) => upload(`path: a.txt, retention-days: ${days}`)),
        upload('path: a.txt, if-no-files-found: shrug'),
        ...['error', 'warn', 'ignore'].map((otherwise) => upload(`path: b.txt, if-no-files-found: ${otherwise}`)),
      ].join(''),
    ),
    { 'a.txt': 'a' },
  );
  const result = await run();
  expect(host.calls.filter((call) => call.includes('stores'))).toEqual([]);
  const none = 'No files were found with the provided path: b.txt. No artifacts will be uploaded.';
  expect(result.jobs['one']?.annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'error: Provided artifact name input during validation is empty',
    'error: The artifact name is not valid: a/b. Contains the following character: "/"',
    'error: The artifact name is not valid: a\\b. Contains the following character: "\\\\"',
    'error: The artifact name is not valid: a:b. Contains the following character: ":"',
    'error: The artifact name is not valid: a*b. Contains the following character: "*"',
    'error: The artifact name is not valid: a?b. Contains the following character: "?"',
    'error: Invalid retention-days',
    'error: Invalid retention-days',
    'error: Unrecognized if-no-files-found input. Provided: shrug. Available options: warn,error,ignore',
    `error: ${none}`,
    `warning: ${none}`,
  ]);
});
