/** Slack over HTTP: real requests on loopback, signed as Slack signs them. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlackAck, SlackDeed } from '../../src/app/ports.ts';
import { type SlackAnswered, slackOverHttp } from '../../src/slack/http.ts';

const SECRET = 'a signing secret';
const FORM = 'application/x-www-form-urlencoded';

let heard: SlackDeed[];
let answered: SlackAnswered[];
let failures: unknown[];
let says: (deed: SlackDeed) => Promise<SlackAck>;
let url: string;
let close: () => void;

const handler = (answerMs?: number) =>
  slackOverHttp({
    signingSecret: SECRET,
    onSlack(deed) {
      heard.push(deed);
      return says(deed);
    },
    onError: (_, error) => failures.push(error),
    ...(answerMs === undefined ? {} : { answerMs }),
  });

async function serve(answerMs?: number): Promise<void> {
  const take = handler(answerMs);
  const server = createServer(async (request, response) => void answered.push(await take(request, response)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
}

beforeEach(async () => {
  [heard, answered, failures] = [[], [], []];
  says = async () => ({ kind: 'done' });
  await serve();
});
afterEach(() => close());

const seconds = (): number => Math.floor(Date.now() / 1000);
const sign = (body: string, time: number | string, secret = SECRET) =>
  `v0=${createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')}`;
const signed = (body: string, type: string, { time = seconds(), secret = SECRET } = {}) => ({
  'content-type': type,
  'x-slack-request-timestamp': String(time),
  'x-slack-signature': sign(body, time, secret),
});
const post = (body: string, headers: Record<string, string>) => fetch(url, { method: 'POST', headers, body });
const send = (body: string, type = FORM, how: { time?: number; secret?: string } = {}) =>
  post(body, signed(body, type, how));

let presses = 0;
const press = (): string => {
  presses += 1;
  return new URLSearchParams({
    payload: JSON.stringify({
      ...{ type: 'block_actions', api_app_id: 'A0APP', trigger_id: '1.2.abc' },
      ...{ team: { id: 'T0TEAM' }, user: { id: 'U0BO', team_id: 'T0TEAM' } },
      container: { type: 'message', message_ts: '1.2', channel_id: 'C0DEBUG' },
      actions: [{ type: 'button', action_id: 'debug-approval:deny', value: '{}', action_ts: `1700000000.${presses}` }],
    }),
  }).toString();
};
const slash = (text: string): string =>
  new URLSearchParams({
    ...{ command: '/approve-debug', api_app_id: 'A0APP', team_id: 'T0TEAM', user_id: 'U0BO' },
    ...{ channel_id: 'C0DEBUG', text, trigger_id: '1.2.abc' },
  }).toString();
const reply = (): string =>
  JSON.stringify({
    ...{ type: 'event_callback', api_app_id: 'A0APP', team_id: 'T0TEAM', event_id: 'Ev1', event_time: 1 },
    event: {
      type: 'message',
      channel: 'C0DEBUG',
      user: 'U0BO',
      text: 'deny',
      ts: '3.4',
      thread_ts: '1.2',
      team: 'T0TEAM',
    },
  });

describe('a deed', () => {
  test('that is taken is acknowledged: a press, a reply, a slash command with its answer', async () => {
    expect((await send(press())).status).toBe(200);
    expect((await send(reply(), 'application/json')).status).toBe(200);
    says = async () => ({ kind: 'told', text: 'On record in #12.' });
    const said = await send(slash('12'));
    expect(await said.json()).toMatchObject({ response_type: 'ephemeral', text: 'On record in #12.' });
    expect(heard.map(({ kind }) => kind)).toEqual(['press', 'reply', 'slash']);
    expect(answered.map(({ what, outcome }) => `${what} ${outcome}`)).toEqual([
      'press acknowledged',
      'reply acknowledged',
      'slash acknowledged',
    ]);
  });

  test('that is not taken is answered 503, so that the person sees that it failed', async () => {
    says = async () => ({ kind: 'none' });
    expect((await send(press())).status).toBe(503);
    says = () => Promise.reject(new Error('unforeseen'));
    expect((await send(press())).status).toBe(503);
    expect(failures).toEqual([new Error('unforeseen')]);
  });

  test('that takes longer than Slack waits is answered 503 while Slack still listens, and never acknowledged', async () => {
    close();
    await serve(20);
    const recording = Promise.withResolvers<SlackAck>();
    says = () => recording.promise;
    const body = press();
    const headers = signed(body, FORM);
    expect((await post(body, headers)).status).toBe(503);
    recording.resolve({ kind: 'done' });
    expect((await post(body, headers)).status).toBe(503);
    expect(answered.map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
      ['late', false],
      ['late', true],
    ]);
    expect(heard).toHaveLength(1);
  });

  test('that is none of ours stays unacknowledged; an event is acknowledged, since Slack would bring it again', async () => {
    expect((await send('payload=%7B%22type%22%3A%22shortcut%22%7D')).status).toBe(503);
    const other = JSON.stringify({ type: 'event_callback', event: { type: 'reaction_added' } });
    expect((await send(other, 'application/json')).status).toBe(200);
    expect(heard).toEqual([]);
  });
});

describe('the same request once more', () => {
  test('changes nothing, and is answered like the first, also while that is being recorded', async () => {
    const recording = Promise.withResolvers<SlackAck>();
    says = () => recording.promise;
    const body = slash('12');
    const headers = signed(body, FORM);
    const both = [post(body, headers), post(body, headers)];
    await expect.poll(() => heard.length).toBe(1);
    recording.resolve({ kind: 'told', text: 'On record in #12.' });
    const texts = await Promise.all(both.map(async (one) => (await one).text()));
    expect(texts[0]).toContain('On record in #12.');
    expect(texts[1]).toBe(texts[0]);
    expect(heard).toHaveLength(1);
  });

  test('of an event that could not be taken is taken: Slack brings it for that', async () => {
    const headers = signed(reply(), 'application/json');
    says = async () => ({ kind: 'none' });
    expect((await post(reply(), headers)).status).toBe(503);
    says = async () => ({ kind: 'done' });
    expect((await post(reply(), headers)).status).toBe(200);
    expect(heard).toHaveLength(2);
  });

  test('of a press that failed still fails: the person was told so', async () => {
    const body = press();
    const headers = signed(body, FORM);
    says = async () => ({ kind: 'none' });
    expect((await post(body, headers)).status).toBe(503);
    says = async () => ({ kind: 'done' });
    expect((await post(body, headers)).status).toBe(503);
    expect(heard).toHaveLength(1);
  });
});

describe('a request is believed', () => {
  test('by the secret of this app, and by no other', async () => {
    expect((await send(press())).status).toBe(200);
    expect((await send(press(), FORM, { secret: 'another' })).status).toBe(401);
    expect((await post(press(), { 'content-type': FORM })).status).toBe(401);
  });

  test.each([-310, 310])('not where its time is %i s away', async (off) => {
    expect((await send(press(), FORM, { time: seconds() + off })).status).toBe(401);
    expect(heard).toEqual([]);
  });

  test('not where it is longer than 1 MB, is no UTF-8, or is nothing that Slack sends', async () => {
    expect((await send('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect((await send('{', 'application/json')).status).toBe(400);
    expect(heard).toEqual([]);
  });

  test('without a signature where Slack only tries the address, and then nothing else in it counts', async () => {
    expect((await post(`ssl_check=1&${press()}`, { 'content-type': FORM })).status).toBe(200);
    expect(heard).toEqual([]);
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect(await (await send(challenge, 'application/json')).json()).toEqual({ challenge: 'abc' });
    expect((await post(challenge, { 'content-type': 'application/json' })).status).toBe(401);
  });
});

test('of 10,000 changed requests none is believed', async () => {
  const take = handler();
  const body = Buffer.from(press());
  const headers = signed(body.toString(), FORM);
  let random = 1;
  const upTo = (most: number): number => {
    random = (random * 48271) % 2147483647;
    return random % most;
  };
  const statuses = new Set<number>();
  for (let n = 0; n < 10_000; n += 1) {
    const sent = { headers: { ...headers }, body: Buffer.from(body) };
    const at = upTo(body.length);
    const name = n % 2 === 0 ? 'x-slack-signature' : 'x-slack-request-timestamp';
    switch (n % 6) {
      case 0:
        sent.body[at] = (sent.body[at] ?? 0) ^ (1 + upTo(255));
        break;
      case 1:
        sent.body = sent.body.subarray(0, at);
        break;
      case 2:
        sent.body = Buffer.concat([sent.body, Buffer.from([upTo(256)])]);
        break;
      default:
        sent.headers[name] = changedText(headers[name], upTo(headers[name].length), upTo(94) + 33, n % 3 === 0);
    }
    statuses.add((await take(requestOf(sent), deaf())).status);
  }
  expect([...statuses]).toEqual([401]);
  expect(heard).toEqual([]);
});

/** Another character at a place, or one more. */
function changedText(text: string, at: number, code: number, more: boolean): string {
  const other = String.fromCharCode(text.charCodeAt(at) === code ? code + 1 : code);
  return `${text.slice(0, at)}${other}${text.slice(more ? at : at + 1)}`;
}

/** A request without the cost of a socket; the type has far more than what is read of it. */
function requestOf({ headers, body }: { headers: Record<string, string>; body: Buffer }): IncomingMessage {
  return Object.assign(Readable.from([body]), { headers, method: 'POST' }) as unknown as IncomingMessage;
}

function deaf(): ServerResponse {
  return new ServerResponse(requestOf({ headers: {}, body: Buffer.alloc(0) }));
}
