/** A manual runbook where there is no Slack, with the built bundles: its own steps are what was approved, and its post step records how they ended. */
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { openTown, type Town, WEBHOOK_SECRET } from '../../src/sandbox/town.ts';
import type { RunResult } from '../../src/sandbox/workflow/run.ts';
import { audit, DEBUG, endings, HELLO, logOf, replaceIn, SIDE_BY_SIDE, start } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NEXT = '      - name: Keep the transcript';
const OWN = `      - name: Steps of our own
        env: { TABLE: '\${{ fromJSON(steps.run.outputs.inputs).table }}' }
        run: test "$TABLE" = drafts
`;

let town: Town;
/** What was played, for what must hold of each. */
const played: { issue: number; result: RunResult }[] = [];
beforeAll(async () => {
  town = await openTown({
    limits: false,
    withSlack: false,
    webhook: true,
    policy: [
      ...SIDE_BY_SIDE,
      {
        path: ['runbooks', 'steps'],
        value: {
          title: 'Steps of our own',
          manual: true,
          inputs: { table: { type: 'enum', values: ['drafts', 'orders'] } },
          targets: ['production'],
          risk: 'low',
        },
      },
    ],
    prepare: async (checkout) => {
      await replaceIn(checkout, DEBUG, 'options: [hello,', 'options: [steps, hello,');
      await replaceIn(checkout, DEBUG, NEXT, OWN + NEXT);
    },
  });
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

test.concurrent.each([
  ['succeed', 'drafts', 'success', 'finished'],
  ['fail', 'orders', 'failure', 'failed'],
] as const)('own steps that %s with what was approved are on record as such', async (_, table, conclusion, status) => {
  const run = start(town, { inputs: { ...HELLO, runbook: 'steps', inputs: JSON.stringify({ table }) } });
  const issue = await run.asked;
  await githubAs(town, 'bo').comment(issue, '/approve');
  const result = await run.result;
  played.push({ issue, result });
  expect(endings(result)).toBe(`ask success, debug ${conclusion}, close success`);
  const { types, events, ...read } = await audit(town, issue);
  expect(read).toMatchObject({ status, approvedBy: ['Bo'], open: false });
  expect(types).toEqual(['requested', 'decided', 'started', 'ended']);
  expect(events.at(-1)).toMatchObject({
    outcome: status,
    reason: 'steps',
    exitCode: null,
    durationMs: expect.any(Number),
  });
  expect(logOf(result, 'debug')).toContain(
    `The debug job's own steps ${status === 'finished' ? 'succeeded' : 'failed'}.`,
  );
});

test("the policy's webhook has every record of each request once and in order; its secret is nowhere else", async () => {
  expect(played).toHaveLength(2);
  for (const { issue, result } of played) {
    const { log } = await audit(town, issue);
    const of = v.object({ subject: v.literal(`issues/${issue}`) });
    const told = town.webhook?.received.filter(({ body }) => v.is(of, body));
    expect(told?.map(({ id }) => id)).toEqual(log.entries.map(({ record }) => record.hash));
    const [, key = ''] = WEBHOOK_SECRET.split('_');
    expect(JSON.stringify([result, await githubAs(town, 'bo').comments(issue)])).not.toContain(key);
  }
  expect(town.webhook?.refused).toEqual([]);
});

test('where there is no Slack, comments on the issue alone decide, and Slack is never called', () => {
  expect(played).toHaveLength(2);
  expect(town.slack.requests).toEqual([]);
});
