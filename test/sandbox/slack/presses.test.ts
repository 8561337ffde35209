/** Presses over Socket Mode, through the real client. */

import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SlackSandbox } from '../../../src/sandbox/slack/server.ts';
import { APP, BOT, button, connect, ROOM, refusal, slack, web } from './setup.ts';

const card = async (sandbox: SlackSandbox) => {
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button('v1')] });
  return { member: 'U0ANA', channel: ROOM, ts, actionId: 'approve' };
};

/** What a bare connection is told, until it is closed. */
async function frames(sandbox: SlackSandbox): Promise<unknown[]> {
  const { url = '' } = await web(sandbox, APP).apps.connections.open({});
  const seen: unknown[] = [];
  const socket = new WebSocket(url);
  socket.on('message', (data) => seen.push(JSON.parse(String(data))));
  await new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject));
  return seen;
}

test('a press reaches the listener as Slack sends it, and is acknowledged', async () => {
  const sandbox = await slack();
  const client = await connect(sandbox);
  const bodies: unknown[] = [];
  client.on('interactive', async ({ body, ack }) => {
    bodies.push(body);
    await ack();
  });
  const press = await card(sandbox);
  expect(await sandbox.press(press)).toMatchObject({ delivered: true, acknowledged: true, connection: 0 });
  expect(bodies).toMatchObject([
    {
      type: 'block_actions',
      user: { id: 'U0ANA', team_id: 'T0TEAM' },
      team: { id: 'T0TEAM' },
      api_app_id: 'A0APP',
      container: { type: 'message', message_ts: press.ts, channel_id: ROOM, is_ephemeral: false },
      channel: { id: ROOM },
      message: { ts: press.ts, bot_id: 'B0BOT' },
      actions: [{ type: 'button', action_id: 'approve', value: 'v1' }],
    },
  ]);
});

test('a press that nobody listens for is lost', async () => {
  const sandbox = await slack();
  const press = await card(sandbox);
  expect(await sandbox.press(press)).toEqual({ delivered: false, acknowledged: false, afterMs: 0, connection: null });
});

test('a press whose listener goes away is not acknowledged', async () => {
  const sandbox = await slack();
  const client = await connect(sandbox);
  client.on('interactive', () => sandbox.dropSockets());
  expect(await sandbox.press(await card(sandbox))).toMatchObject({ delivered: true, acknowledged: false });
});

test('a press goes to exactly one of several connections', async () => {
  const sandbox = await slack();
  const received = [0, 0];
  for (const index of [0, 1]) {
    const client = await connect(sandbox);
    client.on('interactive', async ({ ack }) => {
      received[index] = (received[index] ?? 0) + 1;
      await ack();
    });
  }
  sandbox.pickConnection = () => 1;
  await sandbox.press(await card(sandbox));
  expect(received).toEqual([0, 1]);
});

test('only a standing button can be pressed, by an active member of the channel', async () => {
  const sandbox = await slack();
  const press = await card(sandbox);
  await expect(sandbox.press({ ...press, actionId: 'deny' })).rejects.toThrow('No button deny');
  await expect(sandbox.press({ ...press, member: 'U0CY' })).rejects.toThrow('not a member');
  await expect(sandbox.press({ ...press, member: 'U0ED' })).rejects.toThrow('no active human member');
  await web(sandbox).chat.update({ channel: ROOM, ts: press.ts, text: 'closed' });
  await expect(sandbox.press(press)).rejects.toThrow('No button approve');
});

test('a button on an ephemeral message is pressed by the one who sees it', async () => {
  const sandbox = await slack();
  const client = await connect(sandbox);
  const bodies: unknown[] = [];
  client.on('interactive', async ({ body, ack }) => {
    bodies.push(body);
    await ack();
  });
  const shown = { channel: ROOM, user: 'U0BO', text: 'sure?', blocks: [button('v2', 'sure')] };
  const { message_ts: ts = '' } = await web(sandbox).chat.postEphemeral(shown);
  await expect(sandbox.press({ member: 'U0ANA', channel: ROOM, ts, actionId: 'sure' })).rejects.toThrow('no message');
  await sandbox.press({ member: 'U0BO', channel: ROOM, ts, actionId: 'sure' });
  expect(bodies).toMatchObject([
    { container: { is_ephemeral: true }, user: { id: 'U0BO' }, actions: [{ value: 'v2' }] },
  ]);
  expect(bodies[0]).not.toHaveProperty('message');
});

test('a forged press carries any value and any message', async () => {
  const sandbox = await slack();
  const client = await connect(sandbox);
  const bodies: unknown[] = [];
  client.on('interactive', async ({ body, ack }) => {
    bodies.push(body);
    await ack();
  });
  const press = {
    ...(await card(sandbox)),
    value: 'evil',
    message: { ts: '1.1' },
    overrides: { api_app_id: 'A0EVIL' },
  };
  expect(await sandbox.pressForged(press)).toMatchObject({ acknowledged: true });
  expect(bodies).toMatchObject([{ api_app_id: 'A0EVIL', message: { ts: '1.1' }, actions: [{ value: 'evil' }] }]);
});

test('an eleventh connection is told too_many_websockets and closed', async () => {
  const sandbox = await slack();
  for (let n = 0; n < 10; n++) await connect(sandbox);
  expect(await frames(sandbox)).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
  expect(sandbox.connections()).toBe(10);
});

test('a vanished machine keeps its place among the ten', async () => {
  const sandbox = await slack();
  await connect(sandbox);
  sandbox.ghost(0);
  for (let n = 0; n < 9; n++) await connect(sandbox);
  expect(sandbox.connections()).toBe(10);
  expect(await frames(sandbox)).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
});

test('an address of Socket Mode serves one connection', async () => {
  const sandbox = await slack();
  const { url = '' } = await web(sandbox, APP).apps.connections.open({});
  const first = new WebSocket(url);
  onTestFinished(() => first.terminate());
  const hello = await new Promise((resolve) => first.once('message', (data) => resolve(JSON.parse(String(data)))));
  expect(hello).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0APP' } });
  const second = new WebSocket(url);
  await expect(new Promise((resolve, reject) => second.on('open', resolve).on('error', reject))).rejects.toThrow('404');
});

test('a listener is told to go with the frame that Slack sends', async () => {
  const sandbox = await slack();
  const client = new SocketModeClient({
    appToken: APP,
    autoReconnectEnabled: false,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: sandbox.url },
  });
  const seen: string[] = [];
  client.on('ws_message', (data) => seen.push(String(data)));
  const gone = new Promise((resolve) => client.once('disconnected', resolve));
  await client.start();
  sandbox.disconnect(0, 'refresh_requested');
  await gone;
  expect(seen.map((text) => JSON.parse(text))).toMatchObject([
    { type: 'hello' },
    { type: 'disconnect', reason: 'refresh_requested' },
  ]);
});

test('link_disabled closes the connection at once', async () => {
  const sandbox = await slack();
  const told = frames(sandbox);
  await expect.poll(() => sandbox.connections()).toBe(1);
  sandbox.disconnect(0, 'link_disabled');
  expect(await told).toMatchObject([{ type: 'hello' }, { type: 'disconnect', reason: 'link_disabled' }]);
});

async function pressed(sandbox: SlackSandbox): Promise<{ trigger_id: string; response_url: string; ts: string }> {
  const client = await connect(sandbox);
  const body = new Promise<{ trigger_id: string; response_url: string }>((resolve) => {
    client.on('interactive', async ({ body, ack }) => {
      await ack();
      resolve(body);
    });
  });
  const press = await card(sandbox);
  await sandbox.press(press);
  return { ...(await body), ts: press.ts };
}

const view = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'Why?' },
  blocks: [{ type: 'divider' as const }],
};

test('a trigger opens one view, and none after three seconds', async () => {
  let now = 1_800_000_000_000;
  const sandbox = await slack({ now: () => now });
  const { trigger_id } = await pressed(sandbox);
  const client = web(sandbox);
  const opened = await client.views.open({ trigger_id, view });
  await client.views.update({ view_id: opened.view?.id ?? '', view });
  expect(await refusal(client.views.open({ trigger_id, view }))).toMatchObject({ error: 'exchanged_trigger_id' });
  const late = (await pressed(sandbox)).trigger_id;
  now += 3001;
  expect(await refusal(client.views.open({ trigger_id: late, view }))).toMatchObject({ error: 'expired_trigger_id' });
});

test('a response URL answers the person alone or replaces the card, five times', async () => {
  const sandbox = await slack();
  const { response_url, ts } = await pressed(sandbox);
  const answer = (body: object) => fetch(response_url, { method: 'POST', body: JSON.stringify(body) });
  expect((await answer({ text: 'thanks' })).status).toBe(200);
  expect(sandbox.ephemerals('U0ANA')).toMatchObject([{ text: 'thanks' }]);
  expect((await answer({ text: 'done', replace_original: true })).status).toBe(200);
  expect((await sandbox.thread(ROOM, ts))[0]?.text).toBe('done');
  for (let n = 0; n < 3; n++) await answer({ text: 'again' });
  const sixth = await answer({ text: 'too often' });
  expect([sixth.status, await sixth.text()]).toEqual([404, 'used_url']);
});

test('the bot token opens no connection', async () => {
  const call = web(await slack(), BOT).apps.connections.open({});
  expect(await refusal(call)).toMatchObject({ error: 'not_allowed_token_type' });
});
