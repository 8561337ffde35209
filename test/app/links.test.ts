/** Slack accounts found by the address that the policy names: only where it says so, and one account is one human. */
import { expect, test } from 'vitest';
import { key, policyWith } from './policies.ts';
import { createWorld } from './world.ts';

const EMAIL = [['slack: { team: T1, user: UBO } }', 'email: bo@acme.test }'], key('link-by-email: true')] as [
  string,
  string,
][];

test('somebody without a Slack account is linked by their confirmed address, where the policy says so', async () => {
  const w = await createWorld(policyWith(...EMAIL));
  w.slack.addresses.set('bo@acme.test', { team: 'T1', user: 'UBOBO' });
  const asking = w.ask();
  void w.after(10, () => w.press('UBOBO'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.reading.state.opening.links).toEqual({ bo: { team: 'T1', user: 'UBOBO' } });
  expect(w.slack.cardOf().pinged).toContain('UBOBO');
});

test.each([
  ['no member, or more than one, has it', null],
  ['that member is somebody else already', 'UCY'],
])('nobody is linked by address where %s', async (_, user) => {
  const w = await createWorld(policyWith(...EMAIL));
  if (user !== null) w.slack.addresses.set('bo@acme.test', { team: 'T1', user });
  const asking = w.ask();
  void w.after(30, asking.cancel);
  const asked = await asking.result;
  expect(asked.view.decisions).toEqual([]);
  expect(asked.reading.state.opening.links).toEqual({});
  expect(asked.view.notices).toHaveLength(1);
  expect(asked.view.notices.join()).not.toContain('@');
});

test('one Slack account is one human: an address that two people name links neither', async () => {
  const w = await createWorld(policyWith(...EMAIL, ['slack: { team: T1, user: UCY } }', 'email: cy@acme.test }']));
  for (const name of ['bo', 'cy']) w.slack.addresses.set(`${name}@acme.test`, { team: 'T1', user: 'USAME' });
  const asking = w.ask();
  void w.after(10, () => w.press('USAME'));
  void w.after(30, asking.cancel);
  const asked = await asking.result;
  expect(asked.reading.state.opening.links).toEqual({});
  expect(asked.view.decisions).toEqual([]);
});
