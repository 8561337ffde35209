/** The port {@link SharedInSlack}: finds what the app itself wrote below a card, and deletes it; nothing of anybody else. */
import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { Clock, SharedInSlack, Thing } from '../app/ports.ts';
import { canonicalJson, sha256 } from '../log/canonical.ts';
import type { Card } from '../request/events.ts';
import { slackClient } from './calls.ts';
import { escapeControl, plain } from './inert.ts';
import { slackErrorCode, slackFault } from './slack-fault.ts';

const CALL_MS = 10_000;
/** Fifty calls a minute of one method: Slack asks to wait no longer than for the rest of that minute. */
const PATIENCE_MS = 61_000;
const PER_PAGE = 200;
/** By which the tombstone is known. Whoever holds the bot token alone could put it elsewhere. */
const TOMBSTONE = 'debug-approval:tombstone';

const File = v.looseObject({ id: v.string(), user: v.optional(v.string()), mode: v.optional(v.string()) });
const Message = v.looseObject({
  ts: v.string(),
  text: v.optional(v.string(), ''),
  user: v.optional(v.string()),
  bot_id: v.optional(v.string()),
  blocks: v.optional(v.array(v.looseObject({ block_id: v.optional(v.string()) })), []),
  files: v.optional(v.array(File), []),
});
type Message = v.InferOutput<typeof Message>;
const Page = v.looseObject({
  messages: v.array(Message),
  response_metadata: v.optional(v.looseObject({ next_cursor: v.optional(v.string(), '') })),
});
const Self = v.looseObject({ user_id: v.string(), bot_id: v.optional(v.string()) });

export interface SlackSharedOptions {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  clock: Clock;
  /** Replies in one answer; Slack advises at most 200. */
  perPage?: number;
}

/** Its methods throw a Fault: `unavailable` for what passes, `slack` for what Slack refuses. */
export function slackShared(options: SlackSharedOptions): SharedInSlack {
  const web = slackClient(options.token, options.apiUrl, CALL_MS);
  const { clock, perPage = PER_PAGE } = options;
  let self: Promise<v.InferOutput<typeof Self>> | null = null;
  const whoAmI = () => {
    self ??= call(clock, 'ask who the app is', '', () => web.auth.test()).then((answer) => v.parse(Self, answer));
    self.catch(() => {
      self = null;
    });
    return self;
  };
  return {
    async thread(card) {
      const own = await whoAmI();
      const messages = await wholeThread({ web, clock, perPage }, card);
      return messages.flatMap((message) => thingsOf(message, card, own));
    },
    async bury(card, text) {
      const { channel, ts } = card;
      const blocks = [{ type: 'section' as const, block_id: TOMBSTONE, text: plain(text) }];
      await call(clock, 'put a tombstone in the place of the card', channel, () =>
        gone(['message_not_found'], () =>
          web.chat.update({ channel, ts, text: escapeControl(text), blocks, parse: 'none', link_names: false }),
        ),
      );
    },
    async deleteMessage(channel, ts) {
      await call(clock, 'delete a message of its own', channel, () =>
        gone(['message_not_found'], () => web.chat.delete({ channel, ts })),
      );
    },
    async deleteFile(file) {
      await call(clock, 'delete a file of its own', file, () =>
        gone(['file_not_found', 'file_deleted'], () => web.files.delete({ file })),
      );
    },
  };
}

/** The message that began it and all replies, each once; empty: the card is gone, and its thread with it. */
async function wholeThread(
  { web, clock, perPage }: { web: WebClient; clock: Clock; perPage: number },
  { channel, ts }: Card,
): Promise<Message[]> {
  const found = new Map<string, Message>();
  let cursor = '';
  do {
    const answer = v.parse(
      Page,
      await call(clock, "read the card's thread", channel, () =>
        gone(
          ['thread_not_found', 'message_not_found'],
          () => web.conversations.replies({ channel, ts, limit: perPage, ...(cursor === '' ? {} : { cursor }) }),
          { messages: [] },
        ),
      ),
    );
    // The message that began the thread comes with each page.
    for (const message of answer.messages) found.set(message.ts, message);
    cursor = answer.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return [...found.values()];
}

function thingsOf(message: Message, card: Card, self: v.InferOutput<typeof Self>): Thing[] {
  const isOwn = message.user === self.user_id || (self.bot_id !== undefined && message.bot_id === self.bot_id);
  if (!isOwn) return [];
  const { ts, text, blocks, files } = message;
  const id = `${card.channel}/${ts}`;
  const kind = ts === card.ts ? ('card' as const) : ('message' as const);
  const isTombstone = blocks.some(({ block_id }) => block_id === TOMBSTONE);
  const own = files.filter((file) => file.user === self.user_id && file.mode !== 'tombstone');
  const uploads = own.map((file) => ({ kind: 'file' as const, id: file.id, sha256: hashOf(file) }));
  return isTombstone ? uploads : [...uploads, { kind, id, sha256: hashOf({ ts, text, blocks }) }];
}

/** Of what Slack says of it now; `null` and what is absent are the same. */
const hashOf = (value: unknown): string => sha256(canonicalJson(JSON.parse(JSON.stringify(value))));

/** What is not there any more is as good as deleted. */
async function gone<T>(codes: readonly string[], work: () => Promise<T>, otherwise?: unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const code = slackErrorCode(error);
    if (code !== null && codes.includes(code)) return otherwise;
    throw error;
  }
}

/** Each of these may be done twice. Waits where Slack asks for it, once a minute's worth. */
async function call<T>(clock: Clock, doing: string, channel: string, work: () => Promise<T>): Promise<T> {
  let patience = PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const wanted = error instanceof WebAPIRateLimitedError ? Math.max(1, error.retryAfter) * 1000 : Infinity;
      if (wanted > patience) throw explained(error, doing, channel);
      patience -= wanted;
      await clock.sleep(wanted);
    }
  }
}

function explained(error: unknown, doing: string, channel: string): Fault {
  const fault = slackFault(error, { doing, channel });
  const passes =
    error instanceof WebAPIRateLimitedError || error instanceof WebAPIHTTPError || error instanceof WebAPIRequestError;
  return passes ? new Fault('unavailable', fault.message, 'The next sweep tries again.', { cause: error }) : fault;
}
