/** What the sandbox's Slack tells of channels, of the app behind a bot, and of an app token that is another app's. */
import { expect, test } from 'vitest';
import { APP, button, connect, ROOM, refusal, slack, TEAM, web } from './setup.ts';

type Channel = (typeof TEAM.channels)[number];
const channel = async (change: Partial<Channel>) => {
  const channels = [{ id: ROOM, name: 'room', members: ['U0BOT', 'U0ANA'], ...change }];
  return slack({ channels, bot: { ...TEAM.bot, scopes: ['chat:write', 'channels:read', 'groups:read'] } });
};

test('a channel says whether it is private, archived, and with whom it is shared', async () => {
  const said = async (change: Partial<Channel>) =>
    (await web(await channel(change)).conversations.info({ channel: ROOM })).channel;
  const plain = {
    is_private: false,
    is_archived: false,
    is_member: true,
    is_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    is_org_shared: false,
  };
  expect(await said({})).toMatchObject(plain);
  expect(await said({ private: true })).toMatchObject({ ...plain, is_private: true });
  expect(await said({ archived: true })).toMatchObject({ ...plain, is_archived: true });
  expect(await said({ shared: 'external' })).toMatchObject({ ...plain, is_shared: true, is_ext_shared: true });
  expect(await said({ shared: 'pending' })).toMatchObject({ ...plain, is_pending_ext_shared: true });
  expect(await said({ shared: 'organisation' })).toMatchObject({ ...plain, is_shared: true, is_org_shared: true });
  expect(await said({ members: ['U0BOT', 'U0DI'] })).toMatchObject({ ...plain, is_shared: true, is_ext_shared: true });
});

test('nothing new can be written in an archived channel', async () => {
  const client = web(await channel({ archived: true }));
  const post = client.chat.postMessage({ channel: ROOM, text: 'x' });
  expect(await refusal(post)).toMatchObject({ error: 'is_archived' });
  const whisper = client.chat.postEphemeral({ channel: ROOM, user: 'U0ANA', text: 'x' });
  expect(await refusal(whisper)).toMatchObject({ error: 'is_archived' });
});

test('the app behind a bot is told to who may read users', async () => {
  const client = web(await slack());
  expect((await client.bots.info({ bot: 'B0BOT' })).bot).toMatchObject({ app_id: 'A0APP', user_id: 'U0BOT' });
  expect(await refusal(client.bots.info({ bot: 'B0NONE' }))).toMatchObject({ error: 'bot_not_found' });
  const without = web(await channel({}));
  expect(await refusal(without.bots.info({ bot: 'B0BOT' }))).toMatchObject({ error: 'missing_scope' });
});

test('a guest of one channel is a guest in both of Slack’s words', async () => {
  const members = [{ id: 'U0CY', name: 'cy', realName: 'Cy', guest: 'single-channel' as const }];
  const { user } = await web(await slack({ members })).users.info({ user: 'U0CY' });
  expect(user).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
});

test("another app's token says so, and hears no press of the bot's buttons", async () => {
  const sandbox = await slack({ appTokenOf: 'A0OTHER' });
  expect((await web(sandbox, APP).auth.test()).app_id).toBe('A0OTHER');
  await connect(sandbox);
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button()] });
  const press = { member: 'U0ANA', channel: ROOM, ts, actionId: 'approve' };
  expect(await sandbox.press(press)).toMatchObject({ delivered: false, acknowledged: false });
});
