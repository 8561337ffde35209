/** Who must approve, what the verdict says, and that one human counts once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ask, eligibleApprovers, evaluate } from '../../src/policy/evaluate.ts';
import { explain } from '../../src/policy/explain.ts';
import { expandMembers } from '../../src/policy/people.ts';
import type { GroupSource, Policy, Requirement } from '../../src/policy/schema.ts';
import { asked, policyOf, SAMPLE } from './sample.ts';

const sample = policyOf(SAMPLE);
const requiring = (...require: Requirement[]): Policy => ({
  ...sample,
  rules: require.map((one, index) => ({ name: `Rule ${index + 1}`, require: one })),
});
const ask = (...excluded: string[]): Ask => asked({ excluded });
const sre = (count: number): Requirement => ({ count, of: 'sre' });
const security = (count: number): Requirement => ({ count, of: 'security' });

describe('a count', () => {
  it.each([
    ['nobody', [], 'waiting', '2 of sre: nobody approved yet; 2 more of Bo, Cy, Di.'],
    ['one', ['bo'], 'waiting', '2 of sre: Bo approved; 1 more of Cy, Di.'],
    ['one twice', ['bo', 'bo'], 'waiting', '2 of sre: Bo approved; 1 more of Cy, Di.'],
    ['two', ['bo', 'di'], 'met', '2 of sre: Bo and Di approved.'],
    [
      'a stranger and somebody of another group',
      ['ed', 'ana'],
      'waiting',
      '2 of sre: nobody approved yet; 2 more of Bo, Cy, Di.',
    ],
  ])(
    'given approvals of %s, then the sentence says who approved and who still may',
    (_, approvals, status, sentence) => {
      expect(evaluate(requiring(sre(2)), ask('ana'), approvals)).toEqual({ status, sentence, children: [] });
    },
  );
  it('given that the requester approves her own request, then it counts for nothing', () => {
    expect(evaluate(requiring(sre(2)), ask('bo'), ['bo', 'cy']).sentence).toBe('2 of sre: Cy approved; 1 more of Di.');
  });
  it('given too few eligible others, then it is blocked and says who is left', () => {
    const verdict = evaluate(requiring(sre(2)), ask('bo', 'cy'), ['di']);
    expect([verdict.status, verdict.sentence]).toEqual([
      'blocked',
      '2 of sre: only Di is eligible. Ask for another requester, or put more people into it in the policy.',
    ]);
  });
  it('given people and groups in one list, then each person counts once', () => {
    const policy = requiring({ count: 3, of: ['security', 'bo', 'cy'] });
    expect(evaluate(policy, ask(), ['bo', 'di']).sentence).toBe(
      '3 of security, Bo, Cy: Bo and Di approved; 1 more of Cy.',
    );
  });
});

describe('all', () => {
  it('given one of sre and one of security, when one human of both approves, then a second human is needed', () => {
    const policy = requiring({ all: [sre(1), security(1)] });
    expect(evaluate(policy, ask(), ['bo']).status).toBe('waiting');
    expect(evaluate(policy, ask(), ['bo', 'cy']).status).toBe('met');
    expect(evaluate(policy, ask(), ['bo', 'di']).status).toBe('met');
  });
  it('given that only one human is left for two places, then it is blocked though each place alone could be taken', () => {
    const verdict = evaluate(requiring({ all: [security(1), { count: 1, of: 'di' }] }), ask('bo'), []);
    expect([verdict.status, verdict.sentence]).toEqual([
      'blocked',
      'All of these 2, each by other people: too few different people are eligible (Di).',
    ]);
  });
  it('given an any inside, then the alternative that leaves enough people for the rest is taken', () => {
    const policy = requiring({
      all: [
        {
          any: [
            { count: 1, of: 'bo' },
            { count: 1, of: 'cy' },
          ],
        },
        { count: 1, of: 'bo' },
      ],
    });
    expect(evaluate(policy, ask(), ['bo']).status).toBe('waiting');
    expect(evaluate(policy, ask(), ['bo', 'cy']).status).toBe('met');
  });
});

describe('any', () => {
  it('given one alternative met, then it is met; and one that cannot be met blocks nothing', () => {
    const policy = requiring({ any: [security(2), sre(2)] });
    const verdict = evaluate(policy, ask('bo'), ['cy', 'di']);
    expect([verdict.status, ...verdict.children.map((child) => child.status)]).toEqual(['met', 'blocked', 'met']);
  });
});

describe('rules', () => {
  it('given several that apply, then all must be met, and one human may count for each', () => {
    const policy = requiring(sre(1), security(1));
    expect(evaluate(policy, ask(), ['cy']).status).toBe('waiting');
    expect(evaluate(policy, ask(), ['bo']).status).toBe('met');
  });
  it('given none that applies, then nothing can be approved', () => {
    const verdict = evaluate({ ...sample, rules: [] }, ask(), ['bo', 'cy', 'di']);
    expect(verdict.status).toBe('blocked');
    expect(verdict.sentence).toContain('No rule of the policy covers the runbook search on the target production');
  });
  it.each([
    ['targets', { targets: ['staging'] }, false],
    ['runbooks', { runbooks: ['search'] }, true],
    ['tiers', { tiers: ['production', 'staging'] }, true],
    ['risks', { risks: ['low' as const] }, false],
    ['several conditions of which one fails', { runbooks: ['search'], risks: ['medium' as const] }, false],
  ])('given a rule for certain %s, then it applies to those only', (_, when, applies) => {
    const policy: Policy = { ...sample, rules: [{ name: 'Some', when, require: sre(1) }] };
    expect(evaluate(policy, ask(), ['bo']).status).toBe(applies ? 'met' : 'blocked');
  });
  it('given an unknown runbook or target, then nothing can be approved', () => {
    expect(evaluate(sample, { ...ask(), runbook: 'constructor' }, ['bo', 'cy']).status).toBe('blocked');
    expect(evaluate(sample, { ...ask(), target: 'toString' }, ['bo', 'cy']).status).toBe('blocked');
  });
});

describe('a rule that requires none', () => {
  const none = (...names: string[]): Policy => ({
    ...sample,
    rules: names.map((name) => ({ name, require: 'none' as const })),
  });
  it('given it alone, then the request is approved from the start, and nobody may decide', () => {
    expect(evaluate(none('Free'), ask(), [])).toEqual({
      status: 'met',
      sentence: 'Pre-approved by the rule "Free": nobody has to approve.',
      children: [],
    });
    expect(eligibleApprovers(none('Free'), ask())).toEqual([]);
  });
  it('given several such rules and no other, then all are named', () => {
    expect(evaluate(none('Free', 'Easy', 'Open'), ask(), []).sentence).toBe(
      'Pre-approved by the rules "Free", "Easy" and "Open": nobody has to approve.',
    );
  });
  it('given another rule that wants somebody, then the strictest wins', () => {
    const policy = { ...sample, rules: [...none('Free').rules, { name: 'Strict', require: sre(1) }] };
    expect(evaluate(policy, ask(), [])).toEqual({
      status: 'waiting',
      sentence: '1 of 2 rules met; all must be.',
      children: [
        { status: 'met', sentence: 'Free: nobody has to approve by this rule.', children: [] },
        { status: 'waiting', sentence: 'Strict: 1 of sre: nobody approved yet; 1 more of Bo, Cy, Di.', children: [] },
      ],
    });
    expect(evaluate(policy, ask(), ['cy']).sentence).toBe('All 2 rules are met.');
    expect(eligibleApprovers(policy, ask())).toEqual(['bo', 'cy', 'di']);
  });
  it('given that it does not apply, then nothing is pre-approved', () => {
    const policy: Policy = { ...sample, rules: [{ name: 'Free', when: { risks: ['low'] }, require: 'none' }] };
    expect(evaluate(policy, ask(), []).status).toBe('blocked');
  });
});

describe('a count of a group from a directory', () => {
  const outside = (...sources: GroupSource[]): Policy => ({
    ...requiring({ count: 1, of: sources.map((_, index) => `group-${index}`) }),
    groups: Object.fromEntries(sources.map((source, index) => [`group-${index}`, { members: [], source }])),
  });
  it('given that nobody of the policy is in it, then it is blocked and says where people are missing', () => {
    expect(evaluate(outside({ kind: 'github-team', team: 'acme/sre' }), ask(), []).sentence).toBe(
      '1 of group-0: nobody is eligible. Ask for another requester, or see to it that more people of the policy are in the GitHub team acme/sre (group-0).',
    );
    const two = outside({ kind: 'slack-group', id: 'S1' }, { kind: 'listed' }, { kind: 'github-team', team: 'a/b' });
    expect(evaluate(two, ask(), []).sentence).toContain(
      'are in the Slack user group S1 (group-0), the GitHub team a/b (group-2).',
    );
  });
});

describe('who may decide', () => {
  it("given the rules that apply, then it is everybody they name, in the policy's order, without the excluded", () => {
    expect(eligibleApprovers(requiring(security(1), { count: 1, of: ['cy', 'ana'] }), ask('bo'))).toEqual([
      'ana',
      'cy',
      'di',
    ]);
  });
});

describe('the tree for a terminal', () => {
  it('given nested requirements, then each line has its status and stands under its parent', () => {
    const policy = requiring(sre(1), { any: [{ all: [sre(1), security(1)] }, { count: 1, of: 'ana' }] });
    expect(explain(evaluate(policy, ask('ana'), ['bo']))).toBe(
      [
        '… waiting: 1 of 2 rules met; all must be.',
        '  ✓ met: Rule 1: 1 of sre: Bo approved.',
        '  … waiting: Rule 2: Any one of these 2: none is met yet.',
        '    … waiting: All of these 2, each by other people: 1 met so far; Cy, Di can approve next.',
        '      … waiting: 1 of sre: nobody approved yet; 1 more of Cy, Di.',
        '      ✓ met: 1 of security: Bo approved.',
        '    ✗ blocked: 1 of Ana: nobody is eligible. Ask for another requester, or put more people into it in the policy.',
      ].join('\n'),
    );
  });
});

describe('for every policy and every set of approvals', () => {
  const everybody = Object.keys(sample.people);
  const some = fc.subarray(everybody);
  const count = fc.record({
    count: fc.integer({ min: 1, max: 2 }),
    of: fc.oneof(
      fc.constantFrom('sre', 'security', 'developers', ...everybody),
      fc.subarray(everybody, { minLength: 1 }),
    ),
  });
  const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
    requirement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      count,
      fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    ),
  }));
  const policies = fc.array(requirement, { minLength: 1, maxLength: 2 }).map((all) => requiring(...all));

  // Every set of people that meets a requirement exactly, written out.
  function exactSets(policy: Policy, node: Requirement): string[][] {
    if ('any' in node) return node.any.flatMap((child) => exactSets(policy, child));
    if ('all' in node) {
      return node.all.reduce<string[][]>(
        (sets, child) =>
          sets.flatMap((left) =>
            exactSets(policy, child).flatMap((right) =>
              right.some((one) => left.includes(one)) ? [] : [[...left, ...right]],
            ),
          ),
        [[]],
      );
    }
    const subsets = expandMembers(policy, node.of).reduce<string[][]>(
      (sets, person) => sets.flatMap((set) => [set, [...set, person]]),
      [[]],
    );
    return subsets.filter((set) => set.length === node.count);
  }
  const allFrom = (policy: Policy, people: string[]) =>
    policy.rules.every(
      ({ require }) =>
        require === 'none' || exactSets(policy, require).some((set) => set.every((one) => people.includes(one))),
    );

  it('the verdict agrees with trying every way to seat people', () => {
    fc.assert(
      fc.property(policies, some, some, (policy, excluded, approvals) => {
        const eligible = everybody.filter((person) => !excluded.includes(person));
        const counting = approvals.filter((person) => !excluded.includes(person));
        const expected = !allFrom(policy, eligible) ? 'blocked' : allFrom(policy, counting) ? 'met' : 'waiting';
        expect(evaluate(policy, ask(...excluded), approvals).status).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });
  it('one more approval never makes a verdict worse', () => {
    fc.assert(
      fc.property(policies, some, some, fc.constantFrom(...everybody), (policy, excluded, approvals, more) => {
        const rank = { blocked: 0, waiting: 1, met: 2 };
        const before = evaluate(policy, ask(...excluded), approvals).status;
        expect(rank[evaluate(policy, ask(...excluded), [...approvals, more]).status]).toBeGreaterThanOrEqual(
          rank[before],
        );
      }),
    );
  });
  it('the requester, repetitions, strangers and the order of approvals change nothing about the status', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...everybody), some, (policy, requester, approvals) => {
        const honest = approvals.filter((person) => person !== requester);
        const padded = [requester, 'stranger', ...[...honest].reverse(), ...honest, requester];
        expect(evaluate(policy, ask(requester), padded).status).toBe(evaluate(policy, ask(requester), honest).status);
      }),
    );
  });
  it('a waiting verdict can be met by those who may decide, and by nobody else', () => {
    fc.assert(
      fc.property(policies, some, (policy, excluded) => {
        const status = evaluate(policy, ask(...excluded), []).status;
        const after = evaluate(policy, ask(...excluded), eligibleApprovers(policy, ask(...excluded))).status;
        expect(after).toBe(status === 'waiting' ? 'met' : 'blocked');
      }),
    );
  });
  it('one more rule never makes an unmet verdict met', () => {
    const none = fc.constant('none' as const);
    fc.assert(
      fc.property(policies, fc.oneof(none, requirement), some, some, (policy, require, excluded, approvals) => {
        const before = evaluate(policy, ask(...excluded), approvals).status;
        const more = { ...policy, rules: [...policy.rules, { name: 'More', require }] };
        const after = evaluate(more, ask(...excluded), approvals).status;
        if (before !== 'met') expect(after).not.toBe('met');
        if (before === 'blocked') expect(after).toBe('blocked');
      }),
    );
  });
});
