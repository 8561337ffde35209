/** Runs git for the sandbox and the tests: in the given folder alone, whatever environment and configuration the caller has. */
import { execFile, execFileSync } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';

const maxBuffer = 256 * 1024 * 1024;

/** The commits of the sandbox are Ana's; nothing of it is signed, converted or hooked. */
const SETTINGS = [
  'user.name=Ana',
  'user.email=ana@example.com',
  `core.hooksPath=${devNull}`,
  'init.templateDir=',
  'core.autocrlf=false',
  'commit.gpgsign=false',
  // What is gone when the sandbox is closed need be neither packed nor tidied.
  'core.looseCompression=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/**
 * The variables that keep the machine's own configuration out of git. `GIT_DIR` and the like, which git sets for its
 * hooks, lead to another repository than the one at hand and so must not be inherited either.
 */
export function isolated(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  const own = { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  return { ...Object.fromEntries(kept), ...own };
}

/** git's output, as it is, having read `input`. Throws with git's own words; the error's `code` is git's exit code. */
export async function git(cwd: string, args: readonly string[], input = ''): Promise<Buffer> {
  const options = { cwd, env: isolated(), maxBuffer, encoding: 'buffer' } as const;
  const running = promisify(execFile)('git', [...SETTINGS, ...args], options);
  // Who reads no input may be gone before it is written: git's exit code tells what matters.
  running.child.stdin?.on('error', () => {});
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** As `git`, for set-ups that cannot wait: its output as text. */
export function gitNow(cwd: string, args: readonly string[]): string {
  // What git complains of is in the error that is thrown, not on the caller's standard error.
  return execFileSync('git', [...SETTINGS, ...args], {
    cwd,
    env: isolated(),
    maxBuffer,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
