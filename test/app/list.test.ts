/** What the list of open requests says of each, and of those that nobody can believe. */
import { expect, test } from 'vitest';
import { at, EXPIRY_S } from '../request/given.ts';
import { notWritten, unavailable } from './fake-github.ts';
import { key, policyWith } from './policies.ts';
import { createWorld } from './world.ts';

test('a request that waits is listed with its verdict, who asks for what, and the time left', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  const [listed, ...more] = await w.after(60, () => w.list());
  expect(more).toEqual([]);
  expect(listed).toMatchObject({
    ...{ kind: 'proven', issue: 1, status: 'pending', outcome: null },
    ...{ requester: 'Ana', runbook: 'status', target: 'production' },
    verdict: { status: 'waiting', sentence: expect.stringContaining('Bo approved') },
    ...{ ends: at(EXPIRY_S), secondsLeft: expect.closeTo(EXPIRY_S - 60, -1) },
  });
  asking.cancel();
  await asking.result.catch(() => null);
});

test('what is approved is listed until it starts, then with the time that its job has left', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(await w.list()).toMatchObject([{ kind: 'proven', status: 'approved', verdict: { status: 'met' } }]);
  const seen: unknown[] = [];
  w.during.run = async () => {
    seen.push(...(await w.list()));
  };
  await w.debug(asked);
  expect(seen).toMatchObject([
    { kind: 'proven', status: 'running', outcome: null, secondsLeft: expect.closeTo(600, -1) },
  ]);
});

test('a request that ended and whose issue nobody has closed yet is listed with how it ended', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => asking.cancel());
  await asking.result.catch(() => null);
  w.github.issue().open = true;
  expect(await w.list()).toMatchObject([
    {
      status: 'cancelled',
      outcome: 'Cancelled; nothing ran. The workflow run was cancelled.',
      ends: null,
      secondsLeft: null,
    },
  ]);
});

test('a request whose time is over has none left, also where nobody could put that on record', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(60, () => w.github.fail('comment', { fault: notWritten(), times: 1_000 }));
  await asking.result.catch(() => null);
  w.github.issue().open = true;
  await w.clock.sleep(EXPIRY_S * 1000);
  expect(await w.list()).toMatchObject([{ status: 'pending', ends: at(EXPIRY_S), secondsLeft: 0 }]);
});

test('a request whose log is broken is listed with what is wrong, and the others as they are', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  const listed = await w.after(20, () => {
    const [, approval] = w.github.issue().comments;
    w.github.edit(approval?.id ?? 0, 'Bo denied this request.');
    return w.list();
  });
  expect(listed).toEqual([
    { kind: 'broken', issue: 1, why: expect.stringMatching(/^The log of issue #1 is broken: .*was edited/) },
  ]);
  await asking.result.catch(() => null);
});

test('a request that GitHub does not show now is not called broken', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const listed = await w.after(10, () => {
    w.github.fail('issue', { fault: unavailable(), times: 1 });
    return w.list();
  });
  expect(listed).toEqual([{ kind: 'unknown', issue: 1, why: expect.stringContaining('503') }]);
  asking.cancel();
  await asking.result.catch(() => null);
});

test('where there is no policy nothing is listed at all', async () => {
  const w = await createWorld();
  w.github.policy = null;
  await expect(w.list()).rejects.toMatchObject({ code: 'policy' });
});

test('a break-glass is listed as one, then with its after-review and the time left for it, until that is overdue', async () => {
  const w = await createWorld(
    policyWith(
      key('break-glass: { who: [developers], reason: { min-length: 5 }, review: { by: [security], within: 1h } }'),
    ),
  );
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  expect(await w.list()).toMatchObject([{ status: 'approved', breakGlass: true, review: null }]);
  await w.debug(asked);
  const due = { by: ['Bo', 'Di'], dueAt: expect.stringMatching(/^2026-03-02T11:00:0\dZ$/) };
  const [listed] = await w.list();
  expect(listed).toMatchObject({ status: 'finished', review: { ...due, overdue: false } });
  expect(listed).toMatchObject({ ends: due.dueAt, secondsLeft: expect.closeTo(3_600, -1) });
  expect(listed).toMatchObject({ outcome: expect.stringContaining('the after-review is to be signed') });
  expect(await w.after(3_700, () => w.list())).toMatchObject([{ review: { ...due, overdue: true }, secondsLeft: 0 }]);
});
