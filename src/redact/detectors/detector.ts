/** What a detector is, and the checks of which most detectors are made. */
import type { Anchor } from '../engine/anchors.ts';
import {
  allBut,
  type Chars,
  type Check,
  chars,
  DIGIT,
  type Input,
  isIn,
  NONE,
  runEnd,
  runStart,
  startsWord,
} from '../engine/input.ts';

/** How bad it is if such a value leaves: `critical` opens something to whoever has it, `low` is seldom harmful alone. */
export type Severity = 'critical' | 'high' | 'medium' | 'low';

export interface Detector {
  /** What the policy and the marks call it. */
  id: string;
  severity: Severity;
  /** What it finds, for people. */
  title: string;
  /** One of them stands in or right before every value. */
  anchors: readonly Anchor[];
  /** Looks at most AHEAD behind the anchor, the value begins at most BACK before it, both within its line. */
  check: Check;
  /** Texts with and without such a value. `<h32>` stands for 32 characters of hex (see expandExample). */
  examples: { masked: readonly string[]; kept: readonly string[] };
}

interface Body {
  /** Fewest and most bytes after the anchor. */
  least: number;
  most: number;
  /** The most bytes of the set that are masked with it: tokens end to end are one run; else `most`. */
  mostRun?: number;
  set: Chars;
  /** Bytes that may not follow; else the set's own. */
  follow?: Chars;
  /** The value must begin a word. */
  word?: boolean;
  accept?: (input: Input, from: number, to: number) => boolean;
}

/** A literal prefix, which is the anchor, and a body of so many bytes of a set, as most tokens are. */
export function prefixed({ least, most, mostRun = most, set, follow = set, word = false, accept }: Body): Check {
  return (input, at) => {
    if (word && !startsWord(input, input.anchor)) return NONE;
    const to = runEnd(input, at, set, mostRun);
    if (to - at < least) return NONE;
    if (to - at >= most && isIn(follow, input, to)) return NONE;
    if (isMonotonous(input, at, to)) return NONE;
    if (accept !== undefined && !accept(input, at, to)) return NONE;
    input.from = input.anchor;
    // An anchor within the value would find what ends where the value does.
    if (to - at < most || mostRun > most) {
      input.doneFrom = input.anchor;
      input.doneTo = to - at < mostRun ? to : to - most;
    }
    return trimmed(input, at + least, to);
  };
}

/** The first check where the anchor ends with the byte, else the second. */
export function eitherBy(byte: number, first: Check, second: Check): Check {
  return (input, at) => (input.bytes[at - 1] === byte ? first(input, at) : second(input, at));
}

/** Whether the bytes are of so few kinds that they stand for a value, as in xxxxxxxx. */
export function isMonotonous({ bytes }: Input, from: number, to: number): boolean {
  if (to - from < 12) return false;
  const first = bytes[from];
  let second = first;
  let third = first;
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at];
    if (byte === first || byte === second || byte === third) continue;
    if (second === first) second = byte;
    else if (third === first) third = byte;
    else return false;
  }
  return true;
}

const NO_DIGIT = allBut(DIGIT);

/** Whether there is a digit between the places: words have none. */
export function hasDigit(input: Input, from: number, to: number): boolean {
  return runEnd(input, from, NO_DIGIT, to - from) < to;
}

const FULL_STOP = chars('.');

/** The end without the full stop of a sentence. */
export function trimmed(input: Input, least: number, to: number): number {
  return runStart(input, to, FULL_STOP, to - least);
}

const ALPHABETS: Record<string, string> = {
  a: 'k7RmX2vQ9dLw4TzB8nYc3HsF6pJg5KtV1xZqDuWoNe',
  b: 'k7Rm-2vQ9d_w4TzB8nYc3HsF6pJg5KtV1xZqDuWoNe',
  h: '4f9c07d2e8b1a6530c9e7f1d',
  d: '739182640517',
  u: 'QZ7K2MX4RN6T3VBW5YHJ',
};

/** An example with its `<a36>`-like parts filled in, so that no example in the source looks like a live secret. */
export function expandExample(example: string): string {
  return example.replace(/<([abhdu])(\d+)>/g, (_, kind: string, length: string) => {
    const alphabet = ALPHABETS[kind] ?? '';
    return alphabet.repeat(Math.ceil(Number(length) / alphabet.length)).slice(0, Number(length));
  });
}
