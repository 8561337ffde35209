/** What is left to do: environments as the jobs judge them, no Slack app twice, and the channel told at last. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type NextInput, nextSteps } from '../../../src/app/init/next.ts';
import type { EnvironmentFacts } from '../../../src/app/ports.ts';
import { FLAGS, knownOf, planOf } from './given.ts';

const PLAN = planOf({ ...FLAGS, adminBypass: 'show' });
const words = (change: Partial<NextInput> = {}): string[] =>
  nextSteps({
    ...{ policy: PLAN.policy, files: PLAN.files, known: knownOf(FLAGS), repository: 'acme/shop', branch: 'main' },
    ...{ serverUrl: 'https://github.com', posted: false, slackAsked: false },
    ...change,
  }).map(({ what, commands }) => [what, ...commands].join('\n'));

const environment = (name: string, branch: string): EnvironmentFacts => ({
  ...{ name, branches: { kind: 'named', patterns: [{ name: branch, type: 'branch' }] } },
  ...{ adminBypass: true, reviewers: [], waitMinutes: 0 },
});
const having = (...all: EnvironmentFacts[]) => ({
  known: { ...knownOf(FLAGS), environments: Object.fromEntries(all.map((one) => [one.name, one])) },
});

test('environments are to be made or changed until each admits the default branch alone', () => {
  expect(words()[0]).toContain('create the environments debug-approval, eu, live');
  const some = having(environment('debug-approval', 'main'), environment('eu', '*'), environment('live', 'main'));
  expect(words(some)[0]).toMatch(/settings\/environments change eu\. In each/);
  const all = having(environment('debug-approval', 'main'), environment('eu', 'main'), environment('live', 'main'));
  expect(words(all)[0]).not.toContain('environments');
});

test('no Slack app is to be created where one was just used', () => {
  expect(words()[1]).toMatch(/^Create the Slack app .*\/invite @Debug Approval/);
  expect(words({ slackAsked: true })[1]).toMatch(/^The Slack app whose token was just used needs an app-level token/);
});

test('a kept policy with GitHub teams wants a token that reads them', () => {
  expect(words().join()).not.toContain('DIRECTORY_TOKEN');
  const sre = { members: [], source: { kind: 'github-team' as const, team: 'acme/sre' } };
  const policy = { ...PLAN.policy, groups: { ...PLAN.policy.groups, sre } };
  const step = words({ policy }).find((one) => one.includes('acme/sre'));
  expect(step).toContain('gh secret set DIRECTORY_TOKEN --env debug-approval --repo acme/shop');
});

test('a kept policy with a webhook wants the secret that signs what it is sent', () => {
  expect(words().join()).not.toContain('WEBHOOK_SECRET');
  const policy = { ...PLAN.policy, webhook: { url: 'https://hooks.example.com/debug' } };
  const step = words({ policy }).find((one) => one.includes('https://hooks.example.com/debug'));
  expect(step).toContain('gh secret set WEBHOOK_SECRET --env debug-approval --repo acme/shop');
});

test('the channel is told last, after the commit, the doctor and the first request; and not twice', () => {
  const order = words().map((one) => /git push|debug-approval doctor|Run workflow|guidelines --post/.exec(one)?.[0]);
  expect(order.slice(-4)).toEqual(['git push', 'debug-approval doctor', 'Run workflow', 'guidelines --post']);
  expect(words({ posted: true }).join()).not.toContain('guidelines');
});

test.each(['main;id', 'main$(id)', 'main`id`', 'main|sh', 'main&id', 'main>x', "ma'in"])(
  'a shell that is given the printed push to the branch %s runs git alone, and hands it that name',
  (branch) => {
    const push = words({ branch })
      .flatMap((one) => one.split('\n'))
      .find((line) => line.startsWith('git push'));
    const said = execFileSync('bash', ['-c', `git() { printf '%s\\n' "$@"; }\n${push}`], { encoding: 'utf8' });
    expect(said).toBe(`push\norigin\nHEAD:${branch}\n`);
  },
);
