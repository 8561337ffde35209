/** International bank account numbers: the countries of the ISO 13616 registry, their lengths, and the check digits. */
import { ALNUM, byteAt, type Check, chars, isIn, NONE, startsWord } from '../engine/input.ts';

const LENGTHS: Record<number, string> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FO FI GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ XK LT LU MN',
  21: 'HR LV LI CH',
  22: 'BG BH CR DE GE IE ME RS GB VA',
  23: 'GI IL AE TL SO IQ OM',
  24: 'AD CZ MD PK RO SA SK ES SE TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'FR GR IT MR MC SM BI DJ',
  28: 'AL AZ CY DO GT HU LB PL SV BY NI',
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
export const COUNTRIES = [...LENGTH_OF.keys()];

const ACCOUNT = chars('0-9', 'A-Z');
const SPACE = 0x20;

/** The end of the account number at the anchor, written in one or in groups of four. */
export const ibanEnd: Check = (input) => {
  const from = input.anchor;
  if (!startsWord(input, from)) return NONE;
  const wanted = LENGTH_OF.get(String.fromCharCode(byteAt(input, from), byteAt(input, from + 1))) ?? 0;
  const spaced = byteAt(input, from + 4) === SPACE;
  let at = from;
  let rest = 0;
  for (let length = 0; length < wanted; length++, at++) {
    if (spaced && length > 0 && length % 4 === 0) {
      if (byteAt(input, at) !== SPACE) return NONE;
      at += 1;
    }
    if (!isIn(ACCOUNT, input, at)) return NONE;
    // The country and the check digits count last.
    if (length >= 4) rest = appended(rest, byteAt(input, at));
  }
  for (let front = from; front < from + 4; front++) rest = appended(rest, byteAt(input, front));
  if (rest !== 1 || isIn(ALNUM, input, at)) return NONE;
  input.from = from;
  return at;
};

/** ISO 7064 mod 97-10: the rest once a digit, or a letter as a number from 10, was written behind. */
function appended(rest: number, byte: number): number {
  return byte >= 0x41 ? (rest * 100 + byte - 0x37) % 97 : (rest * 10 + byte - 0x30) % 97;
}
