/** Looking at a Slack set-up by the real SDK: what is heard of the connections, and that no press is ever acknowledged. */
import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { SlackInspector } from '../../src/app/ports.ts';
import { slackInspector } from '../../src/slack/inspect.ts';
import { APP, BOT, ROOM, slack, TEAM } from '../sandbox/slack/setup.ts';
import { hastyClock } from './sandbox.ts';

function look(url: string, botToken: string | null = BOT, appToken: string | null = APP): SlackInspector {
  return slackInspector({ botToken, appToken, apiUrl: url, clock: hastyClock() });
}

/** A Slack that sends these frames on every connection, and keeps what comes back. */
async function frames(sent: unknown[]): Promise<{ url: string; heard: string[]; open: () => number }> {
  const heard: string[] = [];
  const http = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${portOf()}/` }));
  });
  const portOf = (): number => {
    const address = http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => heard.push(String(data)));
    for (const frame of sent) socket.send(JSON.stringify(frame));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    sockets.close();
    http.close();
  });
  return { url: `http://127.0.0.1:${portOf()}/api/`, heard, open: () => sockets.clients.size };
}

const press = (envelope: string) => ({
  type: 'interactive',
  envelope_id: envelope,
  payload: { type: 'block_actions', api_app_id: 'A01' },
});

test('a press that arrives while it is connected is never acknowledged, so that Slack tells the person that it failed', async () => {
  const hello = { type: 'hello', num_connections: 2, connection_info: { app_id: 'A01' } };
  const { url, heard, open } = await frames([press('before'), hello, press('after'), press('last')]);
  expect(await look(url).countConnections()).toEqual({ ok: true, value: { connections: 2, app: 'A01' } });
  await vi.waitFor(() => expect(open()).toBe(0));
  expect(heard).toEqual([]);
});

test('a hello that says nothing of connections is no number', async () => {
  const { url } = await frames([{ type: 'hello' }]);
  expect(await look(url).countConnections()).toEqual({ ok: true, value: { connections: null, app: null } });
});

test('a connection that is refused at once says why', async () => {
  const { url } = await frames([{ type: 'disconnect', reason: 'link_disabled' }]);
  expect(await look(url).countConnections()).toMatchObject({
    ok: false,
    failure: { kind: 'refused', code: 'link_disabled' },
  });
});

test('asking whether connections may be opened opens none', async () => {
  const sandbox = await slack();
  expect(await look(sandbox.url).mayListen()).toEqual({ ok: true, value: { app: 'A0APP' } });
  expect(sandbox.connections()).toBe(0);
});

test('the app of a real app token is known even where Slack does not tell whose token it is', async () => {
  const appToken = 'xapp-1-A0123456789-1234567890-0123456789abcdef';
  const sandbox = await slack({ appToken });
  sandbox.fault({ method: 'auth.test', error: 'not_allowed_token_type' });
  expect(await look(sandbox.url, BOT, appToken).mayListen()).toEqual({ ok: true, value: { app: 'A0123456789' } });
});

test('each kind of token is known by its beginning', async () => {
  const { url } = await slack();
  const kind = (token: string | null) => look(url, token).tokens.bot;
  expect(kind(null)).toBe('absent');
  expect(kind('xoxb-1-2-abc')).toBe('bot');
  expect(kind('xapp-1-A0-2-abc')).toBe('app');
  expect(kind('xoxp-1-2-abc')).toBe('user');
  expect(kind('xoxe.xoxb-1-abc')).toBe('rotating');
  for (const strange of ['', ' xoxb-1', 'xoxb-1\n', '"xoxb-1"', 'ghp_abc', 'xoxb-…'])
    expect(kind(strange)).toBe('strange');
});

test('the bot is told with its workspace, its organisation and its scopes', async () => {
  const { url } = await slack({ team: { id: 'T0TEAM', name: 'Acme', enterprise: { id: 'E0ORG', workspaces: [] } } });
  expect(await look(url).bot()).toEqual({
    ok: true,
    value: {
      team: { id: 'T0TEAM', name: 'Acme' },
      enterprise: 'E0ORG',
      user: { id: 'U0BOT', handle: 'debug-approval' },
      bot: 'B0BOT',
      scopes: TEAM.bot.scopes,
    },
  });
});

test('all pages of a channel’s members are read', async () => {
  const ids = Array.from({ length: 450 }, (_, n) => `U1${n}`);
  const sandbox = await slack({ channels: [{ id: ROOM, name: 'room', members: ['U0BOT', ...ids] }] });
  const members = await look(sandbox.url).channelMembers(ROOM);
  expect(members).toEqual({ ok: true, value: { ids: ['U0BOT', ...ids], whole: true } });
  expect(sandbox.counts().byMethod).toEqual({ 'conversations.members': 3 });
});

test('a missing scope, a refusal and trouble are told apart', async () => {
  const sandbox = await slack({ bot: { ...TEAM.bot, scopes: ['chat:write'] } });
  const inspector = look(sandbox.url);
  const ask = async () => inspector.channel('C0NOWHERE');
  expect(await ask()).toMatchObject({
    failure: { kind: 'scope', scope: 'channels:read,groups:read,mpim:read,im:read' },
  });
  sandbox.fault({ method: 'conversations.info', error: 'channel_not_found' });
  expect(await ask()).toMatchObject({ failure: { kind: 'refused', code: 'channel_not_found', scope: null } });
  sandbox.fault({ method: 'conversations.info', drop: 'before', times: 2 });
  expect(await ask()).toMatchObject({ failure: { kind: 'unanswered', code: null } });
  sandbox.fault({ method: 'conversations.info', status: 429, times: 2 });
  expect(await ask()).toMatchObject({ failure: { kind: 'unanswered', what: expect.stringContaining('ratelimited') } });
});

test('an answer that was lost is asked for once more', async () => {
  const sandbox = await slack();
  sandbox.fault({ method: 'conversations.info', drop: 'after' });
  expect(await look(sandbox.url).channel(ROOM)).toMatchObject({ ok: true, value: { name: 'debug-approvals' } });
});
