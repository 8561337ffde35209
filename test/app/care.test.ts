/** While a request waits: reminders that come ever later, an escalation, the discussion on record, and the end told in person. */
import { expect, test } from 'vitest';
import { notWritten } from './fake-github.ts';
import { key, policyWith } from './policies.ts';
import { createWorld, eventsOf, type World } from './world.ts';

const REMINDERS = policyWith(key('reminders: { after: 10m, times: 2 }'));
const ESCALATES = policyWith(key('escalation: { after: 20m, to: [di] }'), key('reminders: { after: 10m, times: 1 }'));
const MIRRORS = policyWith(['slack: { channel: C0APPROVE }', 'slack: { channel: C0APPROVE, mirror: true }']);

const minutes = (w: World) => w.records().map(({ at }) => Math.round((Date.parse(at) - START) / 60_000));
const START = Date.parse('2026-03-02T10:00:00Z');

test('those who may still decide are reminded in the thread, each pause twice as long, and that is on record', async () => {
  const w = await createWorld(REMINDERS);
  const asking = w.ask();
  void w.after(900, () => w.press('bo'));
  await asking.result;
  expect(eventsOf(w)).toEqual(['requested', 'reminded', 'decided', 'reminded', 'expired']);
  expect(minutes(w)).toEqual([0, 10, 15, 30, 60]);
  expect(w.slack.said.map(({ pinged }) => pinged)).toEqual([
    ['UBO', 'UCY', 'UDI'],
    ['UCY', 'UDI'],
  ]);
  expect(w.slack.said[0]).toMatchObject({ ts: w.slack.cardOf().card.ts, text: expect.stringContaining('Reminder 1') });
});

test('an escalation pings once those who were not pinged before', async () => {
  const w = await createWorld(ESCALATES);
  const asking = w.ask();
  await w.after(5, () => expect(w.slack.cardOf().pinged).toEqual(['UBO', 'UCY']));
  await asking.result;
  expect(w.slack.said.map(({ pinged }) => pinged)).toEqual([
    ['UBO', 'UCY'],
    ['UBO', 'UCY', 'UDI'],
  ]);
  expect(w.slack.said[1]?.text).toContain('Escalated to di');
  expect(minutes(w)).toEqual([0, 10, 20, 60]);
});

test('nobody is reminded of what is decided', async () => {
  const w = await createWorld(REMINDERS);
  const asking = w.ask();
  void w.after(300, () => w.press('bo', 'deny'));
  await asking.result;
  expect(w.slack.said).toEqual([]);
});

test('a Slack that does not take the reminder changes nothing: it is on record, and said once', async () => {
  const w = await createWorld(REMINDERS);
  w.slack.broken.add('say');
  const asking = w.ask();
  void w.after(700, () => w.press('bo'));
  void w.after(710, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
  expect(eventsOf(w).filter((type) => type === 'reminded')).toHaveLength(1);
  expect(asking.told.join('\n')).toContain('The reminder could not be said in Slack');
});

test('a reminder that GitHub does not record is tried again later, and keeps no decision waiting', async () => {
  const w = await createWorld(REMINDERS);
  const asking = w.ask();
  void w.after(595, () => w.github.fail('comment', { fault: notWritten(), times: 4 }));
  void w.after(640, () => w.comment('bo', '/approve'));
  void w.after(690, () => w.comment('cy', '/approve'));
  expect((await asking.result).approved).toBe(true);
  expect(asking.told.filter((line) => line.includes('Nobody could be reminded yet')).length).toBeLessThanOrEqual(2);
});

test('what people say in the thread is put on record where the policy says so: masked, once, a few times a minute', async () => {
  const w = await createWorld(MIRRORS);
  const secret = 'xoxb-1234567890-abcdefgh';
  const asking = w.ask({ secrets: [secret] });
  void w.after(40, async () => {
    for (const ts of ['1740909700.000001', '1740909700.000002', '1740909700.000002']) {
      await w.reply(ts.endsWith('1') ? 'bo' : 'UNOBODY', `I saw ${secret} & <b>`, { ts });
    }
  });
  void w.after(50, () => w.reply('cy', 'Same here'));
  void w.after(200, () => w.reply('cy', 'deny', { bot: false }));
  await asking.result;
  const said = w
    .records()
    .flatMap(({ events }) => events.flatMap((one) => (one.type === 'discussed' ? [one.messages] : [])));
  expect(said.flat()).toMatchObject([
    { name: 'Bo', slack: { user: 'UBO' }, ts: '1740909700.000001', text: 'I saw ‹secret#1› & <b>' },
    { name: 'UNOBODY', ts: '1740909700.000002' },
    { name: 'Cy', text: 'Same here' },
  ]);
  expect(said).toHaveLength(2);
  expect(JSON.stringify(w.github.issue()).includes(secret)).toBe(false);
});

test("what another request's listener hears is put on record where it was said", async () => {
  const w = await createWorld(MIRRORS);
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  void w.after(10, () => w.reply('cy', 'I look at it', { issue: 1, listener: 1 }));
  void w.after(11, () =>
    w.reply('cy', 'Lunch?', { listener: 1, thread: { team: 'T1', channel: 'C0APPROVE', ts: '1.2' } }),
  );
  await w.after(80, () => asking.cancel());
  other.cancel();
  await Promise.all([asking.result, other.result]);
  expect(eventsOf(w, 1)).toEqual(['requested', 'discussed', 'cancelled']);
  expect(eventsOf(w, 2)).toEqual(['requested', 'cancelled']);
  expect(w.records(1)[1]).toMatchObject({ writer: { run: 9002 }, events: [{ messages: [{ text: 'I look at it' }] }] });
});

test('what was said just before the end is on record too', async () => {
  const w = await createWorld(MIRRORS);
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(19, () => w.reply('di', 'Fine with me'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided', 'discussed']);
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test.each([
  ['the policy does not say so', undefined, {}],
  ['it stands in another thread', MIRRORS, { thread: { team: 'T1', channel: 'C0APPROVE', ts: '1.2' } }],
  ['a bot said it', MIRRORS, { bot: true }],
])('nothing is put on record where %s', async (_, policy, how) => {
  const w = await createWorld(policy);
  const asking = w.ask();
  void w.after(10, () => w.reply('bo', 'I look at it', how));
  await asking.result;
  expect(eventsOf(w)).toEqual(['requested', 'expired']);
});

const ENDS: [string, string, (w: World) => Promise<unknown>][] = [
  ['approved', 'Approved by Bo', (w: World) => Promise.all([w.press('bo'), w.press('cy')])],
  ['denied', 'Denied by Bo; nothing ran. Reason: not now', (w: World) => w.reply('bo', 'deny not now')],
  ['expired', 'Expired without enough approvals; nothing ran.', async () => null],
];

test.each(ENDS)('the requester is told in person that it is %s', async (_, words, deed) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => deed(w));
  await asking.result;
  expect(w.slack.told).toEqual([
    { user: 'UANA', text: expect.stringContaining('Your request #1 (Show a service on production): ') },
  ]);
  expect(w.slack.told[0]?.text).toContain(words);
  expect(w.slack.told[0]?.text).toContain('https://github.com/acme/shop/issues/1');
});

test('a requester who cannot be told changes nothing', async () => {
  const w = await createWorld();
  w.slack.broken.add('tell');
  const asking = w.ask();
  void w.after(10, () => Promise.all([w.press('bo'), w.press('cy')]));
  expect((await asking.result).approved).toBe(true);
  expect(asking.told.join('\n')).toContain('could not be told');
});
