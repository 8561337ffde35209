/** The close job and the sweep: every request whose run is over gets its true end, and loses its buttons. */
import { expect, test } from 'vitest';
import { unavailable } from './fake-github.ts';
import { createWorld, eventsOf, faultOf, type World } from './world.ts';

const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
const ISSUE_1 = { what: { kind: 'issue' as const, number: 1 } };

/** An ask job that is killed after so many seconds: whatever it would still do, it never does. */
function killedAfter(w: World, seconds: number) {
  const client = w.github.client;
  const death = w.after(seconds, () => null);
  let dead = false;
  void death.then(() => {
    dead = true;
  });
  const forever = new Promise<never>(() => {});
  w.github.client = () => {
    const alive = client();
    const dying =
      <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        if (dead) return forever;
        const outcome = work(...given);
        await outcome.catch(() => null);
        return dead ? forever : outcome;
      };
    return {
      facts: dying(alive.facts),
      blob: dying(alive.blob),
      run: dying(alive.run),
      environment: dying(alive.environment),
      gates: dying(alive.gates),
      issue: dying(alive.issue),
      createIssue: dying(alive.createIssue),
      updateIssue: dying(alive.updateIssue),
      lockIssue: dying(alive.lockIssue),
      addLabel: dying(alive.addLabel),
      removeLabel: dying(alive.removeLabel),
      comment: dying(alive.comment),
      poll: dying(alive.poll),
      readComment: dying(alive.readComment),
      openRequests: dying(alive.openRequests),
      openedSince: dying(alive.openedSince),
      brokenGlass: dying(alive.brokenGlass),
      undelivered: dying(alive.undelivered),
    };
  };
  const asking = w.ask();
  w.github.client = client;
  return { asking, death };
}

async function endRun(w: World, id = 9001, conclusion = 'cancelled'): Promise<void> {
  const facts = w.github.runs.get(id);
  if (facts === undefined) throw new Error(`There is no run ${id}.`);
  w.github.runs.set(id, { ...facts, status: 'completed', conclusion });
}

async function approved() {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  return { w, asked: await asking.result };
}

const closed = (w: World, status: string, issue = 1) => {
  expect(w.github.issue(issue)).toMatchObject({ open: false, labels: ['debug-request', `debug:${status}`] });
  const card = w.slack.cards.find(({ view }) => view.issue.number === issue);
  expect(card?.view.button ?? null).toBeNull();
};

test('§4.12 an ask job that was killed while it waited: the sweep cancels its request once the run is over', async () => {
  const w = await createWorld();
  await killedAfter(w, 30).death;
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'pending' }]);
  expect(w.github.issue().open).toBe(true);
  await endRun(w);
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'cancelled' }]);
  expect(eventsOf(w)).toEqual(['requested', 'cancelled']);
  closed(w, 'cancelled');
});

test('§4.12 an ask job that was killed between issue and opening record: its close job finds and closes the issue', async () => {
  const w = await createWorld();
  await killedAfter(w, 0.05).death;
  await w.after(1, () => null);
  expect([w.github.issues.size, w.records().length]).toEqual([1, 0]);
  const swept = await w.sweep({ what: { kind: 'own-run' }, debugResult: 'skipped' }, CLOSE);
  expect(swept).toMatchObject([{ issue: 1, status: 'unproven' }]);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('§4.12 such an issue is closed by the scheduled sweep too, but not while its run goes on', async () => {
  const w = await createWorld();
  await killedAfter(w, 0.05).death;
  await w.after(1, () => null);
  await w.sweep();
  expect(w.github.issue().open).toBe(true);
  await endRun(w);
  await w.sweep();
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('§4.7 a list that lags for long closes nothing: the sweep says so, and the next one looks again', async () => {
  const w = await createWorld();
  await killedAfter(w, 30).death;
  w.github.lagMs = 30_000;
  w.comment('ed', 'What became of this?');
  expect(await w.sweep()).toMatchObject([{ status: 'unreadable', note: expect.stringContaining('did not show') }]);
  expect(w.github.issue()).toMatchObject({ open: true, labels: ['debug-request', 'debug:pending'] });
  w.github.lagMs = 0;
  await endRun(w);
  await w.after(30, () => null);
  expect(await w.sweep()).toMatchObject([{ status: 'cancelled' }]);
});

test("§4.12 a close job without an issue number touches this run's request and no other", async () => {
  const w = await createWorld();
  await killedAfter(w, 30).death;
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  await w.after(5, () => null);
  const swept = await w.sweep({ what: { kind: 'own-run' }, debugResult: 'skipped' }, CLOSE);
  expect(swept).toMatchObject([{ issue: 1, status: 'cancelled' }]);
  expect(w.github.issue(2).open).toBe(true);
  other.cancel();
  await other.result;
});

test('§4.12 an approved request whose debug job was skipped or cancelled is cancelled', async () => {
  const { w } = await approved();
  expect(await w.sweep({ ...ISSUE_1, debugResult: 'skipped' }, CLOSE)).toMatchObject([{ status: 'cancelled' }]);
  closed(w, 'cancelled');
});

test('§4.12 an approved request whose debug job refused ends as an error', async () => {
  const { w, asked } = await approved();
  await w.debug(asked, { version: '0.2.0' }).catch(() => null);
  expect(await w.sweep({ ...ISSUE_1, debugResult: 'failure' }, CLOSE)).toMatchObject([{ status: 'error' }]);
  expect(eventsOf(w).at(-1)).toBe('errored');
  closed(w, 'error');
});

test('§4.12 a command that ran to its end: close shows the true end', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  expect(await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE)).toMatchObject([{ status: 'finished' }]);
  closed(w, 'finished');
});

test('§4.12 a job that was killed while its command ran is recorded as interrupted', async () => {
  const { w, asked } = await approved();
  w.during.run = () => new Promise(() => {});
  void w.debug(asked);
  await w.after(10, () => null);
  expect(await w.sweep()).toMatchObject([{ status: 'running' }]);
  await endRun(w);
  expect(await w.sweep()).toMatchObject([
    { status: 'failed', note: 'The debug job was interrupted before it could report.' },
  ]);
  expect(w.records().at(-1)?.events[0]).toMatchObject({ type: 'ended', reason: 'interrupted' });
  closed(w, 'failed');
});

test('§4.12 a request whose time is over expires by the sweep, even while its run hangs', async () => {
  const w = await createWorld();
  await killedAfter(w, 30).death;
  await w.after(3_600, () => null);
  expect(await w.sweep()).toMatchObject([{ status: 'expired' }]);
  expect(eventsOf(w)).toEqual(['requested', 'expired']);
  closed(w, 'expired');
});

test('§4.12 a request of an earlier attempt is over once there is a later one', async () => {
  const w = await createWorld();
  await killedAfter(w, 30).death;
  w.runOf(9001, { attempt: 2 });
  expect(await w.sweep()).toMatchObject([{ status: 'cancelled' }]);
});

test('what is settled already is settled once: a second sweep writes nothing', async () => {
  const { w } = await approved();
  await w.sweep({ ...ISSUE_1, debugResult: 'skipped' }, CLOSE);
  const before = w.github.issue().comments.length;
  expect(await w.sweep()).toEqual([]);
  expect(await w.sweep({ ...ISSUE_1, debugResult: 'skipped' }, CLOSE)).toMatchObject([{ status: 'cancelled' }]);
  expect(w.github.issue().comments).toHaveLength(before);
});

test('a sweep leaves a request alone whose ask job still waits', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(15, () => w.sweep());
  void w.after(20, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test.each([
  ['edited', (w: World) => w.github.edit(w.github.issue().comments[0]?.id ?? 0, 'Nothing to see.')],
  ['deleted', (w: World) => w.github.remove(w.github.issue().comments[1]?.id ?? 0)],
])('§4.8 a request whose record was %s is closed as an error that says which, by the sweep', async (_, attack) => {
  const { w } = await approved();
  attack(w);
  const [swept] = await w.sweep();
  expect(swept).toMatchObject({ issue: 1, status: 'unproven' });
  expect(swept?.note).toMatch(/record|comment/);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('§4.8 a record that is deleted while the sweep writes the end is not overlooked', async () => {
  const { w } = await approved();
  await endRun(w);
  const client = w.github.client;
  w.github.client = () => {
    const real = client();
    return {
      ...real,
      async comment(...given) {
        const written = await real.comment(...given);
        w.github.remove(w.github.issue().comments[1]?.id ?? 0);
        return written;
      },
    };
  };
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'unproven' }]);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test("one request's trouble keeps no other from being swept", async () => {
  const { w } = await approved();
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  void w.after(10, other.cancel);
  await other.result;
  Object.assign(w.github.issue(2), { open: true });
  w.github.remove(w.github.issue(1).comments[1]?.id ?? 0);
  expect(await w.sweep()).toMatchObject([
    { issue: 1, status: 'unproven' },
    { issue: 2, status: 'cancelled' },
  ]);
  expect(w.github.issue(2).open).toBe(false);
});

test('§4.6 a GitHub that does not answer closes nothing: the next sweep looks again', async () => {
  const { w } = await approved();
  await endRun(w);
  w.github.fail('run', { fault: unavailable() });
  const told: string[] = [];
  expect(await w.sweep({}, {}, told)).toMatchObject([{ status: 'unreadable' }]);
  expect(told.join()).toContain('GitHub answered 503.');
  expect(w.github.issue().open).toBe(true);
  expect(await w.sweep()).toMatchObject([{ status: 'cancelled' }]);
});

test.each([
  ['a workflow that may not sign', { workflow: { path: '.github/workflows/other.yml', ref: 'refs/heads/main' } }],
  ['another branch', { workflow: { path: '.github/workflows/sweep.yml', ref: 'refs/heads/feature' } }],
  ['another event', { event: 'push' }],
  ["the target's environment", { environment: 'production' }],
  ['no environment', { environment: null }],
])('a sweep by %s, whose records nobody would believe, changes nothing', async (_, who) => {
  const w = await createWorld();
  await killedAfter(w, 30).death;
  await endRun(w);
  const before = JSON.stringify(w.github.issue());
  expect((await faultOf(w.sweep({}, who))).message).toContain('Nobody would believe');
  expect(JSON.stringify(w.github.issue())).toBe(before);
});
