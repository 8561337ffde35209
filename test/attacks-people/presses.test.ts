/** People who press what they may not, again and again: they stop nobody else and cost next to nothing. */
import { expect, test } from 'vitest';
import { createWorld, eventsOf } from '../app/world.ts';

const every = (from: number, count: number, gap: number) => Array.from({ length: count }, (_, i) => from + i * gap);

test.each([
  ['the requester, who may decide nothing', 'ana'],
  ['a stranger', 'UMALLORY'],
])("§4.6 %s who presses ten times a second keeps nobody's denial out", async (_, who) => {
  const w = await createWorld();
  w.github.slow = { issue: 400, comment: 400 };
  const asking = w.ask();
  for (const at of every(20, 100, 0.1)) void w.after(at, () => w.press(who));
  const denial = w.after(25, () => w.press('bo', 'deny'));
  const asked = await asking.result;
  expect(await denial).toBe(true);
  expect(asked.view.status).toBe('denied');
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(1);
});

test('§4.6 repeated presses of somebody who was refused for good cost no reads, and are counted', async () => {
  const w = await createWorld();
  const asking = w.ask();
  for (const at of every(20, 50, 1)) void w.after(at, () => w.press('ana'));
  const before = w.after(40.5, () => w.github.done.filter((one) => one === 'issue').length);
  const after = w.after(60.5, () => w.github.done.filter((one) => one === 'issue').length);
  void w.after(80, () => w.press('bo', 'deny'));
  await asking.result;
  expect((await after) - (await before)).toBeLessThan(3);
  expect(w.records().flatMap(({ events }) => events)).toContainEqual({
    type: 'refusals-counted',
    counts: { 'slack:T1/UANA': 49 },
  });
  expect(w.slack.answers.filter(({ user }) => user === 'UANA')).toHaveLength(50);
});

test('§4.6 who was refused on a forged card is heard on the true one', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const forged = w.after(10, () => w.press('bo', 'deny', { card: { team: 'T1', channel: 'C0APPROVE', ts: '1.1' } }));
  const true_ = w.after(20, () => w.press('bo', 'deny'));
  expect((await asking.result).view.status).toBe('denied');
  expect([await forged, await true_]).toEqual([true, true]);
});

test('§4.6 a refusal on one request is none on another', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  void w.after(10, () => w.press('bo', 'deny', { issue: 2 }));
  void w.after(20, () => w.press('bo', 'deny', { issue: 1 }));
  expect((await asking.result).view.status).toBe('denied');
  other.cancel();
  expect((await other.result).view.status).toBe('cancelled');
});
