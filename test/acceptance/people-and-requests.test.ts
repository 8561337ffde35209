/** The command line against the sandbox: adds people to a policy, and lists what is open. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { OWNER, openTown, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { ROOT } from '../source.ts';
import { audit, POLICY, start } from './stage.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let town: Town;
beforeAll(async () => {
  town = await openTown({ bot: { scopes: ['chat:write', 'users:read'] } });
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs the built command line as Di, in the repository's checkout. */
function cli(args: string[], change: Record<string, string> = {}): Promise<Said> {
  const env = {
    ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    ...{ GITHUB_API_URL: town.github.url, GITHUB_TOKEN: town.github.userToken(PEOPLE.di.login) },
    ...{ SLACK_API_URL: town.slack.url, SLACK_BOT_TOKEN: town.slackToken },
    ...change,
  };
  return new Promise((resolve) => {
    const program = join(ROOT, 'action/dist/cli.js');
    execFile(process.execPath, [program, ...args], { cwd: town.checkout, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
    });
  });
}

const add = (args: string[], env?: Record<string, string>) => cli(['policy', 'add-person', ...args], env);

describe('policy add-person', () => {
  let before: string;
  beforeAll(async () => {
    before = await readFile(join(town.checkout, POLICY), 'utf8');
  });
  const policy = () => readFile(join(town.checkout, POLICY), 'utf8');
  afterEach(() => writeFile(join(town.checkout, POLICY), before));

  test('finds both accounts, writes one line and one name, and shows them', async () => {
    const { code, out, err } = await add(['ED-dev', '@ed', '--key', 'ed', '--group', 'sre']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const line = '  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }';
    expect(out).toContain(`+${line}\n`);
    expect(out).toContain('-  sre: { members: [ bo, cy ] }\n+  sre: { members: [ bo, cy, ed ] }\n');
    expect(out).toContain(
      'Ed: GitHub ed-dev (id 105), Slack @ed (Ed, UED). Check that this is one and the same human.',
    );
    const after = (await policy()).split('\n');
    expect(after.filter((one) => !before.split('\n').includes(one))).toEqual([
      line,
      '  sre: { members: [ bo, cy, ed ] }',
    ]);
    expect((await add(['ed-dev', '--json'])).code).toBe(1);
  });

  test('without a handle needs no Slack token, and makes the key of the login', async () => {
    const { code, out } = await add(['ed-dev', '--json'], { SLACK_BOT_TOKEN: '' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ exitCode: 0, file: POLICY, key: 'ed-dev', groups: [] },
      person: { name: 'Ed', github: { id: 105, login: 'ed-dev' } },
    });
  });

  // Whom else it takes for nobody: test/app/add-person, test/app/find-member and test/policy/add-person.
  test.each([
    [
      'somebody who is there',
      ['bo-dev', '@bo'],
      1,
      'The person is there already: Bo (bo) has the GitHub account bo-dev',
    ],
    ['an unknown login', ['nobody-dev'], 1, 'GitHub has no account with the login nobody-dev.'],
    ['an unknown handle', ['ed-dev', '@nobody'], 1, 'Nobody in Slack has exactly the handle or display name "nobody".'],
    ['a key that is none', ['ed-dev', '--key', 'Ed!'], 2, '--key "Ed!": must be a name of lower-case letters'],
    ['what is no login', ['ed/../x'], 2, '"ed/../x" is no GitHub login.'],
    ['a file that is not there', ['ed-dev', '--file', 'no.yml'], 2, 'no.yml cannot be read'],
    ['no login', [], 2, "missing required argument 'github-login'"],
  ])('%s is told with exit code and reason, and nothing is written', async (_, args, code, why) => {
    const said = await add(args);
    expect(said).toMatchObject({ code, out: '', err: expect.stringContaining(why) });
    expect(await policy()).toBe(before);
  });

  test('a missing token of either side is told with the variable to set', async () => {
    const github = await add(['ed-dev'], { GITHUB_TOKEN: '', GH_TOKEN: '' });
    expect(github).toMatchObject({ code: 2, err: expect.stringContaining('neither GITHUB_TOKEN nor GH_TOKEN is set') });
    const slack = await add(['ed-dev', '@ed'], { SLACK_BOT_TOKEN: '' });
    expect(slack).toMatchObject({ code: 2, err: expect.stringContaining('SLACK_BOT_TOKEN is not set') });
  });

  test('what would make the policy unsound is told with all mistakes, and nothing is written', async () => {
    const unsound = before.replace('version: 1', 'version: 2').replace('risk: low', 'risk: none');
    await writeFile(join(town.checkout, POLICY), unsound);
    const { code, err } = await add(['ed-dev', '@ed']);
    expect(code).toBe(1);
    expect(err).toMatch(/has mistakes; nothing was written/);
    expect(err).toMatch(/:\d+:\d+: version: .*\n.*:\d+:\d+: runbooks\.\S+\.risk: /);
    expect(await policy()).toBe(unsound);
  });
});

describe('list', () => {
  const list = (...args: string[]) => cli(['list', '--repository', `${OWNER}/${REPOSITORY}`, ...args]);

  test('says that nothing is open, then the request in one line, then that its log is broken', async () => {
    expect(await list()).toEqual({ code: 0, out: 'No debug request is open in acme/shop.\n', err: '' });
    const run = start(town);
    const issue = await run.asked;
    const { code, out } = await list();
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(
        `^#${issue}\tpending\t(1h[0-9]+m|2h)\tAna\thello\tproduction\t1 of sre: [^\\n]*1 more of Bo, Cy[^\\n]*\\n$`,
      ),
    );
    expect(JSON.parse((await list('--json')).out)).toMatchObject({
      ...{ exitCode: 0, repository: 'acme/shop', message: '1 debug request is open in acme/shop.' },
      requests: [{ kind: 'proven', issue, status: 'pending', requester: 'Ana', verdict: { status: 'waiting' } }],
    });
    const comments = await githubAs(town, 'di').comments(issue);
    // The ask job would notice at its next poll, and close the request.
    const unseen = town.github.fault({ method: 'GET', path: /\/comments$/, status: 503, times: 1_000 });
    await githubAs(town, 'di').edit(comments[0]?.id ?? 0, 'Nothing to see here.');
    const broken = await list();
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(new RegExp(`^#${issue}\tbroken\t-\t-\t-\t-\t[^\\n]*was edited[^\\n]*\\n$`));
    expect(broken.err).toBe('1 debug request is open in acme/shop, of which 1 cannot be believed.\n');
    unseen();
    await run.result;
    expect((await audit(town, issue)).open).toBe(false);
  });

  test('says that it could not be determined without a repository, a token or a policy', async () => {
    expect(await cli(['list'])).toMatchObject({ code: 2, err: expect.stringContaining('No repository is named') });
    expect(await cli(['list', '--repository', 'acme'])).toMatchObject({ code: 2 });
    const policy = await list('--policy', 'no.yml');
    expect(policy).toMatchObject({ code: 2, err: expect.stringContaining('There is no policy: no.yml') });
    const token = await cli(['list', '--repository', 'acme/shop'], { GITHUB_TOKEN: 'ghp_x' });
    expect(token).toMatchObject({ code: 2, err: expect.stringContaining('check GITHUB_TOKEN') });
  });
});
