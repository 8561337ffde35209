/** Decisions by comment where somebody floods, edits or deletes them: neither the log nor those who decide suffer. */
import { expect, test } from 'vitest';
import { createWorld, eventsOf, type World } from './world.ts';

/** Until the next reading of the issue, which follows a poll that saw something, has begun. */
async function whileRead(w: World): Promise<void> {
  const before = w.github.done.length;
  while (!w.github.done.slice(before).includes('issue')) await w.clock.sleep(10);
}

test('§4.6 a stranger who comments 50 times gets one record, costs few reads, and keeps nobody waiting', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => {
    for (let i = 0; i < 50; i++) w.comment('stranger', '/approve');
  });
  void w.after(11, () => w.comment('bo', '/approve'));
  void w.after(12, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(1);
  expect(w.records().flatMap(({ events }) => events.filter(({ type }) => type === 'refusals-counted'))).toEqual([
    { type: 'refusals-counted', counts: { 'github:999': 49 } },
  ]);
  expect(w.github.done.filter((operation) => operation === 'issue').length).toBeLessThan(15);
  expect(w.clock.now() - Date.parse('2026-03-02T10:00:00Z')).toBeLessThan(30_000);
});

test('an approval by comment that its author deletes at once decides nothing and keeps no later one waiting', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => (w.github.slow = { issue: 1_500 }));
  void w.after(10, async () => {
    const comment = w.comment('bo', '/approve');
    await whileRead(w);
    w.github.remove(comment);
  });
  void w.after(10.5, () => w.comment('cy', '/approve'));
  void w.after(40, () => w.comment('di', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.view.decisions.map(({ name }) => name)).not.toContain('Bo');
});

test('an approval by comment that is edited into a denial before it is read decides nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => (w.github.slow = { issue: 1_500 }));
  void w.after(10, async () => {
    const comment = w.comment('bo', '/approve');
    await whileRead(w);
    w.github.edit(comment, '/deny');
  });
  void w.after(40, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({ status: 'expired', decisions: [{ name: 'Cy' }] });
});

test("a stranger's comment that is gone before it can be read stops nothing", async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => (w.github.slow = { issue: 1_500 }));
  void w.after(10, async () => {
    const comment = w.comment('stranger', 'now you see me');
    await whileRead(w);
    w.github.remove(comment);
  });
  void w.after(60, () => w.comment('bo', '/approve'));
  void w.after(120, () => w.comment('cy', '/approve'));
  expect((await asking.result).approved).toBe(true);
});
