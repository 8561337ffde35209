/** Runs one process of a step, line by line, and ends it with all its children when it must. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Graces } from './types.ts';

export interface Execution {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  onLine: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Ends the process: SIGINT, then SIGTERM, then the whole tree is killed. */
  signal: AbortSignal;
  graces: Graces;
  onStart?: (pid: number) => void;
}

/** `code` is null after a signal; `problem` says why the process could not be started. */
export type ProcessEnd = { kind: 'ended'; code: number | null } | { kind: 'not-started'; problem: string };

async function descendants(root: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) {
    for (const [pid, ppid] of pairs) if (ppid === parent && pid !== undefined) found.push(pid);
  }
  return found;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

/**
 * Kills the process, its descendants, and its process group, to which children whose parent has ended still belong.
 * Where no list of processes can be had, the group alone is killed, and the log says so.
 */
async function killTree(pid: number, onLine: Execution['onLine']): Promise<void> {
  let tree: number[] = [];
  try {
    tree = await descendants(pid);
  } catch (error) {
    onLine('stderr', `Children outside of the step's process group were not looked for: ${String(error)}`);
  }
  for (const one of [-pid, ...tree]) send(one, 'SIGKILL');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Starts the sequence of signals; gives what stops it once the process has ended. */
function endGently(child: ChildProcess, { graces, onLine }: Execution): () => void {
  const pid = child.pid;
  if (pid === undefined || hasEnded(child)) return () => {};
  send(pid, 'SIGINT');
  let timer = setTimeout(() => {
    send(pid, 'SIGTERM');
    timer = setTimeout(() => void killTree(pid, onLine), graces.terminate);
  }, graces.interrupt);
  return () => clearTimeout(timer);
}

function readLines(stream: Readable, onLine: (text: string) => void): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine).on('close', resolve);
  });
}

/** Children that an ended process leaves in its group are killed: they hold the pipes, and nothing may outlive its step here. */
function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ kind: 'not-started', problem: error.message }));
    child.on('exit', (code) => {
      if (child.pid !== undefined) send(-child.pid, 'SIGKILL');
      resolve({ kind: 'ended', code });
    });
  });
}

/** Waits for the last lines, but not for ever: a child that left the process group may keep the pipes open. */
async function drained(child: ChildProcess, lines: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, 5_000);
  await lines;
  clearTimeout(timer);
}

/** Runs a process to its end, whatever that is; never throws for what the process does. */
export async function execute(execution: Execution): Promise<ProcessEnd> {
  const { command, args, cwd, env, signal, onLine } = execution;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) execution.onStart?.(child.pid);
  const lines = Promise.all([
    readLines(child.stdout, (text) => onLine('stdout', text)),
    readLines(child.stderr, (text) => onLine('stderr', text)),
  ]);
  let stop = (): void => {};
  const abort = (): void => {
    stop = endGently(child, execution);
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const end = await endOf(child);
  signal.removeEventListener('abort', abort);
  stop();
  if (end.kind === 'ended') await drained(child, lines);
  return end;
}
