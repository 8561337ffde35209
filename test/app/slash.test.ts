/** Slash commands: for any request of the repository by its issue, answered to whoever used them alone. */
import { expect, test } from 'vitest';
import { notWritten } from './fake-github.ts';
import { inDialog, policyWith } from './policies.ts';
import { createWorld, eventsOf, type World } from './world.ts';

test.each(['1', '#1', 'https://github.com/acme/shop/issues/1', '<https://github.com/acme/shop/issues/1>'])(
  '/approve-debug %s approves, and says so',
  async (issue) => {
    const w = await createWorld();
    const asking = w.ask();
    const acks = [
      w.after(10, () => w.slash('bo', 'approve', `${issue} looks right`)),
      w.after(20, () => w.slash('cy', 'approve', issue)),
    ];
    expect((await asking.result).approved).toBe(true);
    const told = { kind: 'told', text: 'On record in #1: Bo approved this request.' };
    expect((await Promise.all(acks))[0]).toEqual(told);
    expect(w.records()[1]).toMatchObject({
      by: { person: 'bo', via: 'slash-command' },
      events: [{ comment: 'looks right' }],
    });
  },
);

test('/debug asks for nothing where no gateway runs, and says where to ask', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const who = { slack: { team: 'T1', user: 'UANA' }, evidence: {} };
  const ack = await w.after(10, () => w.slack.hear({ kind: 'debug', text: '', channel: 'C1', trigger: null, ...who }));
  expect(ack).toMatchObject({ kind: 'told', text: expect.stringContaining('press "Run workflow" in GitHub') });
  asking.cancel();
  await asking.result;
  expect(w.slack.dialogs).toEqual([]);
});

test('/reject-debug denies with its reason', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const ack = w.after(10, () => w.slash('bo', 'deny', '1 not during the sale'));
  expect((await asking.result).view).toMatchObject({ status: 'denied', detail: 'not during the sale' });
  expect(await ack).toMatchObject({ kind: 'told', text: expect.stringContaining('Bo denied') });
});

test.each([
  ['nothing', ''],
  ['no issue', 'the request'],
  ['an issue of another repository', 'https://github.com/evil/shop/issues/1'],
  ['a number that is none', '1e3'],
])('a command that names %s is told how to name one', async (_, text) => {
  const w = await createWorld();
  const asking = w.ask();
  const ack = w.after(10, () => w.slash('bo', 'deny', text));
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [] });
  expect(await ack).toMatchObject({ kind: 'told', text: expect.stringContaining('acme/shop') });
});

test.each([
  ['an issue that does not exist', (_: World) => 77, 'no issue #77'],
  [
    'an issue that is no request',
    (w: World) => {
      w.github.issues.set(5, { ...w.github.issue(), number: 5, comments: [] });
      return 5;
    },
    'holds no request',
  ],
])('a command for %s decides nothing, and says why', async (_, prepare, why) => {
  const w = await createWorld();
  const asking = w.ask();
  const acks = w.after(10, async () => {
    const issue = prepare(w);
    const denial = await w.slash('bo', 'deny', `${issue}`);
    await w.slash('bo', 'approve', `${issue}`);
    await w.clock.sleep(1_000);
    return [denial, w.slack.dialogs[0]?.content];
  });
  expect(await acks).toMatchObject([
    { kind: 'told', text: expect.stringContaining(why) },
    { kind: 'message', text: expect.stringContaining(why) },
  ]);
  asking.cancel();
  expect((await asking.result).view.decisions).toEqual([]);
});

test.each([
  ['a stranger', 'UNOBODY'],
  ['the requester', 'ana'],
  ['somebody whom no rule names', 'ed'],
])('§4.4 a command of %s decides nothing; the first is on record', async (_, person) => {
  const w = await createWorld();
  const asking = w.ask();
  const acks = w.after(10, async () => [await w.slash(person, 'approve', '1'), await w.slash(person, 'approve', '1')]);
  void w.after(20, () => w.press('bo', 'deny'));
  await asking.result;
  for (const ack of await acks) expect(ack).toMatchObject({ kind: 'told', text: expect.stringContaining('may not') });
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'decided', 'refusals-counted']);
});

test('where the policy wants the dialog, /approve-debug opens it, with the comment kept', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  const acks = w.after(10, async () => {
    const ack = await w.slash('bo', 'approve', '1 looked at it');
    await w.clock.sleep(1_000);
    return [ack, await w.submit('bo', w.slack.dialogs[0]?.content ?? null)];
  });
  expect((await asking.result).view.decisions).toMatchObject([{ name: 'Bo', comment: 'looked at it' }]);
  expect(await acks).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  expect(w.records()[1]?.by.via).toBe('slack-dialog');
});

test('a comment of any length and kind still opens the dialog', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  void w.after(10, () => w.slash('bo', 'approve', `1 ${'\u0001"'.repeat(3_000)}`));
  await w.after(20, () => expect(w.slack.dialogs[0]?.content).toMatchObject({ kind: 'approval' }));
  asking.cancel();
  await asking.result;
});

test("/approve-debug for another job's request is recorded there, whatever that request wants", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  // The other job knows nothing of that request yet: a dialog opens first, and then says that it is done.
  void w.after(10, () => w.slash('cy', 'approve', '1', { listener: 1 }));
  void w.after(20, () => w.slash('di', 'approve', '1', { listener: 1 }));
  expect((await asking.result).approved).toBe(true);
  expect(w.slack.dialogs[0]?.content).toEqual({
    kind: 'message',
    text: 'On record in #1: Cy approved this request.',
  });
  expect(w.slack.dialogs).toHaveLength(1);
  other.cancel();
  await other.result;
});

test('§4.6 a command that GitHub does not record is told so', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
  const ack = w.after(10, () => w.slash('bo', 'deny', '1'));
  expect((await asking.result).view.status).toBe('expired');
  expect(await ack).toMatchObject({ kind: 'told', text: expect.stringContaining('was not recorded') });
});
