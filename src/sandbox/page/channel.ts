/** The channel as the page shows it: messages with their threads, private answers, and the dialogs that stand open. */
import { buttonsIn } from '../members.ts';
import type { SlackEphemeral, SlackMessage } from '../slack/options.ts';
import { CHANNEL, PEOPLE, type Town } from '../town.ts';
import { KEYS, keyOf } from './cast.ts';
import type { SceneDialog, SceneMessage } from './scene.ts';

/** How many of the latest messages are shown. */
const MOST = 100;

/** The channel's messages, oldest first; what only one person sees stands among them. */
export async function messagesOf({ slack }: Town): Promise<SceneMessage[]> {
  const whispers = KEYS.flatMap((key) => slack.ephemerals(PEOPLE[key].slack)).filter(
    ({ channel }) => channel === CHANNEL,
  );
  const posted = (await slack.messages(CHANNEL)).slice(-MOST);
  const shown = posted.map(async (message) => {
    const replies = (await slack.thread(CHANNEL, message.ts)).filter(({ ts }) => ts !== message.ts);
    const inside = whispers.filter(({ thread_ts }) => thread_ts === message.ts);
    return { ...shownAs(message), thread: inOrder([...replies.map(shownAs), ...inside.map(whispered)]) };
  });
  const others = whispers.filter(({ thread_ts }) => !posted.some(({ ts }) => ts === thread_ts));
  return inOrder([...(await Promise.all(shown)), ...others.map(whispered)]);
}

const inOrder = (messages: SceneMessage[]): SceneMessage[] =>
  messages.sort((one, other) => Number(one.ts) - Number(other.ts));

function shownAs(message: SlackMessage): SceneMessage {
  const { ts, user, text, blocks = [], pings } = message;
  return { ts, author: authorOf(user), text, blocks, pings, onlyFor: null, thread: [] };
}

function whispered(message: SlackEphemeral): SceneMessage {
  const { ts, user, text, blocks = [] } = message;
  return { ts, author: APP, text, blocks, pings: [], onlyFor: user, thread: [] };
}

const APP = { name: 'Debug Approval', bot: true };

function authorOf(user: string): SceneMessage['author'] {
  const key = keyOf(user);
  return key === null ? APP : { name: PEOPLE[key].name, bot: false };
}

/** What the app and its people wrote to each other directly, each for the one member alone. */
export async function directsOf({ slack }: Town): Promise<SceneMessage[]> {
  const each = KEYS.map(async (key) => {
    const user = PEOPLE[key].slack;
    return (await slack.directMessages(user)).map((message) => ({ ...shownAs(message), onlyFor: user }));
  });
  return inOrder((await Promise.all(each)).flat());
}

/** The dialogs that stand open, each for one member. */
export function dialogsOf({ slack }: Town): SceneDialog[] {
  return slack.dialogs();
}

/** A card with buttons. */
export interface OpenCard {
  ts: string;
  /** What its buttons carry. */
  value: string;
  /** Whether its Approve opens a dialog. */
  dialog: boolean;
  blocks: unknown[];
}

/** The newest card with buttons for an issue; null: there is none. */
export function cardOf(messages: readonly SceneMessage[], issue: number): OpenCard | null {
  for (const { ts, blocks, onlyFor } of [...messages].reverse()) {
    if (onlyFor !== null) continue;
    const value = valuesIn(blocks).find((text) => new RegExp(`^\\{"i":${issue},`).test(text));
    if (value !== undefined) return { ts, value, dialog: buttonsIn(blocks).includes('approve-dialog'), blocks };
  }
  return null;
}

/** Every `value` in the blocks, at any depth. */
function valuesIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(valuesIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, inner]) =>
    name === 'value' && typeof inner === 'string' ? [inner] : valuesIn(inner),
  );
}
