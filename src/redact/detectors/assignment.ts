/** Values that a name gives away: `name=value` as configuration, environments, JSON, XML, shells and code write it. */
import {
  allBut,
  byteAt,
  type Check,
  CONTROL,
  chars,
  endsEscape,
  type Input,
  isIn,
  NONE,
  runEnd,
  runStart,
  textOf,
} from '../engine/input.ts';

/** How a value was written. */
export interface Written {
  quoted: boolean;
  /** With blanks around the sign, or a colon: prose and code look like that. */
  loose: boolean;
  /** Nothing follows in its line. */
  last: boolean;
  /** In a URL's query or a form. */
  query: boolean;
}

interface Assignment {
  /** The fewest and the most bytes of a value. */
  least: number;
  most?: number;
  /** The bytes that values are made of, where that turns most down before their text is read. */
  set?: Uint8Array;
  /** Whether the value is one; its text has one character a byte. */
  accept: (value: string, written: Written) => boolean;
  /** Passes over values that a detector before it has found. */
  yields?: boolean;
  /** Whether the name up to the anchor's end, in lower case, is one; else every name is. */
  name?: (name: string) => boolean;
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
const MOST_BLANKS = 8;
const MOST_VALUE = 2_048;

const EQUALS = 0x3d;
const COLON = 0x3a;
const GREATER = 0x3e;
const LESS = 0x3c;
const HYPHEN = 0x2d;

/** A check of the value that is assigned to the name that ends with the anchor. */
export function assigned({ least, most = MOST_VALUE, set: made, accept, yields = false, name }: Assignment): Check {
  return (input, at) => {
    const sign = signAfter(input, at);
    if (sign === NONE) return NONE;
    const begin = runEnd(input, sign, BLANK, MOST_BLANKS);
    const slash = runEnd(input, begin, BACKSLASHES, 3);
    const quoted = isIn(QUOTES, input, slash);
    const from = quoted ? slash + 1 : begin;
    const set = quoted ? (WITHIN[String.fromCharCode(byteAt(input, slash))] ?? BARE) : BARE;
    const to = runEnd(input, from, set, MOST_VALUE);
    // The full stop of a sentence may be one more.
    if (to - from < least || to - from > most + 1) return NONE;
    if (yields && input.assigned === from) return NONE;
    if (name !== undefined && !name(nameOf(input, at))) return NONE;
    if (byteAt(input, sign - 1) === GREATER && sign === at + 1 && byteAt(input, to) !== LESS) return NONE;
    const loose = !quoted && (begin > sign || sign > at + 1 || byteAt(input, sign - 1) === COLON);
    if (!quoted && isIn(CALL, input, to)) return NONE;
    const end = quoted ? to : withoutStop(input, from, to);
    if (made !== undefined && runEnd(input, from, made, MOST_VALUE) < end) return NONE;
    const last = isIn(CONTROL, input, to) || (isIn(LINE_END, input, to) && to === end);
    if (
      !accept(textOf(input, from, end), {
        quoted,
        loose,
        last,
        query: isIn(QUERY, input, to) || isIn(QUERY, input, runStart(input, at, NAME, MOST_NAME) - 1),
      })
    )
      return NONE;
    if (end - from > most) return NONE;
    input.assigned = from;
    input.from = from;
    // What is assigned within a bare value ends where it does.
    if (!quoted) {
      input.doneFrom = input.anchor;
      input.doneTo = to - MOST_NAME;
    }
    return end;
  };
}

const QUERY = chars('?&');
const BACKSLASHES = chars('\\');
/** What ends a line also within a text of JSON. */
const LINE_END = chars('\\"');
const CALL = chars('([{');

/** Behind the sign that follows a name: `=`, `:`, `=>`, `:=`, the end of a tag, or the blank after an option. */
function signAfter(input: Input, at: number): number {
  const slash = runEnd(input, at, BACKSLASHES, 3);
  const quote = isIn(QUOTES, input, slash) ? slash + 1 : at;
  const sign = runEnd(input, quote, BLANK, MOST_BLANKS);
  const byte = byteAt(input, sign);
  const next = byteAt(input, sign + 1);
  if (byte === EQUALS) return next === EQUALS || next === 0x7e ? NONE : next === GREATER ? sign + 2 : sign + 1;
  if (byte === COLON) return next === EQUALS ? sign + 2 : next === COLON || next === 0x2f ? NONE : sign + 1;
  if (quote !== at) return NONE;
  if (byte === GREATER) return byteAt(input, runStart(input, at, NAME, MOST_NAME) - 1) === LESS ? sign + 1 : NONE;
  // SQL: PASSWORD '…'
  if (isIn(QUOTES, input, sign) && sign > at && byteAt(input, sign) !== 0x60) return sign;
  const name = runStart(input, at, NAME, MOST_NAME);
  const option = byteAt(input, name) === HYPHEN && byteAt(input, name + 1) === HYPHEN;
  return option && sign === at + 1 ? sign : NONE;
}

function nameOf(input: Input, at: number): string {
  let from = runStart(input, at, NAME, MOST_NAME);
  if (endsEscape(input, from + 1)) from += 1;
  return textOf(input, from, at).toLowerCase();
}

/** Without the full stop of a sentence. */
function withoutStop(input: Input, from: number, to: number): number {
  return to - from > 1 && byteAt(input, to - 1) === 0x2e ? to - 1 : to;
}

/** What stands for a value and is none. */
const PLACEHOLDER =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|empty|unset|missing|required|optional|string|text|number|boolean|str|int|bytes|object|any|default|redacted|filtered|masked|hidden|removed|denied|rejected|failed|accepted|prompt|stdin|valid|secret|password|passwd|pwd|token|example|changed|invalid|expired|incorrect|wrong|unknown|disabled|enabled|example|n\/a|todo|your.*|my-?(?:password|secret|token)|\[?\(?(?:redacted|filtered|masked|hidden|removed).*)$/i;
/** A reference to where the value is: $NAME, ${name}, {{ name }}, %s, <name>, @name@, vault:path, process.env.NAME */
const REFERENCE =
  /^(?:[$%]|\{|<|\[|@[\w.]+@$|#\{|(?:vault|ssm|op|env|file|secretsmanager|arn|https?|sm):|&|\*|!|(?:process|os|config|self|this|env|settings|options|opts|args|params|req|request|user|ctx|context|var|local|data|module)\.[A-Za-z_])/;

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
