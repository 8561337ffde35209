/** What the sandbox does not run is refused by name, before anything runs. */
import { expect, test } from 'vitest';
import { WorkflowRefused } from '../../../src/sandbox/workflow/run.ts';
import { bench, checkoutPin } from './bench.ts';

const job = (more: string): string => `
on: workflow_dispatch
jobs:
  one: { runs-on: u, ${more} }
`;
const step = (more: string): string => job(`steps: [{ ${more} }]`);
const otherAction = `actions/setup-node@${'a'.repeat(40)}`;

const refused: [string, string, string][] = [
  ['a matrix', job('steps: [], strategy: { matrix: { a: [1] } }'), '`jobs.one.strategy` is not supported.'],
  ['services', job('steps: [], services: {}'), '`jobs.one.services` is not supported.'],
  ['a container', job('steps: [], container: node'), '`jobs.one.container` is not supported.'],
  [
    'a reusable workflow',
    'on: workflow_dispatch\njobs: { one: { uses: ./a.yml } }',
    '`jobs.one.uses` is not supported.',
  ],
  ['another event', 'on: [push]\njobs: {}', '`on.push` is not supported.'],
  ['an unpinned action', step('uses: actions/checkout@v4'), '`actions/checkout@v4` is not pinned'],
  ['another action', step(`uses: ${otherAction}`), `\`${otherAction}\` is not available`],
  ['a container action', step('uses: "docker://alpine"'), '`docker://alpine` is a container action.'],
  ['hashFiles', step(`run: "\${{ hashFiles('a') }}"`), "Unrecognized function: 'hashFiles'"],
  ['an unknown context', step(`run: "\${{ matrix.a }}"`), "'matrix'"],
  ['another shell', step('run: "true", shell: pwsh'), '`jobs.one.steps.0.shell`'],
  ['a half-written condition', step(`run: "true", if: "\${{ github.actor }} == 'x'"`), 'always take it for true'],
  ['a need that is no job', job('steps: [], needs: two'), '`jobs.one.needs` names `two`'],
  ['an action that is not there', step('uses: ./nowhere'), '`./nowhere` has no action.yml'],
  ['a key in a step', step('run: "true", retries: 3'), '`jobs.one.steps.0.retries` is not supported.'],
  ['a key twice', 'on: workflow_dispatch\non: workflow_dispatch\njobs: {}', 'Map keys must be unique'],
];

test.each(refused)('%s is refused', async (_name, workflow, message) => {
  const { host, run } = bench(workflow);
  const refusal = await run().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WorkflowRefused);
  expect(String(refusal)).toContain(message);
  expect(host.calls).toEqual([]);
});

test.each([
  ['composite', '{ using: composite, steps: [] }', '`runs.using`'],
  ['docker', '{ using: docker, image: Dockerfile }', '`runs.using`'],
  ['node20', '{ using: node20, main: a.js }', '`runs.using`'],
  [
    'pre, which GitHub does not run for actions of the repository itself,',
    '{ using: node24, main: a.js, pre: b.js }',
    '`runs.pre`',
  ],
])('an action with %s is refused', async (_name, runs, message) => {
  const { host, run } = bench(step('uses: ./a'), { 'a/action.yml': `{ name: a, description: b, runs: ${runs} }` });
  const refusal = await run().catch((error: unknown) => error);
  expect(String(refusal)).toContain(`a/action.yml: ${message}`);
  expect(host.calls).toEqual([]);
});

const withInputs = `
on:
  workflow_dispatch:
    inputs:
      target: { type: choice, required: true, options: [staging, production] }
      sure: { type: boolean }
      reason: { required: true }
jobs:
  one: { runs-on: u, steps: [{ uses: ${checkoutPin} }] }
`;

test.each([
  [{ target: 'moon', reason: 'a' }, "Input 'target' is 'moon', but must be one of staging, production."],
  [{ target: 'staging' }, "Required input 'reason' not provided."],
  [{ target: 'staging', reason: 'a', sure: 'yes' }, "Input 'sure' is 'yes', but a boolean is `true` or `false`."],
  [{ target: 'staging', reason: 'a', other: 'b' }, "Unexpected input 'other' provided."],
])('inputs that GitHub would not accept start no run: %j', async (inputs: Record<string, string>, message) => {
  const { host, run } = bench(withInputs);
  await expect(run({ inputs })).rejects.toThrow(message);
  expect(host.calls).toEqual([]);
});

test('a workflow without a schedule is not started by one', async () => {
  await expect(bench(withInputs).run({ event: 'schedule' })).rejects.toThrow('not started by `schedule`');
});
