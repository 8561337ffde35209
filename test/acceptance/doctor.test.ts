/** Doctor against set-ups of the sandbox: silent about right ones, and right about each wrong one. */
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { clock } from '../../src/entry/clock.ts';
import { openTown, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { slackApiAddress } from '../../src/slack/api-address.ts';
import { slackInspector } from '../../src/slack/inspect.ts';
import {
  ENVIRONMENT_BREAKS,
  linked,
  PEOPLE_BREAKS,
  POLICY_BREAKS,
  REPOSITORY_BREAKS,
  written,
} from './doctor-breaks.ts';
import { diagnosed } from './doctor-diagnosed.ts';
import {
  type Change,
  diagnosis,
  environments,
  examined,
  headOf,
  idsOf,
  openPinned,
  policy,
  restored,
  settings,
} from './doctor-stage.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe('a right set-up', () => {
  const forbidden = { path: ['admin-bypass'], value: 'forbid' };
  const RIGHT: [string, TownOptions][] = [
    ['in a private repository on the Team plan', {}],
    ['on Enterprise, where administrators may not bypass', { plan: 'enterprise', policy: [forbidden] }],
    [
      'in a public repository on the Free plan',
      { public: true, plan: 'free', policy: [{ path: ['public'], value: true }, forbidden] },
    ],
    ['without Slack', { withSlack: false }],
    ['with forty people', { crowd: 36 }],
  ];
  test.each(RIGHT)('has nothing wrong: %s', async (_, options) => {
    const town = await openPinned(options);
    const findings = await examined(town);
    expect({ wrong: diagnosis(findings, town), violations: town.github.violations }).toEqual({
      wrong: '',
      violations: [],
    });
    await town.close();
  });

  test('has nothing wrong where the repository holds the actions itself, and with its own Slack looked at', async () => {
    const town = await openTown();
    const tokens = { botToken: town.slackToken, appToken: town.slackAppToken };
    const slack = slackInspector({ ...tokens, apiUrl: slackApiAddress(town.slack.url), clock });
    const findings = await examined(town, { deps: { slack } });
    expect({ wrong: diagnosis(findings, town), violations: town.github.violations }).toEqual({
      wrong: '',
      violations: [],
    });
    expect(idsOf(findings, 'unknown')).toEqual(['repository.actions', 'job.issues-write', 'job.oidc']);
    await town.close();
  });
});

describe('an unusual set-up that works has nothing wrong', () => {
  const RUNBOOKS = '.github/runbooks';
  const runs = (...words: string[]): Change => policy([['runbooks', 'hello', 'run'], words]);
  const enterprise = settings({ repository: { plan: 'enterprise' } });
  /** What was done, and what is noted of it besides what is noted of every town. */
  const UNUSUAL: [title: string, changes: Change[], notes: string[]][] = [
    [
      'a command is a link to a script of the repository',
      [written('hello.sh', '#!/bin/sh\necho hello\n', 0o755), linked('../../hello.sh', `${RUNBOOKS}/hello.sh`)],
      [],
    ],
    [
      'the folder of the commands is a link, and so is what it holds',
      [
        (town) => rename(join(town.checkout, RUNBOOKS), join(town.checkout, 'scripts')),
        ({ checkout }) => symlink('../scripts', join(checkout, RUNBOOKS)),
        (town) => written('hello.sh', '#!/bin/sh\necho hello\n', 0o755)(town),
        linked('../hello.sh', 'scripts/hello.sh'),
      ],
      [],
    ],
    [
      'an interpreter is given a script that is there, which need not be executable',
      [written(`${RUNBOOKS}/plain.sh`, 'echo hello\n'), runs('bash', '-eu', `${RUNBOOKS}/plain.sh`)],
      [],
    ],
    ['a command is a script in the root', [written('hello.sh', '#!/bin/sh\n', 0o755), runs('./hello.sh')], []],
    ['a command is a script in PATH', [runs('status.sh')], []],
    ['a command is looked up in PATH', [runs('kubectl', 'exec', 'shop', '--', 'bin/status.sh')], []],
    ['a command is handed a file that is not there', [runs('psql', '-f', 'sql/status.sql')], ['policy.runbook.hello']],
    [
      "GitHub's own reviewers and a short wait come before a target's job",
      [enterprise, environments('production', { reviewers: ['bo-dev'], waitMinutes: 119 })],
      ['environment.production.notice'],
    ],
    [
      'administrators may bypass the rules of debug-approval, which ask lets them whatever the policy says of targets',
      [enterprise, environments('debug-approval', { adminBypass: true }), policy([['admin-bypass'], 'forbid'])],
      [],
    ],
  ];
  const notesIn = (findings: readonly Finding[]): Finding[] => findings.filter(({ health }) => health === 'note');
  let town: Town;
  let start: string;
  let usual: string[];
  beforeAll(async () => {
    town = await openPinned();
    start = await headOf(town);
    await restored(town, start);
    usual = notesIn(await examined(town)).map(({ what }) => what);
  });
  afterAll(() => town.close());

  test.each(UNUSUAL)('%s', async (_, changes, notes) => {
    await restored(town, start);
    for (const change of changes) await change(town);
    const findings = await examined(town);
    const more = notesIn(findings).flatMap(({ id, what }) => (usual.includes(what) ? [] : [id]));
    expect({ wrong: diagnosis(findings, town), notes: more }).toEqual({ wrong: '', notes });
  });
});

diagnosed(
  'a set-up with one thing wrong',
  [...REPOSITORY_BREAKS, ...POLICY_BREAKS, ...ENVIRONMENT_BREAKS, ...PEOPLE_BREAKS],
  'golden/doctor.txt',
);
