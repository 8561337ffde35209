/** A GitHub of prepared answers that keeps every request it was sent, for the tests of src/github. */
import { parseApiAddress } from '../../src/github/api-address.ts';
import { createClient, type GitHubClient } from '../../src/github/client.ts';

export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

type Answer = Response | (() => Response | Promise<Response>);

/** Answers in the order given; a request beyond them fails the test with its own name. */
export function stub(...answers: Answer[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const queue = [...answers];
  return {
    sent,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const text = await request.text();
      sent.push({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: text === '' ? null : JSON.parse(text),
      });
      const next = queue.shift();
      if (next === undefined) throw new Error(`Unexpected request: ${request.method} ${request.url}`);
      const aborted = new Promise<never>((_, reject) => {
        if (init?.signal?.aborted === true) reject(init.signal.reason);
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
      const response = await Promise.race([typeof next === 'function' ? next() : next, aborted]);
      return Object.defineProperty(response, 'url', { value: request.url });
    },
  };
}

/** A client whose network is the stub. */
export function clientOf(
  network: { fetch: typeof fetch },
  options: { retries?: number; api?: string } = {},
): GitHubClient {
  const api = parseApiAddress(options.api ?? 'https://api.github.com');
  const { retries = 0 } = options;
  return createClient({ api, token: 'a-token', version: '0.1.0', job: 'ask', retries, fetch: network.fetch });
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(status === 304 || status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

/** What a request says, in one line and its body: for readable snapshots. */
export function wire(sent: Sent[]): unknown[] {
  return sent.map(({ method, url, body }) => (body === null ? `${method} ${url}` : [`${method} ${url}`, body]));
}

/** A network that breaks after the request went out. */
export function cut(): Promise<Response> {
  return Promise.reject(
    new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }),
  );
}

/** A network that never answers. */
export function silence(): Promise<Response> {
  return new Promise(() => {});
}
