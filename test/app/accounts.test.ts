/** Slack accounts that decide nothing: deleted, bots, guests, of another workspace; or of which nobody can tell. */
import { expect, test } from 'vitest';
import { inDialog, policyWith } from './policies.ts';
import { createWorld, type World } from './world.ts';

const DEEDS: [string, (w: World) => Promise<unknown>][] = [
  ['a press', (w) => w.press('bo')],
  ['a denial', (w) => w.press('bo', 'deny')],
  ['a reply', (w) => w.reply('bo', 'deny')],
  ['a command', (w) => w.slash('bo', 'deny', '1')],
];

test.each(DEEDS)('§4.4 %s by a guest’s account decides nothing, is on record, and is told why', async (_, deed) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(5, () => w.slack.barred.set('UBO', 'it is a guest in this workspace'));
  const ack = w.after(10, () => deed(w));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({ status: 'expired', decisions: [] });
  expect(w.records()[1]?.events).toMatchObject([{ type: 'refused', code: 'account' }]);
  const told = JSON.stringify([await ack, w.slack.answers]);
  expect(told).toContain('guest in this workspace');
});

test.each(DEEDS)('§4.6 %s while Slack does not say whose account it is decides nothing', async (_, deed) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(5, () => w.slack.broken.add('barred'));
  const ack = w.after(10, () => deed(w));
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [] });
  expect(JSON.stringify([await ack, w.slack.answers])).toContain('could not be looked up');
});

test('a guest’s dialog shows why, and a dialog opened before the account was barred approves nothing', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  const acks = w.after(10, async () => {
    const before = await w.pressForDialog('bo');
    w.slack.barred.set('UBO', 'it was deleted');
    return [await w.submit('bo', before), await w.pressForDialog('bo')];
  });
  expect((await asking.result).view.decisions).toEqual([]);
  expect(await acks).toMatchObject([
    { kind: 'kept', text: expect.stringContaining('was deleted') },
    { kind: 'message', text: expect.stringContaining('was deleted') },
  ]);
});

test('the same person may still decide on GitHub', async () => {
  const w = await createWorld();
  const asking = w.ask();
  w.slack.barred.set('UBO', 'it was deleted');
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(20, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test('an account is not asked about where the deed counts for nothing anyway', async () => {
  const w = await createWorld();
  const asking = w.ask();
  w.slack.slow.set('barred', 10_000);
  const took = w.after(10, async () => {
    const from = w.clock.now();
    await w.press('ana');
    return w.clock.now() - from;
  });
  expect(await took).toBeLessThan(100);
  asking.cancel();
  await asking.result;
});
