/** Tells values from what stands for one: placeholders, and references to where the value is. */
import { allBut, byteAt, chars, type Input, isIn, LETTER, runEnd, textOf } from '../engine/input.ts';
import { stands } from './gap.ts';

/** What stands for a value and is none. */
const PLACEHOLDER =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|empty|unset|missing|required|optional|string|text|number|boolean|str|int|bytes|object|any|default|redacted|filtered|masked|hidden|removed|denied|rejected|failed|accepted|prompt|stdin|valid|secret|password|passwd|pwd|token|example|changed|invalid|expired|incorrect|wrong|unknown|disabled|enabled|not-?set|n\/a|todo|your.*|my-?(?:password|secret|token)|\[?\(?(?:redacted|filtered|masked|hidden|removed).*)$/i;
/** A reference to where the value is: $NAME, ${name}, {{ name }}, %s, <name>, @name@, vault:path, process.env.NAME */
const REFERENCE =
  /^(?:[$%]|\{|<|\[|@[\w.]+@$|#\{|(?:vault|ssm|op|env|file|secretsmanager|arn|https?|sm):|&|\*|!|(?:process|os|config|self|this|env|settings|options|opts|args|params|req|request|user|ctx|context|var|local|data|module)\.[A-Za-z_])/;

/** What alone makes a text that begins with it such a reference. */
export const BEGINS_REFERENCE = chars('$%{<[&*!');

const SIGNS = ['***', '...', 'xxxxxx', 'XXXXXX', '‹', '…'].map((sign) => Buffer.from(sign));
/** • and ● as texts have them, with one character a byte. */
const BULLETS = /^(?:\xe2(?:\x80\xa2|\x97\x8f))+$/;

/** By their first bytes; a reference that begins with a letter has a colon or a dot. */
const NO_SIGN = allBut(chars('*.xX\xe2'));
const BEGINS_OTHER_REFERENCE = chars('$%{<[@#&*!\xe2');
const NO_JOINT = allBut(chars(':.'));
/** The most bytes of those that nothing may follow. */
const MOST_PLACEHOLDER = 11;
const BEGINS_LONG = chars('FHMRYfhmry', '[(');
const BEGINS_PLACEHOLDER = chars('NUTFYOEMRSBAIDHPVCW', 'nutfyoemrsbaidhpvcw', '[(');

/** Whether the bytes are a placeholder or a reference rather than a value. Most are told by a byte or two. */
export function standsForValue(input: Input, from: number, to: number): boolean {
  if (mayBePlaceholder(input, from, to) && PLACEHOLDER.test(textOf(input, from, to))) return true;
  if (to - from > 1 && byteAt(input, from) === byteAt(input, from + 1) && isRepeated(input, from, to)) return true;
  if (mayBeReference(input, from, to) && isReference(textOf(input, from, to))) return true;
  let sign = runEnd(input, from, NO_SIGN, to - from);
  while (sign < to && !isSign(input, sign, to)) sign = runEnd(input, sign + 1, NO_SIGN, to - sign - 1);
  return sign < to;
}

function mayBePlaceholder(input: Input, from: number, to: number): boolean {
  return isIn(to - from > MOST_PLACEHOLDER ? BEGINS_LONG : BEGINS_PLACEHOLDER, input, from);
}

function mayBeReference(input: Input, from: number, to: number): boolean {
  if (!isIn(LETTER, input, from)) return isIn(BEGINS_OTHER_REFERENCE, input, from);
  return runEnd(input, from, NO_JOINT, to - from) < to;
}

function isSign(input: Input, at: number, to: number): boolean {
  return SIGNS.some((sign) => at + sign.length <= to && stands(input, at, sign));
}

function isRepeated({ bytes }: Input, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (bytes[at] !== bytes[from]) return false;
  return true;
}

function isReference(value: string): boolean {
  return REFERENCE.test(value) || BULLETS.test(value);
}
