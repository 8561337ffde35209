/** Looks at the working copy with git: its commit, and every path whose content is not that commit's. */
import { execFile } from 'node:child_process';
import { readdir, realpath } from 'node:fs/promises';
import { devNull } from 'node:os';
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
 * Also changed is what git was told not to look at (assume-unchanged, skip-worktree), since nothing can be said of it,
 * and a submodule with any change.
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
  const status = await git([
    'status',
    ...['--porcelain=v1', '-z', '--untracked-files=all', '--ignored=matching', '--ignore-submodules=none'],
    '--no-renames',
  ]);
  const flags = await git(['ls-files', '-v', '-z']);
  const changed = [...pathsOfStatus(status ?? ''), ...unwatchedPaths(flags ?? '')];
  return { commit: commit.trimEnd(), changed: [...new Set(changed)].sort() };
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
function gitIn(dir: string, env: Readonly<Record<string, string | undefined>>): Git {
  const isolated = isolatedEnvironment(dir, env);
  const options = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', `core.hooksPath=${devNull}`];
  // A file's time and size can be forged; git then compares contents more often. Line ends count as they are stored.
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
