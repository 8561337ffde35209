/** A card that Slack did not let a job change: sweeps change it later, and the issue waits for them, not for ever. */
import { expect, test } from 'vitest';
import { approvedBy, CLOSE, ISSUE_1 } from './fake-receiver.ts';
import { createWorld, type World } from './world.ts';

async function ran(): Promise<World> {
  const w = await createWorld();
  await w.debug(await approvedBy(w, w.ask()));
  return w;
}

test('§4.12 a card that Slack did not let the close job change loses its buttons by the next sweep', async () => {
  const w = await ran();
  w.slack.broken.add('update');
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  expect(w.slack.cardOf().view.status).toBe('approved');
  expect(w.github.issue()).toMatchObject({ open: true, labels: ['debug-request', 'debug:finished'] });
  w.slack.broken.clear();
  await w.after(900, () => w.sweep());
  expect(w.slack.cardOf().view.status).toBe('finished');
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:finished'] });
});

test('§4.12 an issue that was closed before its card could be changed is opened until it can', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => w.slack.broken.add('update'));
  void w.press('bo', 'deny');
  await asking.result;
  await w.sweep({ ...ISSUE_1, debugResult: 'skipped' }, CLOSE);
  expect(w.slack.cardOf().view.button).not.toBeNull();
  w.slack.broken.clear();
  await w.after(900, () => w.sweep());
  expect(w.slack.cardOf().view.button).toBeNull();
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:denied'] });
});

test('§4.12 a Slack that never lets the card be changed keeps an issue open for an hour, and no longer', async () => {
  const w = await ran();
  w.slack.broken.add('update');
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  for (let quarter = 1; quarter < 4; quarter += 1) await w.after(900, () => w.sweep());
  expect(w.github.issue().open).toBe(true);
  await w.after(900, () => w.sweep());
  expect(w.github.issue().open).toBe(false);
});
