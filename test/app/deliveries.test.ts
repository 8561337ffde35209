/** Records reach the policy's webhook: all of them, in order, at least once; and no decision waits for that. */
// Loaded lazily by the ask job; loading it takes real time, which the virtual clock knows nothing of.
import '../../src/app/ask-deliveries.ts';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import {
  approvedBy,
  asked,
  brokenGlass,
  busy,
  CLOSE,
  type FakeReceiver,
  fakeReceiver,
  gone,
  hashes,
  LABEL,
  URL,
  warnings,
  withWebhook,
} from './fake-receiver.ts';
import { policyWith } from './policies.ts';
import { createWorld, eventsOf } from './world.ts';

describe('a receiver that works', () => {
  test('has each record once and in order: those of the ask job at its end, the others once the close job is over', async () => {
    const { w, receiver, asking, close, delivered } = await asked();
    const outcome = await approvedBy(w, asking);
    expect(receiver.urls).toEqual([URL]);
    expect([receiver.taken, delivered()]).toEqual([hashes(w), 3]);
    await w.debug(outcome);
    expect(receiver.taken).toHaveLength(3);
    expect(w.github.issue().labels).toEqual(['debug-request', 'debug:running', LABEL]);
    await close('success');
    expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided', 'started', 'ended']);
    expect(receiver.taken).toEqual(hashes(w));
    expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:finished'] });
  });

  test('has a record as soon as the job that waits has read it, while people go on deciding', async () => {
    const { w, receiver, asking } = await asked();
    void w.after(10, () => w.press('bo'));
    expect(await w.after(16, () => receiver.taken.length)).toBe(2);
    asking.cancel();
    await asking.result;
  });

  test('gets CloudEvents, each with the hash of its record as its id', async () => {
    const { w, receiver, asking } = await asked();
    await approvedBy(w, asking);
    const bodies = receiver.tries.map(({ body }) => JSON.parse(body));
    expect(bodies).toMatchObject([
      { specversion: '1.0', id: hashes(w)[0], type: 'dev.debug-approval.request.requested.v1', debugstatus: 'pending' },
      { type: 'dev.debug-approval.request.decided.v1', debugstatus: 'pending' },
      { type: 'dev.debug-approval.request.decided.v1', debugstatus: 'approved' },
    ]);
    expect(receiver.tries.map(({ contentType }) => contentType)).toEqual(
      bodies.map(() => 'application/cloudevents+json; charset=utf-8'),
    );
  });

  test('is sent nothing more by sweeps, once it has everything', async () => {
    const { w, receiver, asking, close, sweep } = await asked();
    await w.debug(await approvedBy(w, asking));
    await close('success');
    await sweep();
    expect(receiver.tries).toHaveLength(5);
  });

  test('has what the ask job could not hand over: the close job of a killed ask job sends everything', async () => {
    const { w, receiver, asking, webhook } = await asked();
    await approvedBy(w, asking);
    receiver.taken.length = 0;
    await w.after(4_000, () => null);
    await w.sweep({ what: { kind: 'own-run' }, debugResult: 'skipped' }, CLOSE, [], webhook);
    expect(receiver.taken).toEqual(hashes(w));
    expect(w.github.issue().labels).toEqual(['debug-request', 'debug:expired']);
  });
});

describe('a receiver that fails', () => {
  const down = (receiver: FakeReceiver): void => {
    receiver.trouble = () => busy;
  };
  const closed = (receiver: FakeReceiver): void => {
    receiver.trouble = () => gone;
  };
  const hanging = (receiver: FakeReceiver): void => {
    receiver.slowMs = 60_000;
  };

  test.each([
    ['is down', down],
    ['never answers', hanging],
    ['is gone', closed],
  ])('and %s costs no decision any time, and the ask job at most 5 s at its end', async (_, trouble) => {
    const took = async (policy: string | undefined, change: (receiver: FakeReceiver) => void) => {
      const { w, asking } = await asked(change, policy);
      const from = w.clock.now();
      await approvedBy(w, asking);
      return { records: w.records().map(({ at }) => Date.parse(at) - from), end: w.clock.now() - from };
    };
    const [without, failing] = [await took(policyWith(), () => {}), await took(undefined, trouble)];
    expect(failing.records).toEqual(without.records);
    expect(failing.end - without.end).toBeLessThanOrEqual(5_000);
  });

  test('for a moment is tried again, and nothing overtakes what it did not take', async () => {
    let tries = 0;
    const { w, receiver, asking, delivered } = await asked((one) => {
      one.trouble = () => (++tries <= 2 ? busy : null);
    });
    void w.after(10, () => w.press('bo'));
    void w.after(100, () => w.press('cy'));
    await asking.result;
    expect([receiver.taken, delivered()]).toEqual([hashes(w), 3]);
  });

  test.each([
    [20_000, 20_020],
    [null, 5_020],
  ])('and asks to be left alone for %s ms is left alone for as long', async (afterMs, pause) => {
    const times: number[] = [];
    const { w, asking } = await asked();
    const other = fakeReceiver(w);
    other.trouble = () => {
      times.push(w.clock.now());
      return times.length === 1 ? { ...busy, afterMs } : null;
    };
    w.runOf(9002, { triggering: 'bo', actor: 'bo' });
    const second = w.ask({ job: { run: { id: 9002, attempt: 1 } }, webhook: other.at });
    await w.after(60, () => second.cancel());
    await second.result;
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(pause);
    asking.cancel();
    await asking.result;
  });

  test('with 410 or a redirect is not tried again in the same job', async () => {
    const { w, receiver, asking, delivered } = await asked(closed);
    await approvedBy(w, asking);
    expect([receiver.tries.length, delivered(), warnings(asking.told).length]).toEqual([1, 0, 1]);
  });

  test('does not keep a cancelled run: the close job delivers', async () => {
    const { w, receiver, asking, close } = await asked(hanging);
    await w.after(1, () => asking.cancel());
    const from = w.clock.now();
    await asking.result;
    expect(w.clock.now() - from).toBeLessThan(2_000);
    receiver.slowMs = 20;
    await close('skipped');
    expect(receiver.taken).toEqual(hashes(w));
    expect(eventsOf(w)).toEqual(['requested', 'cancelled']);
  });
});

describe('what others write', () => {
  test('a decision that another ask job recorded is sent by the job of its own request, and by it alone', async () => {
    const { w, receiver, asking } = await asked();
    w.runOf(9002, { triggering: 'bo', actor: 'bo' });
    const others = fakeReceiver(w);
    const other = await w.after(2, () => w.ask({ job: { run: { id: 9002, attempt: 1 } }, webhook: others.at }));
    void w.after(10, () => w.press('cy', 'approve', { issue: 1, listener: 1 }));
    await w.after(30, () => null);
    expect(receiver.taken).toEqual(hashes(w));
    expect(others.taken).toEqual(hashes(w, 2));
    for (const one of [asking, other]) one.cancel();
    await Promise.all([asking.result, other.result]);
  });

  test('the after-review that a sweep records is sent by that sweep, without all that was sent before', async () => {
    const { w, receiver, webhook, before } = await brokenGlass();
    w.comment('di', '/review A stuck lock; OPS-2 follows it up');
    await w.sweep({}, {}, [], webhook);
    expect(eventsOf(w).at(-1)).toBe('reviewed');
    expect(receiver.tries.slice(before).map(({ id }) => id)).toEqual([hashes(w).at(-1)]);
  });
});

test('a webhook costs a request one call of GitHub in its whole life: the close job looks whether somebody wrote meanwhile', async () => {
  const callsOf = async (policy: string | undefined): Promise<string[]> => {
    const { w, asking, close } = await asked(() => {}, policy);
    await w.debug(await approvedBy(w, asking));
    await close('success');
    return w.github.done.toSorted();
  };
  expect(await callsOf(undefined)).toEqual([...(await callsOf(policyWith())), 'issue'].toSorted());
});

test('a secret that is none keeps nobody from asking: it is said, without the secret, and the issue stays marked', async () => {
  const w = await createWorld(policyWith(withWebhook));
  const bad = async () => {
    throw new Fault('input', 'The input `webhook-secret` is no secret.', 'Make one.');
  };
  const asking = w.ask({ webhook: bad });
  await approvedBy(w, asking);
  expect(warnings(asking.told)).toEqual([expect.stringContaining('No record is delivered to the webhook.')]);
  expect(w.github.issue().labels).toContain(LABEL);
});

test('without a webhook in the policy nothing is sent, marked, asked for or said, even where there is a secret', async () => {
  const { w, receiver, asking, close, sweep, delivered } = await asked(() => {}, policyWith());
  await w.debug(await approvedBy(w, asking));
  await close('success');
  await sweep();
  expect([receiver.urls, delivered()]).toEqual([[], 0]);
  expect(w.github.done).not.toContain('undelivered');
  expect(asking.told.join()).not.toContain('webhook');
});
