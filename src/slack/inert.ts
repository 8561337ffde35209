/** Turns other people's text into text that can do nothing in Slack: nothing active, nothing too long. */

/**
 * At most `max` UTF-16 units (never fewer characters than Slack counts), ending with `…` where something was cut;
 * a character is never cut in two.
 */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${start(text, max - 1)}…`;
}

/** The first `max` UTF-16 units, one less where that would cut a character in two. */
export function start(text: string, max: number): string {
  return text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/** Slack's three control characters as entities, for `text` and mrkdwn (docs.slack.dev, "Formatting message text"). */
export function escapeControl(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped and at most `max` units long after escaping, without an entity cut in two. */
export function escapeAndCut(text: string, max: number): string {
  const escaped = escapeControl(text);
  if (escaped.length <= max) return escaped;
  return `${start(escaped, max - 1).replace(/&[a-z]*$/, '')}…`;
}

/** An `https:` or `http:` address that Slack accepts as a link, else null. */
export function safeUrl(url: string | null): string | null {
  if (url === null || url.length > 3000 || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  const href = parsed.href.replaceAll('|', '%7C');
  return (parsed.protocol === 'https:' || parsed.protocol === 'http:') && href.length <= 3000 ? href : null;
}

/** Text in which Slack reads neither formatting nor mentions nor emoji names. */
export function plain(text: string): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text, emoji: false };
}
