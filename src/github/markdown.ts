/** Inert Markdown: any text may pass through here and none of it becomes a mention, link, HTML, or the end of its fence. */

/**
 * Text as one code span, shown exactly; line breaks and invisible characters become visible (`⟨U+000A⟩`).
 * Its delimiter is longer than any run of backticks inside, so nothing can end it early.
 */
export function codeSpan(text: string): string {
  if (text === '') return '_(empty)_';
  return span(visible(text, HIDDEN_IN_LINE));
}

/** Text as a fenced block, shown exactly, its lines kept. Its fence is longer than any run of backticks inside. */
export function codeFence(text: string, language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const lines = visible(text.replaceAll('\r\n', '\n'), HIDDEN_IN_BLOCK);
  return `${fence}${language}\n${lines}\n${fence}`;
}

/**
 * Text for one cell of a table: code spans around each piece between pipes, the pipes themselves as entities,
 * since Markdown readers disagree on how a pipe is written inside a code span of a table.
 */
export function tableCell(text: string): string {
  if (text === '') return '_(empty)_';
  return visible(text, HIDDEN_IN_LINE)
    .split('|')
    .map((piece) => (piece === '' ? '' : span(piece)))
    .join('&#124;');
}

/** Words of ours or of the policy: as they are where they hold nothing that GitHub gives a meaning to, else a code span. */
export function words(text: string): string {
  const plain = /^\p{L}[\p{L}\p{M}\p{N} ,;:.()'’"“”…–-]*$|^\d+ [\p{L}\p{M}\p{N} ,;:.()'’"“”…–-]*$/u.test(text);
  const linked = /www\.|https?:|ftp:|[0-9a-f]{7}|[A-Za-z]-\d|:\S|^\d+[.)]/i.test(text);
  return plain && !linked ? text : codeSpan(text);
}

/** A link with our own words, if the address is http or https; else the address as code. */
export function link(label: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return codeSpan(address);
  const inert = url.href.replace(/[\\`|<>()[\]*_~!"'@\s]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `[${label.replaceAll(/[[\]]/g, '')}](<${inert}>)`;
}

/** Shortens to `limit` UTF-16 units and says so; never splits a character. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = ` … (${text.length} characters in all)`;
  return text.slice(0, limit - note.length).replace(/[\ud800-\udbff]$/u, '') + note;
}

/** Characters that change what people see without being seen: direction marks, zero width, separators, half characters. */
const INVISIBLE = '\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}';
/** In prose U+FE0F stays: it makes an emoji of a sign, and hides nothing. */
const HIDDEN_IN_LINE = new RegExp(`(?!\\u{fe0f})[\\p{Cc}${INVISIBLE}]`, 'gu');
const HIDDEN_IN_BLOCK = new RegExp(`(?![\\n\\t\\u{fe0f}])[\\p{Cc}${INVISIBLE}]`, 'gu');
const HIDDEN_IN_JSON = new RegExp(`[\\p{Cc}${INVISIBLE}]`, 'gu');

function visible(text: string, hidden: RegExp): string {
  return text.replace(hidden, (c) => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** A JSON string whose invisible characters are escaped too, so that two arguments that differ look different. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(HIDDEN_IN_JSON, (c) =>
    [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

function span(text: string): string {
  const delimiter = '`'.repeat(longestRun(text) + 1);
  // A space on both sides is taken away again by Markdown; a text of spaces alone is left as it is.
  const pad = /^[` ]|[` ]$/.test(text) && /[^ ]/.test(text) ? ' ' : '';
  return `${delimiter}${pad}${text}${pad}${delimiter}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
}
