/** The product's one Octokit: bounded retries for what may be repeated, a deadline for every request. */
import type { createAppAuth } from '@octokit/auth-app';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import Bottleneck from 'bottleneck/light.js';
import type { ApiAddress } from './api-address.ts';
import type { Caller } from './faults.ts';
import { sendable } from './token.ts';

/** How a GitHub App proves itself: `@octokit/auth-app`'s, which holds its tokens and gets new ones before they expire. */
export type AppAuth = ReturnType<typeof createAppAuth>;

export interface CallOptions {
  api: ApiAddress;
  /** This action's version, for the user agent. */
  version: string;
  /** Who calls, for messages about permissions. */
  job: Caller;
  /** The longest time that one try may take, in ms. */
  attemptMs?: number;
  /** The longest time that one download may take, in ms. */
  downloadMs?: number;
  /** How often a read (or a repeatable write) is tried again; 0 where a person waits for the answer. */
  retries?: number;
  /** Told of each pause that GitHub's limits make, in seconds. */
  onWait?: (seconds: number) => void;
  /** How many requests go out at once; the plugin's own ten, if left out. */
  atOnce?: number;
  fetch?: typeof fetch;
}

export type ClientOptions = CallOptions & ({ token: string } | { app: AppAuth });

export interface GitHubClient {
  octokit: Octokit;
  /** Sends each request once and at once: for what creates something, which must neither be repeated nor queue. */
  once: Octokit;
  /** For a request's `request.fetch` where its answer is read as a stream and may take long. */
  download: { fetch: typeof fetch; longestMs: number };
  job: Caller;
}

/** The longest wait that GitHub may ask for; beyond it the caller is told instead. In seconds. */
const LONGEST_WAIT = 60;
/** Answers that another try does not change. Limits (403, 429) are the throttling plugin's. */
const FINAL = [400, 401, 403, 404, 409, 410, 422, 429, 451];

const Client = Octokit.plugin(retry, throttling);

/**
 * A client of GitHub's REST and GraphQL interface at the address (GraphQL of a GHES at `/api/graphql`, Octokit knows).
 * Throws a Fault `input` for a token that cannot be sent.
 */
export function createClient(options: ClientOptions): GitHubClient {
  const retries = options.retries ?? 2;
  const waits = retries === 0 ? () => false : mayWait(options.onWait ?? (() => {}));
  const inner = options.fetch ?? fetch;
  const longestMs = options.downloadMs ?? 120_000;
  const common = {
    ...authOf(options),
    baseUrl: options.api.url,
    userAgent: `debug-approval/${options.version}`,
    log: silent,
    request: { fetch: whole(inner, options.attemptMs ?? 10_000), parseSuccessResponseBody: false },
  };
  const octokit = new Client({
    ...common,
    retry: { doNotRetry: FINAL, retries },
    throttle: {
      write: unpaced(),
      notifications: unpaced(),
      ...(options.atOnce === undefined ? {} : { global: unpaced(options.atOnce) }),
      onRateLimit: waits,
      onSecondaryRateLimit: waits,
    },
  });
  // Each of the plugins' queues takes 5 ms of timers, five of them for a comment, and a person waits for that comment.
  const download = { fetch: limited(inner, longestMs), longestMs };
  return { octokit, once: new Octokit(common), download, job: options.job };
}

/** An App's two Octokits share its tokens. */
function authOf(options: ClientOptions) {
  if ('token' in options) return { auth: sendable(options.token, 'The input github-token') };
  return { authStrategy: () => options.app };
}

/** Only src/entry prints. What matters of an answer is in its Fault. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Waits once, if GitHub's wait is short. */
function mayWait(onWait: (seconds: number) => void) {
  return (after: number, _options: unknown, _octokit: unknown, count: number): boolean => {
    const waits = after <= LONGEST_WAIT && count === 0;
    if (waits) onWait(after);
    return waits;
  };
}

/**
 * One after the other, but without the plugin's pauses of 1 s before each GraphQL query and 3 s between comments:
 * a request writes a handful of them in its life, and a person who pressed a button gets an answer within 2 s.
 */
function unpaced(maxConcurrent = 1): Bottleneck.Group {
  return new Bottleneck.Group({ maxConcurrent });
}

/** A fetch that gives up after `ms`, the answer's body included, which its caller reads. */
function limited(inner: typeof fetch, ms: number): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(ms);
    return inner(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
  };
}

/** Answers that have no body. */
const BODILESS = [204, 205, 304];

/**
 * A fetch that fails where an answer breaks off or takes longer than `ms`, and hands on what is in it. Octokit would give a body that broke off as empty text, and
 * take that for an empty list, or for a token that it goes on using for an hour; and it asks a function about each value of each answer,
 * which takes a service longer than anything else. Told to parse no answer, it hands the body on as it is.
 */
function whole(inner: typeof fetch, ms: number): typeof fetch {
  return async (input, init) => {
    const limit = new AbortController();
    // One that is over in time costs no error later, as an AbortSignal.timeout() does.
    const timer = setTimeout(
      () => limit.abort(new DOMException(`There was no answer in ${ms} ms.`, 'TimeoutError')),
      ms,
    );
    try {
      const signal = init?.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal;
      return await answered(await inner(input, { ...init, signal }));
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The same answer, whose body is read: a new one would have no address, from which Octokit makes that of the next page. */
async function answered(answer: Response): Promise<Response> {
  if (BODILESS.includes(answer.status)) return answer;
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  if (isJson && text === '') throw new TypeError('its answer broke off');
  return Object.defineProperties(answer, {
    text: { value: async () => text },
    body: { value: isJson ? parsed(text) : text },
  });
}

/** What is no JSON stays text, as with Octokit; whoever reads it finds that it is not what it should be. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
