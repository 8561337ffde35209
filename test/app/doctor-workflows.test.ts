/** What doctor says of workflows that differ from the product's own: nothing where they are as good, a note where they are not bad. */
import { describe, expect, test } from 'vitest';
import { ASK_TAKES } from '../../src/app/doctor/ask-values.ts';
import { USUAL_POLICY } from '../../src/app/doctor/same-policy.ts';
import { ASK_INPUTS } from '../../src/entry/contract.ts';
import { action, text } from '../workflow-files.ts';
import { type Change, examined, findingOf, inJob, notOk, type Pair, swap } from './doctor-world.ts';

const DEBUG = '.github/workflows/debug.yml';
const SWEEP = '.github/workflows/sweep.yml';
const DOCTOR = '.github/workflows/doctor.yml';
/** Not ours: other files take its place. */
const CI = '.github/workflows/ci.yml';

const debug = (...pairs: Pair[]): Change => ({ files: { [DEBUG]: swap(...pairs) } });
const sweep = (...pairs: Pair[]): Change => ({ files: { [SWEEP]: swap(...pairs) } });
const withJob = (text: string): Change =>
  debug([/$/, `\n  notify:\n    needs: [ask, debug]\n    if: failure()\n    runs-on: ubuntu-latest\n${text}`]);
const beside = (text: string): Change => ({ files: { [CI]: () => text } });
const RUN = '      - name: Run what was approved\n';
const CLOSE = '    if: always()\n    runs-on';
const PERMISSIONS = '{ contents: read, issues: write, actions: read, id-token: write }';

/** debug.yml calls another workflow, which asks. */
const reusable = (): Change => ({
  policy: swap(['[.github/workflows/debug.yml', `[${CI}, .github/workflows/debug.yml`]),
  files: {
    [DEBUG]: () => `on: workflow_dispatch\njobs:\n  all:\n    uses: ./${CI}\n    permissions: ${PERMISSIONS}\n`,
    [CI]: () =>
      text(DEBUG)
        .replace('workflow_dispatch:', 'workflow_call:')
        .replace(/# env:\n( +)# {3}/, 'env:\n$1  '),
  },
});

const machineOfCaller = (): Change => {
  const change = reusable();
  const last = (text: string): string => inJob('close', ['ubuntu-latest', '${{ inputs.runner }}'])(text);
  return { ...change, files: { ...change.files, [CI]: (text) => last(change.files?.[CI]?.(text) ?? text) } };
};

describe('what is as good as our own workflows is right', () => {
  const CASES: [string, Change][] = [
    ['a called workflow and its caller, both listed', reusable()],
    ['a further job without an environment', withJob('    steps: [{ run: echo }]\n')],
    [
      'a further job that tells another Slack app',
      withJob(
        '    steps: [{ run: curl, env: { HOOK: "${{ secrets.SLACK_WEBHOOK_URL }}", WHY: "${{ inputs.reason }}" } }]\n',
      ),
    ],
    [
      'a job before ask',
      debug(['  ask:\n', '  prepare:\n    runs-on: x\n    steps: [{ run: echo }]\n\n  ask:\n    needs: prepare\n']),
    ],
    [
      'other ways to name a runner',
      debug(
        ['    runs-on: ubuntu-latest', '    runs-on: [self-hosted, linux]'],
        ['    runs-on: ubuntu-latest', '    runs-on: { group: big, labels: [x] }'],
      ),
    ],
    [
      'an environment without deployments',
      debug(['    environment: debug-approval', '    environment: { name: debug-approval, deployment: false }']),
    ],
    ['a quoted on', debug(['\non:\n', "\n'on':\n"])],
    [
      'names in brackets and in other letter case',
      debug(
        ['environment: ${{ needs.ask.outputs.environment }}', "environment: ${{ Needs['ask'].Outputs.Environment }}"],
        [
          'issue-number: ${{ needs.ask.outputs.issue-number }}',
          "issue-number: ${{ needs.ask.outputs['issue-number'] }}",
        ],
        ['${{ inputs.runbook }}\n          target', '${{ github.event.inputs.Runbook }}\n          target'],
      ),
    ],
    ['a debug job only after success', debug(['    needs: ask\n', '    needs: ask\n    if: ${{ success() }}\n'])],
    ['a strategy without a matrix', debug(['    needs: ask\n', '    needs: ask\n    strategy: { fail-fast: true }\n'])],
    [
      'a failure that is not forgiven',
      debug(
        ['    needs: ask\n', '    needs: ask\n    continue-on-error: ${{ false }}\n'],
        ['        id: run\n', '        id: run\n        continue-on-error: "false"\n'],
      ),
    ],
    ['a step that runs after success', debug([RUN, `${RUN}        if: success()\n`])],
    [
      'ask on the default branch alone, by hand',
      debug([
        '  ask:\n',
        "  ask:\n    if: github.ref == 'refs/heads/main' && github.event_name == 'workflow_dispatch'\n",
      ]),
    ],
    ['a sweep in no fork', sweep(['  sweep:\n', "  sweep:\n    if: github.repository_owner == 'acme'\n"])],
    [
      'a checkout with what changes nothing',
      debug([
        /persist-credentials: false\n( {6}- name: Run)/,
        'persist-credentials: false\n          fetch-depth: 0\n          ref: ${{ github.sha }}\n          path: .\n          clean: true\n      - name: Run',
      ]),
    ],
    [
      "a copy of GitHub's checkout",
      debug([/actions\/checkout@(?=\S+ \S+ \S+\n.*\n.*\n {6}- name: Run)/, 'acme/checkout@']),
    ],
    [
      'a shorter wait with less time',
      debug(
        ['          duration:', '          timeout: 30m\n          duration:'],
        ['timeout-minutes: 130', 'timeout-minutes: 45'],
      ),
    ],
    [
      'eight hours on a runner of one’s own',
      {
        policy: swap(['expiry: 2h', 'expiry: 8h']),
        ...debug(['ubuntu-latest', 'self-hosted'], ['timeout-minutes: 130', 'timeout-minutes: 490']),
      },
    ],
    [
      'a group of each run’s own',
      debug([
        'permissions: {}',
        'concurrency: { group: "debug-${{ github.run_id }}", cancel-in-progress: true }\n\npermissions: {}',
      ]),
    ],
    [
      'what is chosen in a script',
      withJob(
        '    steps: [{ run: "echo ${{ inputs.target }} ${{ inputs.reason != null }} ${{ hashFiles(\'inputs/**\') }}" }]\n',
      ),
    ],
    [
      'a token of an app',
      debug(
        [
          '      - name: Ask for approval\n',
          `      - uses: actions/create-github-app-token@${'a'.repeat(40)}\n      - name: Ask for approval\n`,
        ],
        ['          slack-bot', '          github-token: ${{ github.token }}\n          slack-bot'],
      ),
    ],
    [
      'a runbook’s own secret of Slack',
      debug(['          ORDERS', '          SLACK_WEBHOOK_URL: ${{ secrets.SLACK_WEBHOOK_URL }}\n          ORDERS']),
    ],
    [
      'a deployment in a target’s environment',
      beside(
        'on: push\njobs:\n  deploy:\n    runs-on: x\n    environment: production\n    permissions: { id-token: write }\n    steps: [{ run: echo }]\n',
      ),
    ],
    [
      'two workflows that ask',
      {
        policy: swap(['[.github/workflows/debug.yml', `[${CI}, .github/workflows/debug.yml`]),
        files: { [CI]: () => text(DEBUG).replace(/# env:\n( +)# {3}/, 'env:\n$1  ') },
      },
    ],
    ['a sweep once a day', sweep(['*/15 * * * *', '7 3 * * *'])],
  ];
  test.each(CASES)('%s', async (_, change) => {
    expect(notOk(await examined(change))).toEqual([]);
  });
});

describe('what is merely risky is noted', () => {
  const CASES: [string, Change, string][] = [
    ['a machine that the caller names', machineOfCaller(), 'workflow.ci.close.machine'],
    [
      "all secrets for another repository's workflow",
      debug([/$/, '\n  tell:\n    uses: acme/tell/.github/workflows/tell.yml@main\n    secrets: inherit\n']),
      'workflow.debug.tell.secrets',
    ],
    [
      'a further job in an environment that is not known',
      withJob('    environment: ${{ vars.WHERE }}\n    steps: [{ run: echo }]\n'),
      'workflow.debug.notify.environment',
    ],
    [
      'another step in a job that signs',
      debug(['      - name: Ask for approval\n', '      - run: npm ci\n      - name: Ask for approval\n']),
      'workflow.debug.ask.steps',
    ],
    [
      'free text in a run’s title',
      debug([/run-name: .*/, 'run-name: Debug ${{ inputs.reason }}']),
      'workflow.debug.run-name',
    ],
    [
      'a further job beside the Slack tokens, which cannot sign',
      withJob('    environment: debug-approval\n    permissions: {}\n    steps: [{ run: echo }]\n'),
      'workflow.debug.notify.environment',
    ],
    [
      'another workflow beside the Slack tokens',
      beside(
        'on: push\njobs:\n  x:\n    runs-on: x\n    environment: { name: Debug-Approval }\n    permissions: { id-token: write }\n    steps: [{ run: echo }]\n',
      ),
      'workflow.ci.x.environment',
    ],
    ['a step between checkout and command', debug([RUN, `      - run: npm ci\n${RUN}`]), 'workflow.debug.debug.clean'],
    [
      'a checkout that cannot be seen',
      debug([
        / {6}- uses: actions\/checkout@.*\n.*\n.*\n( {6}- name: Run)/,
        '      - uses: ./.github/actions/prepare\n      - name: Run',
      ]),
      'workflow.debug.debug.checkout',
    ],
    [
      'an input that ask does not know',
      debug(['          duration:', '          timout: 30m\n          duration:']),
      'workflow.debug.ask.unknown',
    ],
    [
      'a time limit with no room',
      debug(['timeout-minutes: 130', 'timeout-minutes: 121']),
      'workflow.debug.ask.timeout',
    ],
    [
      'one group for all requests',
      debug(['permissions: {}', 'concurrency: debug\n\npermissions: {}']),
      'workflow.debug.concurrency',
    ],
    [
      'a further condition of close',
      debug([CLOSE, "    if: always() && vars.CLOSE != 'no'\n    runs-on"]),
      'workflow.debug.close.if',
    ],
    ['a variable that the step does not have', debug([/ {8}env:\n {10}ORDERS.*\n/, '']), 'workflow.debug.debug.env'],
    ['a sweep once a month', sweep(['*/15 * * * *', '0 0 1 * *']), 'workflow.sweep.schedule'],
    ['a doctor that the policy believes', { policy: swap(['sweep.yml]', `sweep.yml, ${DOCTOR}]`]) }, 'workflow.doctor'],
  ];
  test.each(CASES)('%s', async (_, change, id) => {
    expect(notOk(await examined(change))).toEqual([`${id} note`]);
  });
});

test('repositories are named in any letter case', async () => {
  const pinned = (owner: string) => (text: string) =>
    text.replaceAll(
      /uses: \.\/(\S*)/g,
      (_, folder: string) => `uses: ${owner}/debug-approval${folder && '/'}${folder}@${'a'.repeat(40)}`,
    );
  const files = { [DEBUG]: pinned('acme'), [SWEEP]: pinned('Acme'), [DOCTOR]: pinned('ACME') };
  const fileElsewhere = async (): Promise<string> => text('package.json');
  expect(notOk(await examined({ files, inspector: { fileElsewhere } }))).toEqual([]);
});

describe('a secret by which a Slack token is known', () => {
  const renamed: Pair[] = [
    ['${{ secrets.SLACK_BOT_TOKEN }}', '${{ secrets.DEBUG_BOT }}'],
    ['${{ secrets.SLACK_BOT_TOKEN }}', '${{ secrets.debug_bot }}'],
  ];
  const held = async (environment: string | null): Promise<string[]> =>
    environment === 'debug-approval' ? ['DEBUG_BOT', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'] : [];

  test('has the name that the workflows give it', async () => {
    expect(notOk(await examined({ ...debug(...renamed), inspector: { secrets: held } }))).toEqual([]);
  });

  test('may not reach the debug job under that name either', async () => {
    const change = debug(...renamed, ['          ORDERS', '          BOT: ${{ Secrets.Debug_Bot }}\n          ORDERS']);
    expect(notOk(await examined({ ...change, inspector: { secrets: held } }))).toEqual([
      'workflow.debug.debug.slack wrong',
    ]);
  });

  test('is not missed where the names cannot be listed', async () => {
    const { Fault } = await import('../../src/app/fault.ts');
    const refused = () => Promise.reject(new Fault('permission', 'GitHub answered 403.', 'Grant it.'));
    const found = notOk(await examined({ ...debug(...renamed), inspector: { secrets: refused } }));
    expect(found).toEqual(['secrets unknown']);
  });
});

test('a token in a workflow is never repeated', async () => {
  const token = 'xoxb-1234-5678-abcdefgh';
  const findings = await examined(debug(['${{ secrets.SLACK_BOT_TOKEN }}', token]));
  expect(findingOf(findings, 'workflow.debug.token')).toMatchObject({ health: 'wrong' });
  expect(JSON.stringify(findings)).not.toContain(token);
});

test('doctor knows the inputs of ask and where all actions look for the policy', () => {
  expect([...ASK_TAKES].sort()).toEqual([...ASK_INPUTS].sort());
  const folders = ['action.yml', 'action/run/action.yml', 'action/sweep/action.yml', 'action/doctor/action.yml'];
  expect(folders.map((path) => action(path).inputs['policy']?.default)).toEqual(folders.map(() => USUAL_POLICY));
});
