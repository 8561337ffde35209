/** People and scripts in Slack that write and press without end: they cost next to nothing and keep nobody's decision out. */
import { expect, test } from 'vitest';
import { inDialog, policyWith, sreFrom } from '../app/policies.ts';
import { createWorld, type World } from '../app/world.ts';

const every = (from: number, count: number, gap: number) => Array.from({ length: count }, (_, i) => from + i * gap);
const reads = (w: World) => w.github.done.filter((one) => one === 'issue').length;
const looksAbove = (w: World) => w.slack.done.filter((one) => one === 'valueOf').length;
const LOOK_ALIKE = { team: 'T1', channel: 'C0ELSE', ts: '1740909600.999999' };

const FLOODS: [string, (w: World) => Promise<unknown>][] = [
  ['the requester who writes "withdraw"', (w) => w.reply('ana', 'withdraw')],
  ['somebody of the policy who writes "cancel"', (w) => w.reply('ed', 'cancel')],
  ['a script that writes "approve" through an app', (w) => w.reply('UMALLORY', 'approve', { bot: true })],
  ['an approver who approved already', (w) => w.reply('cy', 'approve')],
  ['a stranger below a look-alike card', (w) => w.reply('UMALLORY', 'approve', { thread: LOOK_ALIKE })],
];

test.each(FLOODS)("§4.6 %s ten times a second keeps nobody's denial out", async (_, deed) => {
  const w = await createWorld();
  w.github.slow = { issue: 400, comment: 400 };
  const asking = w.ask();
  await w.after(5, () => w.slack.lookAlikes.set(LOOK_ALIKE.ts, w.slack.cardOf().button ?? ''));
  for (const at of every(10, 100, 0.1)) void w.after(at, () => deed(w));
  const denial = w.after(15, () => w.press('bo', 'deny'));
  const asked = await asking.result;
  expect(await denial).toBe(true);
  expect(asked.view.status).toBe('denied');
});

test("§4.6 an approver who opens the dialog again and again keeps nobody's denial out", async () => {
  const w = await createWorld(policyWith(...inDialog));
  w.github.slow = { issue: 400, comment: 400 };
  const asking = w.ask();
  for (const at of every(20, 40, 0.25)) void w.after(at, () => w.press('cy', 'approve', { dialog: true }));
  const denial = w.after(25, () => w.press('bo', 'deny'));
  const asked = await asking.result;
  expect(await denial).toBe(true);
  expect(asked.view.status).toBe('denied');
});

test('§4.6 while the directory takes its time over one dialog, another approver’s denial is recorded in time', async () => {
  const w = await createWorld(
    policyWith(
      ...inDialog,
      ['sre: { members: [ana, bo, cy, di] }', 'sre: { slack-group: S0SRE }'],
      ['of: sre }\n    approve', 'of: [sre, di] }\n    approve'],
    ),
  );
  w.slack.groups.set('S0SRE', ['UBO', 'UCY']);
  const asking = w.ask();
  await w.after(5, () => w.slack.slow.set('members', 20_000));
  void w.after(10, () => w.press('bo', 'approve', { dialog: true }));
  expect(await w.after(10.5, () => w.press('di', 'deny'))).toBe(true);
  asking.cancel();
  expect((await asking.result).view.status).toBe('denied');
});

test('§4.6 while Slack does not say who opened a dialog, another approver’s denial is recorded in time', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  void w.after(10, () => {
    w.slack.slow.set('barred', 7_000);
    return w.press('bo', 'approve', { dialog: true });
  });
  const denial = w.after(11, () => {
    w.slack.slow.clear();
    return w.press('di', 'deny');
  });
  expect(await denial).toBe(true);
  asking.cancel();
  expect((await asking.result).view.status).toBe('denied');
});

test.each(['deny', 'approve'] as const)(
  '§4.6 a stranger who names issue after issue to %s does not use up the calls that all share',
  async (decision) => {
    const w = await createWorld();
    const asking = w.ask();
    const before = w.after(9, () => reads(w));
    for (const n of every(100, 100, 1)) void w.after(n / 2, () => w.slash('UMALLORY', decision, `${n} x`));
    const after = w.after(120, () => reads(w));
    void w.after(130, asking.cancel);
    await asking.result;
    expect((await after) - (await before)).toBeLessThan(20);
  },
);

test('§4.6 whoever has named wrong issues in vain decides on the right one, also at once', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const acks = w.after(10, () => Promise.all(every(100, 7, 1).map((n) => w.slash('bo', 'deny', `${n}`))));
  const denial = w.after(11, () => w.slash('bo', 'deny', '1'));
  expect((await asking.result).view.status).toBe('denied');
  expect(await denial).toMatchObject({ text: expect.stringContaining('On record in #1') });
  const texts = (await acks).map((ack) => JSON.stringify(ack));
  expect(texts.map((text) => text.includes('try again in a minute'))).toEqual([...Array(5).fill(false), true, true]);
});

test('§4.6 a stranger who writes "approve" again and again below a look-alike card costs few calls', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(5, () => w.slack.lookAlikes.set(LOOK_ALIKE.ts, w.slack.cardOf().button ?? ''));
  const before = reads(w);
  for (const at of every(10, 50, 0.2)) void w.after(at, () => w.reply('UMALLORY', 'approve', { thread: LOOK_ALIKE }));
  const after = w.after(22, () => [reads(w) - before, looksAbove(w)] as const);
  void w.after(30, asking.cancel);
  await asking.result;
  const [ofGithub, ofSlack] = await after;
  expect(ofGithub).toBeLessThan(10);
  expect(ofSlack).toBeLessThan(5);
});

test('§4.6 fifty people who reply at once in one thread of others cost one look at what began it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  w.slack.slow.set('valueOf', 300);
  const people = every(0, 50, 1).map((n) => `UMALLORY${n}`);
  await w.after(10, () => Promise.all(people.map((who) => w.reply(who, 'approve', { thread: LOOK_ALIKE }))));
  asking.cancel();
  await asking.result;
  expect(looksAbove(w)).toBe(1);
});

test('§4.6 whoever writes below the true card of another job’s request costs a look a minute, not one a word', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  for (const at of every(10, 50, 0.2))
    void w.after(at, () => w.reply('UMALLORY', 'approve', { issue: 1, listener: 1 }));
  await w.after(30, () => expect(looksAbove(w)).toBeLessThan(3));
  asking.cancel();
  other.cancel();
  await Promise.all([asking.result, other.result]);
});

test('§4.6 an app that writes "approve" in the thread again and again costs few reads', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const before = w.after(9, () => reads(w));
  for (const at of every(10, 50, 0.2)) void w.after(at, () => w.reply('UBOT', 'approve', { bot: true }));
  const after = w.after(25, () => reads(w));
  void w.after(30, asking.cancel);
  await asking.result;
  expect((await after) - (await before)).toBeLessThan(10);
});

test.each(['/withdraw', '/cancel', '/review all fine'])(
  '§4.6 fifty comments %s of somebody who can never do that cost few reads',
  async (body) => {
    const w = await createWorld();
    const asking = w.ask();
    const before = w.after(9, () => reads(w));
    for (const at of every(10, 50, 0.1)) void w.after(at, () => w.comment('ed', body));
    const after = w.after(60, () => reads(w));
    void w.after(90, asking.cancel);
    await asking.result;
    expect((await after) - (await before)).toBeLessThan(15);
  },
);

test('§4.6 people who press what they may not, each once, keep nobody’s denial out', async () => {
  const w = await createWorld();
  w.github.slow = { issue: 400, comment: 400 };
  const asking = w.ask();
  for (const n of every(0, 20, 1)) void w.after(10 + n / 2, () => w.press(`UMALLORY${n}`));
  const denial = w.after(15, () => w.press('bo', 'deny'));
  const asked = await asking.result;
  expect(await denial).toBe(true);
  expect(asked.view.status).toBe('denied');
});

test('§4.6 a request that is approved does not wait until somebody else’s dialog is filled', async () => {
  const w = await createWorld(
    policyWith(
      ['require: { count: 2, of: sre }', 'require: { count: 1, of: [sre, di] }\n    approve: dialog'],
      sreFrom('slack-group: S0SRE'),
    ),
  );
  w.slack.groups.set('S0SRE', ['UBO', 'UCY']);
  const asking = w.ask();
  await w.after(5, () => w.slack.slow.set('members', 40_000));
  void w.after(10, () => w.press('bo', 'approve', { dialog: true }));
  const commented = w.after(11, () => {
    w.comment('di', '/approve');
    return w.clock.now();
  });
  expect((await asking.result).approved).toBe(true);
  expect(w.clock.now() - (await commented)).toBeLessThan(10_000);
});
