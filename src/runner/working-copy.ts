/** Looks at the working copy with git: its commit, and every path whose content is not that commit's. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '../app/fault.ts';
import type { WorkingCopy } from '../app/ports.ts';

const run = promisify(execFile);
/** Room for the list of changed paths, in bytes. */
const OUTPUT_BYTES = 64 * 1024 * 1024;
/** git's exit code for "this is no repository" and other refusals. */
const FATAL = 128;

/**
 * The working copy at `dir`; its state is null where `dir` is empty. Files that are no checkout are an error: nobody can
 * say what they are, and a command would start among them.
 *
 * Changed are: modified, added, deleted and untracked paths, **and ignored ones**: an ignored file (a `.env`, a built
 * script, a `node_modules`) can shadow what was approved as well as any other, and a fresh checkout has none. They are
 * reported as a directory where a rule ignores all of it. Set-ups that need such files create them in the runbook.
 * Also changed is what git was told not to look at (assume-unchanged, skip-worktree), since somebody meant to hide it,
 * and a submodule with any change.
 *
 * Every file is read: no file's time or size in git's index is believed. Line ends count as they are stored, so a file
 * that was checked out with others is changed too, unless the commit's own attributes ask for them (`eol=crlf`). Such
 * files stand in `lineEnds` as well.
 *
 * Only git's own variables and PATH are used; the user's and the system's configuration, hooks and file system monitors
 * have no say. Throws a Fault `environment` if git is missing or fails otherwise, too.
 */
export function workingCopy(dir: string, env: Readonly<Record<string, string | undefined>>): WorkingCopy {
  return { state: () => stateOf(dir, env) };
}

async function stateOf(dir: string, env: Readonly<Record<string, string | undefined>>) {
  const git = gitIn(await realpath(dir), env);
  const root = await git(['rev-parse', '--show-toplevel'], true);
  // A directory below a checkout is none: `git` would speak of the checkout around it.
  if (root === null || (await realpath(root.trimEnd())) !== (await realpath(dir))) return nothingIn(dir);
  const commit = await git(['rev-parse', '--verify', 'HEAD'], true);
  if (commit === null) return nothingIn(dir);
  const flags = await git(['ls-files', '-v', '-z']);
  const { differing, lineEnds } = await withEmptyCache((index) => compare(gitIn(dir, env, index)));
  const changed = [...differing, ...lineEnds, ...unwatchedPaths(flags ?? '')];
  return { commit: commit.trimEnd(), changed: sorted(changed), lineEnds: sorted(lineEnds) };
}

const sorted = (paths: string[]): string[] => [...new Set(paths)].sort();

/** Has git use an index of its own, which knows no file's time and size, so that git reads every file. */
async function withEmptyCache<T>(look: (variables: Record<string, string>) => Promise<T>): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), 'debug-approval-index-'));
  try {
    return await look({ GIT_INDEX_FILE: join(place, 'index') });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** What differs from the commit, and which of that differs in its line ends only. */
async function compare(git: Git): Promise<{ differing: string[]; lineEnds: string[] }> {
  await git(['-c', 'core.splitIndex=false', '-c', 'core.sparseCheckout=false', 'read-tree', 'HEAD']);
  const differing = await differingPaths(git, 'false');
  // Where the attributes say `text`, git itself looks past line ends.
  const converted = convertedPaths((await git(['ls-files', '--eol', '-z'])) ?? '');
  if (differing.length + converted.length === 0) return { differing, lineEnds: [] };
  const otherwise = new Set(await differingPaths(git, 'true'));
  return { differing, lineEnds: [...differing, ...converted].filter((path) => !otherwise.has(path)) };
}

/** With `autocrlf` true git takes CRLF in a file for the LF that the commit holds. */
async function differingPaths(git: Git, autocrlf: 'true' | 'false'): Promise<string[]> {
  const status = await git([
    ...['-c', `core.autocrlf=${autocrlf}`, 'status', '--porcelain=v1', '-z', '--no-renames'],
    ...['--untracked-files=all', '--ignored=matching', '--ignore-submodules=none'],
  ]);
  return pathsOfStatus(status ?? '');
}

/**
 * The files whose line ends are neither those of the commit nor those that its attributes ask for. Entries of
 * `ls-files --eol`: line ends in the index and in the file, the attributes, a tab, the path.
 */
function convertedPaths(eol: string): string[] {
  return entries(eol).flatMap((entry) => {
    const parts = /^i\/(lf|crlf|mixed) +w\/(lf|crlf|mixed) +attr\/([^\t]*)\t(.*)$/s.exec(entry);
    if (parts === null) return [];
    const [, stored, found, attributes = '', path = ''] = parts;
    const settled = attributes.includes('-text') || attributes.includes(`eol=${found}`);
    return stored !== found && !settled ? [path] : [];
  });
}

async function nothingIn(dir: string): Promise<null> {
  const found = (await readdir(dir)).filter((name) => name !== '.git');
  if (found.length === 0) return null;
  throw new Fault(
    'environment',
    `${dir} holds files but is no checkout of a commit (${found.slice(0, 5).join(', ')}), so nobody can say what they are.`,
    'Check out the repository at the top of the workspace (actions/checkout without `path`), or leave the workspace empty.',
  );
}

/** Entries of `status --porcelain=v1 -z --no-renames`: two letters, a blank, the path. */
function pathsOfStatus(status: string): string[] {
  return entries(status).map((entry) => entry.slice(3));
}

/** Entries of `ls-files -v`: small letters are assume-unchanged, `S` is skip-worktree. */
function unwatchedPaths(flags: string): string[] {
  return entries(flags).flatMap((entry) => (/^[a-zS] /.test(entry) ? [entry.slice(2)] : []));
}

function entries(output: string): string[] {
  return output.split('\0').filter((entry) => entry !== '');
}

type Git = (args: string[], mayRefuse?: boolean) => Promise<string | null>;

/** Runs git; where `mayRefuse` is set, null tells that git refused because this is no repository or has no commit. */
function gitIn(
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>> = {},
): Git {
  const isolated = { ...isolatedEnvironment(dir, env), ...more };
  const options = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', `core.hooksPath=${devNull}`];
  // A file's time and size can be forged; git then compares contents more often.
  const strict = ['-c', 'core.checkStat=default', '-c', 'core.trustctime=true', '-c', 'core.untrackedCache=false'];
  return async (args, mayRefuse = false) => {
    try {
      const settings = [...options, ...strict, '-C', dir];
      const { stdout } = await run('git', [...settings, ...args], { env: isolated, maxBuffer: OUTPUT_BYTES });
      return stdout;
    } catch (error) {
      if (mayRefuse && error instanceof Error && 'code' in error && error.code === FATAL) return null;
      throw new Fault(
        'environment',
        `git could not tell the state of ${dir}: ${error instanceof Error ? error.message.trim() : String(error)}`,
        'Check that git is installed on the runner and that the directory is a complete checkout (actions/checkout).',
        { cause: error },
      );
    }
  };
}

function isolatedEnvironment(dir: string, env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = ['PATH', 'SYSTEMROOT', 'WINDIR', 'TMPDIR', 'TEMP', 'TMP'];
  const given = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && kept.includes(name.toUpperCase()) ? [[name, value]] : [],
  );
  return {
    ...Object.fromEntries(given),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // The checkout may belong to another user than the job, e.g. in a container. Only honoured from outside the repository.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: dir,
  };
}
