/**
 * Slack's `chat.*` methods: membership and content are checked here; `emulate` keeps the messages and knows whose they are.
 * Ephemerals and permalinks are ours: `emulate` never shows an ephemeral again, and its links name its own channel ids.
 */

import * as v from 'valibot';
import { type Answer, bool, type Method, method, no, TIER, word, yes } from '../answer.ts';
import { placeOf } from '../direct.ts';
import { pingsOf } from '../pings.ts';
import { channelOf, isIn, memberOf, newTs, type Slack } from '../slack.ts';
import { changeMessage, removeMessage, writeMessage } from '../write.ts';
import { checkContent, content } from './message.ts';

const scopes = ['chat:write'];
const timestamp = v.string();
export const TS = /^\d{10}\.\d{6}$/;

/** Slack's refusal where the bot may not write, null where it may. A private channel it is not in does not exist for it. */
export function closed(slack: Slack, id: string): Answer | null {
  const channel = channelOf(slack, id);
  if (channel === undefined) return no('channel_not_found');
  if (isIn(channel, slack.options.bot.userId)) return null;
  return channel.private ? no('channel_not_found') : no('not_in_channel');
}

/** The same for a new message, which an archived channel takes no more. */
const closedToNew = (slack: Slack, id: string): Answer | null =>
  closed(slack, id) ?? (channelOf(slack, id)?.archived ? no('is_archived') : null);

/** Slack's refusal of a thread to write in, null where it may be written in. */
async function noThread(slack: Slack, channel: string, ts: string | undefined): Promise<Answer | null> {
  if (ts === undefined) return null;
  if (!TS.test(ts)) return no('invalid_thread_ts');
  return (await slack.store.find(channel, ts)) === undefined ? no('thread_not_found') : null;
}

const postMessage = method({
  scopes,
  limit: 'posting',
  args: v.object({ channel: word, thread_ts: v.optional(timestamp), reply_broadcast: bool, ...content }),
  async run({ channel: place, ...message }, slack) {
    const channel = await placeOf(slack, place);
    if (typeof channel !== 'string') return channel;
    const refused = closedToNew(slack, channel) ?? (await noThread(slack, channel, message.thread_ts));
    if (refused !== null) return refused;
    const checked = checkContent(message);
    if ('refused' in checked) return checked.refused;
    return (await writeMessage(slack, slack.options.bot.userId, channel, checked.content)).answer;
  },
});

const update = method({
  scopes,
  limit: TIER[3],
  args: v.object({ channel: word, ts: timestamp, ...content }),
  async run({ channel, ts, ...given }, slack) {
    const refused = closed(slack, channel);
    if (refused !== null) return refused;
    const checked = checkContent(given, true);
    if ('refused' in checked) return checked.refused;
    const written = await changeMessage(slack, slack.options.bot.userId, channel, { ts, change: checked.content });
    return written.answer;
  },
});

const remove = method({
  scopes,
  limit: TIER[3],
  args: v.object({ channel: word, ts: timestamp }),
  async run({ channel, ts }, slack) {
    const refused = closed(slack, channel);
    if (refused !== null) return refused;
    return (await removeMessage(slack, slack.options.bot.userId, channel, ts)).answer;
  },
});

const postEphemeral = method({
  scopes,
  limit: TIER[4],
  args: v.object({ channel: word, user: word, thread_ts: v.optional(timestamp), ...content }),
  run({ channel, user, ...message }, slack) {
    const refused = closedToNew(slack, channel);
    if (refused !== null) return refused;
    const place = channelOf(slack, channel);
    const member = memberOf(slack, user);
    if (member === undefined || member.deleted) return no('user_not_found');
    if (place === undefined || !isIn(place, user)) return no('user_not_in_channel');
    const checked = checkContent(message);
    if ('refused' in checked) return checked.refused;
    return yes({ message_ts: whisper(slack, channel, user, checked.content) });
  },
});

/** Shows a checked message to one person alone; gives its time stamp. */
export function whisper(slack: Slack, channel: string, user: string, message: Record<string, unknown>): string {
  const ts = newTs(slack);
  const text = typeof message['text'] === 'string' ? message['text'] : '';
  slack.ephemerals.push({ ...message, ts, channel, user, text, pings: pingsOf(message) });
  return ts;
}

const getPermalink = method({
  scopes: [],
  limit: TIER.special,
  args: v.object({ channel: word, message_ts: timestamp }),
  async run({ channel, message_ts }, slack) {
    const place = channelOf(slack, channel);
    const hidden = place?.private && !isIn(place, slack.options.bot.userId);
    if (place === undefined || hidden) return no('channel_not_found');
    const message = await slack.store.find(channel, message_ts);
    if (message === undefined) return no('message_not_found');
    const path = `/archives/${channel}/p${message_ts.replace('.', '')}`;
    const thread =
      message.thread_ts === undefined || message.thread_ts === message.ts
        ? ''
        : `?thread_ts=${message.thread_ts}&cid=${channel}`;
    return yes({ channel, permalink: `${slack.origin}${path}${thread}` });
  },
});

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
