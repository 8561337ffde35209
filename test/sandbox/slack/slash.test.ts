/** Slash commands on the sandbox's Slack, through the real client. */
import { expect, test } from 'vitest';
import type { SlackOptions } from '../../../src/sandbox/slack/options.ts';
import { connect, ROOM, refusal, slack, TEAM, web } from './setup.ts';

const commanded = (change: Partial<SlackOptions> = {}) =>
  slack({ commands: ['/approve-debug'], bot: { ...TEAM.bot, scopes: [...TEAM.bot.scopes, 'commands'] }, ...change });

const SENT = { member: 'U0ANA', channel: ROOM, command: '/approve-debug', text: '12 looks <right> & small' };

/** An app that answers each command so; gives the commands' payloads. */
async function answering(change: Partial<SlackOptions>, answer?: Record<string, unknown>) {
  const sandbox = await commanded(change);
  const client = await connect(sandbox);
  const bodies: Record<string, unknown>[] = [];
  const accepting: boolean[] = [];
  client.on('slash_commands', async ({ body, ack, accepts_response_payload }) => {
    bodies.push(body);
    accepting.push(accepts_response_payload);
    await ack(answer);
  });
  return { sandbox, bodies, accepting };
}

test('a command reaches the app as Slack sends it, and the answer is seen by its author alone', async () => {
  const { sandbox, bodies, accepting } = await answering({}, { text: 'Recorded.', response_type: 'ephemeral' });
  expect(await sandbox.slash(SENT)).toMatchObject({ acknowledged: true });
  expect(accepting).toEqual([true]);
  expect(bodies).toEqual([
    {
      token: expect.any(String),
      team_id: 'T0TEAM',
      team_domain: 'acme',
      channel_id: ROOM,
      channel_name: 'debug-approvals',
      user_id: 'U0ANA',
      user_name: 'ana',
      command: '/approve-debug',
      text: '12 looks &lt;right&gt; &amp; small',
      api_app_id: 'A0APP',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining('/commands/T0TEAM/'),
      trigger_id: expect.any(String),
    },
  ]);
  expect(sandbox.ephemerals('U0ANA')).toMatchObject([{ text: 'Recorded.', channel: ROOM }]);
  expect(sandbox.ephemerals('U0BO')).toEqual([]);
  expect(await sandbox.messages(ROOM)).toEqual([]);
});

test('an answer may be for the whole channel, or nothing at all', async () => {
  const loud = await answering({}, { text: 'Recorded.', response_type: 'in_channel' });
  await loud.sandbox.slash(SENT);
  expect(await loud.sandbox.messages(ROOM)).toMatchObject([{ text: 'Recorded.', bot_id: 'B0BOT' }]);
  const mute = await answering({});
  await mute.sandbox.slash(SENT);
  expect([mute.sandbox.ephemerals('U0ANA'), await mute.sandbox.messages(ROOM)]).toEqual([[], []]);
});

test('a command that the app does not acknowledge, or answers wrongly, is told to its author as failed', async () => {
  const unheard = await commanded();
  expect(await unheard.slash(SENT)).toMatchObject({ delivered: false });
  expect(unheard.ephemerals('U0ANA')).toMatchObject([{ text: expect.stringContaining('dispatch_failed') }]);
  const late = await commanded({ ackMs: 1 });
  await connect(late);
  expect(await late.slash(SENT)).toMatchObject({ delivered: true, acknowledged: false });
  expect(late.ephemerals('U0ANA')).toMatchObject([{ text: expect.stringContaining('operation_timeout') }]);
  const wrong = await answering({}, { blocks: [{ type: 'nothing' }] });
  await wrong.sandbox.slash(SENT);
  expect(wrong.sandbox.ephemerals('U0ANA')).toMatchObject([{ text: expect.stringContaining('failed') }]);
});

test('only what the app declares and may receive is a command, and only for active people of the channel', async () => {
  const sandbox = await commanded();
  await expect(sandbox.slash({ ...SENT, command: '/deploy' })).rejects.toThrow('not a valid command');
  await expect(sandbox.slash({ ...SENT, member: 'U0CY' })).rejects.toThrow('not a member');
  await expect(sandbox.slash({ ...SENT, member: 'U0ED' })).rejects.toThrow('no active human');
  await expect(sandbox.slash({ ...SENT, member: 'U0DI' })).rejects.toThrow('a stranger');
  const unscoped = await commanded({ bot: TEAM.bot });
  await expect(unscoped.slash(SENT)).rejects.toThrow('not the scope commands');
});

test('where the bot is not, a command works all the same, and a private channel keeps its name', async () => {
  const { sandbox, bodies } = await answering({});
  await sandbox.slash({ ...SENT, channel: 'C0SECRET' });
  expect(bodies).toMatchObject([{ channel_id: 'C0SECRET', channel_name: 'privategroup' }]);
});

test('a forged command is delivered as it was forged', async () => {
  const { sandbox, bodies } = await answering({});
  await sandbox.slash({ ...SENT, overrides: { user_id: 'U0DI', team_id: 'T0OTHER' } });
  expect(bodies).toMatchObject([{ user_id: 'U0DI', team_id: 'T0OTHER', command: '/approve-debug' }]);
});

test("a command's trigger opens one dialog within three seconds, its response URL answers the person", async () => {
  let now = 1_800_000_000_000;
  const { sandbox, bodies } = await answering({ now: () => now });
  await sandbox.slash(SENT);
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const view = { type: 'modal' as const, title: plain('Approve?'), blocks: [] };
  const open = (body: Record<string, unknown> | undefined) =>
    web(sandbox).views.open({ trigger_id: String(body?.['trigger_id']), view });
  await open(bodies[0]);
  expect(sandbox.dialogs()).toMatchObject([{ user: 'U0ANA' }]);
  expect(await refusal(open(bodies[0]))).toMatchObject({ error: 'exchanged_trigger_id' });
  await sandbox.slash(SENT);
  now += 3001;
  expect(await refusal(open(bodies[1]))).toMatchObject({ error: 'expired_trigger_id' });
  const url = String(bodies[1]?.['response_url']);
  expect((await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'Recorded.' }) })).status).toBe(200);
  expect(sandbox.ephemerals('U0ANA')).toMatchObject([{ text: 'Recorded.' }]);
});
