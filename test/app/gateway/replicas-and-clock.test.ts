/** The gateway and its like, and its clock: what two replicas see is recorded once, and nothing by a wrong clock. */
import { expect, test } from 'vitest';
import { Fault } from '../../../src/app/fault.ts';
import { oneOf } from '../policies.ts';
import { eventsOf } from '../world.ts';
import { ASKED, commented, gatewayPolicy, gatewayWorld } from './gateway-world.ts';

const told = (w: { gateway: { onGitHub(event: { kind: 'issue'; repository: number; issue: number }): void } }) =>
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });

test('decisions that two replicas see at once are on record once: whoever was told of one judges it', async () => {
  const w = await gatewayWorld();
  const other = await w.replica();
  await w.ask({ input: ASKED }).result;
  commented(w, 'bo', '/approve');
  commented(w, 'cy', '/approve', other);
  await w.after(60, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
});

test('a decision is recorded by whoever looks, once the replica that was told of it had its time', async () => {
  const w = await gatewayWorld();
  const killed = await w.replica();
  await w.ask({ input: ASKED }).result;
  await killed.stop();
  commented(w, 'bo', '/approve', killed);
  told(w);
  await w.after(8, () => expect(eventsOf(w)).toEqual(['requested']));
  await w.after(30, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided']);
});

test('while the clock is wrong nothing is recorded or answered; what was due is done once it is right', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.time.fault = new Fault('unavailable', 'The clock is 600 s ahead.', 'Set it.');
  w.hold();
  commented(w, 'bo', '/approve');
  expect(await w.press('cy', 'deny')).toBe(false);
  await w.after(60, () => w.gateway.repair());
  await w.after(60, () => undefined);
  expect([eventsOf(w), w.answers, w.waitsFor]).toEqual([['requested'], [], []]);
  w.time.fault = null;
  await w.after(330, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided']);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
});

test('a clock that is found wrong while somebody presses keeps the record from being signed', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  await w.press('bo');
  w.github.slow.issue = 500;
  const press = w.press('cy');
  await w.after(0.2, () => {
    w.time.fault = new Fault('unavailable', 'The clock is 600 s ahead.', 'Set it.');
  });
  expect(await press).toBe(false);
  expect(eventsOf(w)).toEqual(['requested', 'decided']);
});
