/** What the demo does where it cannot go as its story says: it tells why, cleans up and gives an exit code that shows it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import { saveExport } from '../../src/sandbox/evidence.ts';
import { gitNow } from '../../src/sandbox/git.ts';
import { ENDINGS } from '../acceptance/demo-endings.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

const product = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
/** The demo's folder for temporary files; what is in it after the demo was left behind. */
let temporary = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  left: string[];
}

interface Situation {
  env?: Record<string, string>;
  /** Sends the signal as soon as the story says so. */
  signal?: { name: NodeJS.Signals; at: string };
}

/** Runs the demo with --auto and --json: its story comes on standard error. */
function demo(args: string[], { env = {}, signal }: Situation = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['src/sandbox/demo.ts', '--auto', '--json', ...args], {
    cwd: product,
    env: { ...process.env, TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  let sent = false;
  for (const name of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[name] }).on('line', (line) => {
      said[name] += `${line}\n`;
      if (sent || signal === undefined || !line.includes(signal.at)) return;
      sent = true;
      child.kill(signal.name);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said, left: readdirSync(temporary) }));
  });
}

const STACK = /^\s+at .+:\d+:\d+\)?$/m;

/** A folder with a program in it, to be found first. */
function programs(name: string, text: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, name), text, { mode: 0o755 });
  return bin;
}

describe('the demo', () => {
  test('plays its story from a git hook and under any git configuration, tells what it came to, writes its evidence, and leaves the repository of the hook alone', async () => {
    const repository = join(folder, 'repository');
    const hooks = join(folder, 'template', 'hooks');
    for (const made of [repository, hooks]) mkdirSync(made, { recursive: true });
    gitNow(repository, ['init', '--initial-branch=main']);
    gitNow(repository, ['commit', '--allow-empty', '-m', 'Mine']);
    const head = gitNow(repository, ['rev-parse', 'HEAD']);
    for (const hook of ['pre-commit', 'post-checkout', 'reference-transaction']) {
      writeFileSync(join(hooks, hook), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    }
    const settings = `[core]\n\thooksPath = ${hooks}\n\tautocrlf = true\n[init]\n\ttemplateDir = ${join(folder, 'template')}\n[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n`;
    const configuration = join(folder, '.gitconfig');
    writeFileSync(configuration, settings);
    const env = {
      HOME: folder,
      GIT_CONFIG_GLOBAL: configuration,
      GIT_CONFIG_SYSTEM: configuration,
      GIT_DIR: join(repository, '.git'),
      GIT_WORK_TREE: repository,
      GIT_INDEX_FILE: join(repository, '.git', 'index'),
    };
    const file = join(folder, 'log.jsonl');
    const { code, stdout, stderr, left } = await demo(['--export', file], { env });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(ENDINGS.approve);
    expect((await verifyExport(readFileSync(file, 'utf8'))).status).toBe('whole');
    expect(gitNow(repository, ['rev-parse', 'HEAD'])).toBe(head);
    expect(gitNow(repository, ['status', '--porcelain'])).toBe('');
    expect(left).toEqual([]);
  });

  test('lets the gateway wait, from its bundle and in its own process, and no runner', async () => {
    const { code, stdout, stderr, left } = await demo(['--gateway']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(ENDINGS.approve);
    expect(stderr).toContain('held by GitHub at production; nobody waits on a runner');
    expect(stderr).not.toMatch(/^\{/m);
    expect(left).toEqual([]);
  });

  test('ends the request of a run that Ctrl-C interrupts, and cleans up', async () => {
    const { code, stdout, stderr, left } = await demo(['--scenario', 'expire'], {
      signal: { name: 'SIGINT', at: 'Nobody answers.' },
    });
    expect(code, stderr).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled', verified: true });
    expect(stderr).toContain('issue #1 (closed');
    expect(left).toEqual([]);
  });

  test.each([
    ['cleans up after a Ctrl-C while it opens its GitHub and Slack', 'SIGINT', 'Opening a local GitHub', 130],
    ['fails when it is terminated before its request is opened, and cleans up', 'SIGTERM', 'Ana presses', 1],
  ] as const)('%s', async (_rule, name, at, expected) => {
    const { code, stderr, left } = await demo([], { signal: { name, at } });
    expect(code, stderr).toBe(expected);
    expect(stderr).not.toMatch(STACK);
    expect(left).toEqual([]);
  });

  test('tells what happened when the ask job opens no issue', async () => {
    const path = process.env['PATH'] ?? '';
    const git = `#!/bin/sh\ncase " $* " in *' checkout '*) echo 'The disk is full.' >&2; exit 1;; esac\nPATH='${path}' exec git "$@"\n`;
    const { code, stdout, stderr, left } = await demo([], { env: { PATH: `${programs('git', git)}:${path}` } });
    expect(code, stderr).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'none', issue: null, verified: false });
    expect(stderr).toContain('No request was opened: the ask job ended as failure');
    expect(stderr).toContain('The disk is full.');
    expect(stderr).not.toMatch(STACK);
    expect(left).toEqual([]);
  });

  test('says so, and leaves nothing, where its GitHub cannot be opened', async () => {
    const { code, stderr, left } = await demo([], { env: { PATH: programs('git', '#!/bin/sh\nexit 3\n') } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The demo could not go on: .*git/m);
    expect(stderr).not.toMatch(STACK);
    expect(left).toEqual([]);
  });

  test('fails, after its report, when the log cannot be written where it was asked to', async () => {
    const file = join(folder, 'nowhere', 'log.jsonl');
    const { code, stdout, stderr } = await demo(['--scenario', 'cancel', '--export', file]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual(ENDINGS.cancel);
    expect(stderr).toContain(`The log was not written to ${file}: ENOENT`);
    expect(stderr).not.toMatch(STACK);
  });
});

test('an issue without an opening record is not exported, and that is told', async () => {
  const file = join(folder, 'log.jsonl');
  expect(await saveExport(file, null)).toMatch(/no signed opening record stands/);
  expect(readdirSync(folder)).toEqual(['tmp']);
});
