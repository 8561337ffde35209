/** The last lines of what a command printed, as few as a card's thread has room for. */

/** Slack's longest section takes 3,000 characters; the outcome stands above the lines. */
export const LAST_CHARACTERS = 2_400;
/** The last `count` lines of a text, as many as {@link LAST_CHARACTERS} hold; of a line that alone is longer, its end. */
export function lastOf(text: string, count: number): string {
  if (count === 0) return '';
  const lines = text.replace(/\r\n/g, '\n').trimEnd().split('\n').slice(-count);
  const shown = lines.join('\n');
  if (shown.length <= LAST_CHARACTERS) return shown;
  const end = shown.slice(1 - LAST_CHARACTERS);
  const from = end.indexOf('\n');
  // What is cut begins with no half of a character.
  return from === -1 ? `…${end.replace(/^[\udc00-\udfff]/, '')}` : end.slice(from + 1);
}
