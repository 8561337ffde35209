/**
 * The messages, kept by `emulate`: our ids in, our ids out, and what it gets wrong put right. It goes through a channel's
 * messages for each question: what it said of a message last is kept.
 */

import { createEmulator } from 'emulate';
import * as v from 'valibot';
import { createCaller } from '../caller.ts';
import { createTurns } from '../turns.ts';
import { type Answer, type Arguments, no, yes } from './answer.ts';
import type { SlackMessage, SlackOptions } from './options.ts';
import { pingsOf } from './pings.ts';

const Message = v.looseObject({
  ts: v.string(),
  user: v.string(),
  text: v.string(),
  thread_ts: v.exactOptional(v.string()),
});
const Messages = v.looseObject({
  messages: v.array(Message),
  response_metadata: v.optional(v.looseObject({ next_cursor: v.string() })),
});
const Created = v.looseObject({ channel: v.looseObject({ id: v.string() }) });
const Channels = v.looseObject({ channels: v.array(v.looseObject({ id: v.string(), name: v.string() })) });
const Written = v.looseObject({ message: Message });
const Reply = v.variant('ok', [
  v.looseObject({ ok: v.literal(true) }),
  v.looseObject({ ok: v.literal(false), error: v.string() }),
]);

export interface MessageStore {
  /** Makes a conversation that the options do not name; nothing where it is there already. */
  open(channel: string): Promise<void>;
  /** `marks` are fields that Slack itself puts on the message. */
  post(author: string, channel: string, message: Arguments, marks?: Arguments): Promise<Answer>;
  update(author: string, channel: string, ts: string, change: Arguments): Promise<Answer>;
  remove(author: string, channel: string, ts: string): Promise<Answer>;
  /** Messages outside threads and replies that were sent to the channel too, newest first. */
  history(channel: string): Promise<SlackMessage[]>;
  /** The message and its replies, oldest first; a reply gives itself alone; empty if there is no such message. */
  thread(channel: string, ts: string): Promise<SlackMessage[]>;
  find(channel: string, ts: string): Promise<SlackMessage | undefined>;
  close(): Promise<void>;
}

const Parent = v.looseObject({ reply_count: v.pipe(v.number(), v.minValue(1)), reply_users: v.array(v.string()) });

/** What Slack says of a message that has replies. */
function threadOf(message: v.InferOutput<typeof Message>): Arguments {
  if (!v.is(Parent, message)) return {};
  return { thread_ts: message.ts, reply_users_count: message.reply_users.length };
}

/** A message as the API and events give it. An old integration's has no author. */
export function shown({ pings: _notified, ...message }: SlackMessage): Arguments {
  if (message['subtype'] !== 'bot_message') return message;
  const { user: _poster, ...rest } = message;
  return rest;
}

/** At once. */
const CONNECTIONS = 16;
/** emulate lets one token make 5,000 calls an hour; the bot's reads are the sandbox's own looks, too. */
const TOKENS_PER_USER = 40;
const tokenOf = (user: string, n: number): string => `emulate-${user}-${n}`;
const ALL_SCOPES = ['chat:write', 'channels:read', 'channels:manage', 'channels:history', 'groups:history'];

async function startEmulate(options: SlackOptions) {
  const users = [options.bot.userId, ...options.members.map((member) => member.id)];
  return createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        // Public here: who may see a private channel is decided by the front, which knows its members.
        // Our id is its name for the channel: names of its own default channels are then free for use.
        channels: options.channels.map(({ id }) => ({ name: id })),
        tokens: users.flatMap((user) =>
          Array.from({ length: TOKENS_PER_USER }, (_, n) => {
            return { token: tokenOf(user, n), user_id: user, scopes: ALL_SCOPES };
          }),
        ),
        strict_scopes: true,
      },
    },
  });
}

/** Starts `emulate` with the given channels. It takes no channel ids in its seed, hence a table of its ids and ours. */
export async function startStore(options: SlackOptions): Promise<MessageStore> {
  const { bot, team } = options;
  const emulator = await startEmulate(options);
  const caller = createCaller(CONNECTIONS);
  const pings = new Map<string, string[]>();
  const unmarked = new Set<string>();
  const marked = new Map<string, Arguments>();
  const broadcast: { channel: string; ts: string }[] = [];

  /** As emulate said last, unless a reply came since; writes to a message, and questions for it, wait for each other. */
  const kept = new Map<string, v.InferOutput<typeof Message>>();
  const inTurn = createTurns<string>();
  let calls = 0;

  const call = async (method: string, user: string, args: Arguments): Promise<v.InferOutput<typeof Reply>> => {
    calls += 1;
    const token = tokenOf(user, calls % TOKENS_PER_USER);
    const { text } = await caller.call(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    return v.parse(Reply, JSON.parse(text));
  };
  const must = async (method: string, args: Arguments) => {
    const reply = await call(method, bot.userId, args);
    if (!reply.ok) throw new Error(`emulate refused ${method}: ${reply.error}. Its seed and this store disagree.`);
    return reply;
  };

  const listed = v.parse(Channels, await must('conversations.list', { limit: 1000, types: 'public_channel' })).channels;
  const channelIds = new Map(listed.map(({ id, name }) => [name, id]));
  const inside = (channel: string): string => {
    const id = channelIds.get(channel);
    if (id === undefined) throw new Error(`The sandbox has no channel ${channel}. Name it in its options.`);
    return id;
  };
  const key = (channel: string, ts: string) => `${channel}:${ts}`;

  const present = (channel: string, raw: v.InferOutput<typeof Message>): SlackMessage => {
    const { edited, ...message } = raw;
    const own = message.user === bot.userId;
    return {
      ...message,
      ...(own ? { bot_id: bot.botId, app_id: bot.appId } : {}),
      ...threadOf(raw),
      ...marked.get(key(channel, message.ts)),
      ...(edited === undefined || unmarked.has(key(channel, message.ts)) ? {} : { edited }),
      team: options.members.find((member) => member.id === message.user)?.teamId ?? team.id,
      pings: pings.get(key(channel, message.ts)) ?? [],
    };
  };
  const replies = async (channel: string, ts: string) =>
    v.parse(Messages, await must('conversations.replies', { channel: inside(channel), ts })).messages;
  const find = async (channel: string, ts: string): Promise<SlackMessage | undefined> => {
    const own = key(channel, ts);
    const message =
      kept.get(own) ??
      (await inTurn(own, async () => {
        const found = (await replies(channel, ts)).find((one) => one.ts === ts);
        if (found !== undefined) kept.set(own, found);
        return found;
      }));
    return message === undefined ? undefined : present(channel, message);
  };
  /** Keeps the message that an answer of emulate carries. */
  const changed = (channel: string, answer: unknown, extra: Arguments = {}): Answer => {
    const { message } = v.parse(Written, answer);
    kept.set(key(channel, message.ts), message);
    return yes({ channel, ts: message.ts, ...extra, message: shown(present(channel, message)) });
  };

  return {
    async thread(channel, ts) {
      return (await replies(channel, ts)).map((message) => present(channel, message));
    },
    find,
    async open(channel) {
      if (channelIds.has(channel)) return;
      const created = v.parse(Created, await must('conversations.create', { name: channel.toLowerCase() }));
      channelIds.set(channel, created.channel.id);
    },
    post(author, channel, message, marks = {}) {
      const root = typeof message['thread_ts'] === 'string' ? key(channel, message['thread_ts']) : null;
      const send = async (): Promise<Answer> => {
        const reply = await call('chat.postMessage', author, { ...message, channel: inside(channel) });
        if (!reply.ok) return no(reply.error);
        const ts = v.parse(v.string(), reply['ts']);
        const toAll = message['reply_broadcast'] === true && root !== null;
        if (toAll) broadcast.push({ channel, ts });
        marked.set(key(channel, ts), { ...(toAll ? { subtype: 'thread_broadcast' } : {}), ...marks });
        pings.set(key(channel, ts), pingsOf(message));
        // It counts its replies.
        if (root !== null) kept.delete(root);
        return changed(channel, reply);
      };
      return root === null ? send() : inTurn(root, send);
    },
    update: (author, channel, ts, change) =>
      inTurn(key(channel, ts), async () => {
        const reply = await call('chat.update', author, { ...change, channel: inside(channel), ts });
        if (!reply.ok) return no(reply.error);
        // Slack shows no "(edited)" where blocks came with the change.
        if (change['blocks'] === undefined) unmarked.delete(key(channel, ts));
        else unmarked.add(key(channel, ts));
        return changed(channel, reply, { text: reply['text'] });
      }),
    remove: (author, channel, ts) =>
      inTurn(key(channel, ts), async () => {
        const reply = await call('chat.delete', author, { channel: inside(channel), ts });
        if (reply.ok) kept.delete(key(channel, ts));
        return reply.ok ? yes({ channel, ts }) : no(reply.error);
      }),
    async history(channel) {
      const found: SlackMessage[] = [];
      let cursor = '';
      do {
        const page = v.parse(
          Messages,
          await must('conversations.history', { channel: inside(channel), limit: 1000, cursor }),
        );
        found.push(...page.messages.map((message) => present(channel, message)));
        cursor = page.response_metadata?.next_cursor ?? '';
      } while (cursor !== '');
      for (const reply of broadcast.filter((entry) => entry.channel === channel)) {
        const message = await find(channel, reply.ts);
        if (message !== undefined) found.push(message);
      }
      return found.sort((a, b) => Number(b.ts) - Number(a.ts));
    },
    close() {
      caller.close();
      return emulator.close();
    },
  };
}
