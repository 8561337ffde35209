/** Values that a name gives away: `name=value` as configuration, environments, JSON, XML, shells and code write it. */
import {
  allBut,
  byteAt,
  type Chars,
  type Check,
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
import { pastColours, plain, valueOfPair } from './notation.ts';

/** How a value was written. */
export interface Written {
  quoted: boolean;
  /** With blanks around the sign, or a colon: prose and code look like that. */
  loose: boolean;
  /** Nothing follows in its line. */
  last: boolean;
  /** In a URL's query or a form. */
  query: boolean;
  /** Behind a name at its line's beginning, without a sign. */
  bare: boolean;
}

interface Assignment {
  /** The fewest and the most bytes of a value. */
  least: number;
  most?: number;
  /** The bytes that values are made of, where that turns most down before their text is read. */
  set?: Uint8Array;
  /** Bytes that no value begins with. */
  no?: Chars;
  /** Whether the bytes of the value may be one, which is asked before its text and its name are read. */
  may?: (input: Input, from: number, end: number) => boolean;
  /** Whether the value is one; its text has one character a byte. */
  accept: (value: string, written: Written) => boolean;
  /** Passes over values that a detector before it has found. */
  yields?: boolean;
  /** Whether the name up to the anchor's end, in lower case, is one; else every name is. */
  name?: (name: string) => boolean;
  /** Whether blanks do as a sign wherever the name stands: `accept` alone is certain. */
  spaced?: boolean;
}

const NAME = chars('0-9', 'a-z', 'A-Z', '_-.');
const BLANK = chars(' ', '\t');
const QUOTES = chars('"\'`');
const BARE = allBut(chars(' ', '\x00-\x1f', '"\'`,;&<>()[]{}|\\'));
const WITHIN: Record<string, Uint8Array> = {
  '"': allBut(chars('\x00-\x1f', '"\\')),
  "'": allBut(chars('\x00-\x1f', "'\\")),
  '`': allBut(chars('\x00-\x1f', '`\\')),
};
const MOST_NAME = 48;
const MOST_BLANKS = 40;
const MOST_VALUE = 2_048;

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
const NO_DOUBLE = allBut(chars('\x00-\x1f', '"'));
const NO_SINGLE = allBut(chars('\x00-\x1f', "'"));
const BACKTICK = 0x60;

/** A check of the value that is assigned to the name that ends with the anchor. */
export function assigned({
  least,
  most = MOST_VALUE,
  set: made,
  no,
  may,
  accept,
  yields = false,
  name,
  spaced = false,
}: Assignment): Check {
  return (input, at) => {
    // The name goes on.
    if (isIn(NAME, input, at)) return NONE;
    const start = runStart(input, at, NAME, MOST_NAME);
    const written = signAfter(input, at, start, spaced);
    const sign = written === NONE ? valueOfPair(input, at, start) : written;
    if (sign === NONE) return NONE;
    const begin = pastColours(input, runEnd(input, sign, BLANK, MOST_BLANKS));
    const slash = runEnd(input, begin, BACKSLASHES, 3);
    const quoted = isIn(QUOTES, input, slash);
    const from = quoted ? slash + 1 : begin;
    const set = quoted ? (WITHIN[String.fromCharCode(byteAt(input, slash))] ?? BARE) : BARE;
    const run = runEnd(input, from, set, MOST_VALUE + 2);
    const to = quoted ? pastEscapes(input, slash, begin, run, set) : run;
    // The full stop of a sentence may be one more.
    if (to - from < least || to - from > most + 1) return NONE;
    if (no !== undefined && isIn(no, input, from)) return NONE;
    if (yields && input.assigned === from) return NONE;
    if (isOther(input, sign, from, to)) return NONE;
    const asked = isIn(QUERY, input, start - 1);
    const end = quoted ? to : withoutStop(input, from, asked ? runEnd(input, from, NO_FRAGMENT, to - from) : to);
    if (made !== undefined && runEnd(input, from, made, MOST_VALUE) < end) return NONE;
    if (may !== undefined && !may(input, from, end)) return NONE;
    if (name !== undefined && !name(nameOf(input, at))) return NONE;
    const last = isIn(CONTROL, input, to) || (isIn(LINE_END, input, to) && to === end);
    const bare = !quoted && !spaced && written !== NONE && isBare(input, at, start, sign);
    if (bare && !last) return NONE;
    const loose = !quoted && written !== NONE && isLoose(input, at, sign, begin);
    const query = asked || isIn(QUERY, input, to);
    if (!accept(textOf(input, from, end), { quoted, loose, last, query, bare })) return NONE;
    if (end - from > most) return NONE;
    input.assigned = from;
    input.from = from;
    // What is assigned within a bare value ends where it does.
    if (!quoted) {
      input.doneFrom = input.anchor;
      input.doneTo = end - MOST_NAME;
    }
    return end;
  };
}

const QUERY = chars('?&');
const NO_FRAGMENT = allBut(chars('#'));
const BACKSLASHES = chars('\\');
/** What ends a line also within a text of JSON. */
const LINE_END = chars('\\"');
const CALL = chars('([{');

function isLoose(input: Input, at: number, sign: number, begin: number): boolean {
  const byte = byteAt(input, sign - 1);
  return byte === COLON || begin > sign || (sign > at + 1 && byte !== GREATER);
}

/** Whether it is no value: a tag that nothing closes, a call, a command in backticks. */
function isOther(input: Input, sign: number, from: number, to: number): boolean {
  const opening = byteAt(input, from - 1);
  if (byteAt(input, sign - 1) === GREATER && byteAt(input, sign - 2) !== EQUALS && byteAt(input, to) !== LESS)
    return true;
  if (opening === BACKTICK) return textOf(input, from, to).includes(' ');
  return !isIn(QUOTES, input, from - 1) && isIn(CALL, input, to);
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

/** Behind the sign that follows a name: `=`, `:`, `=>`, `:=`, the end of a tag, or the blank after an option. */
function signAfter(input: Input, at: number, start: number, spaced: boolean): number {
  const slash = runEnd(input, at, BACKSLASHES, 3);
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
    return byte === GREATER && sign === quote && /=\\{0,3}["']$/.test(textOf(input, start - 5, start))
      ? sign + 1
      : NONE;
  if (byte === LEFT && isIn(QUOTES, input, runEnd(input, sign + 1, BACKSLASHES, 3)))
    return SETTER.test(nameOf(input, at)) ? sign + 1 : NONE;
  if (byte === GREATER) return byteAt(input, start - 1) === LESS ? sign + 1 : NONE;
  // SQL: PASSWORD '…'
  if (isIn(QUOTES, input, sign) && sign > at && byteAt(input, sign) !== 0x60) return sign;
  if (sign === at) return NONE;
  if (isOption(input, start)) return sign === at + 1 ? sign : NONE;
  return spaced || isBare(input, at, start, sign) ? sign : NONE;
}

const SIGNS_ALONE = chars('=:');

/** `setPassword("…")`, `withToken("…")` */
const SETTER = /(?:^|\.)(?:set|with)[a-z]*$/;

/** `[password]` of forms, which may be `%5Bpassword%5D`, and the default that a prompt names: `key [None]:`. */
function pastBrackets(input: Input, at: number): number {
  const byte = byteAt(input, at);
  if (byte === CLOSING) return at + 1;
  if (byte === PERCENT) return /^%5D=$/i.test(textOf(input, at, at + 4)) ? at + 3 : at;
  if (byte !== SPACE || byteAt(input, at + 1) !== OPENING) return at;
  const end = runEnd(input, at + 2, WITHIN_BRACKETS, 24);
  return byteAt(input, end) === CLOSING && byteAt(input, end + 1) === COLON ? end + 1 : at;
}

function isOption(input: Input, name: number): boolean {
  if (byteAt(input, name) !== HYPHEN) return false;
  return byteAt(input, name + 1) === HYPHEN || isIn(BEFORE_OPTION, input, name - 1);
}

/** Whether the name stands at its line's beginning or behind `set`, and blanks alone before the value. */
function isBare(input: Input, at: number, start: number, sign: number): boolean {
  if (sign === at || !isIn(BLANK, input, sign - 1) || isOption(input, start)) return false;
  const name = wordStart(input, at, NAME, MOST_NAME);
  const line = runStart(input, name, BLANK, MOST_BLANKS);
  if (isIn(BEFORE_LINE, input, line - 1) || endsEscape(input, line) || beginsText(input, line)) return true;
  return (
    (byteAt(input, name - 1) === COLON || isIn(ENDS_SETTING, input, name - 2)) &&
    SETS.test(plain(textOf(input, name - MOST_NAME, name)))
  );
}

/** Whether a text of JSON begins here: its line begins with it. */
function beginsText(input: Input, at: number): boolean {
  return byteAt(input, at - 1) === DOUBLE && /:[ ]?\\{0,3}"$/.test(textOf(input, at - 6, at));
}

/** `config set NAME VALUE`, `setx NAME VALUE`, `ENV NAME VALUE`; npm's names are addresses. */
const SETS = /(?:\b(?:set|setx|setenv)|(?:^|[\s"])ENV) (?:\/\/[\w.:/-]*)?$/;
const WITHIN_BRACKETS = chars('0-9', 'a-z', 'A-Z', '*_ -');
/** The last letters of those words. */
const ENDS_SETTING = chars('txvV');
/** Also the ends of what containers' logs begin with. */
const BEFORE_LINE = chars('\x00-\x1f', ']|');
const BEFORE_OPTION = chars('\x00-\x1f', ' ', '"\'');

function nameOf(input: Input, at: number): string {
  let from = runStart(input, at, NAME, MOST_NAME);
  if (endsEscape(input, from + 1)) from += 1;
  const name = textOf(input, from, at).toLowerCase();
  // People write API key: what kind of key it is stands before it.
  if (name !== 'key' || byteAt(input, from - 1) !== SPACE) return name;
  return textOf(input, runStart(input, from - 1, LETTER, 16), at).toLowerCase();
}

/** Without the full stop of a sentence. */
function withoutStop(input: Input, from: number, to: number): number {
  return to - from > 1 && byteAt(input, to - 1) === 0x2e ? to - 1 : to;
}

/** What stands for a value and is none. */
const PLACEHOLDER =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|empty|unset|missing|required|optional|string|text|number|boolean|str|int|bytes|object|any|default|redacted|filtered|masked|hidden|removed|denied|rejected|failed|accepted|prompt|stdin|valid|secret|password|passwd|pwd|token|example|changed|invalid|expired|incorrect|wrong|unknown|disabled|enabled|not-?set|n\/a|todo|your.*|my-?(?:password|secret|token)|\[?\(?(?:redacted|filtered|masked|hidden|removed).*)$/i;
/** A reference to where the value is: $NAME, ${name}, {{ name }}, %s, <name>, @name@, vault:path, process.env.NAME */
const REFERENCE =
  /^(?:[$%]|\{|<|\[|@[\w.]+@$|#\{|(?:vault|ssm|op|env|file|secretsmanager|arn|https?|sm):|&|\*|!|(?:process|os|config|self|this|env|settings|options|opts|args|params|req|request|user|ctx|context|var|local|data|module)\.[A-Za-z_])/;

/** What alone makes a text that begins with it such a reference. */
export const BEGINS_REFERENCE = chars('$%{<[&*!');

/** The bytes of ‹, … and • as characters: texts have one character a byte. */
const SIGNS = ['***', '...', 'xxxxxx', 'XXXXXX', '\xe2\x80\xb9', '\xe2\x80\xa6'];
const BULLETS = /^(?:\xe2(?:\x80\xa2|\x97\x8f))+$/;

/** Whether the text is a placeholder or a reference rather than a value. */
export function standsForValue(value: string): boolean {
  if (PLACEHOLDER.test(value)) return true;
  const first = value.charCodeAt(0);
  if (first === value.charCodeAt(1) && /^(.)\1*$/s.test(value)) return true;
  const plain = value.length > 1 && isAlphanumeric(first) && !value.includes(':') && !value.includes('.');
  if (!plain && (REFERENCE.test(value) || BULLETS.test(value))) return true;
  return SIGNS.some((sign) => value.includes(sign));
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
