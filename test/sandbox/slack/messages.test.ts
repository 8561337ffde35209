/** Messages on the sandbox's Slack, through the real Web API client. */

import { expect, test } from 'vitest';
import { button, ROOM, refusal, slack, web } from './setup.ts';

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

test('a posted message stands in its channel, written by the bot', async () => {
  const sandbox = await slack();
  const posted = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button()] });
  expect(posted.message).toMatchObject({ bot_id: 'B0BOT', app_id: 'A0APP', team: 'T0TEAM', user: 'U0BOT' });
  expect(await sandbox.messages(ROOM)).toMatchObject([{ ts: posted.ts, text: 'card', blocks: [{ type: 'actions' }] }]);
});

test('a reply stands in the thread and not in the channel', async () => {
  const sandbox = await slack();
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card' });
  await web(sandbox).chat.postMessage({ channel: ROOM, text: 'reply', thread_ts: ts });
  expect((await sandbox.thread(ROOM, ts)).map(({ text }) => text)).toEqual(['card', 'reply']);
  expect(await sandbox.messages(ROOM)).toHaveLength(1);
  const replies = await web(sandbox).conversations.replies({ channel: ROOM, ts });
  expect(replies.messages?.map(({ text }) => text)).toEqual(['card', 'reply']);
});

test('a reply needs a thread that exists', async () => {
  const client = web(await slack());
  const reply = (thread_ts: string) => refusal(client.chat.postMessage({ channel: ROOM, text: 'x', thread_ts }));
  expect(await reply('1700000000.000001')).toMatchObject({ error: 'thread_not_found' });
  expect(await reply('yesterday')).toMatchObject({ error: 'invalid_thread_ts' });
});

test('text without blocks removes the blocks', async () => {
  const sandbox = await slack();
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button()] });
  await web(sandbox).chat.update({ channel: ROOM, ts, text: 'closed' });
  const [message] = await sandbox.messages(ROOM);
  expect(message?.text).toBe('closed');
  expect(message?.blocks).toBeUndefined();
});

test('only a change of text alone is marked as edited', async () => {
  const sandbox = await slack();
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card' });
  await web(sandbox).chat.update({ channel: ROOM, ts, text: 'card', blocks: [section('new')] });
  expect((await sandbox.messages(ROOM))[0]).not.toHaveProperty('edited');
  await web(sandbox).chat.update({ channel: ROOM, ts, text: 'plain' });
  expect((await sandbox.messages(ROOM))[0]).toHaveProperty('edited');
});

test("the bot changes and deletes its own messages, nobody else's", async () => {
  const sandbox = await slack();
  const client = web(sandbox);
  const { ts } = await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'mine' });
  expect(await refusal(client.chat.update({ channel: ROOM, ts, text: 'x' }))).toMatchObject({
    error: 'cant_update_message',
  });
  expect(await refusal(client.chat.delete({ channel: ROOM, ts }))).toMatchObject({ error: 'cant_delete_message' });
  const absent = client.chat.update({ channel: ROOM, ts: '1700000000.000001', text: 'x' });
  expect(await refusal(absent)).toMatchObject({ error: 'message_not_found' });
  const own = await client.chat.postMessage({ channel: ROOM, text: 'own' });
  await client.chat.delete({ channel: ROOM, ts: own.ts ?? '' });
  expect((await sandbox.messages(ROOM)).map(({ text }) => text)).toEqual(['mine']);
});

test('the bot writes only where it is a member, and sees no private channel from outside', async () => {
  const client = web(await slack());
  const post = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'x' }));
  expect(await post('C0ELSE')).toMatchObject({ error: 'not_in_channel' });
  expect(await post('C0SECRET')).toMatchObject({ error: 'channel_not_found' });
  expect(await post('C0NONE')).toMatchObject({ error: 'channel_not_found' });
  expect(await refusal(client.conversations.info({ channel: 'C0SECRET' }))).toMatchObject({
    error: 'channel_not_found',
  });
  expect((await client.conversations.info({ channel: 'C0ELSE' })).channel).toMatchObject({ is_member: false });
});

test('an ephemeral message is seen by one member of the channel', async () => {
  const sandbox = await slack();
  await web(sandbox).chat.postEphemeral({ channel: ROOM, user: 'U0BO', text: 'not you' });
  expect(sandbox.ephemerals('U0BO')).toMatchObject([{ text: 'not you', channel: ROOM }]);
  expect(await sandbox.messages(ROOM)).toEqual([]);
  const outside = web(sandbox).chat.postEphemeral({ channel: ROOM, user: 'U0CY', text: 'x' });
  expect(await refusal(outside)).toMatchObject({ error: 'user_not_in_channel' });
});

test('a new message tells whom it notifies, a change notifies nobody', async () => {
  const sandbox = await slack();
  const blocks = [
    section('<@U0ANA> and <!subteam^S0SRE|sre>'),
    { type: 'header' as const, text: { type: 'plain_text' as const, text: '<!here>' } },
  ];
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'for <@U0BO>', blocks });
  await web(sandbox).chat.update({ channel: ROOM, ts, text: '<!channel>', blocks: [section('<@U0CY>')] });
  expect((await sandbox.messages(ROOM))[0]?.pings.toSorted()).toEqual(['<!subteam^S0SRE>', 'U0ANA', 'U0BO']);
});

test('escaped mentions notify nobody', async () => {
  const sandbox = await slack();
  await web(sandbox).chat.postMessage({
    channel: ROOM,
    text: '&lt;!channel&gt; @here',
    blocks: [section('&lt;@U0ANA&gt;')],
  });
  expect((await sandbox.messages(ROOM))[0]?.pings).toEqual([]);
});

test('plain words in mrkdwn notify like Slack parses them, unless it is verbatim', async () => {
  const sandbox = await slack();
  const verbatim = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '@channel', verbatim: true } };
  await web(sandbox).chat.postMessage({ channel: ROOM, text: '@everyone', blocks: [section('@here'), verbatim] });
  expect((await sandbox.messages(ROOM))[0]?.pings).toEqual(['<!here>']);
});

test('a refused block refuses the whole message and says where it is wrong', async () => {
  const sandbox = await slack();
  const call = web(sandbox).chat.postMessage({ channel: ROOM, text: 'x', blocks: [section('y'.repeat(3001))] });
  expect(await refusal(call)).toMatchObject({
    error: 'invalid_blocks',
    errors: ['must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  });
  expect(await sandbox.messages(ROOM)).toEqual([]);
});

test('a message needs text or blocks, and at most 40,000 characters', async () => {
  const client = web(await slack());
  expect(await refusal(client.chat.postMessage({ channel: ROOM, text: '' }))).toMatchObject({ error: 'no_text' });
  const long = client.chat.postMessage({ channel: ROOM, text: 'x'.repeat(40_001) });
  expect(await refusal(long)).toMatchObject({ error: 'msg_too_long' });
});

test('a permalink leads to a message that exists', async () => {
  const client = web(await slack());
  const { ts = '' } = await client.chat.postMessage({ channel: ROOM, text: 'card' });
  const { permalink } = await client.chat.getPermalink({ channel: ROOM, message_ts: ts });
  expect(permalink).toContain(`/archives/${ROOM}/p${ts.replace('.', '')}`);
  const absent = client.chat.getPermalink({ channel: ROOM, message_ts: '1.2' });
  expect(await refusal(absent)).toMatchObject({ error: 'message_not_found' });
});
