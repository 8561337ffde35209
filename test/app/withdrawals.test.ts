/** Taking back: an approval by whoever gave it, a request by whoever asked; before the job starts, by every channel. */
import { expect, test } from 'vitest';
import { oneOf, policyWith } from './policies.ts';
import { createWorld, eventsOf, faultOf, type World } from './world.ts';

const WITHDRAW: [string, (w: World) => unknown][] = [
  ['a comment', (w) => w.comment('bo', '/withdraw I was wrong')],
  ['a reply', (w) => w.reply('bo', 'withdraw I was wrong')],
];

test.each(WITHDRAW)(
  'an approval withdrawn by %s counts no more, and its author may approve again',
  async (_, withdraw) => {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(10, () => w.press('bo'));
    void w.after(20, () => withdraw(w));
    void w.after(30, () => w.press('cy'));
    const between = w.after(40, () => w.slack.cardOf().view.decisions);
    void w.after(50, () => w.press('bo'));
    const asked = await asking.result;
    expect(asked.approved).toBe(true);
    expect(await between).toMatchObject([
      { name: 'Bo', decision: 'withdraw' },
      { name: 'Cy', decision: 'approve' },
    ]);
    expect(eventsOf(w)).toEqual(['requested', 'decided', 'withdrawn', 'decided', 'decided']);
  },
);

test("§4.4 nobody withdraws another's approval", async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('cy', '/withdraw'));
  void w.after(30, () => w.reply('ana', 'withdraw'));
  void w.after(40, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test('§4.7 an approval withdrawn just when the wait ends stops the request: nobody listens any more', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  w.github.slow = { comment: 900 };
  void w.after(20, () => w.press('bo'));
  // Received before the listener is gone, recorded after it.
  const withdrawn = w.after(20.1, () => w.reply('bo', 'withdraw'));
  const asked = await asking.result;
  expect(await withdrawn).toEqual({ kind: 'done' });
  expect(asked).toMatchObject({ approved: false, view: { status: 'cancelled' } });
  expect(w.github.issue()).toMatchObject({ open: false });
});

test('§4.7 an approval withdrawn on the issue after the wait keeps the job from starting', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  void w.after(20, () => w.press('bo'));
  const asked = await asking.result;
  w.comment('bo', '/withdraw');
  await faultOf(w.debug(asked));
  expect(w.commands).toEqual([]);
});

test('the requester cancels by comment: the wait ends, with the reason shown', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('ana', '/cancel found it'));
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: false, view: { status: 'cancelled', detail: 'found it' } });
  expect(w.github.issue()).toMatchObject({ open: false, locked: true, labels: ['debug-request', 'debug:cancelled'] });
  expect(w.slack.cardOf().view).toMatchObject({ status: 'cancelled', button: null });
  expect(w.clock.now() - Date.parse('2026-03-02T10:00:00Z')).toBeLessThan(60_000);
});

test.each(['bo', 'stranger'])('§4.4 %s, who did not ask, cancels nothing', async (person) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.comment(person, '/cancel'));
  expect((await asking.result).view.status).toBe('expired');
});

test('a review of what broke no glass signs nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.comment('bo', '/review all fine'));
  expect((await asking.result).view.status).toBe('expired');
  expect(eventsOf(w)).not.toContain('reviewed');
});
