/** What one sweep's purge takes of GitHub's limits and of its job's time is bounded, and none waits for ever behind others. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { newBudget } from '../../src/app/purge-budget.ts';
import type { SharedOnGithub } from '../../src/app/purge-ports.ts';
import { T0 } from '../request/given.ts';
import { unavailable } from './fake-github.ts';
import { again, finishedAndDenied, isWhole, kindsGone, LABELS, RETENTION, receipts } from './finished.ts';
import { key, policyWith } from './policies.ts';
import { virtualClock } from './virtual-time.ts';
import { eventsOf, type World } from './world.ts';

const restored = await again(finishedAndDenied);
const limited = () => new Fault('rate-limited', 'GitHub answered 403.', 'Try again after 12:00.');
const ONE_LESS = ['card', 'message', 'run-logs'];

/** As the sweep of that run, with a GitHub that may be in trouble. */
async function sweepAs(w: World, run = 9500, github: SharedOnGithub = w.shares.github()): Promise<string[]> {
  const told: string[] = [];
  await w.sweep({}, { run: { id: run, attempt: 1 } }, told, { shared: { ...w.shares.deps(), github } });
  return told;
}

/** Closed issues with labels of ours and no record at all, before all true ones in the list. */
function plantFirst(w: World, count: number): void {
  const [one, two] = [w.github.issue(1), w.github.issue(2)];
  w.github.issues.clear();
  for (let number = 3; number < count + 3; number += 1) {
    w.github.issues.set(number, { ...one, number, labels: [...LABELS], comments: [] });
  }
  w.github.issues.set(1, one).set(2, two);
}

test('what nothing can go of keeps what is due waiting in no sweep that can look at all of it', async () => {
  const w = restored();
  plantFirst(w, 300);
  await sweepAs(w);
  expect(receipts(w).length + receipts(w, 2).length).toBe(2);
  expect(w.shares.reports.at(-1)).toMatchObject({ left: 0 });
});

test('where it cannot look at all, each sweep begins at another place and says what is left', async () => {
  const w = restored();
  plantFirst(w, 800);
  const told = await sweepAs(w, 9500);
  expect(told.at(-1)).toBe('Purge: 302 are left for the next sweep: one sweep looks at 500 requests.');
  expect(kindsGone(w)).toEqual([]);
  await sweepAs(w, 9535);
  expect(receipts(w).length + receipts(w, 2).length).toBe(2);
});

test('no more than 40 records are written in a minute, and no more than 100 in a sweep', async () => {
  const clock = virtualClock(T0);
  const budget = newBudget(clock);
  const at: number[] = [];
  while (budget.over() === null) {
    expect(await budget.room(20)).toBe(true);
    at.push((clock.now() - T0) / 1000);
  }
  expect(at).toEqual([0, 0, 60, 60, 120]);
  expect(budget.over()).toBe('one sweep writes no more than 100 records of it');
});

test('a limit of GitHub ends the purge of this sweep: nothing goes, every issue is locked, the next one goes on', async () => {
  const w = restored();
  w.shares.trouble.set('write', limited());
  const told = await sweepAs(w);
  expect(told.join('\n')).toContain('Purge of #1: put off: GitHub answered 403. Try again after 12:00.');
  expect([kindsGone(w), w.github.issue(1).locked, w.github.issue(2).locked]).toEqual([[], true, true]);
  w.shares.trouble.clear();
  await sweepAs(w);
  expect(kindsGone(w)).toHaveLength(8);
});

test('a limit between record and receipt leaves locked issues, and receipts by the next sweep', async () => {
  const w = restored();
  const github = w.shares.github();
  let writes = 0;
  const write: SharedOnGithub['write'] = async (comments) => {
    writes += 1;
    if (writes === 1) return github.write(comments);
    for (const { issue } of comments) w.github.issue(Number(issue.slice(2))).locked = false;
    return comments.map(limited);
  };
  plantFirst(w, 20);
  const told = await sweepAs(w, 9503, { ...github, write });
  expect(told.at(-1)).toMatch(/^Purge: \d+ are left for the next sweep: GitHub takes no more for now\.$/);
  expect([receipts(w), receipts(w, 2), kindsGone(w).length]).toEqual([[], [], 8]);
  expect([w.github.issue(1).locked, w.github.issue(2).locked]).toEqual([true, true]);
  await sweepAs(w);
  expect(receipts(w, 2)).toMatchObject([{ parts: ['slack', 'run-logs'], items: ONE_LESS.map((kind) => ({ kind })) }]);
  expect(eventsOf(w, 2).filter((type) => type === 'purge')).toHaveLength(1);
});

test('what breaks off between record and receipt leaves no issue unlocked', async () => {
  const w = restored();
  const github = w.shares.github();
  let looks = 0;
  const issues: SharedOnGithub['issues'] = async (ids) => {
    looks += 1;
    if (looks > 1) throw limited();
    return github.issues(ids);
  };
  await sweepAs(w, 9500, { ...github, issues });
  expect([eventsOf(w).at(-1), w.github.issue(1).locked, w.github.issue(2).locked]).toEqual(['purge', true, true]);
});

test('an issue that cannot be marked for the webhook is put off, and keeps no other from being purged', async () => {
  const w = restored();
  const file = w.github.policy;
  const text = policyWith(key(`webhook: { url: "https://hooks.example.com/x" }\n${RETENTION}`));
  w.github.policy = file && { ...file, text };
  w.github.fail('addLabel', { fault: unavailable() });
  const told = await sweepAs(w);
  w.github.policy = file;
  expect(told.join('\n')).toContain('Purge of #1: put off: GitHub answered 503.');
  expect([receipts(w), receipts(w, 2).length]).toEqual([[], 1]);
});

test('what keeps all from being purged makes the sweep fail, with what is known so far', async () => {
  const w = restored();
  w.shares.trouble.set('held', limited());
  const undone: string[] = [];
  await w.sweep({}, {}, [], {}, undone);
  expect(undone).toEqual([
    'The sweep could not delete all that requests shared: GitHub answered 403. Try again after 12:00.',
  ]);
  expect(w.shares.reports.at(-1)).toMatchObject({ brokenOff: true, left: 2, requests: [] });
});

test('a sweep that somebody starts by hand purges as the scheduled one does, and two at once do no harm', async () => {
  const w = restored();
  const byHand = { event: 'workflow_dispatch', run: { id: 9600, attempt: 1 } };
  await Promise.all([w.sweep(), w.sweep({}, byHand)]);
  expect([kindsGone(w).length, await isWhole(w, 1), await isWhole(w, 2)]).toEqual([8, true, true]);
  expect([w.github.issue(1).locked, w.github.issue(2).locked]).toEqual([true, true]);
  expect(w.github.issue(1).labels).toEqual(LABELS.slice(0, 2));
  const before = w.shares.done.length;
  await w.sweep({}, byHand);
  expect(w.shares.done.slice(before)).toEqual(['marked']);
});

test('a thread that takes longer than one sweep has is deleted by several, with one record before and one receipt after', async () => {
  const w = restored();
  const [, thread = []] = [...w.shares.threads].find(([, things]) => things.some(({ id }) => id === 'F1')) ?? [];
  for (let n = 10; n < 20; n += 1) thread.push({ kind: 'message', id: `C0APPROVE/2.${n}`, text: `No ${n}`, own: true });
  w.shares.slow.set('deleteMessage', 60_000);
  const told = await sweepAs(w);
  expect(told.join('\n')).toContain('Purge of #1: put off: The time for it is over. The next sweep goes on.');
  expect(receipts(w)).toEqual([]);
  await sweepAs(w);
  await sweepAs(w);
  expect(eventsOf(w).filter((type) => type === 'purge')).toHaveLength(1);
  expect(receipts(w)).toMatchObject([{ parts: ['slack', 'transcript', 'run-logs'] }]);
  expect(receipts(w)[0]?.items.filter(({ kind, gone }) => kind === 'message' && gone)).toHaveLength(11);
});
