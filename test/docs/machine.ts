/** A newcomer's machine: a home folder with git, npm, a GitHub CLI that is logged in, and nothing of ours yet. */
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { chmod, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { git } from '../../src/sandbox/git.ts';
import { commitAll, openTown, PEOPLE, type Town } from '../../src/sandbox/town.ts';
import { ROOT } from '../source.ts';
import { text } from '../workflow-files.ts';

export interface Machine {
  town: Town;
  /** Where the newcomer's own repository is, cloned from the sandbox's GitHub. */
  shop: string;
  /** Where README's first command clones the product to. */
  clone: string;
  /** Runs shell commands as they are written, one after the other, from the home folder; `typed` is what is typed meanwhile. */
  sh(commands: string[], typed?: string[]): Promise<{ code: number; out: string }>;
}

/** As OWNER's repository the sandbox's GitHub has the product as it is in this folder. The town must be closed. */
export async function openMachine(plan: 'team' | 'enterprise'): Promise<Machine> {
  const town = await openTown({ empty: true, published: 'OWNER', plan });
  const home = join(await realpath(town.tempDir), 'home');
  await mkdir(join(home, 'bin'), { recursive: true });
  await publishProduct(town);
  await serveRepositories(town, home);
  await git(home, ['clone', '--quiet', town.checkout, 'shop']);
  await git(join(home, 'shop'), ['remote', 'set-url', 'origin', 'https://github.com/acme/shop.git']);
  await writePrograms(town, home);
  const env = environmentOf(town, home);
  return {
    town,
    shop: join(home, 'shop'),
    clone: join(home, 'debug-approval'),
    sh: (commands, typed = []) =>
      run(commands.join('\n'), { cwd: home, env }, typed.map((line) => `${line}\n`).join('')),
  };
}

/** What git would commit here now, released as the version that it is. */
async function publishProduct({ published }: Town): Promise<void> {
  const folder = published?.gitDir ?? '';
  const listed = (await git(ROOT, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])).toString();
  const removed = (await git(ROOT, ['ls-files', '-z', '--deleted'])).toString().split('\0');
  const paths = listed.split('\0').filter((path) => path !== '' && !removed.includes(path));
  for (const path of paths) cpSync(join(ROOT, path), join(folder, path));
  await commitAll(folder, 'Release');
  const { version } = v.parse(v.object({ version: v.string() }), JSON.parse(text('package.json')));
  await git(folder, ['tag', `v${version}`]);
}

/** `https://github.com/…` leads git to the sandbox's repositories, and pushing to them works as on GitHub. */
async function serveRepositories({ checkout, published }: Town, home: string): Promise<void> {
  const served = join(home, 'github.com');
  await mkdir(join(served, 'acme'), { recursive: true });
  await mkdir(join(served, 'OWNER'));
  await symlink(checkout, join(served, 'acme', 'shop.git'));
  await symlink(published?.gitDir ?? '', join(served, 'OWNER', 'debug-approval'));
  await git(checkout, ['config', 'receive.denyCurrentBranch', 'updateInstead']);
  const settings = [
    `[url "${served}/"]`,
    'insteadOf = https://github.com/',
    '[user]',
    'name = Ana',
    'email = ana@example.com',
  ];
  await writeFile(
    join(home, '.gitconfig'),
    `${settings.join('\n')}\n[init]\ndefaultBranch = main\n[safe]\ndirectory = *\n`,
  );
}

/** `gh` has Ana's token. `npm ci` installs what is installed here already, since tests reach no registry; all else is npm's own. */
async function writePrograms(town: Town, home: string): Promise<void> {
  const token = town.github.userToken(PEOPLE.ana.login);
  const programs = {
    gh: `[ "$*" = "auth token" ] && echo ${token}`,
    npm: `[ "$1" = ci ] && exec ln -s ${join(ROOT, 'node_modules')} node_modules\nPATH="\${PATH#*:}" exec npm "$@"`,
  };
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(home, 'bin', name), `#!/bin/bash\n${script}\n`);
    await chmod(join(home, 'bin', name), 0o755);
  }
}

function environmentOf(town: Town, home: string): Record<string, string> {
  return {
    ...{ HOME: home, PATH: `${home}/bin:${home}/global/bin:${process.env['PATH']}`, GIT_CONFIG_NOSYSTEM: '1' },
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
    ...{ GITHUB_API_URL: town.github.url, SLACK_API_URL: town.slack.url },
    ...{ npm_config_prefix: `${home}/global`, npm_config_cache: `${home}/cache`, npm_config_offline: 'true' },
    ...{ npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' },
  };
}

function run(script: string, { cwd, env }: { cwd: string; env: Record<string, string> }, typed: string) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    const child = execFile('bash', ['-euxo', 'pipefail', '-c', script], { cwd, env }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out: `${out}\n${err}` });
    });
    child.stdin?.end(typed);
  });
}
