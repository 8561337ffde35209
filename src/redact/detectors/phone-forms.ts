/** Phone numbers as people of some countries write them at home: forms that say what they are without a word before them. */
import type { Anchor } from '../engine/anchors.ts';
import {
  allBut,
  byteAt,
  type Check,
  chars,
  DIGIT,
  HEX,
  type Input,
  isIn,
  NONE,
  startsWord,
  textOf,
  WORD,
} from '../engine/input.ts';

/** What joins a number to a moment, a version, a path or a longer number before it. */
const JOINS = chars('.:/+-', '_');
/** What may stand right before a number; a letter only as an escape's end (\\n, ESC[1m). */
const BEFORE = allBut(chars('0-9', 'a-l', 'o-q', 's', 'u-z', 'A-Z', '.:/+-', '_'));
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const GAP = chars(' ', '.', '-', '/');

/** The most bytes of a form. */
const MOST = 18;

/**
 * The national formats of numbering plans that open with a zero, or with an area in brackets: Ofcom, ARCEP, Bundesnetzagentur, ACM,
 * BAKOM, PTS, MIC of Japan, ACMA, TRAI, Anatel.
 */
const FORM = new RegExp(
  `^(?:${[
    // France, Belgium: five pairs.
    '0[1-9]([ .-])\\d\\d(?:\\1\\d\\d){3}',
    // The United Kingdom.
    '02\\d \\d{4} \\d{4}',
    '0[1378]\\d\\d \\d{3} \\d{4}',
    '0[17]\\d{3} (?:\\d{6}|\\d{3} \\d{3})',
    // Ireland, South Africa.
    '0[1-9]\\d \\d{3} \\d{4}',
    // Belgium.
    '04\\d\\d \\d\\d \\d\\d \\d\\d',
    // Germany, Austria, the Netherlands.
    '01[5-7](?:\\d[ /-]\\d{7,8}|\\d\\d[ /-]\\d{6,7})',
    '0[2-9]\\d{1,2}[ /-]\\d{6,8}',
    '06[ -]\\d{8}',
    // Switzerland, Sweden.
    '0[1-9]\\d[ -]\\d{3} \\d\\d \\d\\d',
    // Israel.
    '0[2-489]-\\d{7}',
    // Japan, Korea.
    '0[36]-[1-9]\\d{3}-\\d{4}',
    '0(?:10|[2-9]\\d)-[1-9]\\d{3}-\\d{4}',
    '0[2-9]\\d-[1-9]\\d{2}-\\d{4}',
    // Australia.
    '04\\d\\d \\d{3} \\d{3}',
    '0[2378] \\d{4} \\d{4}',
    // India.
    '0[6-9]\\d{4} \\d{5}',
    // An area in brackets; Brazil's has no zero.
    '\\(0[1-9]\\d{0,3}\\) ?\\d{3,4}[ -]?\\d{3,4}',
    '\\([1-9]\\d\\) 9?\\d{4}-\\d{4}',
  ].join('|')})(?!\\d)`,
);

export const PHONE_FORM_ANCHORS: readonly Anchor[] = [
  '0[1-9][ .-]\\d\\d[ .-]\\d\\d[ .-]\\d\\d[ .-]\\d\\d',
  '0[1-9][ -]\\d\\d\\d\\d[ -]?\\d\\d\\d',
  '0[1-9]\\d[ /-]\\d\\d\\d',
  '0[1-9]\\d\\d[ /-]\\d\\d\\d',
  '04\\d\\d \\d\\d \\d\\d ',
  '0[17]\\d\\d\\d[ /-]\\d\\d\\d',
  '0[6-9]\\d\\d\\d\\d \\d\\d\\d\\d\\d',
  '\\(0\\d{1,4}\\) ?\\d\\d\\d',
  '\\([1-9]\\d\\) \\d\\d\\d\\d',
].map((is) => ({ after: BEFORE, is }));

/** As the days of a calendar are told. */
const COUNTED = '01 02 03 04 05 06 07 08 09 10 11 12 13';

/** Whether two digits of hex stand alone, as in a dump of bytes. */
function isOctet(input: Input, at: number): boolean {
  return isIn(HEX, input, at) && isIn(HEX, input, at + 1) && !isIn(WORD, input, at - 1) && !isIn(WORD, input, at + 2);
}

/** The number at the anchor, which is no part of a row of numbers. */
export const phoneFormAt: Check = (input) => {
  const from = input.anchor;
  const before = byteAt(input, from - 1);
  if (JOINS[before] === 1 || !startsWord(input, from)) return NONE;
  if (before === SPACE && isIn(DIGIT, input, from - 2)) return NONE;
  // Milliseconds: 10:00:01,045
  if (before === COMMA && byteAt(input, from - 4) === COLON) return NONE;
  const length = FORM.exec(textOf(input, from, from + MOST))?.[0].length;
  if (length === undefined) return NONE;
  const to = from + length;
  if (isIn(WORD, input, to)) return NONE;
  if (isIn(GAP, input, to) && isIn(DIGIT, input, to + 1)) return NONE;
  if (isOctet(input, from - 3) || isOctet(input, to + 1) || COUNTED.includes(textOf(input, from, to))) return NONE;
  input.from = from;
  return to;
};
