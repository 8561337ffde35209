/** The marker that stands where a secret stood, chosen so that no secret can ever appear in or across a marker. */
import type { Pattern } from './patterns.ts';

const BRACKETS: readonly (readonly [string, string])[] = [
  ['‹', '›'],
  ['«', '»'],
  ['⟨', '⟩'],
];
const WORDS = ['secret#', 'masked#', 'hidden#', '#'];

/**
 * Gives the marker of a value's number, `‹secret#1›` unless a secret forbids it.
 *
 * The output can hold a secret only inside a marker or across its edge. So the brackets are such that no pattern
 * contains one, and the word such that no pattern is part of what stands between them.
 * Throws a RangeError if the secrets use up every character there is.
 */
export function markerFor(patterns: readonly Pattern[]): (number: number) => Buffer {
  const texts = patterns.map((pattern) => pattern.bytes.toString('utf8'));
  const [open, close] = freeBrackets(texts);
  const highest = patterns.reduce((most, pattern) => Math.max(most, pattern.number), 0);
  const word = WORDS.find((candidate) => !occursWithin(texts, candidate, highest));
  // A pattern has at least four characters: the two brackets alone contain none.
  return (number) => Buffer.from(word === undefined ? open + close : `${open}${word}${number}${close}`, 'utf8');
}

function occursWithin(texts: readonly string[], word: string, highest: number): boolean {
  return Array.from({ length: highest }, (_, index) => `${word}${index + 1}`).some((label) =>
    texts.some((text) => label.includes(text)),
  );
}

function freeBrackets(texts: readonly string[]): readonly [string, string] {
  const free = (mark: string) => !texts.some((text) => text.includes(mark));
  const usual = BRACKETS.find(([open, close]) => free(open) && free(close));
  if (usual !== undefined) return usual;
  // The private use area: nobody prints it, so the first free one does for both sides.
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const mark = String.fromCodePoint(code);
    if (free(mark)) return [mark, mark];
  }
  throw new RangeError('The values to mask use every character that could mark their place; register fewer values.');
}
