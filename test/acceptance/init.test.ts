/** `init` as a program: sets an empty repository up without a question; what it wrote is found right, and is not written twice. */
import { execFile } from 'node:child_process';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { git } from '../../src/sandbox/git.ts';
import {
  CHANNEL,
  CHANNEL_NAME,
  commitAll,
  OWNER,
  openTown,
  PEOPLE,
  REPOSITORY,
  type Town,
} from '../../src/sandbox/town.ts';
import { ROOT } from '../source.ts';
import { endings, logOf, POLICY, SWEEP, start } from './stage.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ACTION = 'acme/debug-approval';
/** Some people's remotes hold a token. */
const SECRET = 'ghp_of_the_remote';
let town: Town;
/** The product as its users name it: a repository of its own, at one commit. */
let product: { folder: string; sha: string };

beforeAll(async () => {
  town = await openTown({ empty: true, published: true });
  const address = `https://ana:${SECRET}@github.com/${OWNER}/${REPOSITORY}.git`;
  await git(town.checkout, ['remote', 'add', 'origin', address]);
  const folder = town.published?.gitDir ?? '';
  for (const part of ['action.yml', 'action', 'package.json'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await commitAll(folder, 'Release');
  product = { folder, sha: (await git(folder, ['rev-parse', 'HEAD'])).toString().trim() };
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

/** Runs the built command line as Ana, in the repository's checkout, where nobody can be asked anything. */
function cli(args: string[], change: Record<string, string> = {}) {
  const env = {
    ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    ...{ GITHUB_API_URL: town.github.url, GITHUB_TOKEN: town.github.userToken(PEOPLE.ana.login) },
    ...{ SLACK_API_URL: town.slack.url, SLACK_BOT_TOKEN: town.slackToken, SLACK_APP_TOKEN: town.slackAppToken },
    ...change,
  };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const program = join(ROOT, 'action/dist/cli.js');
    const child = execFile(process.execPath, [program, ...args], { cwd: town.checkout, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
    });
    child.stdin?.end();
  });
}

const init = (args: string[], change?: Record<string, string>) => cli(['init', ...args], change);
const flags = () => [
  ...['--person', 'ana-dev:@ana', '--person', 'bo-dev:bo', '--person', 'cy-dev'],
  ...['--slack-channel', `#${CHANNEL_NAME}`, '--target', 'production', '--target', 'staging'],
  ...['--admin-bypass', 'show', '--action', `${ACTION}@${product.sha}`],
];
const status = async () => (await git(town.checkout, ['status', '--porcelain', '--untracked-files=all'])).toString();

describe('in an empty repository', () => {
  test('what is missing is named at once, with each flag, and nothing is written', async () => {
    const { code, out, err } = await init([], { GITHUB_TOKEN: '' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const flag of ['--action', '--person', '--slack-channel', 'GITHUB_TOKEN', '--yes']) {
      expect(err).toContain(`\n  ${flag}`);
    }
    expect(err).not.toMatch(/--repository|--branch|--issuer/);
    expect(await status()).toBe('');
  });

  test('outside of a work tree git itself says why', async () => {
    const { code, err } = await init(['--directory', tmpdir()]);
    expect(code).toBe(2);
    expect(err).toMatch(/is in no git work tree: fatal: not a git repository/);
  });

  test('a public repository is refused unless --public says that it is meant', async () => {
    town.github.configure({ repository: { public: true } });
    const { code, err } = await init([...flags(), '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('acme/shop is public: everybody in the world would read');
    expect(err).toContain('--public');
    expect((await init([...flags(), '--dry-run', '--public'])).out).toContain('\npublic: true\n');
    town.github.configure({ repository: { public: false } });
    expect(await status()).toBe('');
  });

  test('what counts where administrators can bypass is nobody else to decide: it is named with both choices', async () => {
    const { code, err } = await init([...flags().filter((one) => !/^(--admin-bypass|show)$/.test(one)), '--yes']);
    expect(code).toBe(2);
    expect(err).toMatch(/Missing:\n {2}--admin-bypass forbid or show\n.*`forbid`: no request.*`show`: each request/s);
    expect(await status()).toBe('');
  });

  test('a version that GitHub does not have is refused, as is a token of another kind in the place of the bot token', async () => {
    const [unpushed, sha] = ['0'.repeat(40), product.sha];
    const pinned = await init([...flags().map((one) => one.replace(sha, unpushed)), '--yes']);
    expect(pinned.code).toBe(1);
    expect(pinned.err).toContain(`GitHub has no commit ${unpushed} in ${ACTION}`);
    const swapped = await init([...flags(), '--yes'], { SLACK_BOT_TOKEN: town.slackAppToken });
    expect(swapped.code).toBe(2);
    expect(swapped.err).toContain('SLACK_BOT_TOKEN is an app-level token (xapp-…); give the bot token (xoxb-…).');
    expect(swapped.err).not.toContain(town.slackAppToken);
    expect(await status()).toBe('');
  });

  test('--dry-run shows every file in full and writes none', async () => {
    const { code, out } = await init([...flags(), '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('  new              .github/debug-approval.yml: the policy\n');
    expect(out).toContain(`        uses: ${ACTION}/action/run@${product.sha} # v`);
    expect(out).toContain('Nothing was written.');
    expect(await status()).toBe('');
  });

  test('with flags nothing is asked, and no token is shown; everything is there, and what comes next is told', async () => {
    const { code, out, err } = await init([...flags(), '--yes', '--post-guidelines']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Bo: GitHub bo-dev (id 102), Slack T1/UBO\n');
    expect(out).toMatch(/\d files were written to .*\nThe guidelines were posted in the channel C123, pinned/);
    expect(out).not.toMatch(/Create the Slack app|guidelines --post/);
    expect(out).toMatch(/What comes next:[\s\S]*gh secret set SLACK_APP_TOKEN --env debug-approval --repo acme\/shop/);
    expect(out).toMatch(/git update-index --chmod=\+x \.github\/runbooks\/hello\.sh[\s\S]*debug-approval doctor/);
    for (const token of [town.slackToken, town.github.userToken(PEOPLE.ana.login), SECRET]) {
      expect(out).not.toContain(token);
    }
    expect((await stat(join(town.checkout, '.github/runbooks/hello.sh'))).mode & 0o111).toBe(0o111);
    const [posted] = await town.slack.messages(CHANNEL);
    expect(JSON.stringify(posted?.blocks)).toContain('Debug Approval of acme/shop: how to ask and how to decide');
  });
});

describe('once it is set up', () => {
  beforeAll(() => commitAll(town.checkout, 'Set up'));

  // That a request is asked, approved, run and ended from such files is in test/docs/reader.test.ts.
  test('doctor finds nothing wrong, from a shell and as the workflow; the sweep works', async () => {
    const { code, out } = await cli(['doctor', '--repository', `${OWNER}/${REPOSITORY}`, '--json']);
    const { findings } = JSON.parse(out);
    expect(findings.filter(({ health }: { health: string }) => health === 'wrong')).toEqual([]);
    expect(code).toBe(0);
    const actions = { [ACTION]: product.folder };
    const run = await start(town, { actions, workflowPath: '.github/workflows/doctor.yml', inputs: {} }).result;
    expect({ log: logOf(run, 'doctor'), ends: endings(run) }).toMatchObject({ ends: 'doctor success' });
    const sweep = await start(town, { actions, workflowPath: SWEEP, event: 'schedule' }).result;
    expect(endings(sweep)).toBe('sweep success');
  });

  test('a second time nothing is to be done', async () => {
    const { code, out } = await init([...flags(), '--yes', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ exitCode: 0, written: [], message: 'Everything is there already.' });
    expect(await status()).toBe('');
  });

  test('what differs is shown and refused, all of it by name; --force overwrites all but the policy', async () => {
    const before = await readFile(join(town.checkout, POLICY), 'utf8');
    const edited = before.replace('expiry: 2h', 'expiry: 3h # as agreed on Monday');
    await writeFile(join(town.checkout, POLICY), edited);
    await writeFile(join(town.checkout, SWEEP), 'name: Mine\n');
    const refused = await init(['--action', `${ACTION}@${product.sha}`, '--yes']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('-    timeout-minutes: 130\n      +    timeout-minutes: 190');
    expect(refused.err).toContain(
      '.github/workflows/debug.yml, .github/workflows/sweep.yml are there already and differ; nothing was written. --force overwrites them, and what was changed there by hand is lost.',
    );
    const forced = await init([...flags(), '--yes', '--expiry', '1h', '--force']);
    expect(forced).toMatchObject({ code: 0, err: '' });
    expect(forced.out).toMatch(/is kept as it is.*--person.*--expiry.*changed nothing/);
    expect(await readFile(join(town.checkout, POLICY), 'utf8')).toBe(edited);
    expect(await readFile(join(town.checkout, SWEEP), 'utf8')).not.toContain('Mine');
  });

  test('policy guidelines prints the words for the channel', async () => {
    await git(town.checkout, ['checkout', '--quiet', '.']);
    const { code, out } = await cli(['policy', 'guidelines']);
    expect(code).toBe(0);
    expect(out).toContain('Every request: 1 of approvers (Ana, Bo, Cy).');
    const again = await cli(['policy', 'guidelines', '--post', '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ exitCode: 0, pinned: true });
  });

  test('a policy that is not where it is looked for is told with what to do', async () => {
    const { code, err } = await cli(['policy', 'check', 'none.yml']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /none\.yml cannot be read: there is no such file, as seen from .*\nName the file, or go to the top of the repository/,
    );
  });
});
