/** The policy's own patterns. */
import type { Input } from './engine/input.ts';
import type { PatternFinder } from './engine/masker.ts';

export interface Named {
  id: string;
  pattern: string;
}

export function createPatternFinder(
  _named: readonly Named[],
  _rank: number,
  _allow: ReadonlySet<string>,
): PatternFinder {
  return { find(_input: Input) {} };
}

export function namesPattern(names: readonly string[]): Named {
  return { id: 'names', pattern: names.join('|') };
}
