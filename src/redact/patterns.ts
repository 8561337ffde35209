/** The policy's own patterns, and the names it lists: found in linear time, or refused when the policy is read. */
import { type Automaton, createAutomaton } from './engine/automaton.ts';
import { endsEscape, type Input, textOf } from './engine/input.ts';
import type { PatternFinder } from './engine/masker.ts';
import { literal, PatternProblem, readPattern, type Tree } from './engine/syntax.ts';

export interface Named {
  id: string;
  pattern: string;
}

/** The id of the detector that looks for the listed names; it is off unless the policy asks for it. */
export const NAMES = 'names';

/** Why the redactor cannot use a pattern, as the end of a sentence that begins with the pattern; null: it can. */
export function patternProblem(pattern: string): string | null {
  try {
    createAutomaton(readPattern(pattern));
    return null;
  } catch (error) {
    if (error instanceof PatternProblem) return error.message;
    throw error;
  }
}

/** Whether so many names can be looked for at once. */
export function canFindNames(names: readonly string[]): boolean {
  try {
    automataOf(names);
    return true;
  } catch (error) {
    if (error instanceof PatternProblem) return false;
    throw error;
  }
}

interface Searched {
  automaton: Automaton;
  rank: number;
  /** Only whole words count. */
  whole: boolean;
}

/**
 * Every byte that is part of a match is found, so that of matches that touch or overlap one stands for all. The ranks
 * count from `rank`, the names' after those of the patterns. Throws a PatternProblem.
 */
export function createPatternFinder(
  patterns: readonly Named[],
  names: readonly string[],
  rank: number,
  allow: ReadonlySet<string>,
): PatternFinder {
  const searched = patterns.map(({ pattern }, index): Searched => {
    return { automaton: createAutomaton(readPattern(pattern)), rank: rank + index, whole: false };
  });
  if (names.length > 0) {
    const whole = automataOf(names).map((automaton) => ({ automaton, rank: rank + patterns.length, whole: true }));
    searched.push(...whole);
  }
  const sights = searched.map(({ automaton }) => createSight(automaton));
  return {
    find(input, from, to, found) {
      let limit = to;
      searched.forEach(({ rank: own, whole }, index) => {
        const open = sights[index]?.(input, from, to, (begin, end) => {
          if (whole && !isWhole(input, begin, end)) return;
          if (!allow.has(textOf(input, begin, end))) found(begin, end, own);
        });
        limit = Math.min(limit, open ?? to);
      });
      return limit;
    },
  };
}

/** Each reads all bytes once more. */
const MOST_AUTOMATA = 4;

/** As few as can hold the names. Throws a PatternProblem. */
function automataOf(names: readonly string[]): Automaton[] {
  for (let count = 1; ; count *= 2) {
    const size = Math.ceil(names.length / count);
    const parts = Array.from({ length: count }, (_, part) => names.slice(part * size, (part + 1) * size));
    try {
      return parts.filter(({ length }) => length > 0).map((part) => createAutomaton(namesTree(part)));
    } catch (error) {
      if (!(error instanceof PatternProblem) || count === MOST_AUTOMATA) throw error;
    }
  }
}

/** The names in any case, as text, JSON and URLs have them. */
function namesTree(names: readonly string[]): Tree {
  return { kind: 'choice', parts: names.map(nameTree) };
}

function choiceOf(texts: readonly string[], ignoreCase = false): Tree {
  return { kind: 'choice', parts: [...new Set(texts)].map((text) => literal(text, ignoreCase)) };
}

const BLANK = choiceOf([' ', '  ', '\u00a0', '+', '%20']);

function nameTree(name: string): Tree {
  const parts = [...name.trim().normalize('NFC')].map((char): Tree => {
    if (/\s/.test(char)) return BLANK;
    const cases = [char, char.toLowerCase(), char.toUpperCase()];
    if (char <= '\x7f') return choiceOf(cases);
    const written = choiceOf(cases.flatMap((one) => [one, one.normalize('NFD')]));
    return { kind: 'choice', parts: [written, choiceOf(cases.flatMap(escapesOf), true)] };
  });
  return { kind: 'sequence', parts };
}

/** A character beyond ASCII as JSON and URLs write it. */
function escapesOf(char: string): string[] {
  const units = Array.from({ length: char.length }, (_, unit) => char.charCodeAt(unit).toString(16).padStart(4, '0'));
  return [units.map((unit) => `\\u${unit}`).join(''), encodeURIComponent(char)];
}

/** Whether neither a letter nor a digit stands right before or behind: it is no part of a longer word. */
function isWhole(input: Input, from: number, to: number): boolean {
  const before = /[\p{L}\p{M}\p{N}]$/u.test(input.bytes.toString('utf8', Math.max(0, from - LONGEST_CHAR), from));
  const behind = /^[\p{L}\p{M}\p{N}]/u.test(input.bytes.toString('utf8', to, Math.min(to + LONGEST_CHAR, input.end)));
  return (!before || endsEscape(input, from)) && !behind;
}

/** In UTF-8. */
const LONGEST_CHAR = 4;

/** Finds the runs of bytes of [from, to) that are part of matches; gives where the last one begins if it may go on. */
type Sight = (input: Input, from: number, to: number, found: (from: number, to: number) => void) => number;

function createSight(automaton: Automaton): Sight {
  const { columns, width, forwards, backwards, longest } = automaton;
  const meets = createMeets(automaton);
  let seen = new Int32Array(4_096);
  return (input, from, to, found) => {
    const { bytes } = input;
    const begin = Math.max(0, from - longest);
    const end = Math.min(input.end, to + longest);
    if (seen.length < end - begin) seen = new Int32Array(2 * (end - begin));
    let state = 0;
    let matches = 0;
    for (let at = begin; at < end; at++) {
      state = forwards.table[state * width + (columns[bytes[at] ?? 0] ?? 0)] ?? 0;
      seen[at - begin] = state;
      matches += forwards.ends[state] ?? 0;
    }
    if (matches === 0) return to;
    const runs: number[] = [];
    let last = -1;
    state = 0;
    for (let at = end - 1; at >= begin; at--) {
      state = backwards.table[state * width + (columns[bytes[at] ?? 0] ?? 0)] ?? 0;
      const inside = at < to && at >= from && meets(seen[at - begin] ?? 0, state);
      if (inside && last < 0) last = at + 1;
      if (last >= 0 && (!inside || at === from)) {
        runs.push(inside ? at : at + 1, last);
        last = -1;
      }
    }
    // A run that reaches the end may go on; it is found whole the next time, unless it fills all there is.
    const goesOn = end > to && runs[1] === to && (runs[0] ?? 0) > from;
    for (let run = runs.length - 2; run >= (goesOn ? 2 : 0); run -= 2) found(runs[run] ?? 0, runs[run + 1] ?? 0);
    return goesOn ? (runs[0] ?? to) : to;
  };
}

/** Whether a byte that led to these two states from both sides is part of a match. */
function createMeets({ forwards, backwards }: Automaton): (front: number, back: number) => boolean {
  const known = new Map<number, boolean>();
  const sets = backwards.places.map((places) => new Set(places));
  return (front, back) => {
    if (front === 0 || back === 0) return false;
    const key = front * backwards.places.length + back;
    let meets = known.get(key);
    if (meets === undefined) {
      meets = (forwards.places[front] ?? []).some((place) => sets[back]?.has(place));
      known.set(key, meets);
    }
    return meets;
  };
}
