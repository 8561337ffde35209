/** Patterns of a policy are quick on every text, or refused. */
import { describe, expect, it } from 'vitest';
import { safePatternProblem, wholePattern } from '../../src/policy/safe-pattern.ts';

describe('a pattern', () => {
  it.each([
    '(a+)+',
    '(a|a)*',
    '(a|b)+c',
    '(a*)*',
    '(a?){50}',
    '((ab)*)*',
    'a*a*a*a*b',
    '(?:x+x+)+y',
    '([a-z]+-?)*',
    '(a|ab)(c|bcd)*',
    '.*.*.*.*=',
    '(a{0,100}){0,100}',
    '(a|a)'.repeat(40),
  ])('given %s, then it is refused as possibly endless', (pattern) => {
    expect(safePatternProblem(pattern, 200)).toContain('could take very long');
  });
  it.each([
    ['(?=a)b', 'lookahead'],
    ['(?<!a)b', 'lookahead'],
    ['(a)\\1', 'back-references'],
    ['(?<x>a)\\k<x>', 'back-references'],
    ['(?i:a)', 'flags'],
  ])('given %s, then it is refused by name', (pattern, word) => {
    expect(safePatternProblem(pattern, 200)).toContain(word);
  });
  it.each(['[', '(', 'a{2,1}', '\\', '(a{9999}){9999}{9999}'])('given %s, then it is refused as invalid', (pattern) => {
    expect(safePatternProblem(pattern, 200)).toMatch(/no valid|invalid|very long/i);
  });
  it.each([
    '[A-Z]+-[0-9]+',
    '[a-z][a-z0-9-]{0,62}',
    '(api|web|worker)',
    '[0-9]{1,3}([.][0-9]{1,3}){3}',
    '[)(|*+]+',
    '\\p{L}+ ?\\p{L}*',
    '(foo)?bar',
    '.*',
  ])('given %s, then it is accepted', (pattern) => {
    expect(safePatternProblem(pattern, 200)).toBeNull();
  });
  it('given alternatives, then each stands for the whole value', () => {
    expect(['a', 'b', 'ax', 'xb'].filter((text) => wholePattern('a|b').test(text))).toEqual(['a', 'b']);
  });
  it('given a line break at the end, then the value does not match', () => {
    expect(wholePattern('a').test('a\n')).toBe(false);
  });
});
