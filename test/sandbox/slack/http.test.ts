/** Slack without Socket Mode: signed requests to the app's address, their form, their three seconds, and what comes again. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import type { SlackOptions } from '../../../src/sandbox/slack/options.ts';
import { APP, button, ROOM, slack, TEAM, web } from './setup.ts';

const SECRET = 'the signing secret';

interface Came {
  headers: IncomingHttpHeaders;
  body: string;
}
type Answer = (response: ServerResponse, came: Came) => void;

const fine: Answer = (response) => void response.writeHead(200).end();

/** An app at an address: it gives back challenges and answers all else so. */
async function app(answer: Answer = fine, honest = true): Promise<{ url: string; came: Came[] }> {
  const came: Came[] = [];
  const server = createServer(async (request, response) => {
    const one = { headers: request.headers, body: await text(request) };
    if (one.body.includes('url_verification')) {
      response.writeHead(200).end(honest ? String(JSON.parse(one.body).challenge) : 'ok');
      return;
    }
    came.push(one);
    answer(response, one);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return { url: `http://127.0.0.1:${address.port}/slack/events`, came };
}

async function told(answer: Answer = fine, change: Partial<SlackOptions> = {}) {
  const sandbox = await slack({
    http: { signingSecret: SECRET },
    events: ['message.channels'],
    commands: ['/debug'],
    bot: { ...TEAM.bot, scopes: [...TEAM.bot.scopes, 'commands'] },
    ...change,
  });
  const { url, came } = await app(answer);
  await sandbox.setRequestUrl(url);
  return { sandbox, came };
}

async function card(sandbox: Awaited<ReturnType<typeof slack>>): Promise<{ channel: string; ts: string }> {
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button('v1')] });
  return { channel: ROOM, ts };
}

const json = (response: ServerResponse, value: unknown): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const COMMAND = { member: 'U0ANA', channel: ROOM, command: '/debug', text: 'list' };

test('a press comes as a form, a command as its fields, an event as JSON, and each is signed over its raw body', async () => {
  const { sandbox, came } = await told();
  expect(await sandbox.press({ member: 'U0ANA', ...(await card(sandbox)), actionId: 'approve' })).toMatchObject({
    acknowledged: true,
  });
  await sandbox.slash(COMMAND);
  await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'hello' });
  await expect.poll(() => came.length).toBe(4);
  for (const { headers, body } of came) {
    const at = String(headers['x-slack-request-timestamp']);
    expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(60);
    const expected = createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
  }
  const [ownEvent, press, command, event] = came;
  expect(JSON.parse(new URLSearchParams(press?.body).get('payload') ?? '')).toMatchObject({
    type: 'block_actions',
    actions: [{ action_id: 'approve', value: 'v1' }],
  });
  expect(Object.fromEntries(new URLSearchParams(command?.body))).toMatchObject({
    command: '/debug',
    text: 'list',
    user_id: 'U0ANA',
    trigger_id: expect.any(String),
  });
  expect(JSON.parse(event?.body ?? '')).toMatchObject({ type: 'event_callback', event: { text: 'hello' } });
  expect(event?.headers).not.toHaveProperty('x-slack-retry-num');
  expect(JSON.parse(ownEvent?.body ?? '')).toMatchObject({ event: { text: 'card', bot_id: 'B0BOT' } });
});

test('what an app answers to a command is shown, as JSON or as bare text', async () => {
  for (const answer of [
    (response: ServerResponse) => json(response, { text: 'Nothing is open.' }),
    (response: ServerResponse) => void response.writeHead(200).end('Nothing is open.'),
  ]) {
    const { sandbox } = await told(answer);
    await sandbox.slash(COMMAND);
    expect(sandbox.ephemerals('U0ANA')).toMatchObject([{ text: 'Nothing is open.' }]);
  }
});

test('a command that the app answers with an error, or not in time, failed for whoever typed it', async () => {
  for (const [answer, words] of [
    [(response: ServerResponse) => void response.writeHead(503).end('busy'), 'dispatch_failed'],
    [() => {}, 'operation_timeout'],
  ] as const) {
    const { sandbox } = await told(answer, { ackMs: 100 });
    await sandbox.slash(COMMAND);
    expect(sandbox.ephemerals('U0ANA')).toMatchObject([{ text: `/debug failed with the error "${words}"` }]);
  }
});

test('a command opens a form, and the answer to the sent form says what is wrong with it', async () => {
  const errors = { response_action: 'errors', errors: { reason: 'Say more.' } };
  const { sandbox, came } = await told((response, { body }) =>
    body.startsWith('payload=') ? json(response, errors) : fine(response, { headers: {}, body }),
  );
  await sandbox.slash(COMMAND);
  const plain = (words: string) => ({ type: 'plain_text' as const, text: words });
  await web(sandbox).views.open({
    trigger_id: new URLSearchParams(came[0]?.body).get('trigger_id') ?? '',
    view: {
      ...{ type: 'modal', title: plain('Debug'), submit: plain('Ask') },
      blocks: [
        {
          ...{ type: 'input', block_id: 'reason', label: plain('Why?') },
          element: { type: 'plain_text_input', action_id: 'text' },
        },
      ],
    },
  });
  const [dialog] = sandbox.dialogs();
  const values = { reason: { text: { type: 'plain_text_input', value: 'x' } } };
  const sent = await sandbox.submit({ member: 'U0ANA', viewId: dialog?.viewId ?? '', values });
  expect(sent).toMatchObject({ acknowledged: true, answer: errors });
  expect(sandbox.dialogs()).toHaveLength(1);
});

test('whoever does not answer 200 in time has not acknowledged; a press is told once all the same', async () => {
  for (const [answer, failure] of [
    [(response: ServerResponse) => void response.writeHead(500).end(), 'http_error'],
    [() => {}, 'http_timeout'],
    [(response: ServerResponse) => void response.destroy(), 'connection_failed'],
  ] as const) {
    const { sandbox, came } = await told(answer, { ackMs: 100, events: [] });
    const press = { member: 'U0ANA', ...(await card(sandbox)), actionId: 'approve' };
    expect(await sandbox.press(press)).toMatchObject({ acknowledged: false, failure });
    expect(came).toHaveLength(1);
  }
});

test('an event that is not acknowledged comes three times more, numbered and with the reason', async () => {
  const { sandbox, came } = await told((response) => void response.writeHead(503).end(), { retryMs: [0, 0, 0] });
  await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'hello' });
  await expect.poll(() => came.length).toBe(4);
  expect(came.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
  expect(came[1]?.headers['x-slack-retry-reason']).toBe('http_error');
  expect(new Set(came.map(({ body }) => body)).size).toBe(1);
});

test('an app that wants no event again gets none', async () => {
  const answer: Answer = (response) => void response.writeHead(503, { 'x-slack-no-retry': '1' }).end();
  const { sandbox, came } = await told(answer, { retryMs: [0, 0, 0] });
  const { delivery } = await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'hello' });
  expect(await delivery).toMatchObject({ acknowledged: false });
  expect(sandbox.events()).toMatchObject([{ attempts: [{ noRetry: true }] }]);
  expect(came).toHaveLength(1);
});

test('an event whose acknowledgement got lost comes once more, the same but for its number', async () => {
  const { sandbox, came } = await told();
  await sandbox.say({ member: 'U0ANA', channel: ROOM, text: 'hello' });
  expect(await sandbox.repeatEvent(-1)).toMatchObject({ acknowledged: true });
  expect(came.map(({ body }) => body)).toEqual([came[0]?.body, came[0]?.body]);
  expect(came[1]?.headers).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' });
});

test('an address that does not give the challenge back is not taken', async () => {
  const sandbox = await slack({ http: { signingSecret: SECRET } });
  const { url } = await app(fine, false);
  await expect(sandbox.setRequestUrl(url)).rejects.toThrow('challenge');
  const press = { member: 'U0ANA', ...(await card(sandbox)), actionId: 'approve' };
  expect(await sandbox.press(press)).toMatchObject({ delivered: false });
});

test('an app has Socket Mode or an address, never both', async () => {
  const { sandbox } = await told();
  const client = new SocketModeClient({
    ...{ appToken: APP, autoReconnectEnabled: false, logLevel: LogLevel.ERROR },
    clientOptions: { slackApiUrl: sandbox.url },
  });
  const ended = new Promise<void>((done) => client.on('disconnected', () => done()));
  void client.start().catch(() => undefined);
  await ended;
  expect(sandbox.connections()).toBe(0);
  const socketed = await slack();
  await expect(socketed.setRequestUrl('http://127.0.0.1:9/')).rejects.toThrow('Socket Mode');
});
