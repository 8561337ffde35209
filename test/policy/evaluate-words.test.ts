/** The sentence at each node of a verdict: what is met, who may approve next, and why something can never be met. */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import { explain } from '../../src/policy/explain.ts';
import type { Requirement } from '../../src/policy/schema.ts';
import { asked, policyOf, SAMPLE } from './sample.ts';

const sample = policyOf(SAMPLE);
const one = (of: string | string[], count = 1): Requirement => ({ count, of });
const REMEDY = 'Ask for another requester, or put more people into it in the policy.';

function tree(require: Requirement, approvals: string[], excluded: string[] = []): string[] {
  const policy = { ...sample, rules: [{ name: 'Rule', require }] };
  return explain(evaluate(policy, asked({ excluded }), approvals)).split('\n');
}

describe('any', () => {
  it('given an approval that counts for each, then each alternative stands as if it were the one taken', () => {
    const require = { any: [one('sre', 2), one('security', 2)] };
    expect(tree(require, ['bo'])).toEqual([
      '… waiting: Any one of these 2: none is met yet.',
      '  … waiting: 2 of sre: Bo approved; 1 more of Cy, Di.',
      '  … waiting: 2 of security: Bo approved; 1 more of Di.',
    ]);
  });
  it('given one that is met, then it says so', () => {
    expect(tree({ any: [one('ana'), one('security')] }, ['di'])).toEqual([
      '✓ met: Any one of these: met.',
      '  … waiting: 1 of Ana: nobody approved yet; 1 more of Ana.',
      '  ✓ met: 1 of security: Di approved.',
    ]);
  });
  it('given that no alternative has people enough, then none can be met, and each says why', () => {
    expect(tree({ any: [one('security', 2), one(['ana', 'cy'], 3)] }, [], ['bo'])).toEqual([
      '✗ blocked: Any one of these 2: none can be met.',
      `  ✗ blocked: 2 of security: only Di is eligible. ${REMEDY}`,
      `  ✗ blocked: 3 of Ana, Cy: only Ana and Cy are eligible. ${REMEDY}`,
    ]);
  });
  it('given that the rest of the rule needs who approved an alternative, then that alternative is not met by it', () => {
    const require = { all: [{ any: [one('bo'), one('cy')] }, one('bo')] };
    expect(tree(require, ['bo'])).toEqual([
      '… waiting: All of these 2, each by other people: 1 met so far; Cy can approve next.',
      '  … waiting: Any one of these 2: none is met yet.',
      '    … waiting: 1 of Bo: Bo approved.',
      '    … waiting: 1 of Cy: nobody approved yet; 1 more of Cy.',
      '  ✓ met: 1 of Bo: Bo approved.',
    ]);
  });
  it('given more alternatives than are ever tried, then nobody can meet those beyond', () => {
    const verdict = evaluate(
      { ...sample, rules: [{ name: 'Rule', require: { any: Array.from({ length: 102 }, () => one('bo')) } }] },
      asked(),
      ['bo'],
    );
    expect(verdict.status).toBe('met');
    expect(verdict.children.at(-1)).toEqual({ status: 'blocked', sentence: 'Nobody can meet this.', children: [] });
  });
});

describe('all', () => {
  it('given that all are met, then it says so', () => {
    expect(tree({ all: [one('sre'), one('security')] }, ['bo', 'cy'])).toEqual([
      '✓ met: All of these 2, each by other people: met.',
      '  ✓ met: 1 of sre: Cy approved.',
      '  ✓ met: 1 of security: Bo approved.',
    ]);
  });
  it('given parts within parts, then each part says who may approve next within it, and how many are met', () => {
    expect(tree({ all: [{ all: [one('ana'), one('bo'), one('cy')] }, one('di')] }, ['ana'])).toEqual([
      '… waiting: All of these 2, each by other people: 0 met so far; Bo, Cy, Di can approve next.',
      '  … waiting: All of these 3, each by other people: 1 met so far; Bo, Cy can approve next.',
      '    ✓ met: 1 of Ana: Ana approved.',
      '    … waiting: 1 of Bo: nobody approved yet; 1 more of Bo.',
      '    … waiting: 1 of Cy: nobody approved yet; 1 more of Cy.',
      '  … waiting: 1 of Di: nobody approved yet; 1 more of Di.',
    ]);
  });
  it('given that one human would have to count twice, then it is blocked and says so where', () => {
    expect(tree({ all: [one('security', 2), one('di')] }, ['di', 'bo'])).toEqual([
      '✗ blocked: All of these 2, each by other people: too few different people are eligible (Bo, Di).',
      '  ✓ met: 2 of security: Di and Bo approved.',
      `  ✗ blocked: 1 of Di: Di cannot meet this and the rest too, since nobody counts twice. ${REMEDY}`,
    ]);
  });
  it('given that nobody at all is eligible, then it says nobody', () => {
    expect(tree({ all: [one('bo'), one('security')] }, [], ['bo', 'di'])).toEqual([
      '✗ blocked: All of these 2, each by other people: too few different people are eligible (nobody).',
      `  ✗ blocked: 1 of Bo: nobody is eligible. ${REMEDY}`,
      `  ✗ blocked: 1 of security: nobody is eligible. ${REMEDY}`,
    ]);
  });
});
