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
  const LONG =
    'could take very long on some texts: avoid repeating a group that itself repeats or has choices, as in (a+)+ or (a|b)*, and repeat less';
  it.each<[pattern: string, problem: string | null]>([
    ['a'.repeat(500), null],
    ['a'.repeat(501), 'must have at most 500 characters'],
    [`${'('.repeat(20)}a${')'.repeat(20)}`, null],
    [`${'('.repeat(21)}a${')'.repeat(21)}`, 'may not use groups nested so deep; describe the value directly'],
    ['(?=a)b', 'may not use lookahead, lookbehind or flags inside ( ); describe the value directly'],
    ['(a)\\1', 'may not use back-references; describe the value directly'],
    ['(?<word>a)\\k<word>', 'may not use back-references; describe the value directly'],
    // The worse side of a choice counts, wherever it stands.
    ['(a{1,100}|b){5}', LONG],
    ['(b|a{1,100}){5}', LONG],
    // Ten million ways are not too many, more are.
    [`${'a{1,10}'.repeat(6)}a{1,9}`, null],
    [`${'a{1,10}'.repeat(7)}b?`, LONG],
    ['(?:a{1,10}){7}', null],
    ['(?:a{1,10}){7}b?', LONG],
    ['a{9999}', null],
    ['a{3,}b{3,}c{3,}', null],
    ['a{3,}b{3,}c{3,}d{3,}', LONG],
    ['a+b+c+', null],
    ['a+b+c+d+', LONG],
    ['a*?b*?c*?', null],
    ['[(]*[)]*[|]*', null],
    ['\\(*\\)*\\|*', null],
    ['[\\]]*[a(]*[)]*', null],
    ['\\u{1F642}+\\p{L}+\\P{L}+', null],
    // What stands in a class or behind a backslash neither groups nor repeats.
    ['[(a+)+]', null],
    ['[\\](a+)+]{1,3}', null],
    ['[a](a+)+', LONG],
    ['\\(a+\\)+', null],
    ['\\[(a+)+\\]', LONG],
    ['\\\\1', null],
    ['(?:\\u{61}{1,200}){3}', null],
    ['(?:\\u{61}{1,200}){4}', LONG],
    ['(?=a)(b)', 'may not use lookahead, lookbehind or flags inside ( ); describe the value directly'],
    ['(?<year>[0-9]{4})-(?<month>[0-9]{2})', null],
  ])('given %s, then its problem is %j', (pattern, problem) => {
    expect(safePatternProblem(pattern, 200)).toBe(problem);
  });
  it('given characters beyond the sixteen-bit ones, then each is one character', () => {
    expect(wholePattern('.').test('🙂')).toBe(true);
    expect(wholePattern('\\p{L}').test('ü')).toBe(true);
    expect(safePatternProblem('\\p{Nonsense}', 200)).toMatch(/^is no valid regular expression: /);
    expect(safePatternProblem('a)(b', 200)).toMatch(/^is no valid regular expression: /);
  });
});
