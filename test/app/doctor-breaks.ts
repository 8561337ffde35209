/** The set-up in memory broken in one way each, and the id of the one thing that doctor must call wrong. */
import { parseDocument } from 'yaml';
import type { EnvironmentFacts, Inspector } from '../../src/app/ports.ts';
import { type Change, ENVIRONMENT } from './doctor-world.ts';

export type Broken = [title: string, change: Change, wrong: string];

const TOKENS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
const main = { name: 'main', type: 'branch' as const };
const named = (...patterns: { name: string; type: 'branch' | 'tag' }[]): Partial<EnvironmentFacts> => ({
  branches: { kind: 'named', patterns },
});

/** Sets values of the policy by their paths. */
const policy = (...changes: [path: (string | number)[], value: unknown][]): Change => ({
  policy(text) {
    const document = parseDocument(text);
    for (const [path, value] of changes) {
      if (value === undefined) document.deleteIn(path);
      else document.setIn(path, value);
    }
    return document.toString();
  },
});

/** One environment changed, or not there. */
const environment = (which: string, change: Partial<EnvironmentFacts> | null): Change => ({
  repository: {
    environment: async (name) =>
      name !== which ? { ...ENVIRONMENT, name } : change && { ...ENVIRONMENT, name, ...change },
  },
});

/** What secrets one environment holds; debug-approval holds both tokens unless it is the one. */
const secrets = (which: string, held: string[]): Change => ({
  inspector: { secrets: async (name) => (name === which ? held : name === 'debug-approval' ? TOKENS : []) },
});

const account = (id: number, found: Awaited<ReturnType<Inspector['account']>>): Partial<Inspector> => {
  const known: Record<number, string> = { 101: 'ana-dev', 102: 'bo-dev', 103: 'cy-dev', 104: 'di-dev' };
  return {
    account: async (one) => (one === id ? found : { id: one, login: known[one] ?? '', type: 'User', name: null }),
  };
};

export const BROKEN: Broken[] = [
  [
    'a rule cannot be met for one of those who may ask',
    policy([['rules', 0, 'require'], { count: 2, of: 'sre' }]),
    'policy.rules',
  ],
  ['no rule covers a runbook', policy([['rules', 0, 'when'], { risks: ['high'] }]), 'policy.rules'],
  [
    'the policy believes an issuer that signs nothing here',
    policy([['signers', 'issuer'], 'https://token.actions.example.com']),
    'policy.issuer',
  ],
  ['debug-approval is not there', environment('debug-approval', null), 'environment.debug-approval'],
  ["a target's environment is not there", environment('production', null), 'environment.production'],
  [
    'an environment admits a further branch',
    environment('debug-approval', named(main, { name: 'release/*', type: 'branch' })),
    'environment.debug-approval.branches',
  ],
  [
    'an environment admits tags',
    environment('production', named(main, { name: 'v*', type: 'tag' })),
    'environment.production.branches',
  ],
  ['an environment admits nothing', environment('production', named()), 'environment.production.branches'],
  [
    'administrators may bypass what the policy forbids to bypass',
    { ...policy([['admin-bypass'], 'forbid']), ...environment('production', { adminBypass: true }) },
    'environment.production.bypass',
  ],
  [
    'only one Slack token is stored',
    secrets('debug-approval', ['SLACK_BOT_TOKEN']),
    'environment.debug-approval.secrets',
  ],
  [
    'Slack tokens are stored, and the policy names no channel',
    policy([['slack'], undefined]),
    'environment.debug-approval.secrets',
  ],
  [
    'GitHub waits and asks reviewers of its own before the jobs that ask',
    environment('debug-approval', { reviewers: ['bo-dev'], waitMinutes: 600 }),
    'environment.debug-approval.held',
  ],
  [
    "a target's wait timer outlasts every request",
    environment('production', { waitMinutes: 120 }),
    'environment.production.wait',
  ],
  [
    'an id has a wrong digit',
    {
      ...policy([['people', 'bo', 'github', 'id'], 112]),
      inspector: {
        ...account(112, null),
        accountOf: async (login) => (login === 'bo-dev' ? { id: 102, login, type: 'User', name: null } : null),
      },
    },
    'person.bo.github',
  ],
  [
    'an account is a bot',
    { inspector: account(102, { id: 102, login: 'bo-dev', type: 'Bot', name: null }) },
    'person.bo.github',
  ],
  [
    'nobody who may ask for a runbook can start a workflow',
    {
      ...policy([['runbooks', 'hello', 'requesters'], ['ana']]),
      inspector: { permission: async (login) => (login === 'ana-dev' ? 'read' : 'write') },
    },
    'policy.runbook.hello.requesters',
  ],
];
