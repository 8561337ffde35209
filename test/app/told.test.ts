/** How it ended is told the requester in person, once, by the job that knows it first. */
import { expect, test } from 'vitest';
import { approved } from './approved.ts';
import { createWorld, type World } from './world.ts';

const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
const ISSUE_1 = { what: { kind: 'issue' as const, number: 1 } };
const sweeper = (id: number) => ({ run: { id, attempt: 1 } });

function endRun(w: World): void {
  const facts = w.github.runs.get(9001);
  if (facts === undefined) throw new Error('There is no run.');
  w.github.runs.set(9001, { ...facts, status: 'completed', conclusion: 'cancelled' });
}

/** What the requester was told in person. */
const toAna = (w: World) => w.slack.told.flatMap(({ user, text }) => (user === 'UANA' ? [text] : []));

test('the close job tells the requester in person how the debug job ended, once', async () => {
  const { w, asked } = await approved();
  await w.debug(asked);
  expect(toAna(w)).toHaveLength(1);
  await w.sweep({ what: { kind: 'own-run' }, debugResult: 'success' }, CLOSE);
  expect(toAna(w).slice(1)).toEqual([expect.stringContaining('The debug job finished with exit code 0.')]);
  await w.sweep(ISSUE_1);
  await w.sweep();
  expect(toAna(w)).toHaveLength(2);
});

test('a sweep tells her what it ended itself, once; two at the same time do not both', async () => {
  const { w } = await approved();
  endRun(w);
  await Promise.all([w.sweep({}, sweeper(9500)), w.sweep({}, sweeper(9501))]);
  await w.sweep(ISSUE_1, sweeper(9502));
  expect(toAna(w).slice(1)).toEqual([expect.stringContaining('Cancelled; nothing ran. The workflow run ended before')]);
});

test('what the ask job saw end, it tells: neither the close job nor a sweep repeats it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  await w.sweep({ ...ISSUE_1, debugResult: 'skipped' }, CLOSE);
  await w.sweep(ISSUE_1);
  expect(toAna(w)).toEqual([expect.stringContaining('Denied by Bo')]);
});

test('an interrupted job is told by whoever found out, and by no close job after it', async () => {
  const { w, asked } = await approved();
  w.during.run = () => new Promise(() => {});
  void w.debug(asked);
  await w.after(10, () => endRun(w));
  await w.sweep();
  await w.sweep({ ...ISSUE_1, debugResult: 'cancelled' }, CLOSE);
  expect(toAna(w).slice(1)).toEqual([expect.stringContaining('The debug job was interrupted before it could report.')]);
});
