/** Payment card numbers: the schemes' ranges (ISO/IEC 7812), their grouping, and the check digit. */
import {
  ALNUM,
  byteAt,
  type Check,
  DIGIT,
  type Input,
  isIn,
  NONE,
  runEnd,
  runStart,
  startsWord,
  WORD,
} from '../engine/input.ts';

const SPACE = 0x20;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const GROUPINGS = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];

/** The card whose digits, or one group of them, stand around four digits. */
export const cardAt: Check = (input, at) => {
  const from = runStart(input, at, DIGIT, 24);
  const to = runEnd(input, at, DIGIT, 24);
  input.doneFrom = from;
  input.doneTo = to;
  const length = to - from;
  if (length > 19) return NONE;
  if (length >= 13) return isCard(input, from, to, length) ? found(input, from, to) : NONE;
  if (length > 6) return NONE;
  return grouped(input, from, to);
};

/** Tries each grouping in which the digits from `from` to `to` are one of the groups. */
function grouped(input: Input, from: number, to: number): number {
  const sign = isGap(byteAt(input, to)) ? byteAt(input, to) : byteAt(input, from - 1);
  if (!isGap(sign)) return NONE;
  for (const groups of GROUPINGS) {
    let before = 0;
    for (const size of groups) {
      const length = groups.reduce((sum, one) => sum + one + 1, -1);
      const begin = from - before;
      if (size === to - from && isGrouped(input, begin, groups, sign)) {
        const digits = length - groups.length + 1;
        if (isCard(input, begin, begin + length, digits)) return found(input, begin, begin + length);
      }
      before += size + 1;
    }
  }
  return NONE;
}

function isGrouped(input: Input, from: number, groups: readonly number[], sign: number): boolean {
  let at = from;
  return groups.every((size, index) => {
    const right = runEnd(input, at, DIGIT, size + 1) === at + size && (index === 0 || byteAt(input, at - 1) === sign);
    at += size + 1;
    return right;
  });
}

function isGap(byte: number): boolean {
  return byte === SPACE || byte === HYPHEN;
}

function found(input: Input, from: number, to: number): number {
  input.from = from;
  return to;
}

function isCard(input: Input, from: number, to: number, digits: number): boolean {
  const before = byteAt(input, from - 1);
  if (!startsWord(input, from) || isIn(WORD, input, to)) return false;
  // A part of a number with a point, or of names such as UUIDs.
  if ((before === DOT || before === HYPHEN) && isIn(ALNUM, input, from - 2)) return false;
  const after = byteAt(input, to);
  if ((after === DOT || after === HYPHEN) && isIn(ALNUM, input, to + 1)) return false;
  return isScheme(input, from, digits) && hasCheckDigit(input, from, to);
}

/** Whether a scheme numbers its cards like this. */
function isScheme(input: Input, from: number, digits: number): boolean {
  const digit = (at: number) => byteAt(input, from + at) - 0x30;
  let head = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  if (Number.isNaN(head)) head = 0;
  const two = Math.floor(head / 100);
  const three = Math.floor(head / 10);
  if (digit(0) === 4) return digits === 13 || digits === 16 || digits === 19;
  if ((two >= 51 && two <= 55) || (head >= 2221 && head <= 2720)) return digits === 16;
  if (head >= 2200 && head <= 2204) return digits >= 16;
  if (two === 34 || two === 37) return digits === 15;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return digits >= 14 && digits !== 15;
  if (head === 6011 || two === 65 || (three >= 644 && three <= 649)) return digits >= 16;
  if ((head >= 3528 && head <= 3589) || two === 62) return digits >= 16;
  return digits === 16 && MAESTRO.has(head);
}

const MAESTRO = new Set([5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763]);

/** Luhn's (ISO/IEC 7812-1 annex B). */
function hasCheckDigit(input: Input, from: number, to: number): boolean {
  let sum = 0;
  let doubled = false;
  for (let at = to - 1; at >= from; at--) {
    if (!isIn(DIGIT, input, at)) continue;
    const digit = (byteAt(input, at) - 0x30) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
    doubled = !doubled;
  }
  return sum % 10 === 0;
}
