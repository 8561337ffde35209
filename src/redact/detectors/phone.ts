/** Phone numbers: international ones, those of the North American plan, and national ones that a word announces. */
import type { Anchor } from '../engine/anchors.ts';
import {
  ALNUM,
  allBut,
  byteAt,
  type Check,
  chars,
  DIGIT,
  type Input,
  isIn,
  LETTER,
  NONE,
  orBeyondAscii,
  runEnd,
  runStart,
  startsWord,
  textOf,
} from '../engine/input.ts';
import { stands, withoutEscape } from './gap.ts';
import { PHONE_FORM_ANCHORS, phoneFormAt } from './phone-forms.ts';

const GAP = chars(' ', '.', '-', '(', ')', '/');
/** Gaps beyond ASCII: blanks that do not break, hyphens and dashes. */
const WIDE_GAPS = ['\u00a0', '\u202f', '\u2009', '\u2010', '\u2011', '\u2012', '\u2013'].map((gap) => Buffer.from(gap));
/** Gaps as a URL's query has them. */
const URL_GAPS = ['+', '%20', '%28', '%29', '%2F', '%2f'].map((gap) => Buffer.from(gap));
const AROUND = chars(' ', ':', '=', '"', "'", '.', '\\', '>', '#', '(', '[', '\xc2', '\xa0');
const HYPHEN = 0x2d;
const DOT = 0x2e;
const OPEN = 0x28;
const CLOSE = 0x29;
const ZERO = 0x30;
const ONE = 0x31;
const PLUS = 0x2b;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const LETTERS = orBeyondAscii(LETTER);

/** Whether what stands around is no part of a longer number or word. */
export function isFree(input: Input, from: number, to: number): boolean {
  const before = byteAt(input, from - 1);
  const joined = before === HYPHEN || before === DOT || before === 0x5f;
  if (joined ? isIn(ALNUM, input, from - 2) : !startsWord(input, from)) return false;
  if (isIn(ALNUM, input, to)) return false;
  const after = byteAt(input, to);
  return !((after === HYPHEN || after === DOT || after === 0x5f) && isIn(DIGIT, input, to + 1));
}

/**
 * The end of groups of digits with up to three signs between, of `most` digits in all, or NONE if they are fewer than
 * `least`. A group that would be too many ends it before.
 */
function digitsEnd(input: Input, from: number, least: number, most: number, inUrl = false): number {
  let digits = 0;
  let to = from;
  for (let at = from; ; ) {
    const end = runEnd(input, at, DIGIT, most + 1);
    if (end === at || digits + end - at > most) break;
    digits += end - at;
    to = end;
    at = gapEnd(input, end, inUrl);
    if (at === end) break;
  }
  return digits < least ? NONE : to;
}

const SPACE = 0x20;

/** Behind one to three signs that stand between groups; three blanks part columns. */
function gapEnd(input: Input, from: number, inUrl: boolean): number {
  let at = from;
  let blanks = 0;
  for (let signs = 0; signs < 3; signs++) {
    const length = gapLength(input, at, inUrl);
    if (length === 0) return at;
    if (byteAt(input, at) === SPACE) blanks += 1;
    at += length;
  }
  return blanks < 3 ? at : from;
}

function gapLength(input: Input, at: number, inUrl: boolean): number {
  const byte = byteAt(input, at);
  if (GAP[byte] === 1) return 1;
  if (byte >= 0x80) return WIDE_GAPS.find((gap) => stands(input, at, gap))?.length ?? 0;
  if (!inUrl || (byte !== PLUS && byte !== PERCENT)) return 0;
  return URL_GAPS.find((gap) => stands(input, at, gap))?.length ?? 0;
}

/** The codes of countries that are assigned (ITU-T E.164, list of 2016 and its amendments), by the first three digits. */
const COUNTRY =
  /^(?:1|7|2(?:[07]|1[1-368]|[2346]|5[0-8]|9[0-17-9])|3(?:[0-469]|5|7|8[0-35-79])|4(?:[013-9]|2[013])|5(?:[1-8]|0|9)|6(?:[0-6]|7[02-9]|8[0-35-9]|9[0-2])|8(?:[1246]|0[08]|5[02356]|7[0-38]|8[0-368])|9(?:[0-58]|6|7[0-79]|9[2-68]))/;

/** A number with a point has no more than a country's code before it, and a place on the globe (ISO 6709) few digits behind. */
const DECIMAL = /^(?:\d{4,}\.\d+|\d{1,2}\.\d{4,7}(?:-\d{1,3}\.\d+)?)$/;

/** Behind a plus, also as a URL or JSON has it: 8 to 15 digits, 11 of them in the North American plan (ITU-T E.164). */
function international(input: Input, at: number): number {
  if (!startsWord(input, at)) return NONE;
  const first = byteAt(input, at) === PLUS ? at + 1 : byteAt(input, at) === PERCENT ? at + 3 : at + 6;
  const american = byteAt(input, first) === ONE;
  const to = digitsEnd(input, first, american ? 11 : 8, american ? 11 : 15, first === at + 3);
  if (to === NONE || isIn(ALNUM, input, to)) return NONE;
  const text = textOf(input, first, to);
  if (!COUNTRY.test(text) || DECIMAL.test(text)) return NONE;
  input.from = at;
  return to;
}

/** Behind two zeros, as it is dialled from abroad: parted into groups, but not all alike, as dumps have them. */
function dialled(input: Input, at: number): number {
  if (!startsWord(input, at) || isIn(DIGIT, input, at - 2)) return NONE;
  const to = digitsEnd(input, at + 2, 9, 15);
  if (to === NONE || !isFree(input, at, to)) return NONE;
  const text = textOf(input, at, to);
  if (!COUNTRY.test(text.slice(2)) || new Set(text.split(/\D+/).map(({ length }) => length)).size === 1) return NONE;
  input.from = at;
  return to;
}

/** 3-3-4 digits with hyphens or dots, or the first three in brackets; the first of an area or an exchange is no 0 or 1. */
function northAmerican(input: Input, anchor: number): number {
  const bracketed = byteAt(input, anchor) === OPEN;
  const gap = bracketed ? anchor + 5 : anchor + 3;
  const exchange = bracketed ? runEnd(input, gap, GAP, 1) : anchor;
  const area = bracketed ? anchor + 1 : anchor - 4;
  const sign = byteAt(input, exchange + 3);
  if (
    !bracketed &&
    (byteAt(input, anchor - 1) !== byteAt(input, anchor + 3) ||
      withoutEscape(input, runStart(input, anchor - 1, DIGIT, 8)) !== area)
  )
    return NONE;
  if (sign !== HYPHEN && sign !== DOT && sign !== 0x20) return NONE;
  const to = exchange + 8;
  if (runEnd(input, exchange, DIGIT, 4) !== exchange + 3 || runEnd(input, exchange + 4, DIGIT, 5) !== to) return NONE;
  if (byteAt(input, area) <= ONE || byteAt(input, exchange) <= ONE) return NONE;
  let from = bracketed ? anchor : area;
  const before = byteAt(input, from - 1);
  const country = byteAt(input, from - 2) === ONE && GAP[before] === 1 && before !== OPEN && before !== CLOSE;
  if (country && startsWord(input, from - 2)) from -= byteAt(input, from - 3) === 0x2b ? 3 : 2;
  if (!isFree(input, from, to)) return NONE;
  input.from = from;
  return to;
}

/** What may stand between the word and the number: `(home)`, `;TYPE=CELL`, `_number`. */
const NUMBER_WORD =
  /^(?:s?(?: ?\([a-z ]{1,12}\)|;[a-z0-9=,;]{1,40})|s?[ ._-]{0,2}(?:numbers?|no|nr|num|nummer|num[eé]ro)\b|s)/i;
/** What people say between the word and the number: `call me back at`, `sms sent to`. */
const PHRASE = /^(?: (?:me|us|him|her|them|you|back|again|sent))*(?: (?:to|from|at|on|is|was|under))?(?= )/i;
/** A count, an id or seconds since 1970. */
const NOT_DIALLED = /^(?:[1-9]\d{0,8}|1[01]\d*|1\d{9}|[1-9]\d{12,}|\d{1,2}(?: \d{3})+)$/;
/** Moments and addresses of machines, which have as many digits. */
const NO_NUMBER = /^(?:\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}|\d{1,3}(?:\.\d{1,3}){3}(?![.\d]))/;

const NO_DIGIT = allBut(DIGIT);
const MOST_WORDS = 64;
const MOST_AROUND = 16;

/** 7 to 15 digits behind a word for a phone; behind a phrase they look like a number that is dialled. */
function national(input: Input, at: number): number {
  if (!isIn(DIGIT, input, runEnd(input, at, NO_DIGIT, MOST_WORDS + MOST_AROUND))) return NONE;
  const behind = input.bytes.toString('utf8', at, Math.min(at + MOST_WORDS, input.end));
  const word = NUMBER_WORD.exec(behind)?.[0] ?? '';
  const phrase = PHRASE.exec(behind.slice(word.length))?.[0] ?? '';
  const begin = at + Buffer.byteLength(word + phrase);
  const from = runEnd(input, begin, AROUND, MOST_AROUND);
  if (from === begin) return NONE;
  const opened = byteAt(input, from - 1) === OPEN ? from - 1 : from;
  if (!isIn(DIGIT, input, from)) return NONE;
  const to = digitsEnd(input, from, 7, 15, byteAt(input, from - 1) === EQUALS);
  if (to === NONE || isIn(ALNUM, input, to) || NO_NUMBER.test(textOf(input, from, to))) return NONE;
  if (phrase !== '' && NOT_DIALLED.test(textOf(input, from, to))) return NONE;
  input.from = opened;
  return to;
}

const WORDS =
  'phone|mobile|mobil|mobiel|movil|móvil|cell|cellular|cellulare|celular|handy|telefon|telefono|telefone|telefoon|teléfono|telefax|whatsapp|contact|contacto|kontakt|msisdn|rufnummer|portable';
const SCRIPTS = 'телефон|Телефон|電話|电话|手机|携帯|전화';
const SHORT_WORDS = 'tel|tél|Tél|fax|sms|call|mob|gsm|dial|тел|Тел';

export const PHONE_ANCHORS: readonly Anchor[] = [
  { after: allBut(chars('+/')), is: '\\+[1-9][0-9 (.-]' },
  '%2[bB][1-9]\\d',
  '\\\\u002[bB][1-9]\\d',
  '00[1-9]\\d[ -]',
  '-\\d\\d\\d-\\d\\d\\d\\d',
  '\\.\\d\\d\\d\\.\\d\\d\\d\\d',
  '\\(\\d\\d\\d\\)[ -]?\\d\\d\\d',
  `(?i)(${WORDS}|${SCRIPTS})`,
  `(?i)(${SHORT_WORDS})[ .:;="'\\\\_>]`,
  ...PHONE_FORM_ANCHORS,
];

/** The number at the anchor or behind it. */
export const phoneAt: Check = (input, at) => {
  const { anchor } = input;
  const first = byteAt(input, anchor);
  if (first === PLUS || first === PERCENT || first === BACKSLASH) return international(input, anchor);
  if (first === ZERO) return byteAt(input, anchor + 1) === ZERO ? dialled(input, anchor) : phoneFormAt(input, at);
  if (first === HYPHEN || first === DOT) return northAmerican(input, anchor + 1);
  if (first === OPEN) {
    const to = northAmerican(input, anchor);
    return to === NONE ? phoneFormAt(input, at) : to;
  }
  const word = isIn(LETTERS, input, at - 1);
  return word || startsWord(input, anchor) ? national(input, word ? at : at - 1) : NONE;
};
