/** What the webhook lacks when a request is over: the close job and the sweep deliver it, a bounded part at a time. */
// Loaded lazily by the ask job; loading it takes real time, which the virtual clock knows nothing of.
import '../../src/app/ask-deliveries.ts';
import { expect, test } from 'vitest';
import { firstToDeliver } from '../../src/app/sweep-deliveries.ts';
import {
  approvedBy,
  asked,
  busy,
  CLOSE,
  type FakeReceiver,
  fakeReceiver,
  hashes,
  ISSUE_1,
  LABEL,
  warnings,
  withWebhook,
} from './fake-receiver.ts';
import { policyWith } from './policies.ts';
import { createWorld } from './world.ts';

const DOWN = (receiver: FakeReceiver): void => {
  receiver.trouble = () => busy;
};

test('what a receiver that is down did not take stays marked through the close job, and it gets everything from the sweep when it is back', async () => {
  const { w, receiver, asking, close, sweep, delivered } = await asked(DOWN);
  await w.debug(await approvedBy(w, asking));
  expect([delivered(), warnings(asking.told)]).toEqual([0, [expect.stringContaining('answered 503')]]);
  const told: string[] = [];
  expect(await close('success', told)).toMatchObject([{ status: 'finished' }]);
  expect(warnings(told)).toEqual([expect.stringContaining('From record 1 of #1 on nothing was delivered')]);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:finished', LABEL] });
  const still: string[] = [];
  expect(await sweep(still)).toEqual([]);
  expect(warnings(still)).toContainEqual(expect.stringContaining('1 request are still to be delivered'));
  receiver.trouble = () => null;
  await sweep();
  expect(receiver.taken).toEqual(hashes(w));
  expect(w.github.issue().labels).toEqual(['debug-request', 'debug:finished']);
  await sweep();
  expect(receiver.taken).toHaveLength(5);
});

test('a receiver that fails makes a sweep stop after three requests, and say how many are left', async () => {
  const { w, receiver, asking, close, sweep, webhook } = await asked(DOWN);
  asking.cancel();
  await asking.result;
  await close('skipped');
  for (const number of [2, 3, 4, 5]) {
    w.runOf(9000 + number);
    const next = w.ask({ job: { run: { id: 9000 + number, attempt: 1 } }, ...webhook });
    await w.after(1, () => next.cancel());
    await next.result;
  }
  const tries = receiver.tries.length;
  const told: string[] = [];
  await sweep(told);
  expect(receiver.tries).toHaveLength(tries + 3 * 3);
  expect(warnings(told).at(-1)).toContain('5 requests are still to be delivered');
});

test('a sweep looks at no more than 25 marked requests, and says how many are left', async () => {
  const { w, asking, close, sweep } = await asked(DOWN);
  await w.debug(await approvedBy(w, asking));
  await close('success');
  const one = w.github.issue();
  for (let number = 2; number <= 31; number += 1) w.github.issues.set(number, { ...one, number, comments: [] });
  const before = w.github.done.filter((call) => call === 'issue').length;
  const told: string[] = [];
  await sweep(told);
  expect(w.github.done.filter((call) => call === 'issue')).toHaveLength(before + 25);
  expect(warnings(told).at(-1)).toMatch(/^! The records of [67] requests are still to be delivered/);
});

test('one request that is never taken keeps no other waiting', async () => {
  const { w, receiver, asking, close, sweep, webhook } = await asked(DOWN);
  await w.debug(await approvedBy(w, asking));
  await close('success');
  w.runOf(9002);
  const next = w.ask({ job: { run: { id: 9002, attempt: 1 } }, ...webhook });
  await w.after(1, () => next.cancel());
  await next.result;
  const [first] = hashes(w);
  receiver.trouble = ({ id }) => (id === first ? busy : null);
  await sweep();
  expect(receiver.taken).toEqual(hashes(w, 2));
  expect([w.github.issue(1).labels, w.github.issue(2).labels].map((labels) => labels.includes(LABEL))).toEqual([
    true,
    false,
  ]);
});

test('without a secret each job says so, and the issue stays marked for one that has it', async () => {
  const w = await createWorld(policyWith(withWebhook));
  const asking = w.ask();
  await w.debug(await approvedBy(w, asking));
  expect(warnings(asking.told)).toEqual([expect.stringContaining('no `webhook-secret`')]);
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  expect(w.github.issue().labels).toContain(LABEL);
  const receiver = fakeReceiver(w);
  await w.sweep({}, {}, [], { webhook: receiver.at });
  expect(receiver.taken).toEqual(hashes(w));
});

test('a log that broke after it was closed is told to nobody, and is looked at no more', async () => {
  const { w, receiver, asking, close, sweep } = await asked((one) => {
    one.trouble = () => busy;
  });
  await w.debug(await approvedBy(w, asking));
  await close('success');
  receiver.trouble = () => null;
  w.github.remove(w.github.issue().comments[1]?.id ?? 0);
  const told: string[] = [];
  await sweep(told);
  expect(receiver.taken).toEqual([]);
  expect(told.join()).toContain('The records of #1 are not delivered');
  expect(w.github.issue().labels).not.toContain(LABEL);
});

test.each([
  [{ handedOver: 3, labels: [LABEL], before: 5 }, 3],
  [{ handedOver: 0, labels: [], before: 5 }, 0],
  [{ handedOver: null, labels: [LABEL], before: 5 }, 0],
  [{ handedOver: null, labels: ['debug-request'], before: 5 }, 5],
])('given %o, then the delivery begins with record %i', (known, first) => {
  expect(firstToDeliver(known)).toBe(first);
});

test('a slow receiver gets as much as fits into two minutes, however long the sweep took before', async () => {
  const { w, receiver, asking, close, sweep } = await asked(DOWN);
  await w.debug(await approvedBy(w, asking));
  await close('success');
  receiver.trouble = () => null;
  receiver.slowMs = 4_900;
  w.github.slow = { openRequests: 300_000 };
  await sweep();
  expect(receiver.taken).toEqual(hashes(w));
});
