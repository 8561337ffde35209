/** Many runs share one Slack app: whoever hears a press records it, for whichever request it is. */

import * as v from 'valibot';
import { afterAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { openTown, PEOPLE, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { audit, cardOf, endings, pressOnce, start } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const towns: Town[] = [];
const sockets: WebSocket[] = [];
afterAll(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const town of towns.splice(0)) {
    expect(town.github.violations).toEqual([]);
    await town.close();
  }
});

async function open(options: TownOptions = {}): Promise<Town> {
  // Ana asks for the same several times at once, which would supersede her older requests.
  const policy = [{ path: ['open-requests'], value: 'many' }, ...(options.policy ?? [])];
  const town = await openTown({ limits: false, ...options, policy });
  towns.push(town);
  return town;
}

const DONE = 'ask success, debug success, close success';

test.concurrent('two people who press at the same time through two runs both count', async () => {
  const town = await open({ policy: [{ path: ['rules', 0, 'require', 'count'], value: 2 }] });
  const a = start(town);
  const issue = await a.asked;
  const b = start(town);
  const other = await b.asked;
  let turn = 0;
  town.slack.pickConnection = () => turn++ % 2;
  const both = await Promise.all([pressOnce(town, 'bo', 'approve', issue), pressOnce(town, 'cy', 'approve', issue)]);
  expect(both.map(({ acknowledged }) => acknowledged)).toEqual([true, true]);
  expect(new Set(both.map(({ connection }) => connection))).toEqual(new Set([0, 1]));
  expect(endings(await a.result)).toBe(DONE);
  expect((await audit(town, issue)).approvedBy.toSorted()).toEqual(['Bo', 'Cy']);
  b.cancel();
  await b.result;
  expect((await audit(town, other)).status).toBe('cancelled');
});

test.concurrent('the eleventh waiting run gets no socket: a press that another run hears is recorded, acknowledged and shown, and ends it', async () => {
  const town = await open();
  const tenth = start(town);
  const other = await tenth.asked;
  for (let taken = 1; taken < 10; taken += 1) sockets.push(await socketOf(town));
  expect(town.slack.connections()).toBe(10);
  const eleventh = start(town);
  await eleventh.line('ask', /waiting for a free socket/);
  const issue = await eleventh.asked;
  town.slack.pickConnection = () => 0;
  expect(await pressOnce(town, 'bo', 'approve', issue)).toMatchObject({ acknowledged: true, connection: 0 });
  expect((await audit(town, issue)).approvedBy).toEqual(['Bo']);
  expect(endings(await eleventh.result)).toBe(DONE);
  expect((await audit(town, issue)).status).toBe('finished');
  expect((await cardOf(town, issue)).buttons).toBe(false);
  // Buttons, then who heard it, then its owner, then the end: the one that heard it does not wait for the owner.
  const { ts } = await cardOf(town, issue);
  const drawn = town.slack.requests.filter(({ method, args }) => method === 'chat.update' && args['ts'] === ts);
  expect(drawn).toHaveLength(4);
  // The run that heard it goes on waiting for its own decision.
  expect((await audit(town, other)).status).toBe('pending');
  expect((await cardOf(town, other)).buttons).toBe(true);
  expect(await pressOnce(town, 'cy', 'deny', other)).toMatchObject({ acknowledged: true });
  expect(endings(await tenth.result)).toBe('ask failure, debug skipped, close success');
});

/** A socket of the same Slack app that another run holds. */
async function socketOf(town: Town): Promise<WebSocket> {
  const { github, slack } = town;
  const runStart = {
    workflowPath: '.github/workflows/debug.yml',
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha: '0'.repeat(40),
  } as const;
  const { id: runId } = github.startRun({ ...runStart, actor: PEOPLE.ana, triggeringActor: PEOPLE.ana });
  const job = github.startJob({ runId, attempt: 1, key: 'ask', environment: 'debug-approval', permissions: {} });
  if (job.kind === 'refused') throw new Error(job.reason);
  const answer = await fetch(`${slack.url}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${job.secrets['SLACK_APP_TOKEN']}` },
  });
  const { url } = v.parse(v.object({ url: v.string() }), await answer.json());
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject));
  return socket;
}
