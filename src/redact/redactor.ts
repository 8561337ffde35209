/** The redactor: what registered values and detectors find in bytes is replaced by markers, and counted. */
import { COMMANDS } from './commands.ts';
import type { Detector } from './detectors/detector.ts';
import { DETECTORS } from './detectors.ts';
import { type Anchors, compileAnchors } from './engine/anchors.ts';
import { createFinder, type Finder, type Searched } from './engine/find.ts';
import { type Input, NONE, textOf } from './engine/input.ts';
import { createMasker, type Masker, type PatternFinder } from './engine/masker.ts';
import { createNumbers } from './engine/numbers.ts';
import { createMarkers } from './marker.ts';
import { createPatternFinder, NAMES } from './patterns.ts';
import { createValues, type RefusedValue } from './values/values.ts';

/** What the policy chooses of the detectors. */
export interface RedactionChoice {
  /** Ids of detectors that are not to look. */
  off: readonly string[];
  /** Ids of detectors that look only where they are asked to. */
  on: readonly string[];
  /** The policy's own detectors; see src/redact/engine/syntax.ts for the syntax. */
  patterns: readonly { id: string; pattern: string }[];
  /** Values that stay where a detector finds them. */
  allow: readonly string[];
  /** What the detector `names` looks for. */
  names: readonly string[];
}

/** All detectors that need no more than text. */
export const DEFAULT_CHOICE: RedactionChoice = { off: [], on: [], patterns: [], allow: [], names: [] };

/** How many markers were written, by detector; `registered` for the registered values. Those of none are left out. */
export type Redactions = Record<string, number>;

export interface Redactor extends Masker {
  /** The count so far. */
  counts(): Redactions;
  /** The values that are not masked so far: the caller warns about them. */
  refused: readonly RefusedValue[];
}

export interface RedactorSetting {
  secrets: readonly string[];
  choice?: RedactionChoice;
  /** Whether log commands are made inert and `::add-mask::` is obeyed: for a command's output, not for people's texts. */
  commands: boolean;
  /** The bytes that are expected in all, as far as that is known. */
  size?: number;
}

/** Beyond so many different values of a stream, detectors' markers bear no number. */
const MOST_NUMBERED = 65_536;

/** Throws a PatternProblem if a pattern of the choice cannot be used; policies are checked for it when they are read. */
export function createRedactor({ secrets, choice = DEFAULT_CHOICE, commands, size }: RedactorSetting): Redactor {
  const { finder, patterns, words } = compiled(choice, commands);
  const markers = createMarkers();
  const values = createValues(markers.avoid);
  secrets.forEach((secret, index) => {
    values.register(secret, 0, index);
  });
  const counts = new Float64Array(words.length);
  let registered = 0;
  const masker = createMasker({
    values,
    markers,
    numbers: createNumbers(words.length, size === undefined ? MOST_NUMBERED : Math.min(MOST_NUMBERED, 16 + size)),
    finder,
    patterns,
    words,
    masked(rank) {
      if (rank < 0) registered += 1;
      else counts[rank] = (counts[rank] ?? 0) + 1;
    },
    ...(size === undefined ? {} : { size }),
  });
  return {
    ...masker,
    counts() {
      const found: Redactions = registered === 0 ? {} : { registered };
      words.forEach((word, rank) => {
        const count = counts[rank] ?? 0;
        if (word !== undefined && count > 0) found[word] = (found[word] ?? 0) + count;
      });
      return found;
    },
    refused: values.refused,
  };
}

interface Compiled {
  finder: Finder;
  patterns: PatternFinder | null;
  words: (string | undefined)[];
}

/** Choices that were met, by their identity: to look at what they say takes longer than most texts. */
const KNOWN = { stream: new WeakMap<RedactionChoice, Compiled>(), text: new WeakMap<RedactionChoice, Compiled>() };

/** The latest by what they say: each reading of a policy gives another object, and tables take 20 ms to make. */
const LATEST = new Map<string, Compiled>();
const MOST_LATEST = 8;

/** A choice is made ready once: it serves every stream and text. */
function compiled(choice: RedactionChoice, commands: boolean): Compiled {
  const known = commands ? KNOWN.stream : KNOWN.text;
  const before = known.get(choice);
  if (before !== undefined) return before;
  const said = JSON.stringify([commands, choice]);
  const made = LATEST.get(said) ?? compile(choice, commands);
  known.set(choice, made);
  LATEST.delete(said);
  LATEST.set(said, made);
  for (const oldest of LATEST.keys()) if (LATEST.size > MOST_LATEST) LATEST.delete(oldest);
  return made;
}

function compile(choice: RedactionChoice, commands: boolean): Compiled {
  const detectors = DETECTORS.filter(({ id }) => !choice.off.includes(id));
  const allow = new Set(choice.allow.map((value) => Buffer.from(value).toString('latin1')));
  const searched: Searched[] = detectors.map(({ anchors, check }) => ({ anchors, check: sparing(allow, check) }));
  // In a text they are looked for in vain: a job that has texts and a stream makes one table for both.
  searched.push(commands ? COMMANDS : { ...COMMANDS, check: () => NONE });
  const words: (string | undefined)[] = [...detectors.map(({ id }) => id), undefined];
  const names = choice.on.includes(NAMES) ? choice.names : [];
  const some = choice.patterns.length + names.length > 0;
  const patterns = some ? createPatternFinder(choice.patterns, names, words.length, allow) : null;
  words.push(...choice.patterns.map(({ id }) => id), NAMES);
  return { finder: createFinder(searched, tableOf(detectors, searched)), patterns, words };
}

/** Tables by the detectors that they are of. */
const TABLES = new Map<string, Anchors>();

function tableOf(detectors: readonly Detector[], searched: readonly Searched[]): Anchors {
  const key = detectors.map(({ id }) => id).join();
  const table = TABLES.get(key) ?? compileAnchors(searched);
  TABLES.delete(key);
  TABLES.set(key, table);
  for (const oldest of TABLES.keys()) if (TABLES.size > MOST_LATEST) TABLES.delete(oldest);
  return table;
}

/** The check, which passes over values that stay. */
function sparing(allow: ReadonlySet<string>, check: Searched['check']): Searched['check'] {
  if (allow.size === 0) return check;
  return (input: Input, at: number) => {
    const to = check(input, at);
    return to !== NONE && allow.has(textOf(input, input.from, to)) ? NONE : to;
  };
}
