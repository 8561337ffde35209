/** Writing, changing and removing messages: each is kept in the store and told to the app as an event. */
import * as v from 'valibot';
import type { Answer, Arguments } from './answer.ts';
import { channelOf, kindOf, newTs, type Slack } from './slack.ts';
import type { Delivery } from './socket.ts';
import { shown } from './store.ts';

const CHANNEL_TYPES = { channels: 'channel', groups: 'group', im: 'im' };

/** What Slack answered, and how telling the app of it goes: null where the app is not told. */
export interface Written {
  answer: Answer;
  told: Promise<Delivery | null>;
}

type Pick = (count: number) => number;

const Message = v.looseObject({});
const nobody = Promise.resolve(null);

function tell(slack: Slack, id: string, pick: Pick | undefined, event: Arguments): Promise<Delivery | null> {
  const channel = channelOf(slack, id);
  if (channel === undefined) return nobody;
  const channel_type = CHANNEL_TYPES[kindOf(slack, channel)];
  return slack.feed.tell(channel, { type: 'message', ...event, channel: id, channel_type }, pick);
}

/** The message as it stands, where the app will be told of what happens to it. */
async function before(slack: Slack, id: string, ts: string): Promise<Arguments | null> {
  const channel = channelOf(slack, id);
  if (channel === undefined || !slack.feed.reaches(channel)) return null;
  const message = await slack.store.find(id, ts);
  return message === undefined ? null : shown(message);
}

/** Writes a message. `marks` are fields that Slack itself puts on it; `pick` chooses the connection that is told. */
export async function writeMessage(
  slack: Slack,
  author: string,
  channel: string,
  message: Arguments,
  { marks = {}, pick }: { marks?: Arguments; pick?: Pick } = {},
): Promise<Written> {
  const root = typeof message['thread_ts'] === 'string' ? message['thread_ts'] : null;
  const parent = root === null ? undefined : await slack.store.find(channel, root);
  const inThread = parent === undefined ? {} : { parent_user_id: parent.user };
  const answer = await slack.store.post(author, channel, message, { ...inThread, ...marks });
  if (!answer.ok) return { answer, told: nobody };
  const event = { ...v.parse(Message, answer['message']), event_ts: answer['ts'] };
  return { answer, told: tell(slack, channel, pick, event) };
}

/** Changes a message of this author. */
export async function changeMessage(
  slack: Slack,
  author: string,
  channel: string,
  { ts, change }: { ts: string; change: Arguments },
  pick?: Pick,
): Promise<Written> {
  const previous_message = await before(slack, channel, ts);
  const answer = await slack.store.update(author, channel, ts, change);
  if (!answer.ok) return { answer, told: nobody };
  const at = newTs(slack);
  const event = { subtype: 'message_changed', hidden: true, ts: at, event_ts: at, previous_message };
  return { answer, told: tell(slack, channel, pick, { ...event, message: answer['message'] }) };
}

/** Removes a message of this author. */
export async function removeMessage(
  slack: Slack,
  author: string,
  channel: string,
  ts: string,
  pick?: Pick,
): Promise<Written> {
  const previous_message = await before(slack, channel, ts);
  const answer = await slack.store.remove(author, channel, ts);
  if (!answer.ok) return { answer, told: nobody };
  const at = newTs(slack);
  const event = { subtype: 'message_deleted', hidden: true, ts: at, event_ts: at, deleted_ts: ts, previous_message };
  return { answer, told: tell(slack, channel, pick, event) };
}
