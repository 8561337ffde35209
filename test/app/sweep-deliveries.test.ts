/** What the webhook lacks when a request is over: the close job and the sweep deliver it, a bounded part at a time. */
// Loaded lazily by the ask job; loading it takes real time, which the virtual clock knows nothing of.
import '../../src/app/ask-deliveries.ts';
import { expect, test } from 'vitest';
import { lackingOf } from '../../src/app/sweep-deliveries.ts';
import { ARCHIVE_TITLE } from '../../src/log/archive-record.ts';
import { unavailable } from './fake-github.ts';
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
  tooLong,
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
  expect(warnings(told)).toContainEqual(
    expect.stringMatching(/^! The records of [67] requests are still to be delivered/),
  );
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

test('of a log that broke after it was closed nothing is told: the sweep fails for it until somebody takes the mark off', async () => {
  const { w, receiver, asking, close, sweep } = await asked(DOWN);
  await w.debug(await approvedBy(w, asking));
  await close('success');
  receiver.trouble = () => null;
  w.github.remove(w.github.issue().comments[1]?.id ?? 0);
  const told: string[] = [];
  expect(await sweep(told)).toMatchObject([{ issue: 1, status: 'unproven' }]);
  expect(receiver.taken).toEqual([]);
  expect(told.filter((text) => text.startsWith('!'))).toMatchSnapshot();
  expect(w.github.issue().labels).toContain(LABEL);
  w.github.issue().labels = w.github.issue().labels.filter((label) => label !== LABEL);
  expect(await sweep()).toEqual([]);
});

test('a policy whose signers are wrong for an hour loses no delivery', async () => {
  const { w, receiver, asking, close, sweep } = await asked(DOWN);
  await w.debug(await approvedBy(w, asking));
  await close('success');
  receiver.trouble = () => null;
  const { policy } = w.github;
  if (policy === null) throw new Error('There is no policy.');
  w.github.policy = { ...policy, text: policy.text.replaceAll('workflows/debug.yml', 'workflows/other.yml') };
  expect(await sweep()).toMatchObject([{ issue: 1, status: 'unproven' }]);
  w.github.policy = policy;
  await sweep();
  expect(receiver.taken).toEqual(hashes(w));
});

test.each(['undelivered', 'brokenGlass'] as const)(
  'where GitHub does not give the list `%s`, the rest of the sweep is done and told all the same',
  async (list) => {
    const { w, asking, webhook } = await asked();
    await w.after(5, () => null);
    w.github.fail(list, { fault: unavailable(), times: 9 });
    const undone: string[] = [];
    expect(await w.sweep({}, {}, [], webhook, undone)).toMatchObject([{ issue: 1, status: 'pending' }]);
    asking.cancel();
    await asking.result;
    expect(undone).toEqual([
      expect.stringMatching(/^The sweep could not (deliver what the webhook lacks|look for what broke the glass): /),
    ]);
    expect([...w.github.issues.values()].map(({ title }) => title)).toContain(ARCHIVE_TITLE);
  },
);

const entries = [1, 2, 3, 4, 5].map((id) => ({ commentId: id, record: { hash: `hash ${id}` } }));
test.each([
  ['the close job, by what ask handed over', { handedOver: { count: 3, last: 'hash 3' }, labels: [LABEL] }, [4, 5]],
  ['the close job of an ask job that could not tell', { handedOver: null, labels: [] }, [1, 2, 3, 4, 5]],
  [
    'the close job, where a record showed late among the first',
    { handedOver: { count: 3, last: 'hash 4' }, labels: [] },
    [1, 2, 3, 4, 5],
  ],
  [
    'the close job, where more is said than there is',
    { handedOver: { count: 99, last: 'hash 5' }, labels: [] },
    [1, 2, 3, 4, 5],
  ],
  ['a sweep, of what is marked', { handedOver: undefined, labels: [LABEL] }, [1, 2, 3, 4, 5]],
  [
    'a sweep, of what is not marked: what it wrote itself',
    { handedOver: undefined, labels: ['debug-request'] },
    [3, 5],
  ],
])('the receiver lacks, as far as a job can tell: %s', (_, known, lacking) => {
  const lacks = lackingOf(entries, { ...known, before: new Set([1, 2, 4]) });
  expect(entries.filter((entry, index) => lacks(entry, index)).map(({ commentId }) => commentId)).toEqual(lacking);
});

test('a record that is never taken is no sign of a receiver that fails', async () => {
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
  const long = [1, 2, 3, 4].map((issue) => hashes(w, issue)[0]);
  receiver.trouble = ({ id }) => (long.includes(id) ? tooLong : null);
  await sweep();
  expect(receiver.taken).toEqual(hashes(w, 5));
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
