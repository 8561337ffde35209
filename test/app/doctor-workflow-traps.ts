/** Workflows that look right and are not: what was done to them, and the id of the one thing that doctor must call wrong. */
import { text } from '../workflow-files.ts';
import { type Break, broken, DEBUG, DOCTOR, edit, inJob, policy, SWEEP, swap } from './doctor-workflow-changes.ts';
import type { Change } from './doctor-world.ts';

/** One changes a workflow, the other the policy. */
const both = (one: Change, other: Change): Change => ({ ...one, ...other });

/** Adds a job to debug.yml, or a step before the one of ours, or a line under `with` of ours. */
const job = (text: string): Change => edit(DEBUG, (all) => `${all}\n  notify:\n    runs-on: ubuntu-latest\n${text}`);
const step = (where: string, text: string): Change =>
  inJob(where, '      - uses: actions/checkout', `      - ${text}\n      - uses: actions/checkout`);
const line = (where: string, text: string): Change =>
  inJob(where, /\n {10}(?=runbook|issue-number)/, `\n          ${text}\n          `);
const checkout = (text: string): Change =>
  inJob('debug', '          persist-credentials', `          ${text}\n          persist-credentials`);
const without = (name: string): Change => inJob('ask', new RegExp(` {10}${name}: .*\\n`), '');
const stepsEnv = (text: string): Change => inJob('debug', '          ORDERS', `          ${text}\n          ORDERS`);

/** Not ours: what is called takes its place. */
const CALLED = '.github/workflows/ci.yml';
/** debug.yml calls the workflow that asks, and these are listed. */
const reusable = (
  signers: string[],
  permissions = '{ contents: read, issues: write, actions: read, id-token: write }',
): Change => ({
  ...policy([['signers', 'workflows'], signers]),
  files: {
    [CALLED]: () =>
      text(DEBUG)
        .replace('workflow_dispatch:', 'workflow_call:')
        .replaceAll('type: choice', 'type: string')
        .replaceAll(/ *options: .*\n/g, ''),
    [DEBUG]: () => `on: workflow_dispatch\njobs:\n  all:\n    uses: ./${CALLED}\n    permissions: ${permissions}\n`,
  },
});

export const TRAPS: Break[] = [
  broken(
    'a further job can sign decisions',
    job('    environment: Debug-Approval\n    permissions: { id-token: write }\n    steps: [{ run: echo }]\n'),
    'workflow.debug.notify.environment',
  ),
  broken(
    'a further job can sign in an environment that the one who asks names',
    job('    environment: ${{ inputs.where }}\n    permissions: write-all\n    steps: [{ run: echo }]\n'),
    'workflow.debug.notify.environment',
  ),
  broken(
    'a further job is in the environment that the one who asks names',
    job('    environment: ${{ inputs.target }}\n    steps: [{ run: echo }]\n'),
    'workflow.debug.notify.environment',
  ),
  broken(
    'what somebody typed is a command',
    step('ask', 'run: echo "${{ github.event.inputs.reason }}"'),
    'workflow.debug.ask.script',
  ),
  broken(
    "what somebody typed is another action's script",
    job('    steps:\n      - uses: actions/github-script@v8\n        with: { script: "log(${{ toJSON(inputs) }})" }\n'),
    'workflow.debug.notify.script',
  ),
  broken(
    'a Slack token reaches the debug job by an index',
    stepsEnv("TOKEN: ${{ secrets['slack_app_token'] }}"),
    'workflow.debug.debug.slack',
  ),
  broken(
    'a Slack token reaches the debug job by the whole workflow',
    swap(DEBUG, 'permissions: {}', 'env:\n  TOKEN: ${{ secrets.SLACK_APP_TOKEN }}\n\npermissions: {}'),
    'workflow.debug.debug.slack',
  ),
  broken('all secrets reach the debug job', stepsEnv('ALL: ${{ toJSON(secrets) }}'), 'workflow.debug.debug.slack'),
  broken(
    'a token is written into a workflow',
    inJob('close', '${{ secrets.SLACK_BOT_TOKEN }}', 'xoxb-1234-5678-abcdefgh'),
    'workflow.debug.token',
  ),
  broken(
    'the name of a secret is mistyped',
    inJob('ask', 'secrets.SLACK_APP_TOKEN', 'secrets.SLACK_APP_TOKN'),
    'workflow.debug.ask.slack',
  ),
  broken('ask is not told why', without('reason'), 'workflow.debug.ask.with'),
  broken(
    'ask is told why by an input that is not there',
    inJob('ask', 'inputs.reason', 'inputs.why'),
    'workflow.debug.ask.with',
  ),
  broken(
    'the step that asks ends before the request expires',
    inJob('ask', '        id: ask\n', '        id: ask\n        timeout-minutes: 60\n'),
    'workflow.debug.ask.timeout',
  ),
  broken('ask is not told what to run', without('runbook'), 'workflow.debug.ask.with'),
  broken('ask is not told what a runbook needs', without('inputs'), 'workflow.debug.ask.with'),
  broken(
    'ask is not told the ticket that the policy wants',
    both(without('ticket'), policy([['ticket', 'required'], true])),
    'workflow.debug.ask.with',
  ),
  broken('ask is to wait in another way', line('ask', 'wait: gateway'), 'workflow.debug.ask.values'),
  broken(
    'ask is given a time that is none, and a break-glass that is neither true nor false',
    inJob('ask', 'break-glass: ${{ inputs.break-glass }}', 'break-glass: maybe\n          timeout: 30 minutes'),
    'workflow.debug.ask.values',
  ),
  broken(
    'ask breaks the glass each time',
    inJob('ask', 'break-glass: ${{ inputs.break-glass }}', 'break-glass: true'),
    'workflow.debug.ask.break-glass',
  ),
  broken(
    'ask has a condition',
    inJob('ask', '    runs-on', "    if: github.actor == 'bo'\n    runs-on"),
    'workflow.debug.ask.if',
  ),
  broken('run reads another policy', line('debug', 'policy: other.yml'), 'workflow.debug.debug.policy'),
  broken(
    'the sweep reads another policy',
    swap(SWEEP, '          slack-bot-token', '          policy: other.yml\n          slack-bot-token'),
    'workflow.sweep.sweep.policy',
  ),
  broken(
    'doctor reads another policy',
    swap(DOCTOR, '          slack-bot-token', '          policy: other.yml\n          slack-bot-token'),
    'workflow.doctor.doctor.policy',
  ),
  ...['path: src', 'ref: production', 'repository: acme/other', 'sparse-checkout: .github'].map((text) =>
    broken(`the debug job checks out with ${text}`, checkout(text), 'workflow.debug.debug.checkout'),
  ),
  broken(
    'the step that runs never does',
    inJob('debug', '        id: run\n', '        id: run\n        if: ${{ false }}\n'),
    'workflow.debug.debug.step-if',
  ),
  broken(
    'the step that closes does so after failures only',
    inJob('close', '      - name: Report and close\n', '      - name: Report and close\n        if: failure()\n'),
    'workflow.debug.close.step-if',
  ),
  broken(
    'ask waits longer than GitHub lets its own runners',
    both(policy([['expiry'], '8h']), inJob('ask', 'timeout-minutes: 130', 'timeout-minutes: 490')),
    'workflow.debug.ask.timeout',
  ),
  broken(
    'a second request cancels the first',
    swap(DEBUG, 'permissions: {}', 'concurrency: { group: debug, cancel-in-progress: true }\n\npermissions: {}'),
    'workflow.debug.concurrency',
  ),
  broken(
    'anybody who comments starts the sweep',
    swap(SWEEP, '  workflow_dispatch:\n', '  workflow_dispatch:\n  issue_comment:\n'),
    'workflow.sweep.on',
  ),
  broken('a caller is not listed', reusable([CALLED, SWEEP]), 'workflow.debug.signer'),
  broken('what a caller calls is not listed', reusable([DEBUG, SWEEP]), 'workflow.ci.signer'),
  broken(
    'a caller gives what it calls too little',
    reusable([DEBUG, CALLED, SWEEP], '{ contents: read, issues: write }'),
    'workflow.debug.all.permissions',
  ),
];
