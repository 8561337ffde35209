/** The gateway's HTTP server: what it lets through, what it refuses before reading it, and what operators see. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { GitHubEvent } from '../../src/app/gateway/ports.ts';
import { gatewayLog } from '../../src/entry/cli/gateway-log.ts';
import { gatewayMetrics } from '../../src/entry/cli/gateway-metrics.ts';
import { GITHUB_PATH, gatewayServer, type ServerDeps, SLACK_PATH } from '../../src/entry/cli/gateway-server.ts';
import { webhookReader } from '../../src/github/webhooks.ts';

const SECRET = 'a-webhook-secret-of-ours';
const EVENT = {
  ...{ action: 'edited', repository: { id: 70, full_name: 'acme/shop' } },
  issue: { number: 12, labels: [{ name: 'debug-request' }] },
};

interface Served {
  url: string;
  port: number;
  events: GitHubEvent[];
  log(): { msg: string; request?: string }[];
  metrics(): Promise<string>;
}

async function serve(
  over: Partial<ServerDeps> = {},
  limits?: Parameters<typeof gatewayServer>[1],
  mostAtOnce?: number,
): Promise<Served> {
  const [events, lines]: [GitHubEvent[], string[]] = [[], []];
  const metrics = gatewayMetrics({ open: () => 3, ready: () => true });
  const server = gatewayServer(
    {
      slack: async (_, response) => {
        response.writeHead(503).end();
        return {
          status: 503,
          what: 'press',
          outcome: 'not-acknowledged',
          replayed: false,
          why: 'it could not be taken',
        };
      },
      readWebhook: webhookReader({ secrets: [SECRET], app: { id: 77, slug: () => null } }),
      onGitHub: (event) => events.push(event),
      notReady: () => [],
      ...{ metrics, log: gatewayLog({ level: 'info', secrets: [] }, (line) => lines.push(line)) },
      ...over,
    },
    limits,
    mostAtOnce,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const log = () => lines.map((line) => JSON.parse(line));
  return { url: `http://127.0.0.1:${port}`, port, events, log, metrics: () => metrics.registry.metrics() };
}

function deliver({ url }: Served, payload: object, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify(payload);
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const signed = { 'x-github-event': 'issues', 'x-github-delivery': 'a-delivery', 'x-hub-signature-256': signature };
  return fetch(`${url}${GITHUB_PATH}`, { method: 'POST', headers: { ...signed, ...headers }, body });
}

/** What the server says to a request of these very bytes. */
async function raw({ port }: Served, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(text);
  const [chunk] = await once(socket, 'data');
  return String(chunk).split('\r\n', 1)[0] ?? '';
}

const head = (path: string, ...lines: string[]) =>
  [`POST ${path} HTTP/1.1`, 'host: gateway', ...lines, '', ''].join('\r\n');

test('a signed delivery is taken and answered at once; the log names its request and what it is about', async () => {
  const served = await serve();
  const answer = await deliver(served, EVENT, { 'x-request-id': 'from-the-balancer' });
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([202, 'from-the-balancer']);
  const event = { kind: 'issue', repository: 70, issue: 12 };
  expect(served.events).toEqual([event]);
  await expect.poll(() => served.log()).toHaveLength(1);
  expect(served.log()[0]).toMatchObject({
    ...{ level: 'info', request: 'from-the-balancer', path: GITHUB_PATH, status: 202 },
    ...{ event: 'issues', outcome: 'taken', delivery: 'a-delivery', about: event },
  });
  expect(await served.metrics()).toContain('debug_approval_webhooks_total{event="issues",outcome="taken"} 1');
});

test('what another secret signed leads to nothing, however often it comes', async () => {
  const served = await serve();
  const answers = await Promise.all(
    [1, 2].map(() => deliver(served, EVENT, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })),
  );
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  expect(served.events).toEqual([]);
  expect(await served.metrics()).toContain('debug_approval_webhooks_total{event="unknown",outcome="unsigned"} 2');
});

test('a request id that could not stand in a log is replaced', async () => {
  const served = await serve();
  const answer = await deliver(served, EVENT, { 'x-request-id': 'two words' });
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('Slack is answered as its reader says, and refused where Slack does not come by HTTP', async () => {
  const served = await serve();
  expect((await fetch(`${served.url}${SLACK_PATH}`, { method: 'POST', body: '{}' })).status).toBe(503);
  expect(await served.metrics()).toContain('debug_approval_slack_requests_total{outcome="not-acknowledged"} 1');
  const { url } = await serve({ slack: null });
  expect((await fetch(`${url}${SLACK_PATH}`, { method: 'POST', body: '{}' })).status).toBe(404);
});

test('other paths and methods are refused', async () => {
  const { url } = await serve();
  expect((await fetch(`${url}/constructor`)).status).toBe(404);
  const get = await fetch(`${url}${GITHUB_PATH}?x=1`);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await fetch(`${url}/metrics`, { method: 'DELETE' })).status).toBe(405);
});

test('a body that is too long, or of unknown length, is refused before any of it is read', async () => {
  const served = await serve();
  expect(await raw(served, head(GITHUB_PATH, 'content-length: 25000001'))).toBe('HTTP/1.1 413 Payload Too Large');
  expect(await raw(served, head(SLACK_PATH, 'content-length: 1048577'))).toBe('HTTP/1.1 413 Payload Too Large');
  expect(await raw(served, head(GITHUB_PATH, 'transfer-encoding: chunked'))).toBe('HTTP/1.1 411 Length Required');
  expect(await raw(served, head(GITHUB_PATH, 'content-length: -1'))).toBe('HTTP/1.1 400 Bad Request');
});

test('bodies of many senders together have their bound, so that nobody without a secret fills the memory', async () => {
  const slack: ServerDeps['slack'] = async (_, response) => {
    response.writeHead(200).end();
    return { status: 200, what: 'press', outcome: 'acknowledged', replayed: false, why: '' };
  };
  const served = await serve({ slack }, undefined, 10_000);
  const open = (sent: number) => {
    const socket = connect(served.port, '127.0.0.1');
    socket.write(head(GITHUB_PATH, 'content-length: 9000') + 'x'.repeat(sent));
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  const held = open(8_000);
  await expect
    .poll(() => raw(served, head(GITHUB_PATH, 'content-length: 3000')))
    .toBe('HTTP/1.1 503 Service Unavailable');
  // Whoever floods one address keeps nobody's press out.
  expect((await fetch(`${served.url}${SLACK_PATH}`, { method: 'POST', body: '{}' })).status).toBe(200);
  held.destroy();
  await expect.poll(async () => (await deliver(served, { ...EVENT, filling: 'x'.repeat(9_000) })).status).toBe(202);
});

test('whoever names a length and sends nothing takes no room; whoever sends beyond what there is room for is cut off', async () => {
  const served = await serve({}, undefined, 10_000);
  const open = Array.from({ length: 20 }, () => {
    const socket = connect(served.port, '127.0.0.1');
    socket.write(head(GITHUB_PATH, 'content-length: 10000'));
    onTestFinished(() => void socket.destroy());
    return socket;
  });
  expect((await deliver(served, EVENT)).status).toBe(202);
  const cut = open.map((socket) => once(socket, 'close'));
  for (const socket of open) socket.on('error', () => undefined).write('x'.repeat(9_000));
  await Promise.race(cut);
  for (const socket of open) socket.destroy();
  await expect.poll(async () => (await deliver(served, EVENT)).status).toBe(202);
});

test('whoever sends too slowly is cut off, and others are served meanwhile', async () => {
  const quick = { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 };
  const served = await serve({}, { ...quick, keepAliveTimeout: 1_000, maxHeaderSize: 16_384 });
  const slow = raw(served, head(GITHUB_PATH, 'content-length: 100').slice(0, -2));
  const slower = raw(served, `${head(GITHUB_PATH, 'content-length: 100')}{`);
  expect((await deliver(served, EVENT)).status).toBe(202);
  expect([await slow, await slower]).toEqual(['HTTP/1.1 408 Request Timeout', 'HTTP/1.1 408 Request Timeout']);
});

test('what fails unforeseen is answered 500 and logged, and the next is served', async () => {
  let failing = true;
  const served = await serve({
    onGitHub() {
      if (failing) throw new Error('unforeseen');
    },
  });
  expect((await deliver(served, EVENT)).status).toBe(500);
  failing = false;
  expect((await deliver(served, EVENT)).status).toBe(202);
  expect(served.log()[0]).toMatchObject({ level: 'error', err: { message: 'unforeseen' } });
});

test('operators see that the process runs, why it is not ready, and its figures', async () => {
  const { url } = await serve({ notReady: () => ['It is stopping.'] });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, why: ['It is stopping.'] }]);
  expect((await fetch(`${(await serve()).url}/readyz`)).status).toBe(200);
  const figures = await (await fetch(`${url}/metrics`)).text();
  expect(figures).toContain('debug_approval_open_requests 3');
  expect(figures).toContain('process_resident_memory_bytes');
});
