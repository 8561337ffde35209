/** Doctor on what deciding needs besides approvers: break-glass, the directory token, manual runbooks, times, channels. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { asRead } from './doctor-slack-world.ts';
import { type Change, examined, findingOf, inJob, type Pair, swap } from './doctor-world.ts';

const DEBUG = '.github/workflows/debug.yml';
const SWEEP = '.github/workflows/sweep.yml';
const GLASS = '          break-glass: ${{ inputs.break-glass }}\n';
const TOKEN = '          directory-token: ${{ secrets.DIRECTORY_TOKEN }}\n';
const TEAM: Pair = ['security: { members: [di] }', 'security: { github-team: acme/security }'];
const OWN: Pair = [
  '      - name: Keep the transcript',
  '      - name: Look\n        run: ./look.sh\n      - name: Keep the transcript',
];
const MANUAL: Pair = ['    run: [.github/runbooks/hello.sh]\n', '    manual: true\n'];

const debug = (change: (text: string) => string): Change => ({ files: { [DEBUG]: change } });
const about = (findings: readonly Finding[], part: string): string[] =>
  findings.filter(({ id }) => id.includes(part)).map(({ id, health }) => `${id} ${health}`);

describe('break-glass', () => {
  test('is handed to ask, or nobody can use it in an emergency', async () => {
    for (const change of [swap([GLASS, '']), swap([GLASS, '          break-glass: false\n'])]) {
      const finding = findingOf(await examined(debug(change)), 'workflow.debug.ask.break-glass');
      expect(finding).toMatchObject({ health: 'wrong', remedy: expect.stringContaining('type: boolean') });
    }
  });

  test('is no free text', async () => {
    const finding = findingOf(
      await examined(debug(swap(['type: boolean', 'type: string']))),
      'workflow.debug.ask.break-glass',
    );
    expect(finding).toMatchObject({ health: 'note', remedy: expect.stringContaining('type: boolean') });
  });

  test('may stand in the workflow, or not, where the policy has none', async () => {
    const policy = (text: string) => text.replace(/break-glass:\n(?: .*\n)+/, '');
    expect(about(await examined({ policy }), 'break-glass')).toEqual([]);
    expect(about(await examined({ policy, ...debug(swap([GLASS, ''])) }), 'break-glass')).toEqual([]);
  });

  test('written out as true is wrong: nothing would be approved beforehand', async () => {
    const finding = findingOf(
      await examined(debug(swap([GLASS, '          break-glass: true\n']))),
      'workflow.debug.ask.break-glass',
    );
    expect(finding).toMatchObject({ health: 'wrong', what: expect.stringContaining('nothing is approved beforehand') });
  });

  test('whose after-review nobody else could sign is wrong, though the policy alone does not show it', async () => {
    const policy = swap(TEAM, [/who: \[sre\]/, 'who: [bo]'], [/review: \{ by: \[.*\]/, 'review: { by: [security]']);
    const members = async () => [{ id: 102, login: 'bo-dev' }];
    const findings = await examined({ policy, teams: { members, isMember: async () => true } });
    expect(findingOf(findings, 'policy.break-glass')).toMatchObject({
      health: 'wrong',
      what: expect.stringContaining('(Bo)'),
    });
    expect(about(await examined({ policy }), 'policy.break-glass')).toEqual([]);
  });
});

describe('the directory token', () => {
  const policy = swap(TEAM);
  const held = { secrets: async () => ['DIRECTORY_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] };

  test('is needed nowhere where no group is a team', async () => {
    const change = { files: { [DEBUG]: (text: string) => text.replaceAll(TOKEN, ''), [SWEEP]: swap([TOKEN, '']) } };
    expect(about(await examined(change), 'directory')).toEqual([]);
  });

  test('is handed to ask', async () => {
    const findings = await examined({ policy, inspector: held, ...debug(swap([TOKEN, ''])) });
    expect(findingOf(findings, 'workflow.debug.ask.directory-token')).toMatchObject({ health: 'wrong' });
  });

  test('is never a job’s own token, which may not read teams', async () => {
    const own = swap([TOKEN, TOKEN.replace('secrets.DIRECTORY_TOKEN', 'github.token')]);
    const findings = await examined({ policy, inspector: held, ...debug(own) });
    expect(findingOf(findings, 'workflow.debug.ask.directory-token')).toMatchObject({ health: 'wrong' });
  });

  test('may come from a step that makes one', async () => {
    const made = swap([TOKEN, TOKEN.replace('secrets.DIRECTORY_TOKEN', 'steps.app.outputs.token')]);
    const findings = await examined({ policy, inspector: held, ...debug(made) });
    expect(about(findings, 'directory')).toEqual([]);
  });

  test('is handed to close and sweep where a team signs after-reviews, and matters most where it signs alone', async () => {
    const files = { [DEBUG]: inJob('close', [TOKEN, '']), [SWEEP]: swap([TOKEN, '']) };
    const shared = await examined({ policy, files, inspector: held });
    expect(about(shared, 'directory-token')).toEqual([
      'workflow.debug.close.directory-token note',
      'workflow.sweep.sweep.directory-token note',
    ]);
    const alone = swap(TEAM, [/review: \{ by: \[.*\]/, 'review: { by: [security]']);
    expect(about(await examined({ policy: alone, files, inspector: held }), 'directory-token')).toEqual([
      'workflow.debug.close.directory-token wrong',
      'workflow.sweep.sweep.directory-token wrong',
    ]);
  });

  test('is not all: a Slack user group that signs needs the bot token there', async () => {
    const group = swap(['security: { members: [di] }', 'security: { slack-group: S1 }']);
    const bot = '          slack-bot-token: ${{ secrets.SLACK_BOT_TOKEN }}\n';
    const findings = await examined({ policy: group, files: { [SWEEP]: swap([bot, '']) } });
    expect(findingOf(findings, 'workflow.sweep.sweep.review')).toMatchObject({ health: 'note' });
    expect(about(findings, 'workflow.debug.close')).toEqual([]);
  });

  test('is a secret that is there, and better not the whole repository’s', async () => {
    const missing = await examined({ policy });
    expect(findingOf(missing, 'workflow.debug.ask.directory-token')).toMatchObject({ health: 'wrong' });
    const secrets = async (place: string | null) =>
      place === null ? ['DIRECTORY_TOKEN'] : ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
    const open = await examined({ policy, inspector: { secrets } });
    expect(findingOf(open, 'workflow.debug.ask.directory-token')).toMatchObject({ health: 'note' });
  });

  test('never reaches the approved command', async () => {
    const leaked = inJob('debug', ['    env:\n', '    env:\n      TEAMS: ${{ secrets.DIRECTORY_TOKEN }}\n']);
    expect(findingOf(await examined(debug(leaked)), 'workflow.debug.debug.directory-token')).toMatchObject({
      health: 'wrong',
    });
  });
});

describe('a job of a manual runbook', () => {
  const policy = swap(MANUAL);
  const manual = async (...pairs: Pair[]): Promise<Finding> =>
    findingOf(await examined({ policy, ...debug(inJob('debug', ...pairs)) }), 'workflow.debug.debug.manual');

  test('has steps of its own after the proof', async () => {
    expect(await manual([OWN[0], `${OWN[0]}`.replace('Keep', 'Store')])).toMatchObject({
      health: 'note',
      what: expect.stringContaining('nothing happens'),
    });
  });

  test('has none of them before the proof alone', async () => {
    const early: Pair = [
      '      - name: Run what was approved',
      '      - name: Look\n        run: ./look.sh\n      - name: Run what was approved',
    ];
    expect(await manual(early)).toMatchObject({ health: 'wrong', what: expect.stringContaining('Look') });
  });

  test('does its steps for its own runbook, and not where the proof failed', async () => {
    expect(await manual(OWN)).toMatchObject({ health: 'note', what: expect.stringContaining('after each runbook') });
    const always: Pair = [OWN[0], OWN[1].replace('run: ./look.sh', 'if: always()\n        run: ./look.sh')];
    expect(await manual(always)).toMatchObject({ health: 'note', what: expect.stringContaining('refused') });
    const sound: Pair = [
      OWN[0],
      OWN[1].replace('run: ./look.sh', "if: inputs.runbook == 'hello'\n        run: ./look.sh"),
    ];
    expect(about(await examined({ policy, ...debug(inJob('debug', sound)) }), 'manual')).toEqual([]);
  });

  test('is not told how it went', async () => {
    const told: Pair = ['          log-length', '          job-status: success\n          log-length'];
    const findings = await examined(debug(inJob('debug', told)));
    expect(findingOf(findings, 'workflow.debug.debug.job-status')).toMatchObject({ health: 'wrong' });
  });
});

describe('reminders', () => {
  test('that all come before the expiry are right, and those that never do a note', async () => {
    const waiting = (after: string) =>
      examined({ policy: swap(['expiry: 2h', `expiry: 2h\nreminders: { after: ${after}, times: 3 }`]) });
    expect(about(await waiting('15m'), 'policy.reminders')).toEqual([]);
    const some = findingOf(await waiting('30m'), 'policy.reminders');
    expect(some).toMatchObject({ health: 'note', what: expect.stringContaining('Of 3 reminders 2 come') });
  });
});

describe('rules that look at more than runbook and target', () => {
  const ruled = async (when: string): Promise<Finding> =>
    findingOf(await examined({ policy: swap(['everything\n', `everything\n    when: ${when}\n`]) }), 'policy.rules');

  test.each([
    ['{ urgencies: [normal, high] }', 'urgency low'],
    ['{ requesters: [developers] }', 'No rule covers'],
    ['{ times: { from: "08:00", to: "18:00", zone: UTC } }', 'at 00:00 UTC'],
    ['{ inputs: { service: [api, worker] } }', 'No rule covers'],
  ])('are wrong where a situation is covered by none: %s', async (when, words) => {
    expect(await ruled(when)).toMatchObject({ health: 'wrong', what: expect.stringContaining(words) });
  });

  test('are right where they cover all there is', async () => {
    expect(await ruled('{ urgencies: [low, normal, high] }')).toMatchObject({ health: 'ok' });
    const days = '{ times: { from: "00:00", to: "23:59", zone: Europe/Berlin } }';
    expect(await ruled(days)).toMatchObject({ health: 'ok' });
  });
});

test('each is told in words that stand', async () => {
  const policy = swap(TEAM);
  const manual = swap(MANUAL);
  const own = (text: string): Pair => [OWN[0], OWN[1].replace('run: ./look.sh', `${text}run: ./look.sh`)];
  const before: Pair = ['      - name: Run what', '      - name: Look\n        run: ./look.sh\n      - name: Run what'];
  const cases: [string, Change][] = [
    ['break-glass is not handed over', debug(swap([GLASS, '']))],
    ['break-glass is free text', debug(swap(['type: boolean', 'type: string']))],
    ['everything is a break-glass', debug(swap([GLASS, '          break-glass: true\n']))],
    ['a team, and no token for it', { policy, ...debug((text) => text.replaceAll(TOKEN, '')) }],
    ["a team, and a job's own token", { policy, ...debug(swap(['secrets.DIRECTORY_TOKEN', 'github.token'])) }],
    ['a team, and a secret that is not there', { policy }],
    [
      'the directory token for the command',
      debug(inJob('debug', ['    env:\n', '    env:\n      TEAMS: ${{ secrets.DIRECTORY_TOKEN }}\n'])),
    ],
    ['a manual runbook without steps', { policy: manual }],
    ['a manual runbook with its steps before the proof', { policy: manual, ...debug(swap(before)) }],
    ['a manual runbook whose steps run after others too', { policy: manual, ...debug(swap(OWN)) }],
    ['a manual runbook whose steps run always', { policy: manual, ...debug(swap(own('if: always()\n        '))) }],
    ['reminders that never come', { policy: swap(['expiry: 2h', 'expiry: 2h\nreminders: { after: 30m, times: 3 }']) }],
    ['an urgency without a rule', { policy: swap(['everything\n', 'everything\n    when: { urgencies: [high] }\n']) }],
  ];
  const sound = JSON.stringify(await examined());
  const told = await Promise.all(
    cases.map(async ([title, change]) => {
      const findings = (await examined(change)).filter(
        (one) => one.health !== 'ok' && !sound.includes(JSON.stringify(one)),
      );
      return `## ${title}\n\n${asRead(findings)}\n`;
    }),
  );
  await expect(told.join('\n')).toMatchFileSnapshot('golden/doctor-decisions.md');
});
