/** Makes other people's text show what is in it: nothing hidden, nothing on another line, nothing too long. */

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

const PLAIN_ARGUMENT = /^[A-Za-z0-9_./:=@%+,-]+$/;

/** An argument vector so that each argument's limits show: plain words as they are, all else as a JSON string. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((argument) => (PLAIN_ARGUMENT.test(argument) ? argument : quoted(argument))).join(' ');
}

/** A runbook's inputs, one `name = value` each, the values as JSON. */
export function inputLines(inputs: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(inputs).map(([name, value]) => `${name} = ${quoted(value)}`);
}

// Whatever is not printable ASCII is written as an escape: look-alike letters and right-to-left words would deceive.
function quoted(value: string | number | boolean): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => unicodeEscape(unit.charCodeAt(0)));
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
