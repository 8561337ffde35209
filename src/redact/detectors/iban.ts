/** International bank account numbers: the countries of the ISO 13616 registry, their lengths, and the check digits. */
import {
  ALNUM,
  byteAt,
  type Chars,
  type Check,
  chars,
  type Input,
  isIn,
  LETTER as LETTERS,
  NONE,
  runEnd,
  startsWord,
} from '../engine/input.ts';
import { gapAt, stands } from './gap.ts';

const LENGTHS: Record<number, string> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FK FO FI GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ XK LT LU MN',
  21: 'HR LV LI CH',
  22: 'BG BH CR DE GE IE ME RS GB VA',
  23: 'GI IL AE TL SO IQ OM',
  24: 'AD CZ MD PK RO SA SK ES SE TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'FR GR IT MR MC SM BI DJ',
  28: 'AL AZ CY DO GT HN HU LB PL SV BY NI',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
};

const LENGTH_OF = new Map(
  Object.entries(LENGTHS).flatMap(([length, countries]) =>
    countries.split(' ').map((country): [string, number] => [country, Number(length)]),
  ),
);

/** The same by the five bits of each letter that both cases share. */
const LENGTH_BY = new Uint8Array(32 * 32);
const LETTER = 0x1f;
for (const [country, length] of LENGTH_OF)
  LENGTH_BY[((country.charCodeAt(0) & LETTER) << 5) | (country.charCodeAt(1) & LETTER)] = length;

export const IBAN_ANCHORS = [`(${[...LENGTH_OF.keys()].join('|')})\\d\\d`, '(?i)iban[ :="\'\\\\]'];

const ACCOUNT = chars('0-9', 'A-Z');
const AROUND = chars(' ', ':', '=', '"', "'", '\\', '.', '#');
/** The bit that letters have in lower case. */
const LOWER = 0x20;

/** Country and check digits; an anchor that is longer is the number's name, behind which it may have small letters. */
const HEAD = 4;

/** The end of the account number at the anchor or behind its name, written in one or in groups of four. */
export const ibanEnd: Check = (input, at) => {
  const named = at - input.anchor > HEAD;
  const from = named ? runEnd(input, at - 1, AROUND, 16) : input.anchor;
  if (!startsWord(input, from)) return NONE;
  const wanted = LENGTH_BY[((byteAt(input, from) & LETTER) << 5) | (byteAt(input, from + 1) & LETTER)] ?? 0;
  if (!isIn(LETTERS, input, from) || !isIn(LETTERS, input, from + 1)) return NONE;
  return wanted === 0 ? NONE : accountEnd(input, from, wanted, named ? ALNUM : ACCOUNT);
};

/** Where so many characters of the set end, with the same gap behind each four, if the check digits hold. */
function accountEnd(input: Input, from: number, wanted: number, set: Chars): number {
  const gap = gapAt(input, from + HEAD);
  const width = gap === null ? 0 : gap.length;
  const to = from + wanted + width * Math.floor((wanted - 1) / GROUP);
  if (isIn(ALNUM, input, to)) return NONE;
  for (let at = from + GROUP; gap !== null && at < to; at += width + GROUP) if (!stands(input, at, gap)) return NONE;
  let left = wanted;
  for (let at = from; at < to; at += width) {
    const group = gap === null ? left : Math.min(left, GROUP);
    if (runEnd(input, at, set, group) < at + group) return NONE;
    left -= group;
    at += group;
  }
  if (restOf(input, from, to, width) !== 1) return NONE;
  input.from = from;
  return to;
}

const GROUP = 4;

/** The rest by which the check digits are judged: the country and they themselves count last, gaps not at all. */
function restOf(input: Input, from: number, to: number, width: number): number {
  let rest = 0;
  for (let at = from + HEAD + width; at < to; at += width) {
    const end = width === 0 ? to : Math.min(at + GROUP, to);
    for (; at < end; at++) rest = appended(rest, byteAt(input, at));
  }
  for (let at = from; at < from + HEAD; at++) rest = appended(rest, byteAt(input, at));
  return rest;
}

/** ISO 7064 mod 97-10: the rest once a digit, or a letter as a number from 10, was written behind. */
function appended(rest: number, byte: number): number {
  return byte >= 0x41 ? (rest * 100 + (byte & ~LOWER) - 0x37) % 97 : (rest * 10 + byte - 0x30) % 97;
}
