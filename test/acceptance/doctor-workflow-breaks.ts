/** Workflows broken in one way each: what was done to them, and the id of the one thing that doctor must call wrong. */
import { type Break, broken, remove } from './doctor-breaks.ts';
import { DOCTOR, edit, policy, settings, swap } from './doctor-stage.ts';
import { DEBUG, SWEEP } from './stage.ts';

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
      for (const path of [DEBUG, SWEEP, DOCTOR]) {
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
      for (const path of [DEBUG, SWEEP, DOCTOR]) {
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
