/** Set-ups broken in one way each that need a true GitHub or git, and the id of what doctor must call wrong; the rest is in test/app/doctor-breaks.ts. */
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
    "the policy leaves the issuer out, where it is not github.com's",
    policy([['signers', 'issuer'], undefined]),
    'policy.issuer',
  ),
];

export const ENVIRONMENT_BREAKS: Break[] = [
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
    "a target's environment holds a Slack token",
    environments('production', { secrets: { SLACK_APP_TOKEN: 'x' } }),
    'environment.production.secrets',
  ),
];

export const PEOPLE_BREAKS: Break[] = [
  broken('a login has changed', policy([['people', 'bo', 'github', 'login'], 'bo-old']), 'person.bo.github'),
  broken('an account is gone', policy([['people', 'bo', 'github'], { id: 999, login: 'bo-gone' }]), 'person.bo.github'),
  broken('somebody without Slack has no access', settings({ permissions: { 'di-dev': 'none' } }), 'person.di.github'),
];
