/** What programs write between a name and its value besides a sign: colours, brackets, and the words of a pair. */
import { byteAt, chars, endsWith, type Input, isIn, NONE, runEnd, runStart, textOf, WORD } from '../engine/input.ts';

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
  const slashes = runEnd(input, at, BACKSLASHES, 7);
  if (!isIn(BEGINS_SPELT, input, slashes)) return NONE;
  for (const code of SPELT) {
    const end = slashes + code.length;
    if (byteAt(input, end) === OPENING && endsWith(input, end, code)) return end;
  }
  return NONE;
}

const SPELT = ['u001b', 'x1b', '033', 'e'].map((code) => Buffer.from(code));
const BEGINS_SPELT = chars('uUxX0eE');

/** The end of the name and of its line. */
const LINE_ENDS = /^(?:\\{0,3}["'])?(?:<\/\w{1,24}>)?[ \t]{0,16},?[ \t]{0,16}\r?\n$/;

/**
 * Where the value of a pair begins whose name is `[name, at)`: `"name": "PASSWORD", "value": "…"`, the same in two lines
 * as lists of YAML and JSON have it, or as attributes and tags of XML. The value may stand in the next line: then the
 * check waits for all of that.
 */
export function valueOfPair(input: Input, at: number, name = runStart(input, at, NAME, 48)): number {
  if (!mayEndPaired(input, at)) return NONE;
  const between = runStart(input, name, BETWEEN, 12);
  if (between === name || !endsKind(input, between)) return NONE;
  const value = valueWord(input, at);
  if (value === NONE && (input.final || at + MOST_BETWEEN < input.end)) return NONE;
  if (!input.final && at + MOST_BETWEEN >= input.end && LINE_ENDS.test(textOf(input, at, input.end))) input.open = true;
  return value;
}

/** Whether a name that is the value of another may end at the place. */
export function mayEndPaired(input: Input, at: number): boolean {
  return isIn(ENDS_NAME, input, at);
}

/** Whether `name`, `key` or `type` ends at the place. */
function endsKind(input: Input, at: number): boolean {
  if (isIn(LAST_OF_KEY, input, at - 1)) return endsWith(input, at, KEY);
  return isIn(LAST_OF_OTHERS, input, at - 1) && (endsWith(input, at, NAME_WORD) || endsWith(input, at, TYPE));
}

const LAST_OF_KEY = chars('yY');
const LAST_OF_OTHERS = chars('eE');
const KEY = Buffer.from('key');
const NAME_WORD = Buffer.from('name');
const TYPE = Buffer.from('type');
const VALUE = Buffer.from('value');

/** Behind the sign of the word that says that a value comes, in this line or the next, where a name ends at the place. */
function valueWord(input: Input, at: number): number {
  // Mostly another word follows.
  const blanks = runEnd(input, at, BLANK, 16);
  if (isIn(WORD, input, blanks)) return behindValue(input, blanks);
  let to = pastTag(input, pastQuote(input, at));
  to = runEnd(input, to, BLANK, 16);
  if (byteAt(input, to) === COMMA) to = runEnd(input, to + 1, BLANK, 16);
  const line = pastLineEnd(input, to);
  if (line !== to) to = runEnd(input, line, BLANK, 48);
  return behindValue(input, byteAt(input, to) === LESS ? to + 1 : pastQuote(input, to));
}

/** Behind the sign, if the word at the place ends with `value`. */
function behindValue(input: Input, begin: number): number {
  const end = runEnd(input, begin, WORD, 30);
  if (end - begin < 5 || end - begin > 29 || !endsWith(input, end, VALUE)) return NONE;
  const sign = runEnd(input, pastQuote(input, end), BLANK, 8);
  return isIn(SIGN, input, sign) ? sign + 1 : NONE;
}

const QUOTES = chars('"\'');
const BACKSLASHES = chars('\\');
const SIGN = chars(':=>');
const COMMA = 0x2c;
const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;

/** Behind a quote, which up to three backslashes may escape; the same place if there is none. */
function pastQuote(input: Input, at: number): number {
  const quote = runEnd(input, at, BACKSLASHES, 3);
  return isIn(QUOTES, input, quote) ? quote + 1 : at;
}

/** Behind the end of an element of XML. */
function pastTag(input: Input, at: number): number {
  if (byteAt(input, at) !== LESS || byteAt(input, at + 1) !== SLASH) return at;
  const end = runEnd(input, at + 2, WORD, 24);
  return end > at + 2 && byteAt(input, end) === GREATER ? end + 1 : at;
}

/** Behind the end of a line, as itself or as JSON spells it. */
function pastLineEnd(input: Input, at: number): number {
  if (byteAt(input, at) === 0x0a) return at + 1;
  if (byteAt(input, at) === 0x0d) return byteAt(input, at + 1) === 0x0a ? at + 2 : at;
  let to = runEnd(input, at, BACKSLASHES, 3);
  if (to === at) return at;
  if (byteAt(input, to) === 0x72) to = runEnd(input, to + 1, BACKSLASHES, 3);
  return byteAt(input, to) === 0x6e && byteAt(input, to - 1) === BACKSLASH ? to + 1 : at;
}

/** The text before a command or a name with blanks for colours and escaped line ends, so that words in it stand alone. */
export function plain(text: string): string {
  return text.replace(/(?:[^ -~]|\\u001b|\\x1b)\[[\d;]*m|\\[nrt]/gi, ' ');
}
