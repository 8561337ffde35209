/** When the sandbox's GitHub received each call and when it had answered: seen from inside its HTTP server. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Town } from '../../src/sandbox/town.ts';
import { pause } from './row.ts';

/** Times by `performance.now()`. */
export interface Call {
  method: string;
  path: string;
  receivedAt: number;
  /** Infinity while it is not answered. */
  answeredAt: number;
  status: number;
}

export interface Traffic {
  calls: Call[];
  stop(): void;
}

const RECEIVED = 'http.server.request.start';
const ANSWERED = 'http.server.response.finish';

/** Watches the calls to one town's GitHub, those of the OIDC provider included. */
export function watchTraffic({ github }: Town): Traffic {
  const host = new URL(github.url).host;
  const calls: Call[] = [];
  const open = new WeakMap<ServerResponse, Call>();
  const received = (event: unknown): void => {
    const { request, response } = exchangeOf(event);
    if (request.headers.host !== host) return;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const call = { method: request.method ?? '', path, receivedAt: performance.now(), answeredAt: Infinity, status: 0 };
    calls.push(call);
    open.set(response, call);
  };
  const answered = (event: unknown): void => {
    const { response } = exchangeOf(event);
    const call = open.get(response);
    if (call !== undefined) Object.assign(call, { answeredAt: performance.now(), status: response.statusCode });
  };
  subscribe(RECEIVED, received);
  subscribe(ANSWERED, answered);
  return {
    calls,
    stop() {
      unsubscribe(RECEIVED, received);
      unsubscribe(ANSWERED, answered);
    },
  };
}

/** Resolves once nobody calls GitHub or Slack any more: what a decision causes is done then. */
export async function quiet({ github, slack }: Town): Promise<void> {
  for (let before = -1, still = 0; still < QUIET_LOOKS; ) {
    const polls = github.counts().notModified;
    const now = github.requests.length - polls + slack.requests.length;
    still = now === before ? still + 1 : 0;
    before = now;
    await pause(100);
  }
}

const QUIET_LOOKS = 8;

function exchangeOf(event: unknown): { request: IncomingMessage; response: ServerResponse } {
  if (typeof event === 'object' && event !== null && 'request' in event && 'response' in event) {
    const { request, response } = event;
    if (request instanceof IncomingMessage && response instanceof ServerResponse) return { request, response };
  }
  throw new Error("Node's HTTP server tells of its requests in another way than this bench knows.");
}
