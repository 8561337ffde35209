/** Text of others for a terminal: nothing in it moves the cursor, colours, hides, reorders, or looks like a line of ours. */

/** The text on one line, its control and invisible characters written out as `\u001b`. */
export function onTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
