/** A sweep that is killed anywhere while it purges several requests leaves nothing undone and nothing unrecorded for the next. */
import { expect, test } from 'vitest';
import { ALL_GONE, again, finishedAndDenied, isWhole, kindsGone, LABELS, receipts } from './finished.ts';
import type { World } from './world.ts';

/** Of #1 everything is due; #2, in the same batch, has no file and no transcript. */
const restored = await again(finishedAndDenied);
const GONE = [...ALL_GONE, 'card', 'message', 'run-logs'].sort();

const once = restored();
await once.sweep();
const EFFECTS = once.shares.done.length;

const went = (w: World, issue: number): string[] => {
  const items = receipts(w, issue).flatMap((receipt) => receipt.items);
  return [...new Set(items.flatMap(({ kind, gone }) => (gone ? [kind] : [])))].sort();
};
const partsOf = (w: World, issue: number): string[] => receipts(w, issue).flatMap(({ parts }) => parts);

test.each(
  Array.from({ length: EFFECTS }, (_, n) => n + 1).flatMap((at) => [
    { at, when: 'before' as const },
    { at, when: 'after' as const },
  ]),
)('a sweep of two requests that is killed $when its effect $at', async (kill) => {
  const w = restored();
  w.shares.kill = kill;
  await w.sweep();
  w.shares.revive();
  await w.sweep();
  expect(kindsGone(w)).toEqual(GONE);
  expect([went(w, 1), went(w, 2)]).toEqual([ALL_GONE, ['card', 'message', 'run-logs']]);
  expect([partsOf(w, 1), partsOf(w, 2)]).toEqual([
    ['slack', 'transcript', 'run-logs'],
    ['slack', 'run-logs'],
  ]);
  expect(w.github.issue(1)).toMatchObject({ open: false, locked: true, labels: LABELS.slice(0, 2) });
  expect(w.github.issue(2)).toMatchObject({ open: false, locked: true, labels: ['debug-request', 'debug:denied'] });
  expect([...w.shares.threads.values()].flat()).toContainEqual(expect.objectContaining({ text: 'Looks good to me' }));
  expect([...w.shares.artifacts.keys()]).toEqual([72]);
  expect([await isWhole(w, 1), await isWhole(w, 2)]).toEqual([true, true]);
});

test('what such a sweep does is counted, so that the rule above covers each step of a batch', () => {
  expect(EFFECTS).toBeGreaterThan(20);
});
