/** The language of patterns: a part of regular expressions in which every match has a bounded length, read into a tree of byte sets. */

export type Tree =
  | { kind: 'bytes'; set: Uint8Array }
  | { kind: 'sequence'; parts: Tree[] }
  | { kind: 'choice'; parts: Tree[] }
  | { kind: 'repeat'; part: Tree; least: number; most: number };

/** What is wrong with a pattern, as a sentence that says what to write instead. */
export class PatternProblem extends Error {}

/** More repetitions than this of one part are refused. */
const MOST_REPEATS = 256;

interface Reader {
  pattern: string;
  at: number;
  ignoreCase: boolean;
}

/**
 * Reads a pattern: literals, `.`, `[a-z]`, `[^a-z]`, `\d \w \s \D \W \S`, groups, `|`, `?`, `{m}`, `{m,n}`; `(?i)` in front
 * makes it ignore the case of ASCII letters. Throws a {@link PatternProblem}.
 */
export function readPattern(pattern: string): Tree {
  const ignoreCase = pattern.startsWith('(?i)');
  const reader: Reader = { pattern, at: ignoreCase ? 4 : 0, ignoreCase };
  const tree = choice(reader);
  if (reader.at < pattern.length) throw new PatternProblem('has a ) without a (');
  return tree;
}

/** The bytes of a text as a pattern. */
export function literal(text: string, ignoreCase = false): Tree {
  return sequence([...Buffer.from(text, 'utf8')].map((byte) => bytes(only(byte, byte), ignoreCase)));
}

/** The most bytes that a match of the tree can have. */
export function longest(tree: Tree): number {
  if (tree.kind === 'bytes') return 1;
  if (tree.kind === 'repeat') return tree.most * longest(tree.part);
  const lengths = tree.parts.map(longest);
  return tree.kind === 'choice' ? Math.max(0, ...lengths) : lengths.reduce((sum, length) => sum + length, 0);
}

/** The fewest bytes that a match of the tree can have. */
export function shortest(tree: Tree): number {
  if (tree.kind === 'bytes') return 1;
  if (tree.kind === 'repeat') return tree.least * shortest(tree.part);
  const lengths = tree.parts.map(shortest);
  return tree.kind === 'choice' ? Math.min(...lengths) : lengths.reduce((sum, length) => sum + length, 0);
}

function choice(reader: Reader): Tree {
  const parts = [part(reader)];
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1;
    parts.push(part(reader));
  }
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
}

function part(reader: Reader): Tree {
  const parts: Tree[] = [];
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern.charAt(reader.at))) {
    parts.push(repeated(reader, atom(reader)));
  }
  return sequence(parts);
}

function atom(reader: Reader): Tree {
  const char = next(reader);
  if (char === '(') return group(reader);
  if (char === '[') return set(reader);
  if (char === '.') return anyBut(new Uint8Array(256));
  if (char === '\\') return escaped(reader);
  if (char === '^' || char === '$') throw new PatternProblem(`may not use ${char}: describe the value itself`);
  if ('*+?{'.includes(char)) throw new PatternProblem(`has nothing to repeat before ${char}`);
  return literal(char, reader.ignoreCase);
}

function group(reader: Reader): Tree {
  const kind = /^\?(?::|<[^=!>]*>)?/.exec(reader.pattern.slice(reader.at))?.[0] ?? '';
  if (kind === '?') throw new PatternProblem('may not look ahead or behind, nor set flags inside ( )');
  reader.at += kind.length;
  const tree = choice(reader);
  if (reader.pattern[reader.at] !== ')') throw new PatternProblem('has a ( without a )');
  reader.at += 1;
  return tree;
}

function escaped(reader: Reader): Tree {
  const char = next(reader);
  const named = NAMED[char.toLowerCase()];
  if (named !== undefined) return char === char.toLowerCase() ? bytes(named, false) : anyBut(named);
  if (/[A-Za-z0-9]/.test(char)) {
    const single = CONTROL[char];
    if (single === undefined) throw new PatternProblem(`may not use \\${char}: describe the value itself`);
    return literal(single);
  }
  return literal(char);
}

function set(reader: Reader): Tree {
  const negated = reader.pattern[reader.at] === '^';
  if (negated) reader.at += 1;
  const found = new Uint8Array(256);
  for (let first = true; first || reader.pattern[reader.at] !== ']'; first = false) {
    const from = member(reader, found);
    if (from === null) continue;
    let to = from;
    if (reader.pattern[reader.at] === '-' && reader.pattern[reader.at + 1] !== ']') {
      reader.at += 1;
      to = member(reader, found) ?? from;
    }
    if (to < from) throw new PatternProblem('has a range in [ ] whose end is before its beginning');
    found.fill(1, from, to + 1);
  }
  reader.at += 1;
  if (reader.ignoreCase) bothCases(found);
  return negated ? anyBut(found) : bytes(found, false);
}

/** The code of one character of a set; null: it was a class such as \d, whose bytes were added. */
function member(reader: Reader, found: Uint8Array): number | null {
  let char = next(reader);
  if (char === '\\') {
    char = next(reader);
    const named = NAMED[char];
    if (named !== undefined) {
      named.forEach((one, byte) => {
        if (one) found[byte] = 1;
      });
      return null;
    }
    if (/[A-Za-z0-9]/.test(char)) {
      const single = CONTROL[char];
      if (single === undefined) throw new PatternProblem(`may not use \\${char} in [ ]`);
      char = single;
    }
  }
  const code = char.codePointAt(0) ?? 0;
  if (code > 0x7f) throw new PatternProblem(`may have only ASCII in [ ]; write (?:a|${char}) instead`);
  return code;
}

function repeated(reader: Reader, tree: Tree): Tree {
  const found = /^(?:([*+])|(\?)|\{(\d+)(,?)(\d*)\})\??/.exec(reader.pattern.slice(reader.at));
  if (found === null) return tree;
  const [whole, endless, maybe, least, comma, most] = found;
  if (endless !== undefined || (comma === ',' && most === '')) {
    throw new PatternProblem(`must say how often at most: write {1,20} instead of ${whole}`);
  }
  reader.at += whole.length;
  const from = maybe === '?' ? 0 : Number(least);
  const to = maybe === '?' ? 1 : comma === ',' ? Number(most) : from;
  if (to > MOST_REPEATS || to < from) throw new PatternProblem(`may repeat at most ${MOST_REPEATS} times: ${whole}`);
  return { kind: 'repeat', part: tree, least: from, most: to };
}

function next(reader: Reader): string {
  const code = reader.pattern.codePointAt(reader.at);
  if (code === undefined) throw new PatternProblem('ends within [ ] or after \\');
  const char = String.fromCodePoint(code);
  reader.at += char.length;
  return char;
}

function sequence(parts: Tree[]): Tree {
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts };
}

function bytes(set: Uint8Array, ignoreCase: boolean): Tree {
  return { kind: 'bytes', set: ignoreCase ? bothCases(Uint8Array.from(set)) : set };
}

function only(from: number, to: number): Uint8Array {
  return new Uint8Array(256).fill(1, from, to + 1);
}

function bothCases(set: Uint8Array): Uint8Array {
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    if (set[upper] || set[upper + 0x20]) set.fill(1, upper, upper + 1).fill(1, upper + 0x20, upper + 0x21);
  }
  return set;
}

/** One character in UTF-8 that is none of these and no line end. */
function anyBut(set: Uint8Array): Tree {
  const ascii = new Uint8Array(256);
  for (let byte = 0; byte < 0x80; byte++) ascii[byte] = set[byte] || byte === 0x0a || byte === 0x0d ? 0 : 1;
  const rest = bytes(only(0x80, 0xbf), false);
  const lead = (from: number, to: number, more: number): Tree =>
    sequence([bytes(only(from, to), false), ...Array.from({ length: more }, () => rest)]);
  return {
    kind: 'choice',
    parts: [bytes(ascii, false), lead(0xc2, 0xdf, 1), lead(0xe0, 0xef, 2), lead(0xf0, 0xf4, 3)],
  };
}

function setOf(text: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(text)) set[byte] = 1;
  return set;
}

const CONTROL: Record<string, string> = { t: '\t' };
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const NAMED: Record<string, Uint8Array> = {
  d: setOf(DIGITS),
  w: setOf(`${DIGITS}${LETTERS}${LETTERS.toUpperCase()}_`),
  s: setOf(' \t\f\v'),
};
