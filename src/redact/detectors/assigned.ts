/** Values that a name gives away. */
import {
  type Assignment,
  allBut,
  byteAt,
  type Chars,
  type Check,
  CONTROL,
  chars,
  type Input,
  isIn,
  NONE,
  runEnd,
  textOf,
} from '../engine/input.ts';
import { assignmentAt, isOption, MOST_NAME, MOST_VALUE, mayHaveValue, nameOf, nameStart } from './assignment.ts';

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

interface Asked {
  /** The fewest and the most bytes of a value. */
  least: number;
  most?: number;
  /** The bytes that values are made of, where that turns most down. */
  set?: Uint8Array;
  /** Bytes that no value begins with. */
  no?: Chars;
  /** Whether the bytes of the value may be one, which is asked before more of it is read. */
  may?: (input: Input, from: number, end: number) => boolean;
  /** Whether the bytes of the value are one. */
  accept: (input: Input, from: number, end: number, written: Written) => boolean;
  /** Passes over values that a detector before it has found. */
  yields?: boolean;
  /** Whether the name up to the anchor's end, in lower case, is one; else every name is. */
  name?: (name: string) => boolean;
  /** Whether blanks do as a sign wherever the name stands: `accept` alone is certain. */
  spaced?: boolean;
}

const EQUALS = 0x3d;
const COLON = 0x3a;
const GREATER = 0x3e;
const LESS = 0x3c;
const BACKTICK = 0x60;
const QUERY = chars('?&');
const NO_FRAGMENT = allBut(chars('#'));
const NO_SPACE = allBut(chars(' '));
/** What ends a line also within a text of JSON. */
const LINE_END = chars('\\"');
const CALL = chars('([{');

/** Whether the text of a value, with one character a byte, is such. */
export function matches(pattern: RegExp): Asked['accept'] {
  return (input, from, end) => pattern.test(textOf(input, from, end));
}

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
}: Asked): Check {
  return (input, at) => {
    if (!mayHaveValue(input, at)) return NONE;
    const assignment = assignmentAt(input, at, least, spaced);
    const { from, to, quoted } = assignment;
    // The full stop of a sentence may be one more.
    if (from === NONE || to - from < least || to - from > most + 1) return NONE;
    if (no !== undefined && isIn(no, input, from)) return NONE;
    if (yields && input.assigned === from) return NONE;
    if (isOther(input, assignment)) return NONE;
    const asked = isIn(QUERY, input, nameStart(input, assignment) - 1);
    const end = quoted ? to : withoutStop(input, from, asked ? runEnd(input, from, NO_FRAGMENT, to - from) : to);
    if (made !== undefined && runEnd(input, from, made, MOST_VALUE) < end) return NONE;
    if (may !== undefined && !may(input, from, end)) return NONE;
    const last = isIn(CONTROL, input, to) || (isIn(LINE_END, input, to) && to === end);
    const bare = assignment.blank && !quoted && !spaced && !isOption(input, nameStart(input, assignment));
    if (bare && !last) return NONE;
    const query = asked || isIn(QUERY, input, to);
    if (!accept(input, from, end, { quoted, loose: isLoose(input, assignment), last, query, bare })) return NONE;
    if (end - from > most || (name !== undefined && !name(nameOf(input, at)))) return NONE;
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

function isLoose(input: Input, assignment: Assignment): boolean {
  const { at, sign, begin, quoted } = assignment;
  if (quoted || assignment === input.pairedAssignment) return false;
  const byte = byteAt(input, sign - 1);
  return byte === COLON || begin > sign || (sign > at + 1 && byte !== GREATER);
}

/** Whether it is no value: a tag that nothing closes, a call, a command in backticks. */
function isOther(input: Input, { sign, from, to, quoted }: Assignment): boolean {
  if (byteAt(input, sign - 1) === GREATER && byteAt(input, sign - 2) !== EQUALS && byteAt(input, to) !== LESS)
    return true;
  if (quoted) return byteAt(input, from - 1) === BACKTICK && runEnd(input, from, NO_SPACE, to - from) < to;
  return isIn(CALL, input, to);
}

/** Without the full stop of a sentence. */
function withoutStop(input: Input, from: number, to: number): number {
  return to - from > 1 && byteAt(input, to - 1) === 0x2e ? to - 1 : to;
}
