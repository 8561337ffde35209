/** Set-ups broken in one way each: what was done to them, and the id of the one thing that doctor must call wrong. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Change, edit, environments, policy, settings, swap } from './doctor-stage.ts';
import { DEBUG, POLICY, SWEEP } from './stage.ts';

export interface Break {
  title: string;
  change: Change;
  /** More than one only where one cause shows in several places. */
  wrong: string[];
}

const broken = (title: string, change: Change, ...wrong: string[]): Break => ({ title, change, wrong });
const remove =
  (path: string): Change =>
  ({ checkout }) =>
    rm(join(checkout, path));
const main = { name: 'main', type: 'branch' as const };
const named = (...patterns: { name: string; type: 'branch' | 'tag' }[]) => ({
  branches: { kind: 'named' as const, patterns },
});
/** Within one job of debug.yml. */
const inJob = (job: string, from: string | RegExp, to: string): Change =>
  edit(DEBUG, (text) => {
    const at = text.indexOf(`\n  ${job}:\n`);
    return text.slice(0, at) + text.slice(at).replace(from, () => to);
  });

export const REPOSITORY_BREAKS: Break[] = [
  broken('the repository has no issues', settings({ repository: { issues: false } }), 'repository.issues'),
  broken('the repository is archived', settings({ repository: { archived: true } }), 'repository.archived'),
  broken('the repository is public without leave', settings({ repository: { public: true } }), 'repository.public'),
  broken(
    'the whole repository holds a Slack token',
    settings({ repository: { secrets: ['SLACK_BOT_TOKEN'] } }),
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
  broken('a runbook names a command that is not there', remove('.github/runbooks/hello.sh'), 'policy.runbook.hello'),
  broken(
    'a command is not executable',
    async ({ checkout }) => {
      const { chmod } = await import('node:fs/promises');
      await chmod(join(checkout, '.github/runbooks/hello.sh'), 0o644);
    },
    'policy.runbook.hello',
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
    "a target's environment holds a Slack token",
    environments('production', { secrets: { SLACK_APP_TOKEN: 'x' } }),
    'environment.production.secrets',
  ),
];

export const WORKFLOW_BREAKS: Break[] = [
  broken('the debug workflow is not there', remove(DEBUG), 'workflow.debug'),
  broken('the debug workflow is no workflow', swap(DEBUG, 'jobs:', 'jobs: ['), 'workflow.debug'),
  broken(
    'the sweep is not there',
    async (town) => {
      await remove(SWEEP)(town);
      await policy([['signers', 'workflows'], [DEBUG]])(town);
    },
    'workflows.sweep',
  ),
  broken('the signers lack debug.yml', policy([['signers', 'workflows'], [SWEEP]]), 'workflow.debug.signer'),
  broken(
    'a signer does not use Debug Approval',
    async (town) => {
      await edit(SWEEP, (text) =>
        text.replace(/uses: .*\/action\/sweep@.*/, 'run: echo hello').replace(/\n {8}with:\n.*SLACK.*/, ''),
      )(town);
    },
    'workflow.sweep',
  ),
  broken('a pin is a tag', swap(SWEEP, /(action\/sweep)@\S+/, 'action/sweep@v1'), 'workflows.pins'),
  broken(
    'a pin is a short commit',
    edit(DEBUG, (text) => text.replace(/(debug-approval@[0-9a-f]{12})\S+/, '$1')),
    'workflows.pins',
  ),
  broken(
    'the pins differ',
    edit(SWEEP, (text, { published }) => text.replace(/(sweep)@\S+/, `$1@${published?.commits.earlier}`)),
    'workflows.pins',
  ),
  broken(
    'the pins are of another version',
    async (town) => {
      for (const path of [DEBUG, SWEEP, '.github/workflows/doctor.yml']) {
        await edit(path, (text, { published }) =>
          text.replaceAll(/(debug-approval\S*)@\S+/g, `$1@${published?.commits.earlier}`),
        )(town);
      }
    },
    'workflows.version',
  ),
  broken(
    'actions of the repository are used that it does not have',
    async (town) => {
      for (const path of [DEBUG, SWEEP, '.github/workflows/doctor.yml']) {
        await edit(path, (text) => text.replaceAll(/uses: acme\/debug-approval(\S*)@\S+/g, 'uses: .$1/'))(town);
      }
    },
    'workflows.pins',
  ),
  broken(
    'a workflow offers a runbook that the policy lacks',
    swap(DEBUG, '[hello, ', '[hello, goodbye, '),
    'workflow.debug.runbooks',
  ),
  broken(
    'a workflow offers a target that the policy lacks',
    swap(DEBUG, '[staging, ', '[moon, staging, '),
    'workflow.debug.targets',
  ),
  broken(
    'a workflow starts by a push',
    swap(DEBUG, /on:\n {2}workflow_dispatch:/, 'on:\n  push:\n  pull_request:'),
    'workflow.debug.on',
  ),
  broken('the sweep is switched off', settings({ repository: { disabledWorkflows: [SWEEP] } }), 'workflow.sweep.state'),
  broken('the sweep has no schedule', swap(SWEEP, / {2}schedule:\n.*\n/, ''), 'workflow.sweep.schedule'),
  broken(
    'the sweep is in no environment',
    swap(SWEEP, '    environment: debug-approval\n', ''),
    'workflow.sweep.sweep.environment',
  ),
];

export const JOB_BREAKS: Break[] = [
  broken(
    'ask is in another environment',
    inJob('ask', 'environment: debug-approval', 'environment: approvals'),
    'workflow.debug.ask.environment',
  ),
  broken('ask may not sign', inJob('ask', / {6}id-token: write.*\n/, ''), 'workflow.debug.ask.permissions'),
  broken('ask may not write issues', inJob('ask', 'issues: write', 'issues: read'), 'workflow.debug.ask.permissions'),
  broken(
    'ask ends before the request expires',
    inJob('ask', 'timeout-minutes: 130', 'timeout-minutes: 90'),
    'workflow.debug.ask.timeout',
  ),
  broken(
    'ask does not hand over the head of the log',
    inJob('ask', / {6}log-head: .*\n/, ''),
    'workflow.debug.ask.outputs',
  ),
  broken('ask hands over half of Slack', inJob('ask', / {10}slack-app-token: .*\n/, ''), 'workflow.debug.ask.slack'),
  broken(
    'a failure of ask counts as success',
    inJob('ask', '    runs-on:', '    continue-on-error: true\n    runs-on:'),
    'workflow.debug.ask.continue-on-error',
  ),
  broken(
    'the debug job has a condition of its own',
    inJob('debug', '    needs: ask\n', '    needs: ask\n    if: always()\n'),
    'workflow.debug.debug.if',
  ),
  broken('the debug job does not wait for ask', inJob('debug', '    needs: ask\n', ''), 'workflow.debug.debug.needs'),
  broken(
    'the debug job is in a fixed environment',
    inJob('debug', /environment: .*needs.*/, 'environment: production'),
    'workflow.debug.debug.environment',
  ),
  broken(
    'the debug job is a matrix',
    inJob('debug', '    needs: ask\n', '    needs: ask\n    strategy: { matrix: { n: [1, 2] } }\n'),
    'workflow.debug.debug.strategy',
  ),
  broken(
    'the debug job may change the repository',
    inJob('debug', 'contents: read', 'contents: write'),
    'workflow.debug.debug.permissions',
  ),
  broken(
    'the debug job is not handed the digest',
    inJob('debug', / {10}request-digest: .*\n/, ''),
    'workflow.debug.debug.grant',
  ),
  broken(
    'the debug job ends before its longest window',
    inJob('debug', 'timeout-minutes: 60', 'timeout-minutes: 5'),
    'workflow.debug.debug.timeout',
  ),
  broken(
    'a Slack token reaches the debug job',
    inJob('debug', '    env:\n', '    env:\n      TOKEN: ${{ secrets.SLACK_BOT_TOKEN }}\n'),
    'workflow.debug.debug.slack',
  ),
  broken(
    "another job is in the target's environment",
    inJob(
      'debug',
      '  close:\n',
      '  extra:\n    needs: ask\n    runs-on: ubuntu-latest\n    environment: ${{ needs.ask.outputs.environment }}\n    steps:\n      - run: echo\n\n  close:\n',
    ),
    'workflow.debug.extra.environment',
  ),
  broken(
    'a second debug job runs on the same approval',
    edit(DEBUG, (text) => {
      const debug = text.slice(text.indexOf('\n  debug:\n'), text.indexOf('\n  close:\n'));
      return text.replace('\n  close:\n', () => `${debug.replace('  debug:', '  again:')}\n  close:\n`);
    }),
    'workflow.debug.again.environment',
  ),
  broken('close runs after success only', inJob('close', '    if: always()\n', ''), 'workflow.debug.close.if'),
  broken(
    'close does not know the result',
    inJob('close', / {10}debug-result: .*\n/, ''),
    'workflow.debug.close.inputs',
  ),
  broken(
    'close is not there',
    edit(DEBUG, (text) => text.slice(0, text.indexOf('\n  close:\n') + 1)),
    'workflow.debug.close',
  ),
];

export const PEOPLE_BREAKS: Break[] = [
  broken('a login has changed', policy([['people', 'bo', 'github', 'login'], 'bo-old']), 'person.bo.github'),
  broken('an account is gone', policy([['people', 'bo', 'github', 'id'], 999]), 'person.bo.github'),
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
