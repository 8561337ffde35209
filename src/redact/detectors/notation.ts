/** What programs write between a name and its value besides a sign: colours, brackets, and the words of a pair. */
import { byteAt, chars, type Input, isIn, NONE, runEnd, runStart, textOf } from '../engine/input.ts';

const BLANK = chars(' ', '\t');
const CODES = chars('0-9', ';');
const NAME = chars('0-9', 'a-z', 'A-Z', '_-.');
const ENDS_NAME = chars('"\'\\<, \t\r\n');
const BETWEEN = chars('"\'\\:=> \t');
const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;
const OPENING = 0x5b;
const MOST_COLOURS = 4;
const MOST_BETWEEN = 100;

/** Behind the colours that stand at the place and the blanks behind those, as a terminal takes them or spelt (`\x1b[33m`). */
export function pastColours(input: Input, at: number): number {
  let behind = at;
  for (let colours = 0; colours < MOST_COLOURS; colours++) {
    const bracket = bracketOf(input, behind);
    if (bracket === NONE) break;
    const letter = runEnd(input, bracket + 1, CODES, 12);
    if (byteAt(input, letter) !== 0x6d) break;
    behind = runEnd(input, letter + 1, BLANK, 40);
  }
  return behind;
}

/** Where the bracket of the escape stands that begins at the place. */
function bracketOf(input: Input, at: number): number {
  const byte = byteAt(input, at);
  if (byte === ESCAPE) return byteAt(input, at + 1) === OPENING ? at + 1 : NONE;
  if (byte !== BACKSLASH) return NONE;
  const spelt = /^\\{1,7}(?:u001b|x1b|033|e)\[/i.exec(textOf(input, at, at + 13))?.[0].length;
  return spelt === undefined ? NONE : at + spelt - 1;
}

/** The end of the name and the word that says that a value comes, with the line end that may be between. */
const VALUE_COMES =
  /^(?:\\{0,3}["'])?(?:<\/\w{1,24}>)?[ \t]{0,16},?[ \t]{0,16}(?:(?:\r?\n|(?:\\{1,3}r)?\\{1,3}n)[ \t]{0,48})?(?:\\{0,3}["']|<)?\w{0,24}value(?:\\{0,3}["'])?[ \t]{0,8}[:=>]/i;
const LINE_ENDS = /^(?:\\{0,3}["'])?(?:<\/\w{1,24}>)?[ \t]{0,16},?[ \t]{0,16}\r?\n$/;

/**
 * Where the value of a pair begins whose name ends at the place: `"name": "PASSWORD", "value": "…"`, the same in two lines
 * as lists of YAML and JSON have it, or as attributes and tags of XML. The value may stand in the next line: then the
 * check waits for all of that.
 */
export function valueOfPair(input: Input, at: number): number {
  if (!isIn(ENDS_NAME, input, at)) return NONE;
  const name = runStart(input, at, NAME, 48);
  const between = runStart(input, name, BETWEEN, 12);
  if (between === name || !/(?:name|key|type)$/i.test(textOf(input, between - 4, between))) return NONE;
  const behind = textOf(input, at, at + MOST_BETWEEN);
  const found = VALUE_COMES.exec(behind);
  if (!input.final && at + behind.length >= input.end && LINE_ENDS.test(behind)) input.open = true;
  return found === null ? NONE : at + found[0].length;
}

/** The text before a command or a name with blanks for colours and escaped line ends, so that words in it stand alone. */
export function plain(text: string): string {
  return text.replace(/(?:[^ -~]|\\u001b|\\x1b)\[[\d;]*m|\\[nrt]/gi, ' ');
}
