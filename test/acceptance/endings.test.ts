/** Everything ends: cancelled runs, killed jobs, expired windows and failed commands leave the true state and no buttons, and what was shared goes. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import { slackAs } from '../../src/sandbox/members.ts';
import { CHANNEL, openTown, PEOPLE, type Town } from '../../src/sandbox/town.ts';
import { MODES, openPlace, type Place } from './modes.ts';
import { messageHash, sharedBy } from './shared.ts';
import {
  audit,
  cardOf,
  commit,
  endings,
  HELLO,
  logOf,
  POLICY,
  press,
  replaceIn,
  SIDE_BY_SIDE,
  SWEEP,
  start,
  writeScript,
} from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let town: Town;
/** Where ask jobs die, so that none takes a press of another request with it. */
let asking: Town;
/** A repository whose workflow has no close job, so that only the sweep looks after what is left. */
let unclosed: Town;
/** Where the command fails; what its request shared is to go some time. */
let failing: Town;
/** Where the gateway waits, and the command goes on until somebody ends it. */
let held: Place;
/** The request that failed there. */
let failed: { issue: number; run: number } | null = null;
beforeAll(async () => {
  const sweepLater = (checkout: string) =>
    replaceIn(checkout, '.github/workflows/debug.yml', '    if: always()\n    runs-on', '    if: false\n    runs-on');
  const shared = { limits: false, policy: SIDE_BY_SIDE };
  [held, town, asking, unclosed, failing] = await Promise.all([
    openPlace('gateway', { ...shared, prepare: (checkout) => writeScript(checkout, 'hello.sh', SLOW) }),
    openTown({ ...shared, prepare: (checkout) => writeScript(checkout, 'hello.sh', SLOW) }),
    openTown(shared),
    openTown({ ...shared, prepare: sweepLater }),
    openTown({
      policy: [{ path: ['retention'], value: { slack: '30d', transcript: '7d', 'run-logs': '30d' } }],
      prepare: (checkout) => writeScript(checkout, 'hello.sh', ['echo "No such order." >&2', 'exit 3']),
    }),
  ]);
});
afterAll(async () => {
  const all = [town, asking, unclosed, failing];
  expect(all.flatMap(({ github }) => github.violations)).toEqual([]);
  await Promise.all([held, ...all].map((one) => one.close()));
});

/** A command that goes on until somebody ends it, with a child of its own. */
const SLOW = ['sleep 100 &', 'echo "Looking, with the child $!"', 'wait'];

/** A run whose command is running. */
async function running(inputs: Record<string, string> = HELLO, at = town) {
  const run = start(at, { inputs });
  const issue = await run.asked;
  await press(at, 'bo', 'approve', issue);
  const [, id] = await run.line('debug', /^Looking, with the child (\d+)/);
  const child = Number(id);
  /** Whether what the command started still lives: one that is over stays listed until its new parent has looked after it. */
  const alive = (): boolean => {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(child)], { encoding: 'utf8' });
    return !['', 'Z'].includes(stdout.trim().slice(0, 1));
  };
  return { run, issue, alive, child };
}

/** The last event, and what everybody sees. */
async function left(at: Town, issue: number) {
  const { status, open, events, log } = await audit(at, issue);
  return { status, open, end: events.at(-1), broken: log.broken, buttons: (await cardOf(at, issue)).buttons };
}
const CLOSED = { open: false, broken: [], buttons: false };

describe.concurrent('the debug job', () => {
  test('that is cancelled while its command runs ends the command and records so', async () => {
    const { run, issue, alive } = await running();
    run.cancel();
    expect(endings(await run.result)).toBe('ask success, debug cancelled, close success');
    expect(alive()).toBe(false);
    const end = { type: 'ended', outcome: 'failed', reason: 'cancelled' };
    expect(await left(town, issue)).toMatchObject({ ...CLOSED, status: 'failed', end });
  });

  test.each(MODES)('that is killed hard is recorded as interrupted by the close job: the %s waited', async (mode) => {
    const at = mode === 'runner' ? town : held.town;
    const { run, issue, alive, child } = await running(HELLO, at);
    process.kill(run.pid('debug'), 'SIGKILL');
    expect(endings(await run.result)).toBe('ask success, debug failure, close success');
    // GitHub's runner would end what the dead job left.
    if (alive()) process.kill(child);
    const end = { type: 'ended', outcome: 'failed', reason: 'interrupted', exitCode: null };
    expect(await left(at, issue)).toMatchObject({ ...CLOSED, status: 'failed', end });
  });

  test("is ended with all it started at the window's end", async () => {
    const { run, issue, alive } = await running({ ...HELLO, duration: '1s' });
    expect(endings(await run.result)).toBe('ask success, debug failure, close success');
    expect(alive()).toBe(false);
    const end = { type: 'ended', outcome: 'failed', reason: 'window' };
    expect(await left(town, issue)).toMatchObject({ ...CLOSED, status: 'failed', end });
  });

  test("hands on its command's exit code", async () => {
    const run = start(failing);
    const issue = await run.asked;
    await press(failing, 'bo', 'approve', issue);
    const result = await run.result;
    failed = { issue, run: result.id };
    expect(endings(result)).toBe('ask success, debug failure, close success');
    expect(logOf(result, 'debug')).toContain('The approved command failed with exit code 3.');
    expect(result.jobs['debug']?.steps.find(({ id }) => id === 'run')?.outputs['exit-code']).toBe('3');
    const end = { type: 'ended', outcome: 'failed', reason: 'exit', exitCode: 3 };
    expect(await left(failing, issue)).toMatchObject({ ...CLOSED, status: 'failed', end });
  });
});

describe('the ask job', () => {
  test('that is killed hard is recorded as cancelled by the close job, which takes the buttons away', async () => {
    const run = start(asking);
    const issue = await run.asked;
    expect((await cardOf(asking, issue)).buttons).toBe(true);
    process.kill(run.pid('ask'), 'SIGKILL');
    expect(endings(await run.result)).toBe('ask failure, debug skipped, close success');
    expect(await left(asking, issue)).toMatchObject({ ...CLOSED, status: 'cancelled', end: { type: 'cancelled' } });
  });
});

test('an issue that GitHub opened without saying so is found and closed by the close job', async () => {
  asking.github.fault({ method: 'POST', path: /\/issues$/, drop: 'after', times: 1 });
  const result = await start(asking).result;
  expect(endings(result)).toBe('ask failure, debug skipped, close failure');
  expect(result.jobs['ask']?.steps.at(-1)?.outputs).not.toHaveProperty('issue-number');
  const [, issue] = /#(\d+) unproven/.exec(logOf(result, 'close')) ?? [];
  const { issue: shown, types } = await audit(asking, Number(issue));
  expect({ shown, types }).toMatchObject({
    shown: { open: false, labels: ['debug-request', 'debug:error'] },
    types: [],
  });
});

test('the scheduled sweep ends what a dead run left, and leaves alone what still waits', async () => {
  const dead = start(unclosed);
  const leftover = await dead.asked;
  process.kill(dead.pid('ask'), 'SIGKILL');
  expect(endings(await dead.result)).toBe('ask failure, debug skipped, close skipped');
  expect(await left(unclosed, leftover)).toMatchObject({ status: 'pending', open: true, buttons: true });

  const alive = start(unclosed);
  const waiting = await alive.asked;
  const swept = await start(unclosed, { workflowPath: SWEEP, event: 'schedule' }).result;
  expect(logOf(swept, 'sweep')).toMatch(/cancelled[\s\S]*pending/);
  expect(logOf(swept, 'sweep')).toContain('Archived the key');
  expect(endings(swept)).toBe('sweep success');
  expect(await left(unclosed, leftover)).toMatchObject({ ...CLOSED, status: 'cancelled', end: { type: 'cancelled' } });
  expect(await left(unclosed, waiting)).toMatchObject({ status: 'pending', open: true, buttons: true });
  // Whose run somebody cancels records it and takes the buttons away itself: there is no close job here.
  alive.cancel();
  expect(endings(await alive.result)).toBe('ask cancelled, debug skipped, close skipped');
  expect(await left(unclosed, waiting)).toMatchObject({ ...CLOSED, status: 'cancelled', end: { type: 'cancelled' } });
});

test('what a request shared goes when its time is over: announced with its hashes, then deleted, with a receipt', async () => {
  if (failed === null) throw new Error('No request failed before.');
  const { issue, run } = failed;
  const { ts } = await cardOf(failing, issue);
  await slackAs(failing, 'cy').reply(ts, 'What was it about?');
  const before = await sharedBy(failing, run, ts);
  const [transcript] = before.artifacts;
  // For as many days as the policy said when it was uploaded.
  expect(before.artifacts).toMatchObject([{ name: 'transcript-1', expired: false }]);
  expect(Date.parse(transcript?.expires_at ?? '') - Date.parse(transcript?.created_at ?? '')).toBe(7 * 86_400_000);
  expect(before.logs).not.toBeNull();
  const own = before.thread.filter(({ user }) => user !== PEOPLE.cy.slack);
  expect(own.length).toBeGreaterThan(1);

  await commit(failing, async (checkout) => {
    for (const time of ['slack: 30d', 'transcript: 7d', 'run-logs: 30d'])
      await replaceIn(checkout, POLICY, time, time.replace(/\d+d/, '1s'));
  });
  const { log } = await audit(failing, issue);
  const over = Date.parse(log.entries.at(-1)?.createdAt ?? '') + 1_000;
  await expect.poll(() => Date.now()).toBeGreaterThan(over);
  const swept = await start(failing, { workflowPath: SWEEP, event: 'schedule' }).result;
  expect(endings(swept)).toBe('sweep success');
  expect(swept.jobs['sweep']?.summary).toContain('deleted: slack, transcript, run-logs');

  const after = await sharedBy(failing, run, ts);
  expect(after).toMatchObject({ artifacts: [], logs: null });
  expect(after.thread).toMatchObject([
    { text: expect.stringMatching(/^This debug request is over \(failed\)\. What stood here was deleted/) },
    { text: 'What was it about?', user: PEOPLE.cy.slack },
  ]);
  const { status, open, issue: shown, events, types, log: chain, exported } = await audit(failing, issue);
  expect({ status, open, broken: chain.broken }).toEqual({ status: 'failed', open: false, broken: [] });
  expect(shown.labels).toEqual(['debug-request', 'debug:failed']);
  expect(types).toEqual(['requested', 'decided', 'started', 'ended', 'purge', 'purged']);
  const there = [
    ...own.map((message) => ({
      kind: message.ts === ts ? 'card' : 'message',
      id: `${CHANNEL}/${message.ts}`,
      sha256: messageHash(message),
    })),
    { kind: 'transcript', id: String(transcript?.id), sha256: transcript?.digest },
    { kind: 'run-logs', id: `${run}/1`, sha256: before.logs },
  ];
  const parts = ['slack', 'transcript', 'run-logs'];
  const gone = there.map(({ kind, id }) => ({ kind, id, gone: true, why: '' }));
  expect(events.slice(-2)).toEqual([
    { type: 'purge', parts, items: there },
    { type: 'purged', parts, items: gone },
  ]);
  expect((await verifyExport(exported ?? '')).status).toBe('whole');
});
