/** Replies in the thread of a request's card: whole words decide, once, and only there. */
import { expect, test } from 'vitest';
import { notConfirmed, notWritten } from './fake-github.ts';
import { createWorld, eventsOf, type World } from './world.ts';

test('two people approve in the thread; the record names the message', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const acks = [
    w.after(10, () => w.reply('bo', 'Approve: looks right', { ts: '1740909700.000100' })),
    w.after(20, () => w.reply('cy', ' approve')),
  ];
  expect((await asking.result).approved).toBe(true);
  expect(await Promise.all(acks)).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  expect(w.records()[1]).toMatchObject({
    by: { person: 'bo', via: 'slack-thread', evidence: { message_ts: '1740909700.000100' } },
    events: [{ type: 'decided', comment: 'looks right' }],
  });
});

test.each(['not approved', 'approved', 'approve?', 'I approve', 'approve\ndeny it', '/approve', 'ok'])(
  'a reply that says %j approves nothing',
  async (text) => {
    const w = await createWorld();
    const asking = w.ask();
    const acks = w.after(10, () => Promise.all(['bo', 'cy', 'di'].map((person) => w.reply(person, text))));
    expect((await asking.result).view).toMatchObject({ status: 'expired' });
    expect(w.records().flatMap(({ events }) => events)).not.toContainEqual(
      expect.objectContaining({ decision: 'approve', type: 'decided' }),
    );
    expect(await acks).toContainEqual({ kind: 'done' });
  },
);

test('§4.10 a secret in a reply, a command or a dialog is on record masked', async () => {
  const w = await createWorld();
  const secret = 'xoxb-1234567890-abcdefgh';
  const asking = w.ask({ secrets: [secret] });
  void w.after(10, () => w.reply('bo', `approve ${secret}`));
  void w.after(20, () => w.slash('cy', 'deny', `1 ${secret}`));
  const asked = await asking.result;
  expect(asked.view.decisions).toMatchObject([{ comment: '‹secret#1›' }, { comment: '‹secret#1›' }]);
  expect(JSON.stringify([w.github.issue(), w.slack.cards, w.slack.told, asking.told]).includes(secret)).toBe(false);
});

test('a denial in the thread ends the request, with its reason', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.reply('cy', 'deny not during the sale'));
  expect((await asking.result).view).toMatchObject({ status: 'denied', detail: 'not during the sale' });
});

test('who is refused in the thread is told there, and nobody else sees it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.reply('ana', 'approve'));
  void w.after(20, () => w.reply('UNOBODY', 'approve'));
  await asking.result;
  const thread = w.slack.cardOf().card.ts;
  expect(w.slack.answers).toMatchObject([
    { user: 'UANA', thread, text: expect.stringContaining('may not approve') },
    { user: 'UNOBODY', thread, text: expect.stringContaining('may not approve') },
  ]);
});

test('§4.4 a bot, an app, and a message that was edited into a decision decide nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.reply('bo', 'approve', { bot: true }));
  void w.after(20, () => w.reply('cy', 'approve', { bot: true }));
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [] });
});

test('whoever edited one message may still approve by another', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.reply('bo', 'approve', { bot: true }));
  void w.after(20, () => w.reply('bo', 'approve'));
  expect((await asking.result).view.decisions).toMatchObject([{ name: 'Bo' }]);
});

const OTHER = { team: 'T1', channel: 'C0APPROVE', ts: '1740909600.999999' };

test.each([
  ['of a message without our buttons', (_: World) => {}],
  ['of a look-alike card', (w: World) => void w.slack.lookAlikes.set(OTHER.ts, w.slack.cardOf().button ?? '')],
  [
    'of a card with somebody’s own value',
    (w: World) =>
      void w.slack.lookAlikes.set(
        OTHER.ts,
        JSON.stringify({ i: 1, r: '70/9001/1', d: `sha256:${'0'.repeat(64)}`, p: 'b'.repeat(40) }),
      ),
  ],
  [
    'of a card of another repository',
    (w: World) =>
      void w.slack.lookAlikes.set(OTHER.ts, (w.slack.cardOf().button ?? '').replace('"70/9001/1"', '"71/9001/1"')),
  ],
])('§4.1 a reply in the thread %s decides nothing', async (_, prepare) => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(5, () => prepare(w));
  const acks = w.after(10, () =>
    Promise.all(['bo', 'cy', 'di'].map((who) => w.reply(who, 'approve', { thread: OTHER }))),
  );
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [] });
  expect(await acks).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
});

test("a reply in another request's thread is recorded there, and that card is updated", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  const ack = w.after(10, () => w.reply('cy', 'approve', { issue: 1, listener: 1 }));
  const shown = w.after(10.3, () => w.slack.cardOf(1).view.decisions.map(({ name }) => name));
  expect([await ack, await shown]).toEqual([{ kind: 'done' }, ['Cy']]);
  expect(w.records(1).at(-1)).toMatchObject({ by: { via: 'slack-thread' }, writer: { run: 9002 } });
  asking.cancel();
  other.cancel();
  await Promise.all([asking.result, other.result]);
});

test('talk in other threads costs no call', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, async () => {
    const before = w.slack.done.length;
    await w.reply('bo', 'Is the sale on?', { thread: OTHER });
    await w.reply('bo', 'approve', { thread: OTHER, bot: true });
    expect(w.slack.done.slice(before)).toEqual([]);
  });
  asking.cancel();
  await asking.result;
});

test('whoever writes "approve" again and again in another thread costs one look at it a minute', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, async () => {
    for (let n = 0; n < 30; n++) await w.reply('UNOBODY', 'approve', { thread: OTHER });
  });
  await w.after(70, () => w.reply('UNOBODY', 'approve', { thread: OTHER }));
  expect(w.slack.done.filter((call) => call === 'valueOf')).toHaveLength(2);
  asking.cancel();
  await asking.result;
});

test('§4.6 an approval that could not be recorded is acknowledged once its author was told, and never counts later', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const ts = '1740909700.000100';
  void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
  const acks = [
    w.after(10, () => w.reply('bo', 'approve', { ts })),
    w.after(70, () => w.reply('bo', 'approve', { ts })),
  ];
  expect((await asking.result).view.decisions).toEqual([]);
  expect(await Promise.all(acks)).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  expect(w.slack.answers).toMatchObject([{ user: 'UBO', text: expect.stringContaining('was not recorded') }]);
});

test.each([
  ['a denial', 'deny not now', (_: World) => {}],
  ['an approval of which nobody could be told', 'approve', (w: World) => void w.slack.broken.add('answer')],
])(
  '§4.6 %s that could not be recorded is not acknowledged: Slack brings it again, and then it counts',
  async (...given) => {
    const [, text, prepare] = given;
    const w = await createWorld();
    prepare(w);
    const asking = w.ask();
    const ts = '1740909700.000100';
    void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
    const acks = [w.after(10, () => w.reply('bo', text, { ts })), w.after(70, () => w.reply('bo', text, { ts }))];
    expect((await asking.result).view.decisions).toMatchObject([{ name: 'Bo' }]);
    expect(await Promise.all(acks)).toEqual([{ kind: 'none' }, { kind: 'done' }]);
  },
);

test('whoever is told that a denial was not recorded reads that it comes again', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
  void w.after(10, () => w.reply('bo', 'deny'));
  await asking.result;
  expect(w.slack.answers[0]?.text).toMatch(/was not recorded: .* Slack delivers your reply again/s);
});

test.each([
  ['the same listener', 0],
  ['another one', 1],
])('a reply that Slack brings again to %s is on record once, also after its author withdrew', async (_, listener) => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  const ts = '1740909700.000100';
  void w.after(9, () => w.github.fail('comment', { fault: notConfirmed(), written: true }));
  void w.after(10, () => w.reply('cy', 'approve', { issue: 1, ts }));
  void w.after(20, () => w.reply('cy', 'withdraw', { issue: 1 }));
  const again = w.after(70, () => w.reply('cy', 'approve', { issue: 1, ts, listener }));
  expect(await again).toEqual({ kind: 'done' });
  asking.cancel();
  other.cancel();
  expect((await asking.result).view.decisions.filter(({ decision }) => decision === 'approve')).toEqual([]);
  await other.result;
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'withdrawn', 'cancelled']);
});

test('the requester cancels in the thread, and nobody else can', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.reply('bo', 'cancel'));
  void w.after(20, () => w.reply('ana', 'cancel: found it'));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({
    status: 'cancelled',
    outcome: expect.stringContaining('Ana'),
    detail: 'found it',
  });
  expect(w.github.issue()).toMatchObject({ open: false, locked: true });
});
