/** The app's conversations with one person: opened by writing to the person's id. */
import { type Answer, no } from './answer.ts';
import type { SlackChannel } from './options.ts';
import { channelOf, memberOf, type Slack } from './slack.ts';

/** Conversations that are just being opened: two jobs may write to the same person at once. */
const opening = new WeakMap<Slack, Map<string, Promise<SlackChannel>>>();

/** The conversation with this person, opened if it is new. */
function open(slack: Slack, user: string): Promise<SlackChannel> {
  const under = opening.get(slack) ?? new Map<string, Promise<SlackChannel>>();
  opening.set(slack, under);
  const begun = under.get(user) ?? begin(slack, user);
  under.set(user, begun);
  return begun;
}

async function begin(slack: Slack, user: string): Promise<SlackChannel> {
  const id = `D${user.slice(1)}`;
  await slack.store.open(id);
  const channel = { id, name: 'directmessage', private: true, members: [slack.options.bot.userId, user] };
  slack.directs.set(user, channel);
  return channel;
}

/**
 * The conversation that an app means by this id: a channel as it stands, or a person, who is then written to directly.
 * Else Slack's refusal. Source: Slack's `chat.postMessage` and, for a person's account, `conversations.open`.
 */
export async function placeOf(slack: Slack, id: string): Promise<string | Answer> {
  if (channelOf(slack, id) !== undefined) return id;
  const member = memberOf(slack, id);
  if (member === undefined || member.bot) return no('channel_not_found');
  if (member.deleted) return no('user_disabled');
  if (slack.options.messagesTab === false) return no('messages_tab_disabled');
  return (await open(slack, id)).id;
}
