/** The page's HTTP server, on loopback only: the page and its files, the scene, its changes as they come, and deeds. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Town } from '../town.ts';
import type { runWorkflow } from '../workflow/run.ts';
import type { Asset } from './assets.ts';
import { openStage, type PageStage } from './stage.ts';

export interface Page {
  /** `http://127.0.0.1:<port>/`. */
  url: string;
  /** Runs a workflow that somebody else starts, and shows it. */
  follow: typeof runWorkflow;
  /** Cancels all runs of the page, waits for their end, and hangs up on every browser. The town is not closed. */
  close(): Promise<void>;
}

export interface PageOptions {
  town: Town;
  /** The page's files. */
  assets: Map<string, Asset>;
  /** 0 or absent: any free port. */
  port?: number;
  /** Told of mistakes of the sandbox itself. */
  onProblem: (error: unknown) => void;
}

/** A deed is small. */
const BODY_MAX = 256 * 1024;
/** A browser that takes nothing for so long is gone: it may come back and gets the whole scene again. */
const BACKLOG_MAX = 16 * 1024 * 1024;

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Serves the page of a town. Throws where the port is taken. */
export async function openPage({ town, assets: files, port = 0, onProblem }: PageOptions): Promise<Page> {
  const stage = await openStage(town, onProblem);
  const server = createServer((request, response) => {
    answer({ files, stage, port: portOf(server) }, request, response).catch((error: unknown) => {
      onProblem(error);
      if (response.headersSent) response.destroy();
      else say(response, 500, { ok: false, why: 'The sandbox itself failed; the terminal says how.' });
    });
  });
  try {
    await listen(server, port);
  } catch (error) {
    await stage.close();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    follow: stage.follow,
    async close() {
      const over = new Promise<void>((resolve) => server.close(() => resolve()));
      await stage.close();
      server.closeAllConnections();
      await over;
    },
  };
}

interface Parts {
  files: Map<string, Asset>;
  stage: PageStage;
  port: number;
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const stranger = strangerIn(request, parts.port);
  if (stranger !== null) return say(response, 403, { ok: false, why: stranger });
  const address = URL.parse(request.url ?? '/', 'http://page');
  if (address === null) return say(response, 400, { ok: false, why: 'What is asked for is no address.' });
  const { pathname } = address;
  const route = `${request.method} ${pathname}`;
  if (route === 'POST /do') return deed(parts.stage, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return say(response, 405, { ok: false, why: `There is nothing to ${request.method} at ${pathname}.` });
  if (pathname === '/scene') return say(response, 200, parts.stage.scene());
  if (route === 'GET /events') return events(parts.stage, response);
  const file = parts.files.get(pathname);
  if (file === undefined) return say(response, 404, { ok: false, why: `There is no ${pathname} here.` });
  return send(request, response, file);
}

/**
 * Why a request is none of this page's; null: it is. A page elsewhere may send requests to loopback, and a name elsewhere
 * may come to mean 127.0.0.1 (DNS rebinding): neither may act here or read anything.
 */
function strangerIn({ headers, method }: IncomingMessage, port: number): string | null {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  if (!own.includes(host)) return `This page answers at ${own.join(' and ')} only, not as ${host || 'nobody'}.`;
  if (origin === undefined)
    return method === 'POST' ? 'A deed comes from the page itself: the request names no Origin.' : null;
  return origin === `http://${host}` ? null : `A page of ${origin} may do and read nothing here.`;
}

async function deed(stage: PageStage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') return say(response, 415, { ok: false, why: 'A deed is sent as application/json.' });
  const text = await bodyOf(request);
  if (text === null) return say(response, 413, { ok: false, why: `A deed has at most ${BODY_MAX} bytes.` });
  const value = parsed(text);
  if (!value.ok) return say(response, 400, { ok: false, why: `This is no JSON: ${value.why}` });
  const { known, ...done } = await stage.perform(value.value);
  say(response, known ? 200 : 400, done);
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** The body as text; null where it is too long, and then the rest of it is dropped. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= BODY_MAX) chunks.push(bytes);
  }
  return size > BODY_MAX ? null : Buffer.concat(chunks).toString('utf8');
}

/** Server-sent events: every part at once, then each part as it changes. */
function events(stage: PageStage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const leave = stage.subscribe((part) => {
    if (response.writableLength > BACKLOG_MAX) response.destroy();
    else response.write(`data: ${JSON.stringify(part)}\n\n`);
  });
  response.on('close', leave);
}

function send(request: IncomingMessage, response: ServerResponse, { type, body, packed }: Asset): void {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = packed === null ? null : /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
  const bytes = packed === null || encoding === null ? body : packed[encoding];
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    vary: 'accept-encoding',
    ...(encoding === null ? {} : { 'content-encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page listens on no port.');
  return address.port;
}
