/** Phone numbers: international ones, those of the North American plan, and national ones that a word announces. */
import { ALNUM, byteAt, chars, DIGIT, type Input, isIn, NONE, runEnd, runStart, startsWord } from '../engine/input.ts';

const GAP = chars(' ', '.', '-', '(', ')', '/');
const AROUND = chars(' ', ':', '=', '"', "'", '.', '\\', '>', '#', '(');
const HYPHEN = 0x2d;
const DOT = 0x2e;
const OPEN = 0x28;
const CLOSE = 0x29;
const ONE = 0x31;

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
 * The end of groups of digits with one or two signs between, of `most` digits in all, or NONE if they are fewer than
 * `least`. A group that would be too many ends it before.
 */
function digitsEnd(input: Input, from: number, least: number, most: number): number {
  let digits = 0;
  let to = from;
  for (let at = from; ; ) {
    const end = runEnd(input, at, DIGIT, most + 1);
    if (end === at || digits + end - at > most) break;
    digits += end - at;
    to = end;
    at = runEnd(input, end, GAP, 2);
    if (at === end) break;
  }
  return digits < least ? NONE : to;
}

/** Behind a plus: 8 to 15 digits, 11 of them in the North American plan (ITU-T E.164). */
export function international(input: Input, at: number): number {
  const american = byteAt(input, at + 1) === ONE;
  const to = digitsEnd(input, at + 1, american ? 11 : 8, american ? 11 : 15);
  if (to === NONE || isIn(ALNUM, input, to) || !startsWord(input, at)) return NONE;
  input.from = at;
  return to;
}

/** 3-3-4 digits with hyphens or dots, or the first three in brackets; the first of an area or an exchange is no 0 or 1. */
export function northAmerican(input: Input, anchor: number): number {
  const bracketed = byteAt(input, anchor) === OPEN;
  const gap = bracketed ? anchor + 5 : anchor + 3;
  const exchange = bracketed ? runEnd(input, gap, GAP, 1) : anchor;
  const area = bracketed ? anchor + 1 : anchor - 4;
  const sign = byteAt(input, exchange + 3);
  if (
    !bracketed &&
    (byteAt(input, anchor - 1) !== byteAt(input, anchor + 3) || runStart(input, anchor - 1, DIGIT, 4) !== area)
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

const NUMBER_WORD = /^[ _-]?(?:numbers?|no|nr|num|nummer)\b/i;

/** 7 to 15 digits behind a word for a phone. */
export function national(input: Input, at: number): number {
  const word = NUMBER_WORD.exec(input.bytes.toString('latin1', at, Math.min(at + 10, input.end)));
  const begin = at + (word?.[0].length ?? 0);
  const from = runEnd(input, begin, AROUND, 16);
  if (from === begin) return NONE;
  const opened = byteAt(input, from - 1) === OPEN ? from - 1 : from;
  if (!isIn(DIGIT, input, from)) return NONE;
  const to = digitsEnd(input, from, 7, 15);
  if (to === NONE || isIn(ALNUM, input, to)) return NONE;
  input.from = opened;
  return to;
}
