/** What the app writes to one person on the sandbox's Slack. */
import { expect, test } from 'vitest';
import { refusal, slack, TEAM, web } from './setup.ts';

test('a message to a person is seen in their conversation with the app, and can be changed there', async () => {
  const sandbox = await slack();
  const client = web(sandbox);
  const { channel = '', ts = '' } = await client.chat.postMessage({ channel: 'U0ANA', text: 'approved' });
  expect(channel).toMatch(/^D/);
  await client.chat.update({ channel, ts, text: 'started' });
  await client.chat.postMessage({ channel, text: 'finished' });
  expect((await sandbox.directMessages('U0ANA')).map(({ text }) => text)).toEqual(['started', 'finished']);
  expect(await sandbox.directMessages('U0BO')).toEqual([]);
});

test('two first messages to the same person at once both arrive', async () => {
  const sandbox = await slack();
  const client = web(sandbox);
  await Promise.all(['one', 'two'].map((text) => client.chat.postMessage({ channel: 'U0ANA', text })));
  expect((await sandbox.directMessages('U0ANA')).map(({ text }) => text).sort()).toEqual(['one', 'two']);
});

test('the app writes to no bot, no stranger to the workspace and no account that is gone', async () => {
  const bot = { id: 'U0HELPER', name: 'helper', realName: 'Helper', bot: true };
  const client = web(await slack({ members: [...TEAM.members, bot] }));
  const write = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'approved' }));
  expect(await write('U0NOBODY')).toMatchObject({ error: 'channel_not_found' });
  expect(await write('U0HELPER')).toMatchObject({ error: 'channel_not_found' });
  expect(await write('U0BOT')).toMatchObject({ error: 'channel_not_found' });
  expect(await write('U0ED')).toMatchObject({ error: 'user_disabled' });
});

test('an app whose Messages tab is off writes to nobody', async () => {
  const client = web(await slack({ messagesTab: false }));
  expect(await refusal(client.chat.postMessage({ channel: 'U0ANA', text: 'approved' }))).toMatchObject({
    error: 'messages_tab_disabled',
  });
});

test('what a person writes to the app is told to it only where it asked for that', async () => {
  const bot = { ...TEAM.bot, scopes: [...TEAM.bot.scopes, 'im:history'] };
  const open = async (events: string[]) => {
    const sandbox = await slack({ bot, events });
    const { channel = '' } = await web(sandbox).chat.postMessage({ channel: 'U0ANA', text: 'approved' });
    await (await sandbox.say({ member: 'U0ANA', channel, text: 'approve' })).delivery;
    return sandbox.events().map(({ payload }) => payload['event']);
  };
  expect(await open(['message.channels', 'message.groups'])).toEqual([]);
  expect(await open(['message.im'])).toMatchObject([{ text: 'approved' }, { text: 'approve', channel_type: 'im' }]);
});
