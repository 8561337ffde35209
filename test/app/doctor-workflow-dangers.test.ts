/** What doctor says of workflows whose jobs of ours run, on choice of others, what could sign or read Slack's tokens. */
import { describe, expect, test } from 'vitest';
import { type Change, diagnosis, examined, findingOf, inJob, notOk, type Pair, swap } from './doctor-world.ts';

const DEBUG = '.github/workflows/debug.yml';
const SWEEP = '.github/workflows/sweep.yml';
const DOCTOR = '.github/workflows/doctor.yml';
const SHA = 'a'.repeat(40);

const within = (job: string, ...pairs: Pair[]): Change => ({ files: { [DEBUG]: inJob(job, ...pairs) } });
const sweep = (...pairs: Pair[]): Change => ({ files: { [SWEEP]: swap(...pairs) } });
const doctor = (...pairs: Pair[]): Change => ({ files: { [DOCTOR]: swap(...pairs) } });
const ENV: Pair = ['    steps:', '    env:\n      TOKEN: ${{ secrets.SLACK_BOT_TOKEN }}\n    steps:'];
const checkout = (lines: string): Pair => ['persist-credentials: false', `persist-credentials: false\n${lines}`];
const runner = (lines: string): Pair => ['    runs-on: ubuntu-latest', lines];
const FOREIGN: Pair = ['    steps:\n', `    steps:\n      - uses: acme/tell@${SHA}\n`];
const BOT = 'secrets.SLACK_BOT_TOKEN';
const APP = 'secrets.SLACK_APP_TOKEN';
const REF = '          ref: ${{ inputs.ticket }}';
const PART = '          repository: acme/other\n          path: other';

/** Every action of ours from that repository, whose manifest says that it is ours. */
function pinned(source: string): Change {
  const pin = (text: string): string =>
    text.replaceAll(/uses: \.\/(\S*)/g, (_, folder: string) => `uses: ${source}${folder && '/'}${folder}@${SHA}`);
  const fileElsewhere = async (): Promise<string> => JSON.stringify({ name: 'debug-approval', version: '0.1.0' });
  return {
    files: { [DEBUG]: pin, [SWEEP]: pin, [DOCTOR]: pin },
    inspector: { fileElsewhere },
    input: { version: '0.1.0' },
  };
}

/** Changes of debug.yml one after the other. */
const also = (one: Change, ...pairs: Pair[]): Change => ({
  ...one,
  files: { ...one.files, [DEBUG]: (text) => swap(...pairs)(one.files?.[DEBUG]?.(text) ?? text) },
});

describe('what lets others sign, or read what they must not, is wrong', () => {
  const told: string[] = [];
  const CASES: [string, Change, string][] = [
    ['Slack’s token for every step of ask, one of which is another’s', within('ask', ENV, FOREIGN), 'ask.slack-env'],
    [
      'Slack’s token for every step of the sweep, one of which is another’s',
      sweep(ENV, FOREIGN),
      'workflow.sweep.sweep.slack-env',
    ],
    [
      'all secrets for every step of close, one of which is another’s',
      within('close', ['    steps:\n', '    env:\n      ALL: ${{ toJSON(secrets) }}\n    steps:\n      - run: env\n']),
      'close.slack-env',
    ],
    ['ask checks out what the requester names', within('ask', checkout(REF)), 'ask.checkout'],
    ['close checks out a branch', within('close', checkout('          ref: develop')), 'close.checkout'],
    [
      'the sweep checks another repository out',
      sweep(checkout('          repository: acme/other')),
      'workflow.sweep.sweep.checkout',
    ],
    [
      'doctor checks out what whoever starts it names',
      doctor(checkout('          ref: ${{ github.event.inputs.ref }}')),
      'workflow.doctor.doctor.checkout',
    ],
    [
      'a script of what the requester names runs in ask, beside an action of ours that is pinned',
      also(pinned('acme/debug-approval'), checkout(REF), [
        '      - name: Ask',
        '      - run: ./prepare.sh\n      - name: Ask',
      ]),
      'ask.checkout',
    ],
    [
      'an action of another repository’s folder runs in ask',
      within('ask', checkout(PART), ['      - name: Ask', '      - uses: ./other/action\n      - name: Ask']),
      'ask.checkout',
    ],
    [
      'the action of ask is checked out where it is not looked for',
      within('ask', checkout('          path: own')),
      'ask.checkout',
    ],
    ['ask runs where the requester says', within('ask', runner('    runs-on: ${{ inputs.ticket }}')), 'ask.machine'],
    [
      'debug runs where the requester says',
      within('debug', runner('    runs-on: [self-hosted, "${{ github.event.inputs.ticket }}"]')),
      'debug.machine',
    ],
    [
      'debug runs in an image that the requester names',
      within('debug', runner("    runs-on: ubuntu-latest\n    container: ${{ inputs.ticket || 'node' }}")),
      'debug.machine',
    ],
    [
      'close has a service that the requester names',
      within('close', runner('    runs-on: ubuntu-latest\n    services: { db: { image: "db:${{ inputs.ticket }}" } }')),
      'close.machine',
    ],
    [
      'what is typed, if anything is, is a command',
      within('ask', [
        '      - name: Ask',
        "      - run: echo ${{ inputs.reason != '' && inputs.reason || 'none' }}\n      - name: Ask",
      ]),
      'ask.script',
    ],
    ['Slack’s tokens are swapped', within('ask', [BOT, 'secrets.X'], [APP, BOT], ['secrets.X', APP]), 'ask.slack'],
    ['ask is given the bot token twice', within('ask', [APP, BOT]), 'ask.slack'],
    [
      'ask is given one secret of Slack twice',
      {
        ...within('ask', [BOT, 'secrets.DEBUG'], [APP, 'secrets.DEBUG']),
        inspector: { secrets: async () => ['DEBUG'] },
      },
      'ask.slack',
    ],
    ['close is given the other token of Slack', within('close', [BOT, APP]), 'close.slack'],
    ['the sweep is given the other token of Slack', sweep([BOT, APP]), 'workflow.sweep.sweep.slack'],
  ];
  test.each(CASES)('%s', async (title, change, id) => {
    const findings = await examined(change);
    told.push(`# ${title}\n${diagnosis(findings)}`);
    const wrong = findings.filter(({ health }) => health === 'wrong');
    expect(wrong.map((one) => one.id)).toEqual([id.startsWith('workflow.') ? id : `workflow.debug.${id}`]);
  });

  test('each is told with what to do about it', async () => {
    await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot('golden/doctor-workflow-dangers.txt');
  });

  test('two steps that run what was approved', async () => {
    const twice = (text: string): string => {
      const step = text.slice(text.indexOf('      - name: Run what'), text.indexOf('      - name: Keep'));
      return text.replace('      - name: Keep', () => `${step.replace('id: run', 'id: again')}      - name: Keep`);
    };
    const found = await examined({ files: { [DEBUG]: twice } });
    expect(notOk(found)).toEqual(['workflow.debug.debug.twice wrong']);
  });

  test('then no line says that the workflow is as it must be', async () => {
    const found = await examined(within('ask', checkout(REF)));
    expect(found.map(({ id }) => id)).not.toContain('workflow.debug');
    expect(found.map(({ id }) => id)).toContain('workflow.sweep');
  });
});

describe('what could let others is noted', () => {
  const CASES: [string, Change, string][] = [
    ['Slack’s token for every step of ask', within('ask', ENV), 'workflow.debug.ask.slack-env'],
    ['Slack’s token for every step of doctor', doctor(ENV), 'workflow.doctor.doctor.slack-env'],
    [
      'another repository in a folder of ask’s',
      within('ask', [
        '      - name: Ask',
        `      - uses: actions/checkout@${SHA}\n        with:\n${PART}\n      - name: Ask`,
      ]),
      'workflow.debug.ask.checkout',
    ],
    [
      'another commit, of which nothing runs',
      also(pinned('acme/debug-approval'), checkout(REF)),
      'workflow.debug.ask.checkout',
    ],
  ];
  test.each(CASES)('%s', async (_, change, id) => {
    expect(notOk(await examined(change))).toEqual([`${id} note`]);
  });
});

describe('what lets nobody is right', () => {
  const CASES: [string, Change][] = [
    ['a checkout of the run’s own branch', within('ask', checkout('          ref: ${{ github.ref }}'))],
    ['a checkout of the default branch by its name', sweep(checkout('          ref: main'))],
    ['a part of the repository', within('close', checkout('          sparse-checkout: action'))],
    [
      'a machine by a choice',
      within('ask', runner("    runs-on: ${{ inputs.urgency == 'high' && 'fast' || 'usual' }}")),
    ],
    [
      'a machine by whether there is a ticket',
      within('ask', runner("    runs-on: ${{ inputs.ticket && 'fast' || 'usual' }}")),
    ],
    [
      'a machine by how a ticket begins',
      within(
        'ask',
        runner("    runs-on: ${{ startsWith(inputs.ticket, 'INC') && 'fast' || inputs.ticket == '' && 'a' || 'b' }}"),
      ),
    ],
    [
      'an image of a setting',
      within(
        'debug',
        runner(
          '    runs-on: ubuntu-latest\n    container: { image: "${{ vars.IMAGE }}", env: { WHY: "${{ inputs.reason }}" } }',
        ),
      ),
    ],
  ];
  test.each(CASES)('%s', async (_, change) => {
    expect(notOk(await examined(change))).toEqual([]);
  });
});

describe('the repository that the actions are from', () => {
  const from = (source: string, origin: { name: string } | null): Change => {
    const change = pinned(source);
    return { ...change, input: { ...change.input, origin } };
  };

  test('is compared with the one that doctor is from', async () => {
    const found = await examined(from('mallory/debug-approval', { name: 'acme/debug-approval' }));
    expect(notOk(found)).toEqual(['workflows.origin note']);
    expect(findingOf(found, 'workflows.origin').what).toContain('acme/debug-approval');
  });

  test.each([
    ['the same, in any letter case', from('Acme/debug-approval', { name: 'acme/Debug-Approval' })],
    ['not known of doctor', from('mallory/debug-approval', null)],
    ['this one', { input: { origin: { name: 'acme/debug-approval' } } }],
  ])('needs no word where it is %s', async (_, change) => {
    expect(notOk(await examined(change))).toEqual([]);
  });
});

test('a workflow with a key twice, which GitHub refuses, is none', async () => {
  const found = await examined(within('close', ['    if: always()\n', '    if: always()\n    if: failure()\n']));
  expect(findingOf(found, 'workflow.debug')).toMatchObject({ health: 'wrong' });
  expect(findingOf(found, 'workflow.debug').what).toContain('the key if stands twice');
});

describe('a workflow over 128 KB', () => {
  const long = (text: string): string => `${text}# ${'x'.repeat(129 * 1024)}\n`;

  test('is not read, which is told', async () => {
    const found = await examined({ files: { [SWEEP]: long } });
    expect(notOk(found)).toEqual(['workflow.sweep.size unknown']);
    expect(findingOf(found, 'workflow.sweep.size').what).toContain('130 KB');
  });

  test('is not passed over where the policy does not list it either', async () => {
    expect(notOk(await examined({ files: { '.github/workflows/ci.yml': long } }))).toEqual([
      'workflow.ci.size unknown',
    ]);
  });
});
