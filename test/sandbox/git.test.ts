/** The sandbox and its git live in their own folders, whatever environment and configuration they are started with. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { git, gitNow } from '../../src/sandbox/git.ts';
import { openTown } from '../../src/sandbox/town.ts';
import { bench, logOf } from './workflow/bench.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-git-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Somebody's own repository, from a hook of which everything below is started. */
function victim(): { state: () => unknown } {
  const dir = folder();
  writeFileSync(join(dir, 'mine'), 'mine\n');
  gitNow(dir, ['init', '--initial-branch=main']);
  gitNow(dir, ['add', '--all']);
  gitNow(dir, ['commit', '-m', 'Mine']);
  vi.stubEnv('GIT_DIR', join(dir, '.git'));
  vi.stubEnv('GIT_WORK_TREE', dir);
  vi.stubEnv('GIT_INDEX_FILE', join(dir, '.git', 'index'));
  vi.stubEnv('GIT_AUTHOR_NAME', 'Nobody');
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    state: () => ({
      refs: gitNow(dir, ['for-each-ref']),
      head: readFileSync(join(dir, '.git', 'HEAD'), 'utf8'),
      index: readFileSync(join(dir, '.git', 'index')).toString('base64'),
      config: readFileSync(join(dir, '.git', 'config'), 'utf8'),
      files: readdirSync(dir),
    }),
  };
}

/** A user's configuration in which everything that could reach a repository of the sandbox fails or changes it. */
function hostileConfiguration(): void {
  const home = folder();
  const hooks = join(home, 'template', 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of ['pre-commit', 'commit-msg', 'post-checkout', 'reference-transaction']) {
    writeFileSync(join(hooks, hook), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  }
  const settings = [
    `[core]\n\thooksPath = ${hooks}\n\tautocrlf = true`,
    `[init]\n\ttemplateDir = ${join(home, 'template')}`,
    '[commit]\n\tgpgSign = true',
    '[gpg]\n\tprogram = false',
  ];
  writeFileSync(join(home, '.gitconfig'), `${settings.join('\n')}\n`);
  vi.stubEnv('HOME', home);
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(home, '.gitconfig'));
  vi.stubEnv('GIT_CONFIG_SYSTEM', join(home, '.gitconfig'));
  onTestFinished(() => void vi.unstubAllEnvs());
}

test('a town that is opened from a git hook commits nothing to the repository of the hook', async () => {
  const { state } = victim();
  const before = state();
  const town = await openTown();
  onTestFinished(town.close);
  expect(state()).toEqual(before);
  expect(gitNow(town.checkout, ['log', '--format=%s by %an'])).toBe('Start by Ana\nBegin by Ana\n');
});

const CHECKED_OUT = `
on: workflow_dispatch
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - run: |
          git status --porcelain
          od -c lines | head -n 1
          git -c user.name=Ana -c user.email=ana@example.com commit --quiet --allow-empty -m 'From a job'
          git log -1 --format=%s
          env | grep ^GIT_ || true`;

test('a workflow that is run from a git hook checks out its own repository, and its jobs see nothing of the hook', async () => {
  const { state } = victim();
  const before = state();
  const result = await bench(CHECKED_OUT, { lines: 'a\n' }).run();
  expect(logOf(result, 'one')).toMatch(/\n0000000 {3}a {2}\\n\nFrom a job$/);
  expect(state()).toEqual(before);
});

test('hooks, line ends, signing and templates that the user has configured do not reach a repository of the sandbox', async () => {
  hostileConfiguration();
  const town = await openTown({ prepare: async (checkout) => writeFileSync(join(checkout, 'lines'), 'a\r\n') });
  onTestFinished(town.close);
  expect((await git(town.checkout, ['cat-file', 'blob', 'HEAD:lines'])).toString()).toBe('a\r\n');
  expect(readdirSync(join(town.checkout, '.git'))).not.toContain('hooks');
  const result = await bench(CHECKED_OUT, { lines: 'a\n' }).run({ env: town.env });
  expect(logOf(result, 'one')).toMatch(/\n0000000 {3}a {2}\\n\nFrom a job\nGIT_CONFIG_NOSYSTEM=1$/);
});

test('a town that cannot be opened leaves nothing behind', async () => {
  const temporary = folder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const prepare = async () => {
    throw new Error('The disk is full.');
  };
  await expect(openTown({ prepare })).rejects.toThrow('The disk is full.');
  expect(readdirSync(temporary)).toEqual([]);
});
