/** The gateway as a service: when it is ready, what it says of itself, and how it ends. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { readGatewayConfig } from '../../src/entry/cli/gateway-config.ts';
import { runGateway } from '../../src/entry/cli/gateway-start.ts';
import { startSlack } from '../../src/sandbox/slack/server.ts';
import { APP_TOKEN, BOT_TOKEN, slackOptions } from '../slack/sandbox.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const SIGNING = '0123456789abcdef';
const ENV = {
  ...{ GITHUB_APP_ID: '77', GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-of-ours', LISTEN_PORT: '0' },
  GITHUB_APP_PRIVATE_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem).toString(),
  GATEWAY_PRIVATE_KEY: generateKeyPairSync('ed25519').privateKey.export(pem).toString(),
  ...{ GATEWAY_KEY_NAME: 'acme-2026', SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_SIGNING_SECRET: SIGNING },
};

/** A server on loopback that ends with the test. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** A GitHub that knows the App and has it installed nowhere; `app`: its answer about the App. */
const github = (app: RequestListener): Promise<string> =>
  listen((request, response) => {
    if (request.url === '/app') return app(request, response);
    response.setHeader('content-type', 'application/json').end('[]');
  });
const known: RequestListener = (_, response) =>
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ id: 77, slug: 'acme-debug', name: 'Debug' }));

interface Started {
  ended: Promise<void>;
  stop(): void;
  lines: Record<string, unknown>[];
  /** Where it listens. */
  address(): Promise<string>;
}

async function start(api: string, env: Record<string, string> = {}): Promise<Started> {
  const { SLACK_SIGNING_SECRET, ...others } = ENV;
  const signing = 'SLACK_APP_TOKEN' in env ? {} : { SLACK_SIGNING_SECRET };
  const config = await readGatewayConfig({ ...others, ...signing, GITHUB_API_URL: api, ...env }, undefined);
  const stopping = new AbortController();
  const lines: Record<string, unknown>[] = [];
  const ended = runGateway(config, stopping.signal, (line) => lines.push(JSON.parse(line)));
  // Whoever expects it to fail looks at it later.
  ended.catch(() => undefined);
  onTestFinished(async () => {
    stopping.abort();
    await ended.catch(() => undefined);
  });
  return {
    ...{ ended, lines, stop: () => stopping.abort() },
    async address() {
      await expect.poll(() => lines[0]?.['address']).toBeDefined();
      return `http://${lines[0]?.['address']}`;
    },
  };
}

const ready = async (url: string): Promise<unknown> => (await fetch(`${url}/readyz`)).json();

test('it is ready once GitHub has said who the app is and where it is installed, and its first line names the key for auditors', async () => {
  const asked = Promise.withResolvers<() => void>();
  const api = await github((request, response) => asked.resolve(() => known(request, response)));
  const gateway = await start(api);
  const url = await gateway.address();
  expect(await ready(url)).toEqual({
    ready: false,
    why: ['GitHub has not said yet who the app is and where it is installed.'],
  });
  (await asked.promise)();
  await expect.poll(() => ready(url)).toEqual({ ready: true, why: [] });
  expect(gateway.lines[0]).toMatchObject({ key: 'acme-2026', app: 77, slack: '/slack/events' });
  expect(gateway.lines[0]?.['msg']).toContain(`--gateway-key ${gateway.lines[0]?.['thumbprint']}`);
  gateway.stop();
  await gateway.ended;
  await expect(fetch(url)).rejects.toThrow();
});

test('the key of another App, or a secret that GitHub does not know, is told at the start, and nothing listens on', async () => {
  const other = await start(
    await github((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: 78, slug: 'x', name: 'X' }));
    }),
  );
  await expect(other.ended).rejects.toThrow('belongs to the GitHub App 78 (x), not to 77');
  await expect(fetch(await other.address())).rejects.toThrow();
  const unknown = await start(
    await github((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"Bad credentials"}');
    }),
  );
  await expect(unknown.ended).rejects.toMatchObject({
    remedy: expect.stringContaining('check its id and private key'),
  });
});

test.each([
  ['ahead of', -600_000],
  ['behind', 600_000],
])(
  'it is not ready while its clock is 10 minutes %s GitHub’s, and goes on by itself once that is right',
  async (which, ms) => {
    const apart = { date: new Date(Date.now() + ms).toUTCString() };
    const later = Promise.withResolvers<() => void>();
    let asked = 0;
    const api = await listen((request, response) => {
      if (request.url === '/app') {
        asked += 1;
        return asked === 1 ? known(request, response) : later.resolve(() => known(request, response));
      }
      response.writeHead(200, { ...apart, 'content-type': 'application/json' }).end('[]');
    });
    const gateway = await start(api);
    const url = await gateway.address();
    const answer = await later.promise;
    expect(await ready(url)).toEqual({
      ready: false,
      why: [
        expect.stringMatching(
          new RegExp(`^The clock of the gateway's machine is (599|600|601) s ${which} GitHub's: .* goes on by itself`),
        ),
      ],
    });
    answer();
    await expect.poll(() => ready(url)).toEqual({ ready: true, why: [] });
  },
);

test('an address that is taken is told', async () => {
  const taken = await listen((_, response) => response.end());
  const gateway = await start(await github(known), { LISTEN_PORT: new URL(taken).port });
  await expect(gateway.ended).rejects.toThrow(/cannot listen at 127\.0\.0\.1, port \d+: .*EADDRINUSE/);
});

test('stopped, it takes nothing new, and answers what it took', async () => {
  const looked = Promise.withResolvers<() => void>();
  const gateway = await start(await github(known), {
    // Slack is asked which card a reply belongs to: that answer holds the deed.
    SLACK_API_URL: `${await listen((_, response) => looked.resolve(() => void response.end('{"ok":false,"error":"x"}')))}/`,
  });
  const url = await gateway.address();
  await expect.poll(() => ready(url)).toMatchObject({ ready: true });
  const event = {
    type: 'message',
    channel: 'C0DEBUG',
    user: 'U0BO',
    text: 'deny',
    ts: '3.4',
    thread_ts: '1.2',
    team: 'T0TEAM',
  };
  const body = JSON.stringify({
    type: 'event_callback',
    api_app_id: 'A0APP',
    team_id: 'T0TEAM',
    event_id: 'Ev1',
    event_time: 1,
    event,
  });
  const time = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', SIGNING).update(`v0:${time}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': time,
    'x-slack-signature': signature,
  };
  const sent = fetch(`${url}/slack/events`, { method: 'POST', headers, body });
  const answer = await looked.promise;
  gateway.stop();
  await expect
    .poll(() => gateway.lines.map(({ msg }) => msg))
    .toContain('Stopping: nothing new is taken, and what was acknowledged is finished.');
  await expect
    .poll(() =>
      fetch(`${url}/healthz`).then(
        () => 'taken',
        () => 'refused',
      ),
    )
    .toBe('refused');
  answer();
  expect((await sent).status).toBe(503);
  await gateway.ended;
  expect(gateway.lines.at(-1)?.['msg']).toBe('Stopped.');
});

test('in Socket Mode it is not ready once Slack refuses the socket for good, and says why', async () => {
  const slack = await startSlack(slackOptions());
  onTestFinished(() => slack.close());
  const gateway = await start(await github(known), {
    ...{ SLACK_API_URL: slack.url, SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_APP_TOKEN: APP_TOKEN },
  });
  const url = await gateway.address();
  await expect.poll(() => ready(url)).toMatchObject({ ready: true });
  expect(slack.connections()).toBe(1);
  slack.disconnect(0, 'link_disabled');
  await expect
    .poll(() => ready(url))
    .toMatchObject({ ready: false, why: [expect.stringContaining('Slack: stopped.')] });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/slack/events`, { method: 'POST', body: '' })).status).toBe(404);
});
