/** A time on a card, as each reader's own clock shows it. */
import type { SectionBlock } from '@slack/types';

/** A label of ours and the instant; nothing for what is none. The fallback is for clients that cannot convert it. */
export function dated(label: string, instant: string): SectionBlock[] {
  const ms = Date.parse(instant);
  if (!Number.isFinite(ms)) return [];
  const fallback = `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = `*${label}*  <!date^${Math.floor(ms / 1000)}^{date_short_pretty} at {time}|${fallback}>`;
  return [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}
