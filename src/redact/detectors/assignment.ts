/** Reads what stands behind a name: `name=value` as configuration, environments, JSON, XML, shells and code write it. */
import {
  type Assignment,
  allBut,
  byteAt,
  type Chars,
  CONTROL,
  chars,
  endsEscape,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
  runStart,
  textOf,
  wordStart,
} from '../engine/input.ts';
import { mayEndPaired, pastColours, plain, valueOfPair } from './notation.ts';

const NAME = chars('0-9', 'a-z', 'A-Z', '_-.');
const BLANK = chars(' ', '\t');
const QUOTES = chars('"\'`');
const BARE = allBut(chars(' ', '\x00-\x1f', '"\'`,;&<>()[]{}|\\'));
/** What may stand up to the quote that closes a value or a backslash. */
const TO_DOUBLE = allBut(chars('\x00-\x1f', '"\\'));
const TO_SINGLE = allBut(chars('\x00-\x1f', "'\\"));
const TO_BACKTICK = allBut(chars('\x00-\x1f', '`\\'));
/** The most bytes of a name. */
export const MOST_NAME = 48;
const MOST_BLANKS = 40;
/** The most bytes of a value. */
export const MOST_VALUE = 2_048;

const EQUALS = 0x3d;
const COLON = 0x3a;
const GREATER = 0x3e;
const LESS = 0x3c;
const HYPHEN = 0x2d;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const SPACE = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const LEFT = 0x28;
const DOUBLE = 0x22;
const BACKTICK = 0x60;
const NO_DOUBLE = allBut(chars('\x00-\x1f', '"'));
const NO_SINGLE = allBut(chars('\x00-\x1f', "'"));

const BACKSLASHES = chars('\\');

/**
 * What the name that ends at the place is followed by, if that may have a value of `least` bytes; its `from` is NONE if nothing is.
 * `spaced`: blanks alone do as a sign wherever the name stands.
 */
export function assignmentAt(input: Input, at: number, least: number, spaced: boolean): Assignment {
  const own = input.assignment.at === at ? input.assignment : readAssignment(input, at);
  if (own.sign !== NONE && !own.blank) return own;
  const enough = own.sign !== NONE && own.to - own.from >= least;
  if (enough && isSign(input, own, spaced)) return own;
  const paired = input.pairedAssignment.at === at ? input.pairedAssignment : readPaired(input, own);
  if (paired.from === NONE || enough || own.sign === NONE) return paired;
  return isSign(input, own, spaced) ? own : paired;
}

function readAssignment(input: Input, at: number): Assignment {
  const { assignment } = input;
  assignment.at = at;
  assignment.start = NONE;
  assignment.from = NONE;
  assignment.blank = false;
  assignment.sign = isIn(FOLLOWS, input, at) ? signAfter(input, assignment) : NONE;
  if (assignment.sign !== NONE) readValue(input, assignment);
  return assignment;
}

function readPaired(input: Input, own: Assignment): Assignment {
  const { pairedAssignment } = input;
  pairedAssignment.at = own.at;
  pairedAssignment.from = NONE;
  if (!mayEndPaired(input, own.at)) return pairedAssignment;
  pairedAssignment.start = nameStart(input, own);
  pairedAssignment.sign = valueOfPair(input, own.at, pairedAssignment.start);
  if (pairedAssignment.sign !== NONE) readValue(input, pairedAssignment);
  // It is to be read again once more is there.
  if (input.open) pairedAssignment.at = NONE;
  return pairedAssignment;
}

/** Whether the blanks behind the name do as a sign. */
function isSign(input: Input, assignment: Assignment, spaced: boolean): boolean {
  const { at, sign } = assignment;
  return isOption(input, nameStart(input, assignment)) ? sign === at + 1 : spaced || isBare(input, at, sign);
}

/** What can stand right behind a name that has a value: signs, quotes, blanks, brackets, colours, and the ends of tags and lines. */
const FOLLOWS = chars('=:"\'`\\ \t>(%]<,\r\n\x1b');

/** What of it a backslash can begin: an escaped quote, the escape of a colour, or the end of a line. */
const ESCAPED = chars('\\"\'`uUxX0eErn');

/** Whether a value may follow upon the name that ends at the place: mostly its next byte says that none does. */
export function mayHaveValue(input: Input, at: number): boolean {
  return isIn(FOLLOWS, input, at) && (byteAt(input, at) !== BACKSLASH || isIn(ESCAPED, input, at + 1));
}

/** Where the name begins. */
export function nameStart(input: Input, assignment: Assignment): number {
  if (assignment.start === NONE) assignment.start = runStart(input, assignment.at, NAME, MOST_NAME);
  return assignment.start;
}

function readValue(input: Input, assignment: Assignment): void {
  const begin = pastColours(input, runEnd(input, assignment.sign, BLANK, MOST_BLANKS));
  const slash = byteAt(input, begin) === BACKSLASH ? runEnd(input, begin, BACKSLASHES, 3) : begin;
  const quoted = isIn(QUOTES, input, slash);
  const from = quoted ? slash + 1 : begin;
  const set = quoted ? withinQuote(byteAt(input, slash)) : BARE;
  const run = runEnd(input, from, set, MOST_VALUE + 2);
  assignment.begin = begin;
  assignment.quoted = quoted;
  assignment.from = from;
  assignment.to = quoted ? pastEscapes(input, slash, begin, run, set) : run;
}

function withinQuote(quote: number): Chars {
  if (quote === DOUBLE) return TO_DOUBLE;
  return quote === BACKTICK ? TO_BACKTICK : TO_SINGLE;
}

/**
 * Where a quoted value ends that its run of bytes only interrupts: at a quote behind as many backslashes as before the one
 * that opens it, as texts within texts of JSON have them.
 */
function pastEscapes(input: Input, quote: number, begin: number, run: number, set: Uint8Array): number {
  let to = run;
  while (byteAt(input, to) === BACKSLASH && to < run + MOST_VALUE) {
    const char = runEnd(input, to, BACKSLASHES, 8);
    const closes =
      byteAt(input, char) === byteAt(input, quote) && (quote > begin || !closesLater(input, char + 1, quote));
    if (closes && char - to <= Math.max(1, quote - begin)) break;
    if (isIn(CONTROL, input, char)) break;
    to = runEnd(input, char + 1, set, MOST_VALUE);
  }
  return to;
}

/** Whether the line has one more quote of that kind: else the backslash before this one was the value's last character. */
function closesLater(input: Input, at: number, quote: number): boolean {
  const sign = byteAt(input, quote);
  const set = sign === DOUBLE ? NO_DOUBLE : NO_SINGLE;
  return byteAt(input, runEnd(input, at, set, MOST_VALUE)) === sign;
}

/** Behind the sign that follows a name: `=`, `:`, `=>`, `:=`, the end of a tag, or blanks. */
function signAfter(input: Input, assignment: Assignment): number {
  const { at } = assignment;
  const slash = byteAt(input, at) === BACKSLASH ? runEnd(input, at, BACKSLASHES, 3) : at;
  const quote = isIn(QUOTES, input, slash) ? slash + 1 : at;
  const sign = isIn(SIGNS_ALONE, input, quote)
    ? quote
    : runEnd(input, pastBrackets(input, pastColours(input, quote)), BLANK, MOST_BLANKS);
  const byte = byteAt(input, sign);
  const next = byteAt(input, sign + 1);
  if (byte === EQUALS) return next === EQUALS || next === 0x7e ? NONE : next === GREATER ? sign + 2 : sign + 1;
  if (byte === COLON) return next === EQUALS ? sign + 2 : next === COLON || next === 0x2f ? NONE : sign + 1;
  // <entry key="NAME">VALUE</entry>
  if (quote !== at)
    return byte === GREATER && sign === quote && isAttribute(input, nameStart(input, assignment)) ? sign + 1 : NONE;
  if (byte === LEFT && isIn(QUOTES, input, runEnd(input, sign + 1, BACKSLASHES, 3)))
    return SETTER.test(nameOf(input, at)) ? sign + 1 : NONE;
  if (byte === GREATER) return byteAt(input, nameStart(input, assignment) - 1) === LESS ? sign + 1 : NONE;
  // SQL: PASSWORD '…'
  if (isIn(QUOTES, input, sign) && sign > at && byteAt(input, sign) !== BACKTICK) return sign;
  if (sign === at) return NONE;
  assignment.blank = true;
  return sign;
}

/** Whether the value of an attribute begins at the place, whose quote up to three backslashes may escape. */
function isAttribute(input: Input, at: number): boolean {
  return isIn(XML_QUOTES, input, at - 1) && byteAt(input, runStart(input, at - 1, BACKSLASHES, 3) - 1) === EQUALS;
}

const XML_QUOTES = chars('"\'');
const SIGNS_ALONE = chars('=:');

/** `setPassword("…")`, `withToken("…")` */
const SETTER = /(?:^|\.)(?:set|with)[a-z]*$/;

/** `[password]` of forms, which may be `%5Bpassword%5D`, and the default that a prompt names: `key [None]:`. */
function pastBrackets(input: Input, at: number): number {
  const byte = byteAt(input, at);
  if (byte === CLOSING) return at + 1;
  if (byte === PERCENT) return isSpeltBracket(input, at) ? at + 3 : at;
  if (byte !== SPACE || byteAt(input, at + 1) !== OPENING) return at;
  const end = runEnd(input, at + 2, WITHIN_BRACKETS, 24);
  return byteAt(input, end) === CLOSING && byteAt(input, end + 1) === COLON ? end + 1 : at;
}

function isSpeltBracket(input: Input, at: number): boolean {
  const [five, letter] = [byteAt(input, at + 1), byteAt(input, at + 2) | 0x20];
  return five === 0x35 && letter === 0x64 && byteAt(input, at + 3) === EQUALS;
}

/** Whether the name is an option's. */
export function isOption(input: Input, name: number): boolean {
  if (byteAt(input, name) !== HYPHEN) return false;
  return byteAt(input, name + 1) === HYPHEN || isIn(BEFORE_OPTION, input, name - 1);
}

/** Whether the name stands at its line's beginning or behind `set`, and blanks alone before the value. */
function isBare(input: Input, at: number, sign: number): boolean {
  if (!isIn(BLANK, input, sign - 1)) return false;
  const name = wordStart(input, at, NAME, MOST_NAME);
  const line = runStart(input, name, BLANK, MOST_BLANKS);
  if (isIn(BEFORE_LINE, input, line - 1) || endsEscape(input, line) || beginsText(input, line)) return true;
  return maySet(input, name) && SETS.test(plain(textOf(input, name - MOST_NAME, name)));
}

/** Whether an address or one of the words of SETS may end right before the name. */
function maySet(input: Input, name: number): boolean {
  if (byteAt(input, name - 1) === COLON) return true;
  if (!isIn(ENDS_SETTING, input, name - 2)) return false;
  return byteAt(input, name - 1) !== SPACE || (isIn(SECOND_LAST, input, name - 3) && isIn(THIRD_LAST, input, name - 4));
}

/** Whether a text of JSON begins here: its line begins with it. */
function beginsText(input: Input, at: number): boolean {
  if (byteAt(input, at - 1) !== DOUBLE) return false;
  const sign = runStart(input, at - 1, BACKSLASHES, 3) - 1;
  return byteAt(input, sign) === COLON || (byteAt(input, sign) === SPACE && byteAt(input, sign - 1) === COLON);
}

/** `config set NAME VALUE`, `setx NAME VALUE`, `ENV NAME VALUE`; npm's names are addresses. */
const SETS = /(?:\b(?:set|setx|setenv)|(?:^|[\s"])ENV) (?:\/\/[\w.:/-]*)?$/;
const WITHIN_BRACKETS = chars('0-9', 'a-z', 'A-Z', '*_ -');
/** The last letters of those words, and those before. */
const ENDS_SETTING = chars('txvV');
const SECOND_LAST = chars('etnN');
const THIRD_LAST = chars('seE');
/** Also the ends of what containers' logs begin with. */
const BEFORE_LINE = chars('\x00-\x1f', ']|');
const BEFORE_OPTION = chars('\x00-\x1f', ' ', '"\'');

/** The name that ends at the place, in lower case. */
export function nameOf(input: Input, at: number): string {
  let from = runStart(input, at, NAME, MOST_NAME);
  if (endsEscape(input, from + 1)) from += 1;
  const name = textOf(input, from, at).toLowerCase();
  // People write API key: what kind of key it is stands before it.
  if (name !== 'key' || byteAt(input, from - 1) !== SPACE) return name;
  return textOf(input, runStart(input, from - 1, LETTER, 16), at).toLowerCase();
}
