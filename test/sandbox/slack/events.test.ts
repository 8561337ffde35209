/** What the sandbox's Slack tells the app of its channels, over Socket Mode. */
import type { SocketModeClient } from '@slack/socket-mode';
import { expect, test } from 'vitest';
import type { SlackOptions } from '../../../src/sandbox/slack/options.ts';
import { button, connect, ROOM, refusal, slack, TEAM, web } from './setup.ts';

const EVENTS = ['message.channels', 'message.groups'];
const SCOPES = [...TEAM.bot.scopes, 'groups:history'];
const subscribed = (change: Partial<SlackOptions> = {}) =>
  slack({ events: EVENTS, bot: { ...TEAM.bot, scopes: SCOPES }, ...change });

interface Told {
  type: string;
  body: Record<string, unknown> & { event: Record<string, unknown>; event_id: string };
  retry_num: number;
  retry_reason: string;
  accepts_response_payload: boolean;
  ack(): Promise<void>;
}

/** What the app is told, oldest first; all of it is acknowledged. */
function heard(client: SocketModeClient): Told[] {
  const all: Told[] = [];
  client.on('slack_event', async (told: Told) => {
    all.push(told);
    await told.ack();
  });
  return all;
}

test('a reply in a thread is told to the app as Slack tells it', async () => {
  const sandbox = await subscribed();
  const { ts: card = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card' });
  const told = heard(await connect(sandbox));
  const { ts, delivery } = await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'approve', threadTs: card });
  expect(await delivery).toMatchObject({ delivered: true, acknowledged: true, connection: 0 });
  expect(told).toMatchObject([
    {
      type: 'events_api',
      retry_num: 0,
      retry_reason: '',
      accepts_response_payload: false,
      body: {
        type: 'event_callback',
        token: expect.any(String),
        team_id: 'T0TEAM',
        api_app_id: 'A0APP',
        event_id: expect.stringMatching(/^Ev/),
        event_time: expect.any(Number),
        authorizations: [{ team_id: 'T0TEAM', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false }],
        event: {
          type: 'message',
          user: 'U0ANA',
          text: 'approve',
          ts,
          thread_ts: card,
          parent_user_id: 'U0BOT',
          team: 'T0TEAM',
          channel: ROOM,
          channel_type: 'channel',
          event_ts: ts,
          client_msg_id: expect.any(String),
        },
      },
    },
  ]);
});

test('words that nobody wrote as a control sequence are escaped, mentions stay', async () => {
  const sandbox = await subscribed();
  const told = heard(await connect(sandbox));
  const { delivery } = await sandbox.say({
    member: 'U0ANA',
    channel: ROOM,
    text: 'deny a < b & <channel> <@U0BO> <!here> <script>',
  });
  await delivery;
  expect(told[0]?.body.event['text']).toBe('deny a &lt; b &amp; &lt;channel&gt; <@U0BO> <!here> &lt;script&gt;');
});

test('a private channel is told of by the subscription and the scope of its kind', async () => {
  const channels = [{ id: ROOM, name: 'debug-approvals', private: true, members: ['U0BOT', 'U0ANA'] }];
  const sandbox = await subscribed({ channels });
  const told = heard(await connect(sandbox));
  await (await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'hello' })).delivery;
  expect(told[0]?.body.event).toMatchObject({ text: 'hello', channel_type: 'group' });
  for (const change of [
    { events: ['message.channels'] },
    { bot: { ...TEAM.bot, scopes: ['channels:history'] } },
    { channels: [{ id: ROOM, name: 'debug-approvals', private: true, members: ['U0ANA'] }] },
  ]) {
    const deaf = await subscribed({ channels, ...change });
    const silent = heard(await connect(deaf));
    expect(await (await deaf.say({ member: 'U0ANA', channel: ROOM, text: 'hello' })).delivery).toBeNull();
    expect(silent).toEqual([]);
  }
});

test('without a subscription nothing is told', async () => {
  const sandbox = await slack();
  const told = heard(await connect(sandbox));
  expect(await (await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'hello' })).delivery).toBeNull();
  expect([told, sandbox.events()]).toEqual([[], []]);
});

test('an event that nobody acknowledges is sent three times more, as the same event', async () => {
  const sandbox = await subscribed({ ackMs: 1, retryMs: [0, 0, 0] });
  const client = await connect(sandbox);
  const told: Told[] = [];
  client.on('slack_event', (event: Told) => told.push(event));
  const { delivery } = await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'approve' });
  expect(await delivery).toMatchObject({ delivered: true, acknowledged: false });
  await expect
    .poll(() => told.map(({ retry_num, retry_reason }) => [retry_num, retry_reason]))
    .toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
  expect(new Set(told.map(({ body }) => body.event_id)).size).toBe(1);
});

test('an event for which nobody listens reaches whoever listens at the next attempt', async () => {
  const sandbox = await subscribed({ retryMs: Array.from({ length: 1_000 }, () => 20) });
  const { delivery } = await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'approve' });
  expect(await delivery).toMatchObject({ delivered: false });
  const told = heard(await connect(sandbox));
  await expect.poll(() => told).toMatchObject([{ body: { event: { text: 'approve' } } }]);
  await expect.poll(() => sandbox.events()[0]?.attempts.at(-1)).toMatchObject({ acknowledged: true });
});

test("a stranger's words say where the stranger is at home", async () => {
  const sandbox = await subscribed();
  const told = heard(await connect(sandbox));
  await (await sandbox.say({ member: 'U0DI', channel: ROOM, text: 'approve' })).delivery;
  const home = { team: 'T0OTHER', user_team: 'T0OTHER', source_team: 'T0OTHER' };
  expect(told).toMatchObject([{ body: { team_id: 'T0TEAM', is_ext_shared_channel: true, event: home } }]);
});

test('changed and removed words are told as such, and what stands is marked as edited', async () => {
  const sandbox = await subscribed();
  const told = heard(await connect(sandbox));
  const said = {
    member: 'U0ANA',
    channel: ROOM,
    ts: (await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'deny' })).ts,
  };
  await (await sandbox.edit({ ...said, text: 'approve' })).delivery;
  await (await sandbox.unsay(said)).delivery;
  expect(told.map(({ body }) => body.event)).toMatchObject([
    { text: 'deny' },
    {
      subtype: 'message_changed',
      hidden: true,
      channel: ROOM,
      message: { ts: said.ts, user: 'U0ANA', text: 'approve', edited: { user: 'U0ANA', ts: expect.any(String) } },
      previous_message: { ts: said.ts, text: 'deny' },
    },
    { subtype: 'message_deleted', deleted_ts: said.ts, previous_message: { text: 'approve' } },
  ]);
  expect(told[1]?.body.event).not.toHaveProperty('text');
  await expect(sandbox.edit({ ...said, member: 'U0BO', text: 'approve' })).rejects.toThrow('could not change');
});

test('words written by an app say so, in the event and in the thread', async () => {
  const sandbox = await subscribed();
  const told = heard(await connect(sandbox));
  const { ts: card = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card' });
  const reply = { member: 'U0ANA', channel: ROOM, text: 'approve', threadTs: card };
  await (await sandbox.say({ ...reply, through: { botId: 'B0OTHER', appId: 'A0OTHER' } })).delivery;
  const legacy = { botId: 'B0OLD', subtype: 'bot_message' as const, username: 'Ana' };
  await (await sandbox.say({ ...reply, through: legacy })).delivery;
  const [own, ...others] = told.map(({ body }) => body.event);
  expect(own).toMatchObject({ user: 'U0BOT', bot_id: 'B0BOT', app_id: 'A0APP', text: 'card' });
  expect(others).toMatchObject([
    { user: 'U0ANA', bot_id: 'B0OTHER', app_id: 'A0OTHER' },
    { subtype: 'bot_message', bot_id: 'B0OLD', username: 'Ana' },
  ]);
  const { messages = [] } = await web(sandbox).conversations.replies({ channel: ROOM, ts: card });
  expect(messages.slice(1)).toMatchObject([{ bot_id: 'B0OTHER' }, { bot_id: 'B0OLD', subtype: 'bot_message' }]);
  for (const written of [...others, ...messages.slice(1)]) expect(written).not.toHaveProperty('client_msg_id');
  for (const nobodys of [others[1], messages[2]]) expect(nobodys).not.toHaveProperty('user');
});

test("the app is told of its own cards' changes too, which take no turn away from presses", async () => {
  const sandbox = await subscribed();
  const told = [heard(await connect(sandbox)), heard(await connect(sandbox))];
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button()] });
  await web(sandbox).chat.update({ channel: ROOM, ts, text: 'card', blocks: [button('v2')] });
  const press = { member: 'U0ANA', channel: ROOM, ts, actionId: 'approve' };
  expect([(await sandbox.press(press)).connection, (await sandbox.press(press)).connection]).toEqual([0, 1]);
  const events = told.flat().filter(({ type }) => type === 'events_api');
  expect(events.map(({ body }) => body.event)).toMatchObject([
    { bot_id: 'B0BOT' },
    { subtype: 'message_changed', message: { ts, bot_id: 'B0BOT' } },
  ]);
});

test('only an active member of the channel writes in it', async () => {
  const sandbox = await slack();
  const say = (member: string, channel = ROOM) => sandbox.say({ member, channel, text: 'approve' });
  await expect(say('U0CY')).rejects.toThrow('not a member');
  await expect(say('U0ED')).rejects.toThrow('no active member');
  await expect(say('U0ANA', 'C0NONE')).rejects.toThrow('no such channel');
});

test('a thread comes whole on every page with its first message, attached data only when asked for', async () => {
  const sandbox = await slack();
  const client = web(sandbox);
  const metadata = { event_type: 'card', event_payload: { issue: 7 } };
  const { ts = '' } = await client.chat.postMessage({ channel: ROOM, text: 'card', blocks: [button()], metadata });
  for (const text of ['one', 'two', 'three']) await sandbox.say({ member: 'U0ANA', channel: ROOM, text, threadTs: ts });
  const replies = { channel: ROOM, ts };
  const first = await client.conversations.replies({ ...replies, limit: 2 });
  const cursor = first.response_metadata?.next_cursor ?? '';
  const second = await client.conversations.replies({ ...replies, limit: 2, cursor });
  const texts = ({ messages = [] }: typeof first) => messages.map(({ text }) => text);
  expect([texts(first), first.has_more, texts(second), second.has_more]).toEqual([
    ['card', 'one', 'two'],
    true,
    ['card', 'three'],
    false,
  ]);
  expect(first.messages?.[0]).toMatchObject({ blocks: [button()], reply_count: 3, thread_ts: ts });
  expect(first.messages?.[0]).not.toHaveProperty('metadata');
  const whole = await client.conversations.replies({ ...replies, include_all_metadata: true });
  expect(whole.messages?.[0]).toMatchObject({ metadata });
  const oldest = whole.messages?.[2]?.ts ?? '';
  expect(texts(await client.conversations.replies({ ...replies, oldest }))).toEqual(['card', 'three']);
  expect(texts(await client.conversations.replies({ ...replies, oldest, inclusive: true }))).toEqual([
    'card',
    'two',
    'three',
  ]);
  const refused = (change: object) => refusal(client.conversations.replies({ ...replies, ...change }));
  expect(await refused({ ts: '1700000000.000001' })).toMatchObject({ error: 'thread_not_found' });
  expect(await refused({ oldest: 'yesterday' })).toMatchObject({ error: 'invalid_ts_oldest' });
  expect(await refused({ cursor: 'bm9wZQ' })).toMatchObject({ error: 'invalid_cursor' });
});

test('a reply that is sent to the channel too stands in both', async () => {
  const sandbox = await slack();
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card' });
  await web(sandbox).chat.postMessage({ channel: ROOM, text: 'decided', thread_ts: ts, reply_broadcast: true });
  expect(await sandbox.messages(ROOM)).toMatchObject([
    { text: 'card' },
    { text: 'decided', subtype: 'thread_broadcast' },
  ]);
  expect((await sandbox.thread(ROOM, ts)).map(({ text }) => text)).toEqual(['card', 'decided']);
});
