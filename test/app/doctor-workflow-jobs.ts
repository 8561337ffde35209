/** Jobs of debug.yml broken in one way each: what was done to them, and the id of the one thing that doctor must call wrong. */
import { type Break, broken, DEBUG, edit, inJob } from './doctor-workflow-changes.ts';

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
    'the debug job checks nothing out',
    inJob('debug', / {6}- uses: actions\/checkout@.*\n.*\n.*\n/, ''),
    'workflow.debug.debug.checkout',
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
