/** Turns other people's text into text that can do nothing in Slack: nothing hidden, nothing active, nothing too long. */

/**
 * Characters nobody sees or that reorder what is seen: controls (except newline), format characters with all bidi
 * and zero-width ones, odd line ends, private use, and letters that are drawn as nothing.
 */
const HIDDEN = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Co}|\p{Default_Ignorable_Code_Point}|\u2800/gu;

/** The text with hidden characters written out as `⟨U+202E⟩` and broken surrogates replaced; newlines stay. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(HIDDEN, (hidden) => (hidden === '\n' ? hidden : codePoint(hidden)));
}

/** The same on one line: every run of white space becomes one space. */
export function oneLine(text: string): string {
  return visible(text.replaceAll('\t', ' ')).replace(/\s+/gu, ' ').trim();
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

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

const PLAIN_ARGUMENT = /^[A-Za-z0-9_./:=@%+,-]+$/;

/** An argument vector so that each argument's limits show: plain words as they are, all else as a JSON string. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((argument) => (PLAIN_ARGUMENT.test(argument) ? argument : quoted(argument))).join(' ');
}

// Whatever is not printable ASCII is written as an escape: look-alike letters and right-to-left words would deceive.
function quoted(argument: string): string {
  return JSON.stringify(argument).replace(/[^\x20-\x7e]/g, (unit) => unicodeEscape(unit.charCodeAt(0)));
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
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
