/** Posts the guidelines of a channel and pins them; those that the bot pinned before are brought up to date instead. */
import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import { oneLine, visible } from '../request/plain-text.ts';
import { slackClient } from './calls.ts';
import { cut, escapeAndCut, plain } from './inert.ts';
import { ambiguous, slackErrorCode, slackFault } from './slack-fault.ts';

/** A message as Slack takes it; `text` begins with the title, which is how it is known again. */
export interface GuidelinesMessage {
  text: string;
  blocks: KnownBlock[];
}

export interface GuidelinesOptions extends GuidelinesMessage {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  /** The channel's id (`C…`). */
  channel: string;
}

export interface PostedGuidelines {
  ts: string;
  /** Where people read them; null where Slack did not say. */
  link: string | null;
  /** False where the message of an earlier time was brought up to date. */
  posted: boolean;
  pinned: boolean;
  /** Why it is not pinned, and what to do about it. */
  why?: string;
}

const CALL_MS = 10_000;
/** Slack's limits (docs.slack.dev, Block Kit reference): a header, a section's text, and a message's blocks. */
const TITLE_MAX = 150;
const SECTION_MAX = 3000;
const BLOCKS_MAX = 50;
/** Slack cuts a message's text at 40,000 characters; it is what a screen reader says. */
const TEXT_MAX = 12_000;

/** Draws guidelines: a title, then a section for each paragraph. Nothing in them is active. */
export function guidelinesMessage(title: string, paragraphs: readonly string[]): GuidelinesMessage {
  const heading = cut(oneLine(title), TITLE_MAX);
  const sections = paragraphs.slice(0, BLOCKS_MAX - 1).map((paragraph) => cut(visible(paragraph), SECTION_MAX));
  return {
    text: escapeAndCut([heading, ...sections].join('\n'), TEXT_MAX),
    blocks: [
      { type: 'header', text: plain(heading) },
      ...sections.map((section) => ({ type: 'section' as const, text: plain(section) })),
    ],
  };
}

/**
 * Posts and pins. Guidelines with the same title that this bot pinned before are changed and not repeated, where the
 * token may see pins (`pins:read`). Needs `chat:write`, and `pins:write` to pin: without it they are posted, and `why`
 * says so. Throws a Fault `slack` where they could not be posted; after that nothing is thrown.
 */
export async function postGuidelines(options: GuidelinesOptions): Promise<PostedGuidelines> {
  const { token, apiUrl, channel } = options;
  const web = slackClient(token, apiUrl, CALL_MS);
  const earlier = await pinnedBefore(web, options);
  if (earlier !== null && (await changed(web, options, earlier))) {
    return { ts: earlier, link: await linkTo(web, channel, earlier), posted: false, pinned: true };
  }
  const ts = await post(web, options);
  const [link, why] = await Promise.all([linkTo(web, channel, ts), pin(web, channel, ts)]);
  return { ts, link, posted: true, pinned: why === null, ...(why === null ? {} : { why }) };
}

const Pins = v.looseObject({
  items: v.array(
    v.looseObject({
      message: v.optional(
        v.looseObject({ ts: v.string(), user: v.optional(v.string()), text: v.optional(v.string(), '') }),
      ),
    }),
  ),
});
const Self = v.looseObject({ user_id: v.string() });

/** The time stamp of this bot's pinned message with the same title; null: none, or it may not be seen. */
async function pinnedBefore(web: WebClient, { channel, text }: GuidelinesOptions): Promise<string | null> {
  try {
    const { items } = v.parse(Pins, await web.pins.list({ channel }));
    const self = v.parse(Self, await web.auth.test()).user_id;
    const title = firstLine(text);
    const mine = items.find(({ message }) => message?.user === self && firstLine(message.text) === title);
    return mine?.message?.ts ?? null;
  } catch {
    // Looking is a favour to the channel: without it the guidelines stand there twice, and the older can be removed.
    return null;
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.trim() ?? '';

/** Whether the earlier message could be changed; one that is gone meanwhile is posted anew. */
async function changed(web: WebClient, options: GuidelinesOptions, ts: string): Promise<boolean> {
  const { channel, text, blocks } = options;
  try {
    await web.chat.update({ channel, ts, text, blocks, parse: 'none', link_names: false });
    return true;
  } catch (error) {
    if (slackErrorCode(error) === 'message_not_found') return false;
    throw slackFault(error, { doing: 'change the guidelines', channel, byHand: 'chat:write' });
  }
}

async function post(web: WebClient, { channel, text, blocks }: GuidelinesOptions): Promise<string> {
  const inert = { mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
  try {
    const { ts } = await web.chat.postMessage({ channel, text, blocks, ...inert });
    if (ts !== undefined) return ts;
  } catch (error) {
    const fault = slackFault(error, { doing: 'post the guidelines', channel, byHand: 'chat:write' });
    if (!ambiguous(error)) throw fault;
    throw new Fault('slack', fault.message, `Look whether they stand in the channel all the same. ${fault.remedy}`, {
      cause: error,
    });
  }
  throw new Fault(
    'slack',
    'Slack: posted the guidelines, but its answer does not say where.',
    'Look at the channel, and pin them by hand.',
  );
}

/** Null once it is pinned, else why it is not. */
async function pin(web: WebClient, channel: string, ts: string): Promise<string | null> {
  try {
    await web.pins.add({ channel, timestamp: ts });
    return null;
  } catch (error) {
    const code = slackErrorCode(error);
    if (code === 'already_pinned') return null;
    const byHand = 'Pin them by hand: the message\'s "More actions", "Pin to channel".';
    if (code === 'missing_scope') {
      return `They are not pinned: the bot token lacks the scope pins:write (see slack-app-manifest.yml). ${byHand}`;
    }
    const { message } = slackFault(error, { doing: 'pin the guidelines', channel, byHand: 'pins:write' });
    return `They are not pinned. ${message} ${byHand}`;
  }
}

async function linkTo(web: WebClient, channel: string, ts: string): Promise<string | null> {
  try {
    return (await web.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null;
  } catch {
    // The message stands; only the short way to it is missing.
    return null;
  }
}
