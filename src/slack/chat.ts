/** Asking people in Slack: posts the card, keeps it true, answers one person, and speaks in the card's thread. */
import { WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { Fault } from '../app/fault.ts';
import type { Chat, Clock } from '../app/ports.ts';
import { type CardMessage, card, message } from './card.ts';
import { quietLogger } from './quiet.ts';
import { type Attempt, ambiguous, neverSent, slackFault } from './slack-fault.ts';

export interface SlackChatOptions {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  /** The channel's id (`C…`), or its name where Slack takes one. */
  channel: string;
  clock: Clock;
}

/** Somebody waits at a button: an answer that comes later than this is worth nothing. */
const CLICK_MS = 2500;
const POST_MS = 10_000;
/** The longest `Retry-After` that is waited for. */
const PATIENCE_MS = 30_000;
/** How often a call is repeated that did surely not arrive, or may be made twice. */
const REPEATS = 2;
const PAUSE_MS = 300;

/** Nothing in our messages is to be expanded, linked, or read as formatting. */
const INERT = { mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** A {@link Chat} over Slack's Web API. Its methods throw a Fault `slack` that says what to do. */
export function slackChat({ token, apiUrl, channel, clock }: SlackChatOptions): Chat {
  const quick = client(token, apiUrl, CLICK_MS);
  const patient = client(token, apiUrl, POST_MS);
  const attempt = (doing: string): { doing: string; channel: string } => ({ doing, channel });

  return {
    async post(view) {
      const content = card(view);
      const sent = await once(clock, { ...attempt('post the card'), ends: true }, PATIENCE_MS, () =>
        patient.chat.postMessage({ channel, ...content, ...INERT }),
      );
      const { channel: where, ts } = sent;
      if (where === undefined || ts === undefined) throw unreadable();
      return { team: sent.message?.team ?? (await team(patient, clock, channel)), channel: where, ts };
    },

    async update(at, view) {
      const { text, blocks }: CardMessage = card(view);
      await repeatedly(clock, attempt('update the card'), PATIENCE_MS, () =>
        quick.chat.update({ channel: at.channel, ts: at.ts, text, blocks, parse: 'none', link_names: false }),
      );
    },

    async answer(at, user, text) {
      await once(clock, attempt('answer a person in the channel'), 0, () =>
        quick.chat.postEphemeral({ channel: at.channel, user, ...message(text), parse: 'none', link_names: false }),
      );
    },
  };
}

function client(token: string, slackApiUrl: string, timeout: number): WebClient {
  // Repeating is decided here per call: the SDK's own policy repeats a post after an ambiguous error for half an hour.
  return new WebClient(token, {
    slackApiUrl,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: quietLogger,
  });
}

async function team(web: WebClient, clock: Clock, channel: string): Promise<string> {
  const found = await repeatedly(clock, { doing: 'ask for the name of the workspace', channel }, PATIENCE_MS, () =>
    web.auth.test(),
  );
  if (found.team_id === undefined) throw unreadable();
  return found.team_id;
}

function unreadable(): Fault {
  return new Fault(
    'slack',
    'Slack: posted the card, but its answer does not say where.',
    'Check the channel for a card without buttons, delete it, and run the workflow again.',
  );
}

/** Calls what may be done twice, a few times. */
function repeatedly<T>(clock: Clock, attempt: Attempt, patienceMs: number, call: () => Promise<T>): Promise<T> {
  return tryCall(clock, attempt, patienceMs, call, ambiguous);
}

/** Calls what must not be done twice: repeated only where the first try surely did nothing. */
async function once<T>(clock: Clock, attempt: Attempt, patienceMs: number, call: () => Promise<T>): Promise<T> {
  return tryCall(clock, attempt, patienceMs, call, () => false);
}

async function tryCall<T>(
  clock: Clock,
  attempt: Attempt,
  patienceMs: number,
  call: () => Promise<T>,
  repeatable: (error: unknown) => boolean,
): Promise<T> {
  let patience = patienceMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const pause = pauseAfter(error, tries, patience, repeatable);
      if (pause === null) throw explained(error, attempt, repeatable(error));
      if (error instanceof WebAPIRateLimitedError) patience -= pause;
      await clock.sleep(pause);
    }
  }
}

/** How long to wait before the next try, in ms; null: no further try. */
function pauseAfter(
  error: unknown,
  tries: number,
  patience: number,
  repeatable: (error: unknown) => boolean,
): number | null {
  if (error instanceof WebAPIRateLimitedError) {
    const wanted = Math.max(1, error.retryAfter) * 1000;
    return wanted <= patience ? wanted : null;
  }
  const again = tries < REPEATS && (neverSent(error) || repeatable(error));
  return again ? PAUSE_MS * 2 ** tries : null;
}

function explained(error: unknown, attempt: Attempt, repeated: boolean): Fault {
  const fault = slackFault(error, attempt);
  if (repeated || !ambiguous(error)) return fault;
  return new Fault('slack', `${fault.message} It may have arrived all the same; it was not sent twice.`, fault.remedy);
}
