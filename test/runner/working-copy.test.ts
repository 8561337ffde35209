/** Rules of the working copy: whatever is not the approved commit shows. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workingCopy } from '../../src/runner/working-copy.ts';
import { gitNow } from '../../src/sandbox/git.ts';
import { text } from '../workflow-files.ts';
import { directory } from './rig.ts';

let dir: string;
const git = (...args: string[]) => gitNow(dir, args);
const state = () => workingCopy(dir, process.env).state();

beforeEach(() => {
  dir = directory();
  git('init', '-q', '-b', 'main');
  writeFileSync(join(dir, 'run.sh'), 'echo 1\n');
  writeFileSync(join(dir, '.gitignore'), '.env\nbuilt/\n');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
});

/** Commits .gitattributes where there are any; gives the paths of the commit. */
function commitAttributes(attributes: string): string[] {
  if (attributes === '') return ['.gitignore', 'run.sh'];
  writeFileSync(join(dir, '.gitattributes'), attributes);
  git('add', '.');
  git('commit', '-q', '-m', 'attributes');
  return ['.gitattributes', '.gitignore', 'run.sh'];
}

/** Checks all files out anew as git on a Windows runner does: its system's configuration converts line ends. */
function checkOutAsOnWindows(variables: Record<string, string> = {}): void {
  const system = join(directory(), 'gitconfig');
  writeFileSync(system, '[core]\n\tautocrlf = true\n\teol = crlf\n');
  git('rm', '-r', '-q', '.');
  // Only the configuration at hand: the machine's own settings would come on top of it.
  const env = { PATH: process.env['PATH'], GIT_CONFIG_SYSTEM: system, GIT_CONFIG_GLOBAL: devNull, ...variables };
  execFileSync('git', ['reset', '-q', '--hard'], { cwd: dir, env });
  // As after a checkout that took longer: git then believes the times and sizes that it noted.
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(dir, '.git', 'index'), later, later);
}

/** The variables that .github/workflows/debug.yml gives to its debug job. */
function variablesOfDebugJob(): Record<string, string> {
  const Workflow = v.object({ jobs: v.object({ debug: v.object({ env: v.record(v.string(), v.string()) }) }) });
  return v.parse(Workflow, parse(text('.github/workflows/debug.yml'))).jobs.debug.env;
}

describe('a working copy', () => {
  it('is clean at its commit', async () => {
    expect(await state()).toEqual({ commit: git('rev-parse', 'HEAD').trim(), changed: [], lineEnds: [] });
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

  it.each([
    ["the system's setting", '', []],
    ["the repository's own setting", '', ['config', 'core.autocrlf', 'true']],
    ['attributes that leave them to the system', '* text=auto\n', []],
  ])(
    'shows files whose line ends were converted at the checkout, and that it is only these: %s',
    async (_, attributes, setting) => {
      const all = commitAttributes(attributes);
      checkOutAsOnWindows();
      if (setting.length > 0) git(...setting);
      expect(readFileSync(join(dir, 'run.sh'), 'utf8')).toBe('echo 1\r\n');
      expect(await state()).toMatchObject({ changed: all, lineEnds: all });
    },
  );

  it.each([
    ['without attributes', ''],
    ['with attributes that leave them to the system', '* text=auto\n'],
  ])(
    "is clean where the variables of our workflow's debug job keep git from converting line ends, %s",
    async (_, attributes) => {
      commitAttributes(attributes);
      checkOutAsOnWindows(variablesOfDebugJob());
      expect(readFileSync(join(dir, 'run.sh'), 'utf8')).toBe('echo 1\n');
      expect(await state()).toMatchObject({ changed: [], lineEnds: [] });
    },
  );

  it.each([
    ['* -text\n', 'echo 1\n'],
    ['* text=auto eol=lf\n', 'echo 1\n'],
    ['* text=auto eol=crlf\n', 'echo 1\r\n'],
  ])('is clean on Windows where the commit itself settles its line ends: %j', async (attributes, script) => {
    commitAttributes(attributes);
    checkOutAsOnWindows();
    expect(readFileSync(join(dir, 'run.sh'), 'utf8')).toBe(script);
    expect(await state()).toMatchObject({ changed: [], lineEnds: [] });
  });

  it('shows a file that got other line ends than its attributes ask for after the checkout', async () => {
    commitAttributes('* text=auto eol=lf\n');
    writeFileSync(join(dir, 'run.sh'), 'echo 1\r\n');
    expect(await state()).toMatchObject({ changed: ['run.sh'], lineEnds: ['run.sh'] });
  });

  it('shows a file as changed, not as converted, where more than its line ends differ', async () => {
    checkOutAsOnWindows();
    writeFileSync(join(dir, 'run.sh'), 'echo 2\r\n');
    expect(await state()).toMatchObject({ changed: ['.gitignore', 'run.sh'], lineEnds: ['.gitignore'] });
  });

  it('is an error, not a clean copy, where git is missing', async () => {
    await expect(workingCopy(dir, { PATH: directory() }).state()).rejects.toMatchObject({ code: 'environment' });
  });
});
