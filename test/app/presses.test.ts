/** A press: recorded before it is acknowledged, or its author is told that it was not; by any listener, in any order. */

import { expect, test } from 'vitest';
import { jobOf } from '../../src/log/record.ts';
import { notConfirmed, notWritten, unavailable } from './fake-github.ts';
import { createWorld, eventsOf, type World } from './world.ts';

/** A second ask job of the same repository, with its own request in issue 2, whose listener hears presses too. */
function askElse(w: World) {
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  return w.ask({ job: { run: { id: 9002, attempt: 1 } } });
}

test('§4.6 a press whose record GitHub refuses is not acknowledged, and the person is told', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
  const acknowledged = w.after(10, () => w.press('bo'));
  const again = w.after(20, () => w.press('bo'));
  void w.after(30, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
  expect([await acknowledged, await again]).toEqual([false, true]);
  expect(w.slack.answers).toEqual([
    { user: 'UBO', text: expect.stringContaining('was not recorded: GitHub answered 403.') },
  ]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
});

test.each([
  ['was written', true, 1],
  ['was not', false, 0],
])(
  '§4.6 after an ambiguous POST that %s the person reads "not confirmed", and nothing is sent twice',
  async (_, written, records) => {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(9, () => w.github.fail('comment', { fault: notConfirmed(), written }));
    const acknowledged = w.after(10, () => w.press('bo'));
    expect(await asking.result).toMatchObject({ approved: false, view: { status: 'expired' } });
    expect(await acknowledged).toBe(false);
    expect(w.slack.answers).toEqual([{ user: 'UBO', text: expect.stringContaining('not confirmed') }]);
    expect(w.slack.answers[0]?.text).toContain('https://github.com/acme/shop/issues/1');
    expect(eventsOf(w).filter((type) => type === 'decided')).toHaveLength(records);
  },
);

test('an approval that stands although its POST was ambiguous counts', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => w.github.fail('comment', { fault: notConfirmed(), written: true }));
  void w.after(10, () => w.press('bo'));
  void w.after(30, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test.each(['issue', 'comment'] as const)(
  '§4.6 a press that takes longer than 2 s to %s is not acknowledged',
  async (operation) => {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(9, () => (w.github.slow = { [operation]: 3_000 }));
    const answered = w.after(10, async () => {
      const from = w.clock.now();
      return [await w.press('bo'), w.clock.now() - from];
    });
    void w.after(60, () => (w.github.slow = {}));
    expect((await asking.result).view.status).toBe('expired');
    expect(await answered).toEqual([false, 2_000]);
    expect(w.slack.answers[0]).toEqual({
      user: 'UBO',
      text: expect.stringContaining(operation === 'comment' ? 'not confirmed' : 'was not recorded'),
    });
  },
);

test('§4.6 two people who press at the same moment are both recorded and approve', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const presses = w.after(10, () => Promise.all([w.press('bo'), w.press('cy')]));
  expect((await asking.result).approved).toBe(true);
  expect(await presses).toEqual([true, true]);
});

test('§4.7 two listeners record two approvals at once: neither saw the other, together they approve', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  const other = askElse(w);
  const presses = w.after(10, () =>
    Promise.all([w.press('cy', 'approve', { listener: 0 }), w.press('di', 'approve', { listener: 1 })]),
  );
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(await presses).toEqual([true, true]);
  expect(w.records().map(({ seq }) => seq)).toEqual([1, 2, 2]);
  other.cancel();
  await other.result;
});

test('§4.6 any listener records a decision for any request of its repository, and updates that card', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  const other = askElse(w);
  // The owner cannot read its issue for a while; the other listener's record and card do not wait for it.
  const acknowledged = w.after(10, () => w.press('cy', 'approve', { listener: 1 }));
  const shown = w.after(10.2, () => w.slack.cardOf(1).view.decisions.map(({ name }) => name));
  void w.after(30, () => w.press('di', 'approve', { listener: 1 }));
  expect((await asking.result).approved).toBe(true);
  expect([await acknowledged, await shown]).toEqual([true, ['Cy']]);
  expect(w.records(1).map(({ writer }) => jobOf(writer)?.run)).toEqual([9001, 9002, 9002]);
  expect(w.slack.cardOf(1).view).toMatchObject({ status: 'approved', button: null });
  other.cancel();
  expect((await other.result).view.decisions).toEqual([]);
});

test("§4.6 a denial of another request's card takes its buttons away before its owner even looks", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  const other = askElse(w);
  void w.after(9, () => w.github.fail('poll', { fault: unavailable(), times: 8 }));
  void w.after(10, () => w.press('cy', 'deny', { issue: 1, listener: 1 }));
  const shown = w.after(11, () => w.slack.cardOf(1).view);
  expect((await asking.result).view.status).toBe('denied');
  expect(await shown).toMatchObject({ status: 'denied', button: null });
  other.cancel();
  await other.result;
});

test('§4.6 refused attempts that wait to be counted survive a record that could not be written', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, async () => {
    for (let i = 0; i < 3; i++) await w.press('UNOBODY');
    w.github.fail('comment', { fault: notWritten() });
    await w.press('bo', 'deny');
  });
  void w.after(30, () => w.press('bo', 'deny'));
  await asking.result;
  expect(w.records().at(-1)?.events.at(-1)).toEqual({ type: 'refusals-counted', counts: { 'slack:T1/UNOBODY': 2 } });
});

test("§4.4 whoever may not decide on a request may not do so by way of another request's listener", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  const other = askElse(w);
  void w.after(10, () => w.press('ana', 'approve', { listener: 1 }));
  void w.after(20, () => w.press('cy', 'approve', { listener: 1 }));
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [{ name: 'Cy' }] });
  expect(w.slack.answers).toEqual([{ user: 'UANA', text: expect.stringContaining('may not approve') }]);
  other.cancel();
  await other.result;
});

test("§4.1 another request's button decides nothing here", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  const other = askElse(w);
  void w.after(10, () =>
    w.press('cy', 'approve', { card: w.slack.cardOf(1).card, value: w.slack.cardOf(2).button ?? '' }),
  );
  asking.result.then(other.cancel);
  expect((await asking.result).view.decisions).toEqual([]);
  expect((await other.result).view.decisions).toEqual([]);
});

test('§4.7 a denial that arrives while ask is finishing wins: what was approved a moment ago is denied', async () => {
  const w = await createWorld();
  const asking = w.ask();
  w.github.slow = { comment: 900 };
  void w.after(10, () => w.press('bo'));
  // Cy's record makes it approved; Di's denial is received before the listener is gone and recorded after it.
  void w.after(20, () => w.press('cy'));
  const denied = w.after(20.1, () => w.press('di', 'deny'));
  expect(await asking.result).toMatchObject({ approved: false, view: { status: 'denied' } });
  expect(await denied).toBe(true);
});

test('§4.7 approve and deny at the same moment: deny wins, in whatever order they were recorded', async () => {
  for (const order of [
    ['cy', 'di'],
    ['di', 'cy'],
  ] as const) {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(10, () => w.press('bo'));
    void w.after(20, () => Promise.all(order.map((person) => w.press(person, person === 'di' ? 'deny' : 'approve'))));
    expect((await asking.result).view.status).toBe('denied');
  }
});

test('§4.7 lists that lag delay a decision and lose none', async () => {
  const w = await createWorld();
  w.github.lagMs = 4_000;
  const asking = w.ask();
  void w.after(30, () => w.press('bo'));
  void w.after(31, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(new Set(asked.view.decisions.map(({ name }) => name))).toEqual(new Set(['Bo', 'Cy']));
});

test('§4.7 a record that GitHub never shows ends as an error, not as an approval', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(19, () => (w.github.lagMs = 10_000_000));
  void w.after(20, () => w.press('cy'));
  await expect(asking.result).rejects.toMatchObject({ code: 'log' });
  expect(w.github.issue().labels).toEqual(['debug-request', 'debug:error']);
});

test('a comment that comes together with a press is recorded too', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(11, () => w.comment('bo', '/approve'));
  void w.after(11.5, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test('a GitHub that cannot be read for a minute is waited out: nothing is lost, the request still expires', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.github.fail('poll', { fault: unavailable(), times: 12 }));
  void w.after(12, () => w.comment('bo', '/approve'));
  void w.after(120, () => w.comment('cy', '/approve'));
  expect((await asking.result).approved).toBe(true);
  expect(asking.told.filter((line) => line.startsWith('!'))).toHaveLength(12);
});

test.each([
  ['reading the issue', 'issue', unavailable()],
  ['a comment not written', 'comment', notWritten()],
  ['a comment not confirmed', 'comment', notConfirmed()],
] as const)('an outage (%s) while a decision by comment is recorded is waited out', async (_, operation, fault) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => w.github.fail(operation, { fault }));
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(60, () => w.comment('cy', '/approve'));
  expect((await asking.result).approved).toBe(true);
});

test('an outage after a press was recorded is waited out: the record stands', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  const acknowledged = w.after(20, async () => {
    const recorded = w.press('cy');
    await w.clock.sleep(30);
    w.github.fail('issue', { fault: unavailable() });
    return recorded;
  });
  expect((await asking.result).approved).toBe(true);
  expect(await acknowledged).toBe(true);
});
