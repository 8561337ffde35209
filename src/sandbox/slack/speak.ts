/** What people, and apps on their behalf, write in channels and threads. */
import { randomUUID } from 'node:crypto';
import type { Arguments } from './answer.ts';
import { channelOf, isIn, isStranger, memberOf, type Slack } from './slack.ts';
import type { Delivery } from './socket.ts';
import { changeMessage, removeMessage, type Written, writeMessage } from './write.ts';

export interface Words {
  member: string;
  channel: string;
  /** As typed; `<@U…>` and the like stand for what was picked from Slack's list. */
  text: string;
  threadTs?: string;
  /** Sends a reply to the channel too. */
  broadcast?: boolean;
  /**
   * Written by an app, not typed: with the member's own token, or as an old integration (`subtype: 'bot_message'`),
   * whose messages have no author.
   */
  through?: { botId: string; appId?: string; subtype?: 'bot_message'; username?: string };
}

export interface Said {
  ts: string;
  /**
   * How the app was told, once its acknowledgement is there or was waited for in vain; null where the app is not told:
   * it did not subscribe, lacks the scope, or is not in the channel.
   */
  delivery: Promise<Delivery | null>;
}

type Pick = (count: number) => number;

const CONTROL =
  /<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+|!(?:here|channel|everyone|subteam\^[A-Z0-9]+)|https?:[^>\s]*)(?:\|[^<>]*)?>/g;
const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Words as Slack passes them on. Source: Slack's "Formatting text", "Escaping text". */
export const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (sign) => ENTITIES.get(sign) ?? sign);

/** The same, but what was picked from Slack's list stays a mention or a link. */
function typed(text: string): string {
  const kept = [...text.matchAll(CONTROL)].map(([control]) => control);
  return text
    .split(CONTROL)
    .map((words, index) => escaped(words) + (kept[index] ?? ''))
    .join('');
}

function requireWriter(slack: Slack, member: string, id: string): void {
  const channel = channelOf(slack, id);
  if (channel === undefined) throw new Error(`Nobody can write in ${id}: there is no such channel.`);
  const writer = memberOf(slack, member);
  if (writer === undefined || writer.deleted)
    throw new Error(`${member} cannot write in ${id}: no active member has this id.`);
  if (!isIn(channel, member)) throw new Error(`${member} cannot write in ${id}: not a member of it.`);
}

/** Of whom Slack says where they are at home: those who are here through Slack Connect. */
function homeOf(slack: Slack, member: string): Arguments {
  const writer = memberOf(slack, member);
  if (writer === undefined || !isStranger(writer, slack.options)) return {};
  return { user_team: writer.teamId, source_team: writer.teamId };
}

function marksOf({ through }: Words): Arguments {
  if (through === undefined) return { client_msg_id: randomUUID() };
  const { botId, appId, subtype, username } = through;
  return {
    bot_id: botId,
    ...(appId === undefined ? {} : { app_id: appId }),
    ...(subtype === undefined ? {} : { subtype }),
    ...(username === undefined ? {} : { username }),
  };
}

function done({ answer, told }: Written, failure: string): Said {
  if (!answer.ok) throw new Error(`${failure}: ${answer.error}.`);
  return { ts: String(answer['ts']), delivery: told };
}

/** Writes as a member. Throws where that member could not. */
export async function say(slack: Slack, words: Words, pick: Pick): Promise<Said> {
  const { member, channel, text, threadTs, broadcast, through } = words;
  requireWriter(slack, member, channel);
  const message = {
    text: through === undefined ? typed(text) : text,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    ...(broadcast === true ? { reply_broadcast: true } : {}),
  };
  const written = await writeMessage(slack, member, channel, message, {
    marks: { ...homeOf(slack, member), ...marksOf(words) },
    pick,
  });
  return done(written, `${member} could not write in ${channel}`);
}

/** Changes a member's own words: what stands then is marked as edited. Throws where that member could not. */
export async function edit(
  slack: Slack,
  { member, channel, ts, text }: { member: string; channel: string; ts: string; text: string },
  pick: Pick,
): Promise<Said> {
  requireWriter(slack, member, channel);
  const written = await changeMessage(slack, member, channel, { ts, change: { text: typed(text) } }, pick);
  return done(written, `${member} could not change ${ts} in ${channel}`);
}

/** Takes a member's own words away. Throws where that member could not. */
export async function unsay(
  slack: Slack,
  { member, channel, ts }: { member: string; channel: string; ts: string },
  pick: Pick,
): Promise<Said> {
  requireWriter(slack, member, channel);
  return done(await removeMessage(slack, member, channel, ts, pick), `${member} could not remove ${ts} in ${channel}`);
}
