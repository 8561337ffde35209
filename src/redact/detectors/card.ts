/** Payment card numbers: the schemes' ranges (ISO/IEC 7812), their grouping, and the check digit. */
import { type Anchor, FOUR_DIGITS } from '../engine/anchors.ts';
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
import { gapAt, stands, withoutEscape } from './gap.ts';

const SPACE = 0x20;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const PLUS = 0x2b;
const PERCENT = 0x25;
const GROUPINGS = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];

/** Four digits, or the end of a group and a gap of several bytes, which parts groups as well. */
export const CARD_ANCHORS: readonly Anchor[] = [
  FOUR_DIGITS,
  ...['\u00a0', '\u202f', '%20'].map((gap) => `\\d${gap}\\d`),
];

/** The card whose digits, or one group of them, stand around the anchor. */
export const cardAt: Check = (input, at) => {
  if (!isIn(DIGIT, input, input.anchor + 1)) return behindGroup(input, input.anchor + 1);
  const first = runStart(input, at, DIGIT, 24);
  const from = withoutEscape(input, first);
  const to = runEnd(input, at, DIGIT, 24);
  input.doneFrom = first;
  input.doneTo = to;
  const length = to - from;
  if (length > 19) return NONE;
  if (length >= 13) return isCard(input, from, to, length, null) ? found(input, from, to) : NONE;
  if (length > 6) return NONE;
  return grouped(input, from, to);
};

/** Tries each grouping whose first group ends where the gap begins. */
function behindGroup(input: Input, end: number): number {
  const gap = gapAt(input, end);
  const from = runStart(input, end, DIGIT, 5);
  return gap === null || end - from !== 4 ? NONE : cardOf(input, from, end, gap);
}

/** Tries the gap behind the digits, then the one before them: what follows a card may look like a gap. */
function grouped(input: Input, from: number, to: number): number {
  const behind = byteAt(input, to);
  const before = byteAt(input, from - 1);
  const end = isGap(behind) ? groupedBy(input, from, to, behind) : NONE;
  return end === NONE && before !== behind && isGap(before) ? groupedBy(input, from, to, before) : end;
}

/** Tries each grouping in which the digits from `from` to `to` are one of the groups. */
function groupedBy(input: Input, from: number, to: number, sign: number): number {
  let first = from;
  for (let groups = 0; groups < 4 && byteAt(input, first - 1) === sign; groups++) {
    const before = withoutEscape(input, runStart(input, first - 1, DIGIT, 7));
    if (first - 1 - before < 3 || first - 1 - before > 6) break;
    first = before;
  }
  const next = runEnd(input, to + 1, DIGIT, 7);
  if (first === from && (byteAt(input, to) !== sign || next - to - 1 < 3)) return NONE;
  const gap = gapAt(input, first === from ? to : from - 1);
  for (let begin = first; gap !== null && begin <= from; begin = runEnd(input, begin, DIGIT, 7) + 1) {
    const end = cardOf(input, begin, to, gap);
    if (end !== NONE) return end;
  }
  return NONE;
}

/** The end of the card that begins there in groups, at `to` or behind. */
function cardOf(input: Input, from: number, to: number, gap: Buffer): number {
  if (lengthsOf(input, from) === 0) return NONE;
  for (const groups of GROUPINGS) {
    const end = groupsEnd(input, from, groups, gap);
    if (end < to) continue;
    const digits = end - from - (groups.length - 1) * gap.length;
    if (isCard(input, from, end, digits, gap)) return found(input, from, end);
  }
  return NONE;
}

/** Where groups of such sizes end that begin at `from`; NONE if they are others. */
function groupsEnd(input: Input, from: number, groups: readonly number[], gap: Buffer): number {
  let at = from;
  for (const [group, size] of groups.entries()) {
    if (group > 0) {
      if (!stands(input, at, gap)) return NONE;
      at += gap.length;
    }
    if (runEnd(input, at, DIGIT, size + 1) !== at + size) return NONE;
    at += size;
  }
  return at;
}

function isGap(byte: number): boolean {
  return byte === SPACE || byte === HYPHEN || byte === PLUS;
}

function found(input: Input, from: number, to: number): number {
  input.from = from;
  return to;
}

function isCard(input: Input, from: number, to: number, digits: number, gap: Buffer | null): boolean {
  const before = byteAt(input, from - 1);
  if (!(startsWord(input, from) || isTrack(input, from)) || isIn(WORD, input, to)) return false;
  // A part of a path, of a number with a point, or of names such as UUIDs.
  if (before === SLASH && byteAt(input, to) === SLASH) return false;
  if ((before === DOT || before === HYPHEN) && isIn(ALNUM, input, from - 2)) return false;
  const after = byteAt(input, to);
  if ((after === DOT || after === HYPHEN) && isIn(ALNUM, input, to + 1)) return false;
  return (lengthsOf(input, from) & lengthBit(digits)) !== 0 && hasCheckDigit(input, from, to, gap);
}

/** The first track of a magnetic stripe begins with `%B` (ISO/IEC 7813). */
function isTrack(input: Input, from: number): boolean {
  return byteAt(input, from - 1) === 0x42 && byteAt(input, from - 2) === PERCENT;
}

/** How many digits cards have that begin with the four at the place, as bits; 0: no scheme's do. */
function lengthsOf(input: Input, from: number): number {
  let head = 0;
  for (let at = from; at < from + 4; at++) {
    if (!isIn(DIGIT, input, at)) return 0;
    head = head * 10 + byteAt(input, at) - 0x30;
  }
  return LENGTHS[head] ?? 0;
}

const FEWEST = 13;
const MOST = 19;
const lengthBit = (digits: number): number => 1 << (digits - FEWEST);

/** Whether a scheme numbers its cards like this. */
function isScheme(head: number, digits: number): boolean {
  const one = Math.floor(head / 1000);
  const two = Math.floor(head / 100);
  const three = Math.floor(head / 10);
  if (one === 4) return digits === 13 || digits === 16 || digits === 19;
  if ((two >= 51 && two <= 55) || (head >= 2221 && head <= 2720)) return digits === 16;
  if (head >= 2200 && head <= 2204) return digits >= 16;
  if (two === 34 || two === 37) return digits === 15;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return digits >= 14 && digits !== 15;
  if (head === 6011 || two === 65 || (three >= 644 && three <= 649)) return digits >= 16;
  if ((head >= 3528 && head <= 3589) || two === 62) return digits >= 16;
  return digits === 16 && MAESTRO.has(head);
}

const MAESTRO = new Set([5018, 5019, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763]);

/** By the first four digits. */
const LENGTHS = Uint8Array.from({ length: 10_000 }, (_, head) => {
  let lengths = 0;
  for (let digits = FEWEST; digits <= MOST; digits++) if (isScheme(head, digits)) lengths |= lengthBit(digits);
  return lengths;
});

/** Luhn's (ISO/IEC 7812-1 annex B), without the gaps. */
function hasCheckDigit(input: Input, from: number, to: number, gap: Buffer | null): boolean {
  let sum = 0;
  let doubled = false;
  for (let at = to - 1; at >= from; at--) {
    if (gap !== null && stands(input, at - gap.length + 1, gap)) {
      at -= gap.length - 1;
      continue;
    }
    const digit = (byteAt(input, at) - 0x30) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
    doubled = !doubled;
  }
  return sum % 10 === 0;
}
