/** act itself: where it is on this machine, and one run of it as a process with the lines that it tells. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import * as v from 'valibot';

export const INSTALL_ACT = 'go install github.com/nektos/act@v0.2.87';

/** $ACT, else act on the PATH, else where `go install` puts it; null where there is none. Throws if $ACT names no program. */
export function findAct(): string | null {
  const named = process.env['ACT'] ?? '';
  if (named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`ACT is ${named}, which is no program. Name the program, or leave ACT out.`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, ...goFolders()].map((folder) => join(folder, 'act')).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const GO = { encoding: 'utf8', timeout: 10_000, stdio: 'pipe' } as const;

/** Empty where there is no Go. */
function goFolders(): string[] {
  try {
    const [bin = '', path = ''] = execFileSync('go', ['env', 'GOBIN', 'GOPATH'], GO).split('\n');
    return [...(bin === '' ? [] : [bin]), ...(path === '' ? [] : [join(path, 'bin')])];
  } catch {
    return [];
  }
}

/** What act's own schema has against the workflows of a folder; empty where it accepts them all. */
export async function invalidForAct(program: string, folder: string): Promise<string> {
  const args = ['--validate', '--strict', '--workflows', folder];
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), ACT_DISABLE_VERSION_CHECK: '1' };
  return promisify(execFile)(program, args, { env, timeout: LONGEST }).then(
    () => '',
    (error: unknown) => String(error),
  );
}

/** What act says with `--json`, as far as it is needed. */
const Said = v.object({
  msg: v.optional(v.string(), ''),
  jobID: v.optional(v.string(), ''),
  jobResult: v.optional(v.picklist(['success', 'failure', 'skipped'])),
});

export interface ActLine {
  /** Empty where act speaks of no job. */
  job: string;
  /** As the job printed it, or act itself. */
  text: string;
  /** How the job ended, where this line tells it. */
  result: 'success' | 'failure' | 'skipped' | null;
}

export interface ActProcess {
  /** act's exit code. Rejects when it had to be ended because it took too long. */
  exit: Promise<number>;
  /** Ends it at once. What it runs loses its terminal, and ends too. */
  kill(): void;
  /** Cancels it and waits until it is gone. */
  stop(): Promise<void>;
}

/** How long one run may take, ms; and how long act may take to end its jobs once it is told to stop. */
const LONGEST = 180_000;
const GRACE = 10_000;

/** Starts act with nothing of this process's environment but `env`. */
export function startAct(
  program: string,
  args: string[],
  { cwd, env, onLine }: { cwd: string; env: Record<string, string>; onLine: (line: ActLine) => void },
): ActProcess {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let late = false;
  const hear = (text: string): void => onLine(read(text));
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const { promise: gone, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code, signal) => {
    clearTimeout(clock);
    if (late) reject(new Error(`act took longer than ${LONGEST} ms and was ended.`));
    else resolve(code ?? (signal === null ? 1 : 128));
  });
  const kill = (): void => void child.kill('SIGKILL');
  const end = (): void => {
    child.kill('SIGTERM');
    const harder = setTimeout(kill, GRACE);
    child.once('close', () => clearTimeout(harder));
  };
  const clock = setTimeout(() => {
    late = true;
    end();
  }, LONGEST);
  return {
    exit: gone,
    kill,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) end();
      await Promise.allSettled([gone]);
    },
  };
}

function read(text: string): ActLine {
  const said = text.startsWith('{') ? v.safeParse(v.pipe(v.string(), v.parseJson(), Said), text) : null;
  // What is said before the log begins, and by act's own libraries, is no JSON.
  if (said === null || !said.success) return { job: '', text, result: null };
  const { msg, jobID, jobResult = null } = said.output;
  return { job: jobID, text: msg.trimEnd(), result: jobResult };
}
