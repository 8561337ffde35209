/** Slack's requests to an app that has no Socket Mode: signed, answered within three seconds or not at all. */
import { createHmac, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { createCaller } from '../caller.ts';
import { parseJson } from './body.ts';
import { ACK_MS, type Delivery, type Envelope } from './socket.ts';

/** Where an app wants to be told: its manifest has one address for each. */
export type RequestUrls = Record<Envelope['type'], string>;

export interface RequestSender {
  /** Sets the addresses once the one for events has given back Slack's challenge; throws where it does not. */
  setUrls(urls: RequestUrls | null): Promise<void>;
  deliver(envelope: Envelope): Promise<Delivery>;
  close(): void;
}

/** Slack names no number; more than this waits for a connection while its time runs. */
const CONNECTIONS = 256;

interface Answered {
  status: number;
  type: string;
  text: string;
  noRetry: boolean;
}

/**
 * Sends what happens to an app by HTTP. `now` is Slack's clock (ms), `ackMs` how long it waits. Source: Slack's
 * "Verifying requests from Slack", "The Events API" and "Handling user interaction"; PLATFORM §5.
 */
export function createRequestSender(
  signingSecret: string,
  { now, ackMs = ACK_MS }: { now: () => number; ackMs?: number | undefined },
): RequestSender {
  const caller = createCaller(CONNECTIONS);
  let urls: RequestUrls | null = null;

  const post = async (
    url: string,
    sent: { type: string; body: string; more?: Record<string, string> },
  ): Promise<Answered> => {
    const timestamp = String(Math.floor(now() / 1000));
    const { status, headers, text } = await caller.call(url, {
      method: 'POST',
      headers: {
        accept: '*/*',
        'content-type': sent.type,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature(signingSecret, timestamp, sent.body),
        ...sent.more,
      },
      body: sent.body,
      patienceMs: ackMs,
    });
    const type = headers['content-type'] ?? '';
    return { status, type, text, noRetry: headers['x-slack-no-retry'] === '1' };
  };

  return {
    async setUrls(next) {
      if (next !== null) await challenge(next.events_api, post);
      urls = next;
    },
    async deliver(envelope) {
      const from = performance.now();
      const url = urls?.[envelope.type];
      const connection = null;
      if (url === undefined) return { delivered: false, acknowledged: false, afterMs: 0, connection };
      try {
        const answer = await post(url, requestOf(envelope));
        const said = readAnswer(envelope, answer);
        return { delivered: true, ...said, afterMs: performance.now() - from, connection };
      } catch (error) {
        const failure = failureOf(error);
        const delivered = failure === 'http_timeout';
        return { delivered, acknowledged: false, afterMs: performance.now() - from, connection, failure };
      }
    },
    close: caller.close,
  };
}

/** Slack's signature of a request: over the raw body and the second in which it was sent. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

const FORM = 'application/x-www-form-urlencoded';
const Fields = v.record(v.string(), v.string());

/** Events are JSON; a slash command is a form of its fields; what people press or send is JSON in a form. */
function requestOf({ type, payload, retry_attempt = 0, retry_reason = '' }: Envelope) {
  if (type === 'interactive')
    return { type: FORM, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
  if (type === 'slash_commands') return { type: FORM, body: new URLSearchParams(v.parse(Fields, payload)).toString() };
  const again = { 'x-slack-retry-num': String(retry_attempt), 'x-slack-retry-reason': retry_reason };
  return { type: 'application/json', body: JSON.stringify(payload), more: retry_attempt === 0 ? {} : again };
}

type Said = Pick<Delivery, 'acknowledged' | 'answer' | 'failure' | 'noRetry'>;

/** 200 acknowledges; what else stands in the answer counts only where Slack takes one. */
function readAnswer(
  { type, accepts_response_payload }: Envelope,
  { status, type: mime, text, noRetry }: Answered,
): Said {
  const fine = status === 200 || (type === 'events_api' && status > 200 && status < 300);
  if (!fine) return { acknowledged: false, failure: 'http_error', ...(noRetry ? { noRetry } : {}) };
  if (!accepts_response_payload || text === '') return { acknowledged: true };
  if (mime.startsWith('application/json')) return { acknowledged: true, answer: parseJson(text) ?? text };
  // A command may be answered by bare text.
  return { acknowledged: true, answer: type === 'slash_commands' ? { text } : text };
}

function failureOf(error: unknown): NonNullable<Delivery['failure']> {
  if (!(error instanceof Error)) throw error;
  return error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed';
}

const Challenge = v.looseObject({ challenge: v.string() });

/** Slack saves no address for events that does not give its challenge back. */
async function challenge(
  url: string,
  post: (url: string, sent: { type: string; body: string }) => Promise<Answered>,
): Promise<void> {
  const asked = randomUUID();
  const body = JSON.stringify({ token: 'verification-token', challenge: asked, type: 'url_verification' });
  const { status, text, type } = await post(url, { type: 'application/json', body });
  const json = type.startsWith('application/json') ? v.safeParse(Challenge, parseJson(text)) : null;
  const given = json?.success ? json.output.challenge : text;
  if (status !== 200 || given !== asked)
    throw new Error(`Your URL didn't respond with the value of the challenge parameter: ${url} answered ${status}.`);
}
