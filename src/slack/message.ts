/** Messages beside the card: to one person, into a thread. Pure; nothing in them is active but the mentions asked for. */
import type { KnownBlock } from '@slack/types';
import { visible } from '../request/plain-text.ts';
import { cut, escapeAndCut, plain } from './inert.ts';

/** A message as Slack takes it. */
export interface CardMessage {
  /** What the notification and a screen reader say. Slack's control characters are escaped. */
  text: string;
  blocks: KnownBlock[];
}

/** Slack's limit of a section's text (docs.slack.dev, Block Kit reference). */
const SECTION_MAX = 3000;
/** Ours: a longer row of names would hide what is said. */
const MENTIONS_MAX = 80;
const SLACK_USER = /^[UW][A-Z0-9]{2,30}$/;

/** A message of ours, made inert like everything else; it mentions the members `ping` and nobody else. */
export function message(text: string, ping: readonly string[] = []): CardMessage {
  const shown = visible(text).trim();
  const words = cut(shown === '' ? '—' : shown, SECTION_MAX);
  return {
    text: escapeAndCut(words, SECTION_MAX),
    blocks: [...mentions(membersIn(ping)), { type: 'section', text: plain(words) }],
  };
}

/** The member ids among these, each once; what is no id mentions nobody. */
export function membersIn(ids: readonly string[]): string[] {
  return [...new Set(ids)].filter((id) => SLACK_USER.test(id)).slice(0, MENTIONS_MAX);
}

/** Mentions these members, with words of ours behind. */
export function mentions(members: readonly string[], words = ''): KnownBlock[] {
  if (members.length === 0) return [];
  const text = `${members.map((member) => `<@${member}>`).join(' ')}${words}`;
  return [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}
