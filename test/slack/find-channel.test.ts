/** A channel's id by its name: exactly that name, among what the bot may see, over all pages. */
import { expect, test } from 'vitest';
import { findChannel } from '../../src/slack/find-channel.ts';
import { BOT, slack, TEAM } from '../sandbox/slack/setup.ts';

const SCOPES = ['channels:read', 'groups:read'];
const team = (change: object = {}) => ({ bot: { ...TEAM.bot, scopes: SCOPES }, ...change });
const find = (url: string, name: string) => findChannel({ token: BOT, apiUrl: url }, name);

test('public channels are found, and private ones with the bot in them', async () => {
  const inside = { id: 'C0INSIDE', name: 'inside', private: true, members: ['U0BOT'] };
  const { url } = await slack(team({ channels: [...TEAM.channels, inside] }));
  expect(await find(url, 'elsewhere')).toBe('C0ELSE');
  expect(await find(url, 'inside')).toBe('C0INSIDE');
});

test('the last of many channels is found', async () => {
  const many = Array.from({ length: 2100 }, (_, n) => ({ id: `C1${n}`, name: `room-${n}`, members: [] }));
  const sandbox = await slack(team({ channels: many }));
  expect(await find(sandbox.url, 'room-2099')).toBe('C12099');
  expect(sandbox.counts().byMethod).toEqual({ 'conversations.list': 3 });
});

test.each(['secret', 'Elsewhere', 'else', 'old'])('%s is none that the bot may see', async (name) => {
  const old = { id: 'C0OLD', name: 'old', archived: true, members: [] };
  const { url } = await slack(team({ channels: [...TEAM.channels, old] }));
  await expect(find(url, name)).rejects.toMatchObject({
    code: 'refused',
    message: `Slack shows this bot no channel with the name "${name}".`,
    remedy: expect.stringContaining("Or give the channel's id (C…)"),
  });
});

test('without the scopes the Fault names them, and the way without', async () => {
  const { url } = await slack(team({ bot: { ...TEAM.bot, scopes: ['channels:read'] } }));
  await expect(find(url, 'elsewhere')).rejects.toMatchObject({
    code: 'slack',
    message: expect.stringContaining('groups:read'),
    remedy: expect.stringMatching(/^Give channels:read and groups:read to the Slack app.*Or give the channel's id/),
  });
});
