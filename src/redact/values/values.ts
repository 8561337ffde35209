/** The registered values: their numbers, the forms by which they are found, and which of them were refused. */
import type { Input } from '../engine/input.ts';
import { addSpan, type Spans } from '../engine/spans.ts';
import { formsOfValue, SHORTEST, trimmedValue } from './forms.ts';
import { createLookup, type Pattern } from './lookup.ts';

/** A value that is not masked, never the value itself. */
export interface RefusedValue {
  /** Its place in the given list; null: the command's output registered it. */
  index: number | null;
  /** In UTF-16 code units. */
  length: number;
  /** `short`: a match would tell more than it hides. `too-many`: the output registered more than can be kept. */
  why: 'short' | 'too-many';
}

export interface Values {
  /** Registers a value from a place of the stream on. An equal value keeps its number. */
  register(raw: string, since: number, index: number | null): void;
  /** Adds each match that begins in [from, to); its rank is the value's number below zero. `base` is the input's place in the stream. */
  find(input: Input, words: Int32Array, from: number, to: number, base: number, spans: Spans): void;
  /** Where the beginning of a form of several lines stands at the end of the input, not before `from`; else `to`. */
  unfinished(input: Input, from: number, to: number): number;
  /** The bytes of the longest form. */
  longest(): number;
  refused: readonly RefusedValue[];
}

/** What a command may register by its own output, so that its values cannot fill the memory. */
const MOST_ADDED = 1_000;
const MOST_ADDED_LENGTH = 256 * 1024;

/** `added` is told each new form, before any is looked for. */
export function createValues(added: (pattern: Pattern) => void): Values {
  const lookup = createLookup();
  const refused: RefusedValue[] = [];
  const numbers = new Map<string, number>();
  const known = new Set<string>();
  const multiline: Pattern[] = [];
  let longest = 0;
  let outputs = 0;
  let outputLength = 0;

  function add(form: string, number: number, since: number): void {
    if (known.has(form)) return;
    known.add(form);
    const pattern = { bytes: Buffer.from(form, 'utf8'), number, since };
    longest = Math.max(longest, pattern.bytes.length);
    if (/[\r\n]/.test(form)) multiline.push(pattern);
    lookup.add(pattern);
    added(pattern);
  }

  return {
    register(raw, since, index) {
      const value = trimmedValue(raw);
      if (value === '' || numbers.has(value)) return;
      if (index === null) {
        outputs += 1;
        outputLength += value.length;
      }
      const many = outputs > MOST_ADDED || outputLength > MOST_ADDED_LENGTH;
      if (value.length < SHORTEST || (index === null && many)) {
        if (refused.length < MOST_ADDED)
          refused.push({ index, length: value.length, why: many ? 'too-many' : 'short' });
        return;
      }
      const number = numbers.size + 1;
      numbers.set(value, number);
      for (const form of formsOfValue(value)) add(form, number, since);
    },
    find(input, words, from, to, base, spans) {
      if (longest === 0) return;
      lookup.find(input, words, from, to, (at, { bytes, number, since }) => {
        if (base + at >= since) addSpan(spans, at, at + bytes.length, -number);
      });
    },
    unfinished(input, from, to) {
      return multiline.reduce((least, { bytes }) => Math.min(least, beginning(bytes, input, from, to)), to);
    },
    longest: () => longest,
    refused,
  };
}

/** Where the most of the pattern's beginning, up to one of its line ends, stands right before `to`; else `to`. */
function beginning(pattern: Buffer, { bytes }: Input, from: number, to: number): number {
  for (let length = Math.min(pattern.length - 1, to - from); length > 0; length--) {
    const last = pattern[length - 1];
    if ((last === 0x0a || last === 0x0d) && bytes.compare(pattern, 0, length, to - length, to) === 0)
      return to - length;
  }
  return to;
}
