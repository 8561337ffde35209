/** Rules of the working copy: whatever is not the approved commit shows. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { workingCopy } from '../../src/runner/working-copy.ts';
import { directory } from './rig.ts';

let dir: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], {
    encoding: 'utf8',
  });
const state = () => workingCopy(dir, process.env).state();

beforeEach(() => {
  dir = directory();
  git('init', '-q', '-b', 'main');
  writeFileSync(join(dir, 'run.sh'), 'echo 1\n');
  writeFileSync(join(dir, '.gitignore'), '.env\nbuilt/\n');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
});

describe('a working copy', () => {
  it('is clean at its commit', async () => {
    expect(await state()).toEqual({ commit: git('rev-parse', 'HEAD').trim(), changed: [] });
  });

  it('shows modified, deleted, staged and untracked paths by their exact names', async () => {
    writeFileSync(join(dir, 'run.sh'), 'echo 2\n');
    rmSync(join(dir, '.gitignore'));
    mkdirSync(join(dir, 'ä b'));
    writeFileSync(join(dir, 'ä b', 'new "file"'), '');
    writeFileSync(join(dir, 'staged'), '');
    git('add', 'staged');
    expect((await state())?.changed).toEqual(['.gitignore', 'run.sh', 'staged', 'ä b/new "file"']);
  });

  it('shows ignored files, which can shadow what was approved', async () => {
    writeFileSync(join(dir, '.env'), 'X=1');
    mkdirSync(join(dir, 'built'));
    writeFileSync(join(dir, 'built', 'tool'), '');
    expect((await state())?.changed).toEqual(['.env', 'built/']);
  });

  it('shows files that git was told not to look at', async () => {
    git('update-index', '--assume-unchanged', 'run.sh');
    git('update-index', '--skip-worktree', '.gitignore');
    expect((await state())?.changed).toEqual(['.gitignore', 'run.sh']);
  });

  it('shows what a repository setting hides from git status', async () => {
    git('config', 'status.showUntrackedFiles', 'no');
    writeFileSync(join(dir, 'new'), '');
    expect((await state())?.changed).toEqual(['new']);
  });

  it('runs no file system monitor of the repository', async () => {
    git('config', 'core.fsmonitor', `touch ${join(dir, 'ran')}; false`);
    expect((await state())?.changed).toEqual([]);
  });

  it('shows a file that only the user would ignore', async () => {
    const home = directory();
    writeFileSync(join(home, '.gitconfig'), `[core]\n\texcludesFile = ${join(home, 'ignore')}\n`);
    writeFileSync(join(home, 'ignore'), 'new\n');
    writeFileSync(join(dir, 'new'), '');
    expect((await workingCopy(dir, { ...process.env, HOME: home }).state())?.changed).toEqual(['new']);
  });

  it('is none without a repository, without a commit, and below the top of one', async () => {
    expect(await workingCopy(directory(), process.env).state()).toBeNull();
    mkdirSync(join(dir, 'below'));
    expect(await workingCopy(join(dir, 'below'), process.env).state()).toBeNull();
    dir = directory();
    git('init', '-q');
    expect(await state()).toBeNull();
  });

  it('is an error, not a clean copy, where git is missing', async () => {
    await expect(workingCopy(dir, { PATH: directory() }).state()).rejects.toMatchObject({ code: 'environment' });
  });
});
