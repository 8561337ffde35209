/** Whether an environment really holds the debug job back, and what must be mended where it does not. */
import { expect, test } from 'vitest';
import { judgeEnvironment } from '../../src/app/environment.ts';
import type { EnvironmentFacts } from '../../src/app/ports.ts';

type Rule = Parameters<typeof judgeEnvironment>[2];
const RULE: Rule = { adminBypass: 'forbid', defaultBranch: 'main', public: false };
const main = { name: 'main', type: 'branch' as const };
const SOUND: EnvironmentFacts = {
  name: 'production',
  branches: { kind: 'named', patterns: [main] },
  adminBypass: false,
  reviewers: [],
  waitMinutes: 0,
};
const named = (...patterns: (typeof main | { name: string; type: 'branch' | 'tag' })[]): Partial<EnvironmentFacts> => ({
  branches: { kind: 'named', patterns },
});

const CASES: [name: string, sound: boolean, facts: Partial<EnvironmentFacts> | null, rule?: Partial<Rule>][] = [
  ['is not there', false, null],
  ['admits the default branch alone', true, {}],
  ['admits every branch, in a private repository', false, { branches: { kind: 'all' } }],
  ['admits every branch, in a public repository', false, { branches: { kind: 'all' } }, { public: true }],
  [
    'admits protected branches and the default branch is one',
    true,
    { branches: { kind: 'protected', defaultBranchProtected: true } },
  ],
  [
    'admits protected branches and the default branch is none',
    false,
    { branches: { kind: 'protected', defaultBranchProtected: false } },
  ],
  ['admits no branch', false, named()],
  ['admits another branch too', false, named(main, { name: 'hotfix', type: 'branch' })],
  ['admits a pattern that fits the default branch', false, named({ name: 'ma*', type: 'branch' })],
  ['admits a tag with the name of the default branch', false, named({ name: 'main', type: 'tag' })],
  ['admits tags too', false, named(main, { name: 'v*', type: 'tag' })],
  ['admits the default branch in other letters', false, named({ name: 'Main', type: 'branch' })],
  ['may be bypassed by administrators, which the policy forbids', false, { adminBypass: true }],
  ['does not say whether administrators may bypass it', false, { adminBypass: null }],
  [
    'may be bypassed by administrators, in a public repository, which the policy forbids',
    false,
    { adminBypass: true },
    { public: true },
  ],
  [
    'may be bypassed by administrators, which the policy only shows',
    true,
    { adminBypass: true },
    { adminBypass: 'show' },
  ],
  ['does not say so, and the policy only shows it', true, { adminBypass: null }, { adminBypass: 'show' }],
  ['is written in other letters by GitHub', true, { name: 'Production' }],
  ['is another by name than the one that was asked for', false, { name: 'staging' }],
  ['asks its own reviewers and waits', true, { reviewers: ['bo-dev', 'acme/sre'], waitMinutes: 5 }],
  ['lacks everything', false, { branches: { kind: 'all' }, adminBypass: true }],
];
const judge = (facts: Partial<EnvironmentFacts> | null, rule: Partial<Rule> = {}) =>
  judgeEnvironment('production', facts === null ? null : { ...SOUND, ...facts }, { ...RULE, ...rule });

test.each(CASES)('§4.11 an environment that %s: protected is %s', (_, sound, facts, rule) => {
  expect(judge(facts, rule).problems.length === 0).toBe(sound);
});

test('§4.11 whoever must mend an environment reads exactly what is missing, and approvers read what remains', async () => {
  const told = CASES.map(([name, , facts, rule]) => {
    const { problems, notices } = judge(facts, rule);
    return [`# an environment that ${name}`, ...problems, ...notices.map((notice) => `notice: ${notice}`), ''].join(
      '\n',
    );
  });
  await expect(told.join('\n')).toMatchFileSnapshot('golden/environment.txt');
});

test('§4.11 what GitHub asks and waits for before the jobs that ask is nothing that an approver is told to come', () => {
  const facts = { ...SOUND, name: 'debug-approval', reviewers: ['bo-dev'], waitMinutes: 5 };
  expect(judgeEnvironment('debug-approval', facts, RULE)).toEqual({ problems: [], notices: [] });
});
