/** Whoever asks wrongly reads what is wrong and what to do, and nothing stands in GitHub or Slack. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { POLICY_TEXT } from '../request/given.ts';
import { createWorld, faultOf, INPUT, type World } from './world.ts';

type Ask = Parameters<World['ask']>[0];
const policy = (piece: string, other: string) => (w: World) => {
  if (!POLICY_TEXT.includes(piece)) throw new Error(`The policy has no ${piece}`);
  w.github.policy = {
    path: INPUT.policyPath,
    commit: 'c'.repeat(40),
    blob: 'b'.repeat(40),
    text: POLICY_TEXT.replace(piece, other),
  };
};
const environment =
  (change: object | null, name = 'production') =>
  (w: World) => {
    const known = w.github.environments.get(name);
    w.github.environments.delete(name);
    if (change !== null && known !== undefined) w.github.environments.set(name, { ...known, ...change });
  };
const actor = (change: { id: number; login: string; bot: boolean }) => (w: World) => {
  const run = w.github.runs.get(9001);
  if (run !== undefined) w.github.runs.set(9001, { ...run, triggeringActor: change });
};
const asCy = actor({ id: 103, login: 'cy-dev', bot: false });
const MAIN = 'refs/heads/main';

const CASES: [name: string, ask: Ask, prepare?: (w: World) => void][] = [
  ['no policy', {}, (w) => (w.github.policy = null)],
  ['another path of the policy', { input: { policyPath: 'policy.yml' } }],
  ['a policy with a mistake', {}, policy('version: 1', 'version: 2')],
  ['a policy with several mistakes', {}, policy('requesters: [developers]', 'requesters: [ops]\ncolour: red')],
  ['another event', { job: { event: 'push' } }],
  ['another branch', { job: { workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/feature' } } }],
  [
    'a tag with the name of the branch',
    { job: { workflow: { path: '.github/workflows/debug.yml', ref: 'refs/tags/main' } } },
  ],
  ['a workflow that may not sign', { job: { workflow: { path: '.github/workflows/other.yml', ref: MAIN } } }],
  ['a public repository', {}, (w) => (w.github.public = true)],
  ['no environment of the ask job', { job: { environment: null } }],
  ["the target's environment for the ask job", { job: { environment: 'production' } }],
  ['a bot', {}, actor({ id: 41898282, login: 'github-actions[bot]', bot: true })],
  ['a stranger', {}, actor({ id: 999, login: 'stranger', bot: false })],
  ['somebody who may not request', {}, actor({ id: 105, login: 'ed-dev', bot: false })],
  ["somebody whom the runbook's own list leaves out", { input: { runbook: 'repair', target: 'staging', inputs: {} } }],
  ['an unknown runbook', { input: { runbook: 'restart' } }],
  ['a name that every object has', { input: { runbook: 'constructor', target: '__proto__' } }],
  ['an unknown target', { input: { target: 'moon' } }],
  ['a target that the runbook does not allow', { input: { runbook: 'repair', inputs: {} } }, asCy],
  [
    'an input that does not fit its pattern',
    { input: { inputs: { service: 'web', note: '1; drop table' } } },
    policy('pattern: ".*", max-length: 200, default: none', 'pattern: "[A-Z]{2}-[0-9]{4,12}", default: AB-1234'),
  ],
  ['inputs that are no object', { input: { inputs: ['web'] } }],
  ['a missing and an unknown input', { input: { inputs: { sevrice: 'web' } } }],
  ['an input of another type', { input: { inputs: { service: 7 } } }],
  ['a value that is not allowed', { input: { inputs: { service: 'db' } } }],
  ['an input of two lines', { input: { inputs: { service: 'web', note: 'a\nb' } } }],
  ['inputs that are too long', { input: { inputs: { service: 'web', note: 'x'.repeat(11_000) } } }],
  ['no reason and no ticket', { input: { reason: ' ', ticket: '' } }],
  ['a ticket of another form', { input: { ticket: 'none' } }],
  ['a reason that is too long', { input: { reason: 'x'.repeat(2_001) } }],
  ['everything wrong at once', { input: { runbook: 'restart', target: 'moon', inputs: null, reason: '', ticket: '' } }],
  ['break-glass', { input: { breakGlass: true } }],
  ['a window that is too long', { input: { windowSeconds: 3_600 } }],
  ['a window of nothing', { input: { windowSeconds: 0 } }],
  ['a wait that is a little too long', { input: { timeoutSeconds: 91 } }, policy('expiry: 2h', 'expiry: 90s')],
  ['a wait that is too long', { input: { timeoutSeconds: 86_400 } }],
  ['nobody who could approve', {}, policy('require: { count: 2, of: sre }', 'require: { count: 4, of: sre }')],
  [
    'too few different people, since nobody counts twice',
    {},
    policy('require: { count: 2, of: sre }', 'require: { all: [{ count: 1, of: [bo] }, { count: 1, of: [ana, bo] }] }'),
  ],
  ['no rule for the target', {}, policy('when: { tiers: [production] }', 'when: { tiers: [vault] }')],
  [
    'a target in the environment of the approval',
    {},
    policy('environment: production,', 'environment: Debug-Approval,'),
  ],
  ['no environment of the target', {}, environment(null)],
  ['an environment that admits every branch', {}, environment({ branches: { kind: 'all' } })],
  ['§4.11 every branch may read the Slack tokens', {}, environment({ branches: { kind: 'all' } }, 'debug-approval')],
  ['an environment that administrators may bypass', {}, environment({ adminBypass: true })],
];

test.each(CASES)('§4.5 §4.6 given %s, nobody is asked', async (_, ask, prepare) => {
  const w = await createWorld();
  prepare?.(w);
  await faultOf(w.ask(ask).result);
  expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
});

test('whoever asks wrongly reads every mistake and what to do', async () => {
  const told: string[] = [];
  for (const [name, ask, prepare] of CASES) {
    const w = await createWorld();
    prepare?.(w);
    const { code, message, remedy } = await faultOf(w.ask(ask).result);
    told.push(`# ${name} (${code})\n${message}\n→ ${remedy}\n`);
  }
  await expect(told.join('\n')).toMatchFileSnapshot('golden/bad-input.txt');
});

test.each([
  ['unavailable', 'GitHub answered 500.'],
  ['rate-limited', 'A limit of GitHub is used up.'],
] as const)('§4.12 a GitHub that is %s while people are asked is waited out, and that is told', async (code, why) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.github.fail('poll', { fault: new Fault(code, why, 'Try again.') }));
  void w.after(60, () => w.press('bo', 'deny'));
  expect((await asking.result).view.status).toBe('denied');
  expect(asking.told).toContain(`! ${why} Still waiting; nothing is lost.`);
});

test('§4.10 a secret in what was asked wrongly is not in the message', async () => {
  const secret = 'xoxb-1234567890-abcdefgh';
  const w = await createWorld();
  const input = { runbook: secret, target: secret, ticket: secret, inputs: { service: secret } };
  for (const wrong of [input, { ...input, runbook: 'status', target: 'production' }]) {
    const { message, remedy } = await faultOf(w.ask({ input: wrong, secrets: [secret] }).result);
    expect(`${message} ${remedy}`.includes(secret)).toBe(false);
    expect(message).toContain('‹secret#1›');
  }
});

test('§4.11 approvers read on the card what GitHub does besides: bypass, its own reviewers, a wait', async () => {
  const w = await createWorld();
  policy('version: 1', 'version: 1\nadmin-bypass: show')(w);
  environment({ adminBypass: true, reviewers: ['bo-dev'], waitMinutes: 5 })(w);
  const asking = w.ask();
  void w.after(10, asking.cancel);
  await asking.result;
  expect(w.slack.cardOf().view.notices).toEqual([
    'Administrators may bypass the rules of the environment production.',
    'GitHub will ask its own reviewers of production again: bo-dev.',
    'GitHub will wait 5 min before the debug job starts.',
  ]);
});

test('§4.5 §4.1 the policy is that of the default branch, and the request names its commit and blob', async () => {
  const w = await createWorld();
  w.github.policy = { path: INPUT.policyPath, commit: 'e'.repeat(40), blob: 'b'.repeat(40), text: POLICY_TEXT };
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).view.request).toMatchObject({
    commit: 'c'.repeat(40),
    policy: { path: INPUT.policyPath, commit: 'e'.repeat(40), blob: 'b'.repeat(40) },
  });
});

test('§4.5 a public repository whose policy allows it is served', async () => {
  const w = await createWorld();
  policy('version: 1', 'version: 1\npublic: true')(w);
  w.github.public = true;
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).view.status).toBe('cancelled');
});
