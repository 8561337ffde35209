/** What doctor makes of what it sees: wrong only what is wrong, unknown what it cannot see, and one failure hides nothing. */
import { describe, expect, test } from 'vitest';
import { summaryOf } from '../../src/app/doctor/summary.ts';
import { Fault } from '../../src/app/fault.ts';
import { type Change, ENVIRONMENT, examined, findingOf, notOk } from './doctor-world.ts';

const DEBUG = '.github/workflows/debug.yml';
const SWEEP = '.github/workflows/sweep.yml';
const DOCTOR = '.github/workflows/doctor.yml';
const refused = () => new Fault('permission', 'Could not look: GitHub answered 403.', 'Grant the token what it needs.');
const fail = () => Promise.reject(refused());

test('of a right set-up nothing is wrong, noted or unknown', async () => {
  expect(notOk(await examined())).toEqual([]);
  expect(summaryOf(await examined({ job: {} }))).toMatchObject({ exitCode: 0, counts: { wrong: 0, note: 0 } });
});

describe('what cannot be looked at is unknown, says how it can be, and hides nothing else', () => {
  const CASES: [string, Change, string[]][] = [
    ['settings', { inspector: { settings: fail } }, ['repository.settings']],
    ['the branch', { inspector: { branchGuarded: fail } }, ['repository.branch']],
    ['Actions', { inspector: { actions: fail } }, ['repository.actions']],
    ['folders', { inspector: { folders: fail } }, ['policy.commands', 'workflows']],
    ['files', { inspector: { files: fail } }, ['repository.codeowners', 'policy.commands', 'workflows']],
    ['secrets', { inspector: { secrets: fail } }, ['secrets']],
    [
      'environments',
      { repository: { environment: fail } },
      ['environment.debug-approval', 'environment.staging', 'environment.production'],
    ],
    [
      'accounts',
      { inspector: { account: fail } },
      ['person.ana.github', 'person.bo.github', 'person.cy.github', 'person.di.github'],
    ],
    ['the states of workflows', { inspector: { disabledWorkflows: fail } }, ['workflows.states']],
    ['runs', { inspector: { activeRuns: fail } }, ['job.actions']],
    ['issues', { inspector: { readIssues: fail } }, ['job.issues']],
    ['the trial', { inspector: { tryWrites: fail } }, ['job.issues-write']],
  ];
  test.each(CASES)('%s', async (_, change, ids) => {
    const [findings, sound] = [await examined(change), await examined()];
    const unknown = findings.filter(
      ({ health, id }) => health === 'unknown' && !['slack.tokens', 'job.oidc'].includes(id),
    );
    expect(unknown.map(({ id }) => id)).toEqual(ids);
    expect(unknown.filter(({ remedy }) => remedy === null)).toEqual([]);
    expect(findings.filter(({ health }) => health === 'wrong')).toEqual([]);
    expect(summaryOf(findings).exitCode).toBe(0);
    const areas = (all: typeof sound) => [...new Set(all.map(({ area }) => area))];
    expect(areas(findings)).toEqual(areas(sound));
  });

  test('a repository that cannot be read is one finding, and exit code 2', async () => {
    const findings = await examined({ repository: { facts: fail } });
    expect(findings).toMatchObject([{ id: 'repository', health: 'unknown', remedy: 'Grant the token what it needs.' }]);
    expect(summaryOf(findings).exitCode).toBe(2);
  });

  test('a mistake of our own is no finding: it is thrown', async () => {
    const broken = () => Promise.reject(new TypeError('undefined is not a function'));
    await expect(examined({ inspector: { account: broken } })).rejects.toThrow(TypeError);
  });
});

describe('in a job', () => {
  test.each([
    ['read issues', { readIssues: fail }, 'job.issues'],
    ['read runs', { activeRuns: fail }, 'job.actions'],
    ['write issues', { tryWrites: fail }, 'job.issues-write'],
  ])('a token that may not %s is wrong: no request could be made with it', async (_, inspector, id) => {
    expect(notOk(await examined({ job: {}, inspector }))).toEqual([`${id} wrong`]);
  });

  test('a GitHub that does not answer is unknown all the same', async () => {
    const silent = () => Promise.reject(new Fault('unavailable', 'GitHub answered 503.', 'Try again.'));
    expect(notOk(await examined({ job: {}, inspector: { activeRuns: silent } }))).toEqual(['job.actions unknown']);
  });

  test.each([
    [
      'comes from another issuer',
      { issuer: 'https://ghes.example.com/_services/token' },
      'the policy believes https://token.actions',
    ],
    ['is for another repository', { repositoryId: 71 }, 'is for the repository 71; acme/shop is 70'],
    ['is of another branch', { workflow: { path: DOCTOR, ref: 'refs/heads/try' } }, 'This run is on refs/heads/try'],
    ['is of another environment', { environment: 'staging' }, 'This job is in the environment staging'],
    ['is of no environment', { environment: null }, 'This job is in no environment'],
  ])('an ID token that %s is wrong', async (_, job, what) => {
    const findings = await examined({ job });
    expect(notOk(findings)).toEqual(['job.oidc wrong']);
    expect(findingOf(findings, 'job.oidc').what).toContain(what);
  });

  test('secrets that it may not list are judged by what reached it', async () => {
    const half = { job: {}, inspector: { secrets: fail }, input: { tokens: { bot: true, app: false } } };
    expect(notOk(await examined(half))).toEqual(['environment.debug-approval.secrets wrong', 'secrets unknown']);
    const none = { ...half, input: { tokens: { bot: false, app: false } } };
    expect(notOk(await examined(none))).toEqual(['environment.debug-approval.secrets note', 'secrets unknown']);
  });
});

describe('what works and is safe is no more than noted', () => {
  const swap = (path: string, from: string | RegExp, to: string): Change => ({
    files: { [path]: (text) => text.replace(from, to) },
  });
  const CASES: [string, Change, string[]][] = [
    ['a branch without protection', { inspector: { branchGuarded: async () => false } }, ['repository.branch']],
    ['no owner of .github', { files: { '.github/CODEOWNERS': () => '# nobody' } }, ['repository.codeowners']],
    [
      'a policy that shows admin bypass',
      {
        repository: {
          environment: async (name) => ({
            ...{ ...ENVIRONMENT, name, adminBypass: true },
            reviewers: name === 'debug-approval' ? [] : ['di-dev'],
          }),
        },
      },
      ['environment.debug-approval.notice', 'environment.staging.notice', 'environment.production.notice'],
    ],
    [
      'a runbook that is not offered',
      swap(DEBUG, '[hello, service-status, find-order]', '[hello, find-order]'),
      ['workflow.debug.runbooks'],
    ],
    [
      'only selected actions',
      { inspector: { actions: async () => ({ enabled: true, allowed: 'selected' }) } },
      ['repository.actions'],
    ],
    [
      'a token of the repository that the environment has too',
      {
        inspector: {
          secrets: async (name) =>
            name === 'debug-approval' || name === null ? ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] : [],
        },
      },
      ['repository.secrets'],
    ],
    [
      "the organization's tokens",
      { inspector: { sharedSecrets: async () => ['SLACK_APP_TOKEN', 'OTHER'] } },
      ['organization.secrets'],
    ],
    [
      "a checkout that keeps the job's token",
      { files: { [DEBUG]: (text) => text.replaceAll('persist-credentials: false', 'fetch-depth: 1') } },
      ['workflow.debug.debug.checkout'],
    ],
    [
      'a token that is not the job’s own',
      swap(
        SWEEP,
        '          slack-bot-token',
        '          github-token: ${{ secrets.MINE }}\n          slack-bot-token',
      ),
      ['workflow.sweep.sweep.token'],
    ],
    ['a further start', swap(DEBUG, 'on:\n', 'on:\n  push:\n'), ['workflow.debug.on']],
    [
      'a right that a job does not need',
      swap(SWEEP, '      actions: write', '      packages: read\n      actions: write'),
      ['workflow.sweep.sweep.permissions'],
    ],
    ["another's action that is not pinned", swap(SWEEP, /checkout@\S+/, 'checkout@v7'), ['workflows.others']],
    [
      'a limit that an expression gives',
      swap(DEBUG, 'timeout-minutes: 130', 'timeout-minutes: ${{ fromJSON(vars.LIMIT) }}'),
      ['workflow.debug.ask.timeout'],
    ],
    [
      'a group that nothing names',
      { policy: (text) => text.replace('  security:', '  idle: { members: [ana] }\n  security:') },
      ['policy.groups.idle'],
    ],
    [
      'somebody who may ask and cannot start a workflow',
      { inspector: { permission: async (login) => (login === 'ana-dev' ? 'read' : 'write') } },
      ['person.ana.github'],
    ],
    [
      'somebody who decides in Slack without access',
      { inspector: { permission: async (login) => (login === 'cy-dev' ? 'none' : 'write') } },
      ['person.cy.github'],
    ],
    [
      'no Slack tokens for a channel',
      { inspector: { secrets: async () => [] } },
      ['environment.debug-approval.secrets'],
    ],
  ];
  test.each(CASES)('%s', async (_, change, ids) => {
    expect(notOk(await examined(change))).toEqual(ids.map((id) => `${id} note`));
  });

  test('a workflow that another one calls', async () => {
    const called = { [DEBUG]: (text: string) => text.replace('workflow_dispatch:', 'workflow_call:') };
    expect(notOk(await examined({ files: called }))).toEqual(['workflow.debug.on note']);
  });
});

describe('other ways to write what is right are right', () => {
  const CASES: [string, string, (text: string) => string][] = [
    [
      'an environment with a name and an address',
      DEBUG,
      (text) =>
        text.replaceAll(
          /^ {4}environment: (debug-approval|\$\{\{.*\}\})$/gm,
          '    environment: { name: "$1", url: https://example.com }',
        ),
    ],
    [
      'permissions of the whole workflow',
      SWEEP,
      (text) =>
        text
          .replace(/ {4}permissions:\n( {6}.*\n)+/, '')
          .replace('permissions: {}', 'permissions: { contents: read, issues: write, actions: read, id-token: write }'),
    ],
    ['an event with nothing in it', SWEEP, (text) => text.replace('  workflow_dispatch:', '  workflow_dispatch: {}')],
    [
      'a condition in braces',
      DEBUG,
      (text) => text.replace('if: always()\n    runs-on', 'if: ${{ always() }}\n    runs-on'),
    ],
    ['expressions without spaces', DEBUG, (text) => text.replaceAll(/\$\{\{ (needs|steps)(\S*) \}\}/g, '$${{$1$2}}')],
    ['needs in a list', DEBUG, (text) => text.replace('needs: ask\n', 'needs: [ask]\n')],
    [
      'a runbook typed by hand',
      DEBUG,
      (text) =>
        text.replace(/type: choice\n(.*\n) +options: \[hello.*\n/, 'type: string\n$1').replace(/run-name.*/, ''),
    ],
    ['no time limit of its own', DEBUG, (text) => text.replace('    timeout-minutes: 130\n', '')],
  ];
  test.each(CASES)('%s', async (_, path, change) => {
    const rewritten = (text: string): string => {
      const after = change(text);
      if (after === text) throw new Error('Nothing changed.');
      return after;
    };
    expect(notOk(await examined({ files: { [path]: rewritten } }))).toEqual([]);
  });

  test('the job’s own token by name', async () => {
    const named = (text: string) =>
      text.replace(
        '          slack-bot-token',
        '          github-token: ${{ secrets.GITHUB_TOKEN }}\n          slack-bot-token',
      );
    expect(notOk(await examined({ files: { [SWEEP]: named } }))).toEqual([]);
  });

  test('a repository with an action of its own, which its workflows use', async () => {
    const ci = {
      '.github/workflows/ci.yml': (text: string) => text.replaceAll(/uses: actions\/setup-node@\S+/g, 'uses: ./'),
    };
    expect(notOk(await examined({ files: ci }))).toEqual([]);
  });

  test('a login in other letter case', async () => {
    expect(notOk(await examined({ policy: (text) => text.replace('login: bo-dev', 'login: Bo-Dev') }))).toEqual([]);
  });

  test('a command that the runner finds by its name', async () => {
    expect(
      notOk(await examined({ policy: (text) => text.replace('run: [.github/runbooks/hello.sh]', 'run: [hostname]') })),
    ).toEqual([]);
  });
});
