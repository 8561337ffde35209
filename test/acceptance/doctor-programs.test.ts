/** Doctor as people start it: the built command line in a shell, and the workflow in the runner with its job's own token. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTown, PEOPLE, type Town } from '../../src/sandbox/town.ts';
import type { RunResult } from '../../src/sandbox/workflow/run.ts';
import { ROOT } from '../source.ts';
import {
  type Change,
  DOCTOR,
  edit,
  headOf,
  issuesOf,
  lasting,
  openPinned,
  policy,
  restored,
  rewound,
  settings,
  swap,
} from './doctor-stage.ts';
import { commit, logOf, start } from './stage.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('the command line', () => {
  let town: Town;
  let head: string;
  beforeAll(async () => {
    town = await openPinned();
    head = await headOf(town);
  });
  beforeEach(() => restored(town, head));
  afterAll(async () => {
    expect(town.github.violations).toEqual([]);
    await town.close();
  });

  /** Runs the built command line as Di in the repository's checkout, with Slack's tokens. */
  function doctor(
    args: string[],
    change: Record<string, string> = {},
  ): Promise<{ code: number; out: string; err: string }> {
    const env = {
      ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
      ...{ GITHUB_API_URL: town.github.url, GITHUB_TOKEN: town.github.userToken(PEOPLE.di.login) },
      ...{ SLACK_API_URL: town.slack.url, SLACK_BOT_TOKEN: town.slackToken, SLACK_APP_TOKEN: town.slackAppToken },
      ...change,
    };
    return new Promise((resolve) => {
      const program = join(ROOT, 'action/dist/cli.js');
      execFile(process.execPath, [program, 'doctor', ...args], { cwd: town.checkout, env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
      });
    });
  }
  const acme = ['--repository', 'acme/shop'];

  test('prints a table by area, how to mend what is not right, and what to do next', async () => {
    const { code, out, err } = await doctor(acme, { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await expect(lasting(out, town)).toMatchFileSnapshot('golden/doctor-cli.txt');
  });

  test('looks at Slack with the tokens of the environment', async () => {
    const { code, out } = await doctor(acme);
    expect(code).toBe(0);
    expect(out).toMatch(/\nSlack\n( {2}✓ .*\n)+\n/);
  });

  test('ends with 1 where something is wrong, with the mistake below its mark', async () => {
    await commit(town, () => Promise.resolve(policy([['version'], 2])(town)));
    const { code, out } = await doctor(acme);
    expect(code).toBe(1);
    expect(out).toContain(
      '  ✗ The policy has a mistake:\n      .github/debug-approval.yml:3:10: version: must be 1, not 2.\n    → Mend ',
    );
    expect(out).toMatch(/\n1 thing is wrong: .*Mend the ✗ above, then run doctor again\.\n$/);
  });

  test('prints one JSON object with --json', async () => {
    settings({ repository: { issues: false } })(town);
    const { code, out } = await doctor([...acme, '--json']);
    expect(code).toBe(1);
    const said = JSON.parse(out);
    expect(said).toMatchObject({
      repository: 'acme/shop',
      exitCode: 1,
      summary: { counts: { wrong: 1 }, exitCode: 1 },
    });
    expect(said.findings).toContainEqual({
      ...{ id: 'repository.issues', area: 'Repository', health: 'wrong' },
      what: 'Issues are switched off in acme/shop: a request is an issue, so none can be made.',
      remedy: 'Tick Settings → General → Features → Issues.',
    });
  });

  test.each([
    ['no repository is named', [], {}, 'No repository is named, and this folder has no remote'],
    ['there is no GitHub token', acme, { GITHUB_TOKEN: '' }, 'neither GITHUB_TOKEN nor GH_TOKEN is set'],
    ['the token is unknown', acme, { GITHUB_TOKEN: 'ghp_x' }, 'check GITHUB_TOKEN'],
    [
      'the repository is not there',
      ['--repository', 'acme/shed'],
      {},
      "Could not resolve to a Repository with the name 'acme/shed'",
    ],
    [
      'the address is not Slack’s',
      acme,
      { SLACK_API_URL: 'https://example.com/' },
      'Slack tokens go nowhere but to Slack',
    ],
  ])('ends with 2 where %s', async (_, args, env, why) => {
    const { code, out, err } = await doctor(args, env);
    expect({ code, said: out + err }).toEqual({ code: 2, said: expect.stringContaining(why) });
  });

  test('writes nothing unless asked to, and then to one closed issue that is no request', async () => {
    await doctor(acme);
    expect(await issuesOf(town)).toEqual([]);
    expect((await doctor([...acme, '--try-writes'])).out).toContain('✓ Issues and comments can be written');
    await doctor([...acme, '--try-writes']);
    const trial = { title: "Debug Approval: doctor's trial", state: 'closed', labels: ['debug-approval-doctor'] };
    expect(await issuesOf(town)).toEqual([trial]);
  });
});

describe('the workflow', () => {
  let town: Town;
  beforeAll(async () => {
    town = await openTown();
  });
  afterAll(async () => {
    expect(town.github.violations).toEqual([]);
    await town.close();
  });
  const run = (): Promise<RunResult> => start(town, { workflowPath: DOCTOR, inputs: {} }).result;
  const errorsOf = ({ jobs }: RunResult): string[] =>
    (jobs['doctor']?.annotations ?? [])
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message.split('\n', 1)[0] ?? '');

  test('tries all rights of a job, and finds a right set-up right', async () => {
    const result = await run();
    expect({ errors: errorsOf(result), conclusion: result.conclusion }).toEqual({ errors: [], conclusion: 'success' });
    const log = logOf(result, 'doctor');
    for (const right of [
      'Issues can be read',
      'Workflow runs can be read',
      'Issues and comments can be written',
      'A job can sign',
    ]) {
      expect(log).toContain(`✓ ${right}`);
    }
    expect(result.jobs['doctor']?.summary).toMatch(/^### Debug Approval doctor\n\nNothing is wrong: /);
  });

  const lacking = (right: string): Change =>
    edit(DOCTOR, (text) => text.replace(new RegExp(` {6}${right}: write.*\\n`), ''));
  test.each([
    ['it may not write issues', lacking('issues'), 'This job may not do what ask does with `issues: '],
    [
      'it may not sign',
      lacking('id-token'),
      'This job cannot sign records: This job may not ask GitHub for an ID token',
    ],
    [
      'it is outside of debug-approval',
      swap(DOCTOR, '    environment: debug-approval\n', ''),
      'This job is in no environment; only records signed in debug-approval count.',
    ],
  ])('fails with what is wrong where %s', async (_, change, why) => {
    const head = await headOf(town);
    await commit(town, async () => change(town));
    const result = await run();
    await rewound(town, head);
    expect(result.conclusion).toBe('failure');
    expect(errorsOf(result)).toContainEqual(expect.stringContaining(why));
  });
});
