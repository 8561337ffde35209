/** The approval dialog: opened at once, drawn from the verified log, and worth nothing where it showed anything else. */
import { expect, test } from 'vitest';
import { dialogOf, shownHash, textsOf } from '../../src/request/dialog.ts';
import { notWritten } from './fake-github.ts';
import { inDialog, policyWith } from './policies.ts';
import { createWorld, eventsOf, type World } from './world.ts';

const POLICY = policyWith(...inDialog);

test('two people approve by dialog; the record holds the hash of what the log says, and what was ticked', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const acks = [
    w.after(10, async () => w.submit('bo', await w.pressForDialog('bo'), { comment: 'Looked at it' })),
    w.after(20, async () => w.submit('cy', await w.pressForDialog('cy'))),
  ];
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(await Promise.all(acks)).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  const { policy, state } = asked.reading;
  expect(w.records()[1]).toMatchObject({
    by: { person: 'bo', via: 'slack-dialog' },
    events: [
      {
        type: 'decided',
        comment: 'Looked at it',
        shown: shownHash(dialogOf(policy, state.opening)),
        checklist: ['Seen the graphs', 'Nobody deploys'],
      },
    ],
  });
});

test('the dialog opens before anything is looked up, and is filled once the press is acknowledged', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  await w.after(10, async () => {
    w.github.slow = { issue: 5_000 };
    const from = w.clock.now();
    expect(await w.press('bo', 'approve', { dialog: true })).toBe(true);
    expect(w.clock.now()).toBe(from);
    expect(w.slack.dialogs).toMatchObject([{ content: null }]);
    await w.clock.sleep(6_000);
    expect(w.slack.dialogs).toMatchObject([{ content: { kind: 'approval' } }]);
  });
  asking.cancel();
  await asking.result;
});

test('a dialog costs two calls of Slack, and asks once about the account', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  await w.after(10, async () => {
    const before = w.slack.done.length;
    await w.pressForDialog('bo');
    expect(w.slack.done.slice(before)).toEqual(['openDialog', 'barred', 'fillDialog']);
  });
  asking.cancel();
  await asking.result;
});

test.each([
  ['another command', (texts: string[]) => texts.map((text) => text.replace('web', 'api'))],
  ['less than the log says', (texts: string[]) => texts.slice(0, -1)],
  ['more than the log says', (texts: string[]) => [...texts, 'Approved by security']],
  ['the same in another order', (texts: string[]) => texts.toReversed()],
  ['nothing', () => []],
])('§4.1 a dialog that showed %s buys nothing', async (_, forge) => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const ack = w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    if (content?.kind !== 'approval') throw new Error('No dialog.');
    return w.submit('bo', content, { shown: forge(textsOf(content.dialog)) });
  });
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [] });
  expect(await ack).toMatchObject({ kind: 'kept', field: 'comment' });
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'expired']);
});

test('§4.1 a forged card buys nothing: the dialog shows what the log says, whatever stands on the card', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const content = await w.after(10, async () => {
    const card = w.slack.cardOf();
    card.view = { ...card.view, request: { ...card.view.request, reason: 'Only a harmless look', argv: ['true'] } };
    return w.pressForDialog('bo');
  });
  const shown = JSON.stringify(content);
  expect(shown).toContain('Orders hang');
  expect(shown).not.toContain('harmless');
  asking.cancel();
  await asking.result;
});

test('Slack escapes three signs and folds white space: that is still the same dialog', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask({ input: { reason: 'Orders <hang> & wait\n  since noon' } });
  const ack = w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    if (content?.kind !== 'approval') throw new Error('No dialog.');
    const escaped = (text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\s+/g, ' ');
    return w.submit('bo', content, { shown: textsOf(content.dialog).map(escaped) });
  });
  void w.after(20, () => w.press('cy', 'deny'));
  await asking.result;
  expect(await ack).toEqual({ kind: 'done' });
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
});

test('an item that is not ticked keeps the dialog open and says so there', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const ack = w.after(10, async () => w.submit('bo', await w.pressForDialog('bo'), { ticked: ['Seen the graphs'] }));
  expect((await asking.result).view.decisions).toEqual([]);
  expect(await ack).toMatchObject({
    kind: 'kept',
    field: 'checklist',
    text: expect.stringContaining('Nobody deploys'),
  });
});

test.each([
  ['a stranger', 'UNOBODY', 'unknown-person'],
  ['the requester', 'ana', 'own-request'],
  ['somebody whom no rule names', 'ed', 'not-eligible'],
])('the dialog of %s shows why they cannot approve, and that is on record once', async (_, person, code) => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const content = w.after(10, () => w.pressForDialog(person));
  void w.after(20, () => w.press(person, 'approve', { dialog: true }));
  void w.after(30, () => w.press('bo', 'deny'));
  await asking.result;
  expect(await content).toMatchObject({ kind: 'message', text: expect.stringContaining('may not approve') });
  expect(w.records()[1]?.events).toMatchObject([{ type: 'refused', code }]);
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'decided', 'refusals-counted']);
  // The second press is answered from memory, without a dialog or a look at the log.
  expect([w.slack.dialogs.length, w.slack.answers.length]).toEqual([1, 1]);
});

test("§4.4 a stranger who sends off an approver's dialog is refused as the stranger that they are", async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const acks = w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    return [await w.submit('UNOBODY', content), await w.submit('ana', content)];
  });
  expect((await asking.result).view.decisions).toEqual([]);
  expect(await acks).toMatchObject([{ kind: 'kept' }, { kind: 'kept' }]);
});

const ONE_CLICK: [string, (w: World) => Promise<unknown>][] = [
  ['a press of a one-click button', (w) => w.press('bo')],
  ['a reply in the thread', (w) => w.reply('bo', 'approve')],
];

test.each(ONE_CLICK)('where the policy wants the dialog, %s approves nothing', async (_, approve) => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  void w.after(10, () => approve(w));
  expect((await asking.result).view.decisions).toEqual([]);
  expect(w.slack.answers).toMatchObject([{ user: 'UBO' }]);
});

test('a comment on the issue approves where it ticks the whole checklist', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask({ slack: null });
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(20, () => w.comment('cy', '/approve\n- [x] Seen the graphs\n- [ ] Nobody deploys'));
  void w.after(30, () => w.comment('di', '/approve\n- [x] Seen the graphs\n- [X] Nobody deploys'));
  expect((await asking.result).view.decisions).toMatchObject([{ name: 'Di' }]);
});

test('a press that comes with no trigger, or too late for one, is answered with another way', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const acks = w.after(10, async () => [
    await w.press('bo', 'approve', { dialog: true, trigger: null }),
    await w.press('cy', 'approve', { dialog: true, trigger: `at:${w.clock.now() - 3_000}` }),
  ]);
  expect((await asking.result).view.decisions).toEqual([]);
  expect(await acks).toEqual([false, false]);
  for (const { text } of w.slack.answers) expect(text).toContain('/issues/1');
});

test('a dialog that Slack does not let be filled is told in person, with another way', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  w.slack.broken.add('fillDialog');
  void w.after(10, () => w.press('bo', 'approve', { dialog: true }));
  void w.after(30, asking.cancel);
  await asking.result;
  expect(w.slack.told[0]).toMatchObject({ user: 'UBO', text: expect.stringContaining('/issues/1') });
});

test('§4.6 a dialog whose approval GitHub does not record stays open and says so', async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const acks = w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    w.github.fail('comment', { fault: notWritten() });
    return [await w.submit('bo', content), await w.submit('bo', content, { comment: 'again' })];
  });
  expect((await asking.result).view.decisions).toMatchObject([{ name: 'Bo', comment: 'again' }]);
  expect(await acks).toMatchObject([{ kind: 'kept', text: expect.stringContaining('not recorded') }, { kind: 'done' }]);
});

test.each([
  ['no metadata', ''],
  ['metadata of something else', '{"view":1}'],
  ['a button of another repository', JSON.stringify({ issue: 1, value: '{"i":1}', card: null })],
])('a dialog with %s decides nothing', async (_, metadata) => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  const ack = w.after(10, async () => w.submit('bo', await w.pressForDialog('bo'), { metadata }));
  expect((await asking.result).view.decisions).toEqual([]);
  expect(await ack).toMatchObject({ kind: 'kept' });
});

test("§4.1 a dialog that was opened on one request's card decides nothing about another", async () => {
  const w = await createWorld(POLICY);
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  const ack = w.after(10, async () => {
    const content = await w.pressForDialog('cy', { issue: 1 });
    if (content?.kind !== 'approval') throw new Error('No dialog.');
    const metadata = JSON.stringify({ ...JSON.parse(content.metadata), issue: 2, value: w.slack.cardOf(2).button });
    return w.submit('cy', content, { metadata });
  });
  expect(await ack).toMatchObject({ kind: 'kept' });
  asking.cancel();
  other.cancel();
  expect([(await asking.result).view.decisions, (await other.result).view.decisions]).toEqual([[], []]);
});
