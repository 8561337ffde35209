/** Receives what people do in Slack by HTTP, for a service that Slack can reach: verified, taken, and acknowledged within three seconds. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  buildContentResponse,
  buildNoBodyResponse,
  buildUrlVerificationResponse,
  isRawBodyError,
  parseAndVerifyHTTPRequest,
  parseHTTPRequestBody,
} from '@slack/bolt/dist/receivers/HTTPModuleFunctions.js';
import * as v from 'valibot';
import type { OnSlack, SlackDeed } from '../app/ports.ts';
import { within } from './deadline.ts';
import { type AckAnswer, acknowledgement, type EnvelopeKind, readDeed } from './deed.ts';

export interface SlackHttpOptions {
  /** The app's signing secret. Slack has one at a time. */
  signingSecret: string;
  onSlack: OnSlack;
  /** Told of a deed that failed in a way nobody foresaw. */
  onError(deed: SlackDeed, error: unknown): void;
  /** Slack waits 3,000 ms; whoever is not done by then is told so while Slack still listens. */
  answerMs?: number;
}

/** What became of a request, for logs and figures; `what`: null where that is not known. */
export interface SlackAnswered {
  status: 200 | 400 | 401 | 413 | 503;
  what: SlackDeed['kind'] | 'check' | null;
  outcome: 'acknowledged' | 'not-acknowledged' | 'late' | 'ignored' | 'unsigned' | 'malformed' | 'too-large';
  /** The same request came before, and was answered like the first. */
  replayed: boolean;
  /** Why it was not taken, without a word of its content; empty where it was. */
  why: string;
}

type Answered = Omit<SlackAnswered, 'replayed'> & { body: AckAnswer };

const ANSWER_MS = 2800;
/** Slack's payloads are far below it; who sends more has no secret, and it is read before the signature can be known. */
const MOST_BYTES = 1024 * 1024;
/** Slack: whatever is more than five minutes away from our own clock may be a replay. In seconds. */
const WINDOW_S = 300;
/** So many requests are remembered: what five minutes bring at 60 a second. */
const MOST_REMEMBERED = 20_000;

/**
 * Answers Slack's requests, whichever of the three kinds, on one address: 200 once a deed is taken, 503 where it is not, so that
 * the person sees that it failed. What was answered 503 is never acknowledged later, not even when the same request is sent once
 * more. The result never rejects.
 */
export function slackOverHttp(
  options: SlackHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<SlackAnswered> {
  const answers = newMemory();
  return async (request, response) => {
    const until = Date.now() + (options.answerMs ?? ANSWER_MS);
    const verified = await verify(request, options.signingSecret);
    if ('refused' in verified) return send(response, verified.refused, false);
    if (v.is(Check, verified.payload)) return sendCheck(response, verified.payload);
    const { id } = verified;
    const before = answers.get(id);
    if (before !== undefined) return send(response, await before, true);
    const answer = take(options, verified, until);
    answers.keep(id, answer);
    const answered = await answer;
    // Slack brings an event again until it is acknowledged; what a person pressed comes once.
    if (verified.kind === 'events_api' && answered.status !== 200) answers.forget(id);
    return send(response, answered, false);
  };
}

interface Verified {
  /** The same for the same request alone. */
  id: string;
  kind: EnvelopeKind;
  payload: unknown;
}

const Check = v.union([
  v.looseObject({ ssl_check: v.literal('1') }),
  v.looseObject({ type: v.literal('url_verification'), challenge: v.string() }),
]);

async function verify(request: IncomingMessage, signingSecret: string): Promise<Verified | { refused: Answered }> {
  try {
    const { rawBody } = await parseAndVerifyHTTPRequest({ signingSecret, bodyLimit: MOST_BYTES }, request);
    return read(request, rawBody);
  } catch (error) {
    if (isRawBodyError(error)) return refused(error.statusCode === 413 ? 413 : 400, `the body: ${error.message}`);
    return refused(401, error instanceof Error ? error.message : String(error));
  }
}

/** Of a request that Bolt believes. What Bolt does not look at is looked at here: so the bytes are signed, and no other spelling. */
function read(request: IncomingMessage, rawBody: Buffer): Verified | { refused: Answered } {
  let payload: unknown;
  try {
    payload = parseHTTPRequestBody(Object.assign(request, { rawBody }));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refused(400, 'the body is neither a form nor JSON');
  }
  if (v.is(v.looseObject({ ssl_check: v.literal('1') }), payload)) return { id: '', kind: 'interactive', payload };
  const time = String(request.headers['x-slack-request-timestamp']);
  const signature = String(request.headers['x-slack-signature']);
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return refused(401, 'x-slack-signature is no signature');
  if (!/^[1-9]\d{0,11}$/.test(time)) return refused(401, 'x-slack-request-timestamp is no time');
  if (Number(time) > Date.now() / 1000 + WINDOW_S) return refused(401, 'x-slack-request-timestamp is in the future');
  if (!rawBody.equals(Buffer.from(rawBody.toString()))) return refused(401, 'the body is no UTF-8');
  return { id: createHash('sha256').update(`${time} ${signature}`).digest('base64'), kind: kindOf(payload), payload };
}

function refused(status: 400 | 401 | 413, why: string): { refused: Answered } {
  const outcomes = { 400: 'malformed', 401: 'unsigned', 413: 'too-large' } as const;
  return { refused: { status, what: null, outcome: outcomes[status], why, body: {} } };
}

/** Only slash commands name one, and only events are wrapped in a callback; all else is what somebody pressed or sent. */
function kindOf(payload: unknown): EnvelopeKind {
  if (v.is(v.looseObject({ command: v.string() }), payload)) return 'slash_commands';
  return v.is(v.looseObject({ type: v.literal('event_callback') }), payload) ? 'events_api' : 'interactive';
}

async function take(
  { onSlack, onError }: SlackHttpOptions,
  { kind, payload }: Verified,
  until: number,
): Promise<Answered> {
  // The signature is made with the secret of this one app: there is no other whose payload it could be.
  const found = readDeed(kind, payload, null);
  if ('ignored' in found) {
    return { status: found.settled ? 200 : 503, what: null, outcome: 'ignored', why: found.ignored, body: {} };
  }
  const { deed } = found;
  try {
    const answer = acknowledgement(deed, await within(Math.max(until - Date.now(), 0), onSlack(deed)));
    if (answer === null) return failed(deed, 'not-acknowledged', 'it could not be taken');
    return { status: 200, what: deed.kind, outcome: 'acknowledged', why: '', body: answer };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      return failed(deed, 'late', 'it was not done while Slack waits');
    }
    onError(deed, error);
    return failed(deed, 'not-acknowledged', 'it failed');
  }
}

function failed({ kind }: SlackDeed, outcome: 'not-acknowledged' | 'late', why: string): Answered {
  return { status: 503, what: kind, outcome, why, body: {} };
}

function sendCheck(response: ServerResponse, payload: v.InferOutput<typeof Check>): SlackAnswered {
  if ('challenge' in payload) buildUrlVerificationResponse(response, payload);
  else buildNoBodyResponse(response, 200);
  return { status: 200, what: 'check', outcome: 'acknowledged', replayed: false, why: '' };
}

function send(response: ServerResponse, { body, ...answered }: Answered, replayed: boolean): SlackAnswered {
  // What is left of a body that is too long is not waited for.
  if (answered.status === 413) response.setHeader('connection', 'close');
  if (answered.status === 200 && Object.keys(body).length > 0) buildContentResponse(response, body);
  else buildNoBodyResponse(response, answered.status);
  return { ...answered, replayed };
}

/** The answers of the last five minutes, by request: after that the signature is too old. */
function newMemory() {
  const kept = new Map<string, { at: number; answer: Promise<Answered> }>();
  return {
    get: (id: string) => kept.get(id)?.answer,
    forget: (id: string) => kept.delete(id),
    keep(id: string, answer: Promise<Answered>): void {
      const now = Date.now();
      kept.set(id, { at: now, answer });
      for (const [oldest, { at }] of kept) {
        // A request may be dated ahead, too.
        if (kept.size <= MOST_REMEMBERED && now - at <= 2 * WINDOW_S * 1000) break;
        kept.delete(oldest);
      }
    },
  };
}
