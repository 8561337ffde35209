/** The gateway's HTTP server: Slack's requests, GitHub's webhooks, and what operators ask. Nothing unsigned gets beyond it. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Gateway } from '../../app/gateway/gateway.ts';
import type { Delivery, Received } from '../../github/webhooks.ts';
import type { SlackAnswered } from '../../slack/http.ts';
import type { GatewayLog } from './gateway-log.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

export interface ServerDeps {
  /** null: Slack's payloads come by Socket Mode, or there is no Slack. */
  slack: ((request: IncomingMessage, response: ServerResponse) => Promise<SlackAnswered>) | null;
  readWebhook(delivery: Delivery): Promise<Received>;
  onGitHub: Gateway['onGitHub'];
  /** Why the gateway is not ready; empty: it is. */
  notReady(): string[];
  metrics: GatewayMetrics;
  log: GatewayLog;
}

/** One address for all three kinds of Slack's requests. */
export const SLACK_PATH = '/slack/events';
export const GITHUB_PATH = '/github/webhooks';

/** What a body may have, in bytes: GitHub sends no more than 25 MB, Slack far less than 1 MB. */
const MOST_BYTES = new Map([
  [SLACK_PATH, 1 << 20],
  [GITHUB_PATH, 25_000_000],
]);
/** What has come of all bodies of one address that are being read: whoever has no secret can send bodies, too, and shall keep out nobody else's. */
const MOST_AT_ONCE = 64_000_000;
/** Against slow clients. GitHub and Slack send their request at once, and wait no longer than 10 s. In ms. */
const LIMITS = {
  ...{ headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 },
  // Longer than a balancer keeps an idle connection, so that it is the one who closes.
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16_384,
};
const MOST_CONNECTIONS = 2_000;
const MOST_REQUESTS_A_CONNECTION = 10_000;

/** A server that does not listen yet. Requests that are begun are finished after `close`. */
export function gatewayServer(deps: ServerDeps, limits: typeof LIMITS = LIMITS, mostAtOnce = MOST_AT_ONCE): Server {
  const reading: Reading = { bytes: new Map(), mostAtOnce };
  const server = createServer(limits, (request, response) => {
    void answer(deps, reading, request, response);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = MOST_REQUESTS_A_CONNECTION;
  return server;
}

/** How many bytes of unfinished requests are here, by address. */
interface Reading {
  bytes: Map<string, number>;
  mostAtOnce: number;
}

/** What the log says of a request besides its status. */
type Said = { outcome?: string } & Record<string, unknown>;
type Route = (request: IncomingMessage, response: ServerResponse) => Promise<Said>;

/** Never rejects. Every request has an id, in its answer and in all that is logged for it. */
async function answer(
  deps: ServerDeps,
  reading: Reading,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const from = performance.now();
  const id = requestId(request);
  const [path = ''] = (request.url ?? '').split('?', 1);
  response.setHeader('x-request-id', id);
  await deps.log.within(id, async () => {
    let said: Said = {};
    try {
      said = await routed(deps, reading, path)(request, response);
    } catch (error) {
      deps.log.log.error({ err: error }, 'A request failed.');
      if (!response.headersSent) end(response, 500);
    }
    const known = ROUTES.has(path) ? path : 'unknown';
    const ms = Math.round(performance.now() - from);
    const line = { method: request.method, path: known, status: response.statusCode, ms, ...said };
    // Channels talk, probes knock, and issues change all the time: what leads to nothing is for those who look closely.
    const quiet = response.statusCode < 400 && (request.method !== 'POST' || said.outcome === 'ignored');
    deps.log.log[quiet ? 'debug' : 'info'](line, 'request');
  });
}

/** A balancer's own id, if it is one that may stand in a log. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

const ROUTES = new Map<string, 'GET' | 'POST'>([
  [SLACK_PATH, 'POST'],
  [GITHUB_PATH, 'POST'],
  ['/healthz', 'GET'],
  ['/readyz', 'GET'],
  ['/metrics', 'GET'],
]);

function routed(deps: ServerDeps, reading: Reading, path: string): Route {
  const allowed = ROUTES.get(path);
  if (allowed === undefined || (path === SLACK_PATH && deps.slack === null)) return refuse(404);
  return async (request, response) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (method !== allowed) return refuse(405, { allow: allowed })(request, response);
    return allowed === 'GET' ? asked(deps, path, response) : sent(deps, reading, path, request, response);
  };
}

/** A body is not read before it is known how much comes, and that there is room for it. */
async function sent(
  deps: ServerDeps,
  reading: Reading,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Said> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length)) return refuse(411)(request, response);
  if (length > (MOST_BYTES.get(path) ?? 0)) return refuse(413)(request, response);
  if ((reading.bytes.get(path) ?? 0) + length > reading.mostAtOnce) {
    return refuse(503, { 'retry-after': '1' })(request, response);
  }
  const free = counted(reading, path, request);
  for (const one of [request, response]) one.once('close', free);
  try {
    return await (path === SLACK_PATH ? slack(deps, request, response) : github(deps, request, response));
  } finally {
    free();
  }
}

/**
 * Counts what comes of a body, not what its header promises: else whoever names a length and sends nothing would take the room of
 * others. Gives what frees it.
 */
function counted({ bytes, mostAtOnce }: Reading, path: string, request: IncomingMessage): () => void {
  let own = 0;
  const add = (more: number): number => {
    own += more;
    const all = (bytes.get(path) ?? 0) + more;
    bytes.set(path, all);
    return all;
  };
  request.on('data', (chunk: Uint8Array) => {
    if (add(chunk.length) > mostAtOnce) request.destroy();
  });
  return () => void add(-own);
}

async function slack(deps: ServerDeps, request: IncomingMessage, response: ServerResponse): Promise<Said> {
  if (deps.slack === null) return refuse(404)(request, response);
  const { what, outcome, replayed, why } = await deps.slack(request, response);
  deps.metrics.slackRequest(outcome);
  return { what, outcome, ...(replayed ? { replayed } : {}), ...(why === '' ? {} : { why }) };
}

async function github(deps: ServerDeps, request: IncomingMessage, response: ServerResponse): Promise<Said> {
  const delivery = request.headers['x-github-delivery'];
  const body = await bodyOf(request);
  if (body === null) return { why: 'the body broke off' };
  const received = await deps.readWebhook({ headers: request.headers, body });
  const event = 'name' in received ? received.name : 'unknown';
  deps.metrics.webhook(event, received.kind);
  if (received.kind === 'taken') deps.onGitHub(received.event);
  end(response, received.status);
  const about = received.kind === 'taken' ? { about: received.event } : { why: received.why };
  return { event, outcome: received.kind, delivery, ...about };
}

/** null: the sender went away. Node lets no more through than the length that was named. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // Nobody is there any more who could be answered; GitHub shows the delivery as failed.
    return null;
  }
  return Buffer.concat(chunks);
}

async function asked({ metrics, notReady }: ServerDeps, path: string, response: ServerResponse): Promise<Said> {
  if (path === '/healthz') return end(response, 200, 'text/plain', 'The process runs.\n');
  if (path === '/metrics') return end(response, 200, metrics.registry.contentType, await metrics.registry.metrics());
  const why = notReady();
  const ready = why.length === 0;
  return end(response, ready ? 200 : 503, 'application/json', `${JSON.stringify({ ready, why })}\n`);
}

/** What is left of a body is not waited for. */
function refuse(status: number, headers: Record<string, string> = {}): Route {
  return async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'POST') response.setHeader('connection', 'close');
    return end(response, status);
  };
}

function end(response: ServerResponse, status: number, type = 'text/plain', text = ''): Said {
  response.writeHead(status, text === '' ? {} : { 'content-type': type });
  response.end(text);
  return {};
}
