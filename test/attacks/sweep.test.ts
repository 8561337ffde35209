/** Attacks on the sweep: issues that strangers label, runs that somebody deletes, and sweeps that nobody would believe. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { UNTOUCHED } from '../app/fake-github.ts';
import { key, policyWith } from '../app/policies.ts';
import { account, createWorld, eventsOf, faultOf, type World } from '../app/world.ts';

/** A request that still waits, and whose ask job is no more: its run is over. */
async function abandoned() {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => w.github.fail('comment', { fault: gone(), times: 2 }));
  await w.after(1, asking.cancel);
  await asking.result.catch(() => null);
  const issue = w.github.issue();
  Object.assign(issue, { open: true, locked: false, labels: ['debug-request', 'debug:pending'] });
  return w;
}
const gone = () => new Fault('not-written', 'GitHub answered 403.', 'Try again.');

/** What somebody who may label issues opens: it says that it belongs to a run. */
function hostileIssue(w: World, number: number, run: number): void {
  const body = `| Run | [run ${run}, attempt 1](<https://github.com/acme/shop/actions/runs/${run}>) |`;
  w.github.issues.set(number, {
    ...{ number, url: `https://github.com/acme/shop/issues/${number}`, open: true, locked: false },
    ...{ title: 'Debug: free money', body, labels: ['debug-request'], author: account('ed'), ...UNTOUCHED() },
  });
}

test('§4.12 a request whose run somebody deleted ends all the same', async () => {
  const w = await abandoned();
  deleteRun(w);
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'cancelled' }]);
  expect(w.github.issue().open).toBe(false);
});

test('§4.12 a request whose time is over expires though GitHub tells nothing of its run', async () => {
  const w = await abandoned();
  await w.after(3_600, () =>
    w.github.fail('run', { fault: new Fault('unavailable', 'GitHub answered 503.', 'Wait.') }),
  );
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'expired' }]);
});

test("§4.8 a stranger's labelled issue of a run that never was is closed once, and keeps no sweep failing", async () => {
  const w = await createWorld();
  hostileIssue(w, 8, 424_242);
  deleteRun(w);
  await w.sweep();
  expect(w.github.issue(8).open).toBe(false);
  expect(await w.sweep()).toEqual([]);
});

test('§4.12 an issue that cannot be read keeps no other request from being swept', async () => {
  const w = await abandoned();
  deleteRun(w);
  hostileIssue(w, 8, 9001);
  const { client } = w.github;
  w.github.client = () => {
    const real = client();
    return {
      ...real,
      async issue(number) {
        if (number === 8)
          throw new Fault('unavailable', "Could not read issue #8: GitHub's answer was cut short.", 'Try again.');
        return real.issue(number);
      },
    };
  };
  const swept = await w.sweep();
  expect(swept.map(({ issue, status }) => [issue, status])).toEqual([
    [1, 'cancelled'],
    [8, 'unreadable'],
  ]);
});

test.each([
  ['in another environment', { environment: 'production' }],
  ['in no environment', { environment: null }],
  ['started by another event', { event: 'workflow_run' }],
  ['on another branch', { workflow: { path: '.github/workflows/sweep.yml', ref: 'refs/heads/feature' } }],
  ['of an unlisted workflow', { workflow: { path: '.github/workflows/other.yml', ref: 'refs/heads/main' } }],
])('§4.12 a sweep %s, whose records would not count, says so and writes none', async (_, job) => {
  const w = await abandoned();
  deleteRun(w);
  const before = w.github.issue().comments.length;
  expect(await faultOf(w.sweep({}, job))).toMatchObject({ code: 'refused' });
  expect(w.github.issue().comments).toHaveLength(before);
  expect(eventsOf(w)).toEqual(['requested']);
});

/** No run exists any more: GitHub answers 404. */
function deleteRun(w: World): void {
  const { client } = w.github;
  w.github.client = () => ({
    ...client(),
    run: async (id) => {
      throw new Fault('not-found', `Could not read the workflow run ${id}: GitHub answered 404 (Not Found).`, 'Check.');
    },
  });
}

const GLASS = key(
  'break-glass: { who: [developers], reason: { min-length: 5 }, review: { by: [security], within: 1h } }',
);

/** Ana broke the glass and her command ran; Bo or Di must look at it. */
async function unreviewed() {
  const w = await createWorld(policyWith(GLASS));
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  await w.debug(asked);
  const facts = w.github.runs.get(9001);
  if (facts !== undefined) w.github.runs.set(9001, { ...facts, status: 'completed', conclusion: 'success' });
  await w.sweep();
  return w;
}

test.each([
  ['edits', (w: World, id: number) => w.github.edit(id, 'All is well.', 101)],
  ['deletes', (w: World, id: number) => w.github.remove(id, 101)],
])(
  '§4.12 whoever %s a record gets around no after-review: the issue stays open, and each sweep fails',
  async (_, attack) => {
    const w = await unreviewed();
    attack(w, w.github.issue().comments[1]?.id ?? 0);
    for (const _sweep of [1, 2]) expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'unproven' }]);
    expect(w.github.issue()).toMatchObject({ open: true, locked: false });
    expect(w.github.issue().labels).toContain('debug:error');
  },
);

test('§4.12 a flood of after-reviews by those who may not sign keeps nobody from signing, and costs bounded calls', async () => {
  const w = await unreviewed();
  for (let n = 0; n < 60; n += 1) {
    for (const person of ['ana', 'cy', 'ed']) w.comment(person, `/review all fine ${n}`);
    w.github.write({ id: 9_000 + n, login: `stranger-${n}`, bot: false }, '/review all fine');
    w.comment('di', '/review');
  }
  w.comment('bo', '/review I looked at it');
  w.github.done.length = 0;
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'finished', overdue: false }]);
  expect(w.records().at(-1)?.events[0]).toMatchObject({ type: 'reviewed', person: 'bo' });
  expect(w.github.issue()).toMatchObject({ open: false, locked: true });
  // Four people of the policy are answered once before, no stranger.
  expect(w.records().flatMap(({ events }) => events.filter(({ type }) => type === 'refused'))).toHaveLength(4);
  expect(w.github.done.length).toBeLessThan(25);
});

test('§4.6 of such a flood few are recorded at each sweep', async () => {
  const w = await unreviewed();
  for (let n = 0; n < 60; n += 1) {
    w.github.write({ id: 9_000 + n, login: `stranger-${n}`, bot: false }, '/review all fine');
  }
  await w.sweep();
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(10);
  expect(w.github.issue()).toMatchObject({ open: true });
});
