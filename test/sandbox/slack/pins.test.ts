/** The sandbox's pins: who may pin what, as Slack says it. */
import { expect, test } from 'vitest';
import { ROOM, refusal, slack, TEAM, web } from './setup.ts';

const SCOPES = ['chat:write', 'pins:write', 'pins:read'];
const pinning = (scopes = SCOPES) => slack({ bot: { ...TEAM.bot, scopes } });

test('a pinned message is listed with who wrote it, newest pin first', async () => {
  const sandbox = await pinning();
  const client = web(sandbox);
  const stamps: string[] = [];
  for (const text of ['one', 'two']) {
    const { ts = '' } = await client.chat.postMessage({ channel: ROOM, text });
    await client.pins.add({ channel: ROOM, timestamp: ts });
    stamps.push(ts);
  }
  expect(sandbox.pinned(ROOM)).toEqual(stamps);
  const { items } = await client.pins.list({ channel: ROOM });
  expect(items).toMatchObject([
    { type: 'message', channel: ROOM, created_by: 'U0BOT', message: { text: 'two', user: 'U0BOT' } },
    { type: 'message', message: { text: 'one', pinned_to: [ROOM] } },
  ]);
});

test('a pin is refused as Slack refuses it', async () => {
  const client = web(await pinning());
  const { ts = '' } = await client.chat.postMessage({ channel: ROOM, text: 'one' });
  const add = (channel: string, timestamp: string) => refusal(client.pins.add({ channel, timestamp }));
  await client.pins.add({ channel: ROOM, timestamp: ts });
  expect(await add(ROOM, ts)).toMatchObject({ error: 'already_pinned' });
  expect(await add(ROOM, '1700000000.000001')).toMatchObject({ error: 'message_not_found' });
  expect(await add(ROOM, 'yesterday')).toMatchObject({ error: 'bad_timestamp' });
  expect(await add('C0NOWHERE', ts)).toMatchObject({ error: 'channel_not_found' });
  expect(await add('C0ELSE', ts)).toMatchObject({ error: 'not_in_channel' });
  expect(await add('C0SECRET', ts)).toMatchObject({ error: 'channel_not_found' });
});

test('pinning and looking at pins need a scope each', async () => {
  const client = web(await pinning(['chat:write']));
  const { ts = '' } = await client.chat.postMessage({ channel: ROOM, text: 'one' });
  expect(await refusal(client.pins.add({ channel: ROOM, timestamp: ts }))).toMatchObject({ needed: 'pins:write' });
  expect(await refusal(client.pins.list({ channel: ROOM }))).toMatchObject({ needed: 'pins:read' });
});
