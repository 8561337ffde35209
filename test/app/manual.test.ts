/** Manual runbooks: the job proves and records the start, its own steps are what was approved, and the post step records their end. */
import { expect, test } from 'vitest';
import { nothingRan } from './approved.ts';
import { oneOf, policyWith } from './policies.ts';
import { createWorld, eventsOf, faultOf, type World } from './world.ts';

const POLICY = policyWith(oneOf('sre'), [
  '  repair:\n',
  '  steps: { title: Steps of our own, manual: true, targets: [production], risk: low }\n  repair:\n',
]);
const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};

async function approved(input: Parameters<World['ask']>[0] = { input: { runbook: 'steps', inputs: {} } }) {
  const w = await createWorld(POLICY);
  const asking = w.ask(input);
  void w.after(10, () => w.press('bo'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  return { w, asked };
}

test('a manual runbook has its start recorded and nothing is run by the step itself', async () => {
  const { w, asked } = await approved();
  const told: string[] = [];
  expect(await w.debug(asked, { told })).toBeNull();
  expect(w.commands).toEqual([]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'started']);
  expect(w.github.issue().labels).toEqual(['debug-request', 'debug:running']);
  expect(w.github.issue().body).toContain('The steps of the debug job itself');
  expect(told.join('\n')).toContain('the next steps of this job are what was asked');
});

test.each([
  ['success', 'finished', 'steps', "The debug job's own steps succeeded."],
  ['failure', 'failed', 'steps', "The debug job's own steps failed."],
  ['cancelled', 'failed', 'cancelled', 'The debug job was ended because the run was cancelled.'],
] as const)(
  'the steps of a job whose status is %s: %s, with how long it took',
  async (status, outcome, reason, sentence) => {
    const { w, asked } = await approved();
    await w.debug(asked);
    await w.after(90, () => w.finish(status));
    const last = w.records().at(-1);
    expect(last).toMatchObject({ sentence, writer: { environment: 'production', job: 'debug' } });
    expect(last?.events).toEqual([
      expect.objectContaining({
        type: 'ended',
        outcome,
        reason,
        exitCode: null,
        transcript: null,
        durationMs: expect.closeTo(90_000, -4),
      }),
    ]);
    expect(await w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'success' }, CLOSE)).toMatchObject([
      { status: outcome, note: sentence },
    ]);
    expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', `debug:${outcome}`] });
  },
);

test('steps that took longer than the approved window are warned of: nothing but the job itself ends them', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  const told: string[] = [];
  await w.after(1_900, () => w.finish('success', {}, told));
  expect(told.join('\n')).toMatch(/^! The steps took 19\d\d s; approved was a window of 30m\. .*`timeout-minutes`/);
});

test('§4.12 a job that is killed during its own steps is recorded as interrupted by close', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  await w.after(30, () => w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'cancelled' }, CLOSE));
  expect(w.records().at(-1)?.events).toMatchObject([{ type: 'ended', outcome: 'failed', reason: 'interrupted' }]);
});

const OTHERS: [string, Parameters<World['finish']>[1], string][] = [
  ['another run', { run: { id: 9002, attempt: 1 } }, 'this job is 70/9002/1'],
  ['another attempt', { run: { id: 9001, attempt: 2 } }, 'this job is 70/9001/2'],
  ['another repository', { repositoryId: 71 }, 'this job is 71/9001/1'],
];
test.each(OTHERS)('§4.2 the post step of %s records no end', async (_, who, why) => {
  const { w, asked } = await approved();
  await w.debug(asked);
  expect(await faultOf(w.finish('success', who))).toMatchObject({
    code: 'refused',
    message: expect.stringContaining(why),
  });
  expect(eventsOf(w).at(-1)).toBe('started');
});

test('an end that a job of another environment signs is none', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  await w.finish('success', { environment: 'staging' });
  expect(await w.sweep()).toMatchObject([{ status: 'running' }]);
});

test('a post step records no second end', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  await w.finish('failure');
  expect((await faultOf(w.finish('success'))).message).toContain('is failed');
  expect(eventsOf(w).filter((type) => type === 'ended')).toHaveLength(1);
});

test('a post step ends no command: its own step says how that ended', async () => {
  const { w, asked } = await approved({});
  w.during.run = async () => {
    expect((await faultOf(w.finish('success'))).message).toContain('is a command, not the steps of a job');
  };
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
  expect(eventsOf(w).filter((type) => type === 'ended')).toHaveLength(1);
});

test('§4.7 a manual runbook that somebody denied on the issue is not started: the job fails before its own steps', async () => {
  const { w, asked } = await approved();
  w.comment('di', '/deny');
  expect((await faultOf(w.debug(asked))).message).toContain('Di denied');
  nothingRan(w, 'Di denied');
});

test('§4.1 a runbook that has become a command since is not what was approved', async () => {
  const { w, asked } = await approved();
  const text = POLICY.replace('manual: true', 'run: [runbooks/evil.sh]');
  w.github.blobs.set(w.github.policy?.blob ?? '', text);
  if (w.github.policy !== null) w.github.policy = { ...w.github.policy, blob: 'e'.repeat(40) };
  expect((await faultOf(w.debug(asked))).message).toContain('differs in: argv');
  expect(w.commands).toEqual([]);
});

test('the steps are given the inputs that were approved, and none where the job may not start', async () => {
  const policy = POLICY.replace('manual: true', 'manual: true, inputs: { table: { type: enum, values: [a, b] } }');
  const w = await createWorld(policy);
  const asking = w.ask({ input: { runbook: 'steps', inputs: { table: 'b' } } });
  void w.after(10, () => w.press('bo'));
  const asked = await asking.result;
  const given: unknown[] = [];
  await faultOf(w.debug(asked, { version: 'other', onProven: (inputs) => given.push(inputs) }));
  expect(given).toEqual([]);
  await w.debug(asked, { onProven: (inputs) => given.push(inputs) });
  expect(given).toEqual([{ table: 'b' }]);
});
