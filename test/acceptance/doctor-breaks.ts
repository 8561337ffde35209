/** Set-ups broken in one way each: what was done to them, and the id of the one thing that doctor must call wrong. */
import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Change, edit, environments, policy, settings } from './doctor-stage.ts';
import { POLICY } from './stage.ts';

export interface Break {
  title: string;
  change: Change;
  /** More than one only where one cause shows in several places. */
  wrong: string[];
}

export const broken = (title: string, change: Change, ...wrong: string[]): Break => ({ title, change, wrong });
export const remove =
  (path: string): Change =>
  ({ checkout }) =>
    rm(join(checkout, path));
const HELLO = '.github/runbooks/hello.sh';
/** A symbolic link in the place of a script. */
export const linked =
  (to: string, path = HELLO): Change =>
  async (town) => {
    await remove(path)(town);
    await symlink(to, join(town.checkout, path));
  };
/** A file of its own, without the right to be executed unless given. */
export const written =
  (path: string, text: string, mode = 0o644): Change =>
  async ({ checkout }) => {
    await writeFile(join(checkout, path), text);
    await chmod(join(checkout, path), mode);
  };
const main = { name: 'main', type: 'branch' as const };
const named = (...patterns: { name: string; type: 'branch' | 'tag' }[]) => ({
  branches: { kind: 'named' as const, patterns },
});
export const REPOSITORY_BREAKS: Break[] = [
  broken('the repository has no issues', settings({ repository: { issues: false } }), 'repository.issues'),
  broken('the repository is archived', settings({ repository: { archived: true } }), 'repository.archived'),
  broken('the repository is public without leave', settings({ repository: { public: true } }), 'repository.public'),
  broken(
    'the whole repository holds the Slack tokens, and debug-approval does not',
    async (town) => {
      await environments('debug-approval', { secrets: {} })(town);
      await settings({ repository: { secrets: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] } })(town);
    },
    'repository.secrets',
  ),
];

export const POLICY_BREAKS: Break[] = [
  broken('there is no policy', remove(POLICY), 'policy'),
  broken('the policy has mistakes', policy([['version'], 2], [['requesters'], ['nobody']]), 'policy'),
  broken(
    'a rule cannot be met for one of those who may ask',
    policy([['rules', 0, 'require'], { count: 2, of: 'sre' }]),
    'policy.rules',
  ),
  broken('no rule covers a runbook', policy([['rules', 0, 'when'], { risks: ['high'] }]), 'policy.rules'),
  broken('a runbook names a command that is not there', remove(HELLO), 'policy.runbook.hello'),
  broken('a command is not executable', ({ checkout }) => chmod(join(checkout, HELLO), 0o644), 'policy.runbook.hello'),
  broken('a command is a link to nothing', linked('../../scripts/gone.sh'), 'policy.runbook.hello'),
  broken('a command is a link out of the repository', linked('../../../../bin/true'), 'policy.runbook.hello'),
  broken('a command is a link to a place of the machine', linked('/bin/true'), 'policy.runbook.hello'),
  broken(
    'a command is a link to what is not executable',
    async (town) => {
      await written('hello.sh', '#!/bin/sh\necho hello\n')(town);
      await linked('../../hello.sh')(town);
    },
    'policy.runbook.hello',
  ),
  broken(
    'a script of the repository is named as if it were in PATH',
    async (town) => {
      await written('hello.sh', '#!/bin/sh\necho hello\n', 0o755)(town);
      await policy([['runbooks', 'hello', 'run'], ['hello.sh']])(town);
    },
    'policy.runbook.hello',
  ),
  broken(
    'a script has the line ends of Windows',
    edit(HELLO, (text) => text.replaceAll('\n', '\r\n')),
    'policy.runbook.hello',
  ),
  broken(
    'an interpreter is given a script that is not there',
    policy([
      ['runbooks', 'hello', 'run'],
      ['bash', '-e', '.github/runbooks/nope.sh'],
    ]),
    'policy.runbook.hello',
  ),
  broken(
    'the policy believes an issuer that signs nothing here',
    policy([['signers', 'issuer'], 'https://token.actions.example.com']),
    'policy.issuer',
  ),
  broken(
    "the policy leaves the issuer out, where it is not github.com's",
    policy([['signers', 'issuer'], undefined]),
    'policy.issuer',
  ),
];

export const ENVIRONMENT_BREAKS: Break[] = [
  broken('debug-approval is not there', environments('debug-approval', null), 'environment.debug-approval'),
  broken("a target's environment is not there", environments('production', null), 'environment.production'),
  broken(
    'an environment admits every branch',
    environments('production', { branches: { kind: 'all' } }),
    'environment.production.branches',
  ),
  broken(
    'an environment admits protected branches, and none is',
    (town) => {
      environments('staging', { branches: { kind: 'protected' } })(town);
      settings({ mainProtected: false })(town);
    },
    'environment.staging.branches',
  ),
  broken(
    'an environment admits a further branch',
    environments('debug-approval', named(main, { name: 'release/*', type: 'branch' })),
    'environment.debug-approval.branches',
  ),
  broken(
    'an environment admits tags',
    environments('production', named(main, { name: 'v*', type: 'tag' })),
    'environment.production.branches',
  ),
  broken('an environment admits nothing', environments('production', named()), 'environment.production.branches'),
  broken(
    'administrators may bypass what the policy forbids to bypass',
    async (town) => {
      settings({ repository: { plan: 'enterprise' } })(town);
      environments('production', { adminBypass: true })(town);
      await policy([['admin-bypass'], 'forbid'])(town);
    },
    'environment.production.bypass',
  ),
  broken(
    'a private repository on the Free plan',
    settings({ repository: { plan: 'free' } }),
    ...[
      'environment.debug-approval.branches',
      'environment.staging.branches',
      'environment.production.branches',
      'plan',
    ],
  ),
  broken(
    'only one Slack token is stored',
    environments('debug-approval', { secrets: { SLACK_BOT_TOKEN: 'x' } }),
    'environment.debug-approval.secrets',
  ),
  broken(
    'Slack tokens are stored, and the policy names no channel',
    policy([['slack'], undefined]),
    'environment.debug-approval.secrets',
  ),
  broken(
    'GitHub waits and asks reviewers of its own before the jobs that ask',
    async (town) => {
      await settings({ repository: { plan: 'enterprise' } })(town);
      await environments('debug-approval', { reviewers: ['bo-dev'], waitMinutes: 600 })(town);
    },
    'environment.debug-approval.held',
  ),
  broken(
    "a target's wait timer outlasts every request",
    async (town) => {
      await settings({ repository: { plan: 'enterprise' } })(town);
      await environments('production', { waitMinutes: 120 })(town);
    },
    'environment.production.wait',
  ),
  broken(
    "a target's environment holds a Slack token",
    environments('production', { secrets: { SLACK_APP_TOKEN: 'x' } }),
    'environment.production.secrets',
  ),
];

export const PEOPLE_BREAKS: Break[] = [
  broken('a login has changed', policy([['people', 'bo', 'github', 'login'], 'bo-old']), 'person.bo.github'),
  broken('an id has a wrong digit', policy([['people', 'bo', 'github', 'id'], 112]), 'person.bo.github'),
  broken('an account is gone', policy([['people', 'bo', 'github'], { id: 999, login: 'bo-gone' }]), 'person.bo.github'),
  broken('an account is a bot', policy([['people', 'bo', 'github', 'id'], 41_898_282]), 'person.bo.github'),
  broken('somebody without Slack has no access', settings({ permissions: { 'di-dev': 'none' } }), 'person.di.github'),
  broken(
    'nobody who may ask for a runbook can start a workflow',
    async (town) => {
      settings({ permissions: { 'ana-dev': 'read' } })(town);
      await policy([['runbooks', 'hello', 'requesters'], ['ana']])(town);
    },
    'policy.runbook.hello.requesters',
  ),
];
