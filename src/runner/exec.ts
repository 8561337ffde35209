/** The starter: starts one command with stdout and stderr on this process's own stdout, and reports how it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import * as v from 'valibot';
import { endOwnGroup } from './group.ts';
import { Order, type Report } from './starter.ts';

/** The signals that end the whole group are meant for the command; its starter stays to report. */
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

let reported = false;

process.once('message', (message) => start(v.parse(Order, message)));
process.once('disconnect', () => {
  // Whoever watched the clock is gone: nothing may run on unwatched.
  if (!reported) endEverything();
  process.exit();
});

function start(order: Order): void {
  const [program, ...args] = order.argv;
  if (program === undefined || program === '') {
    fail('The command is empty.');
    return;
  }
  try {
    const child = spawn(locate(program, order.cwd), args, {
      argv0: program,
      cwd: order.cwd,
      env: order.env,
      // One open pipe for both, so that the order is the command's own.
      stdio: ['ignore', 1, 1],
      shell: false,
      windowsHide: true,
    });
    // Only the command and its descendants keep the pipe open from here on: its end is theirs.
    closeSync(1);
    watch(child, program, order.cwd);
  } catch (error) {
    fail(explain(error, program, order.cwd));
  }
}

function watch(child: ChildProcess, program: string, cwd: string): void {
  child.once('spawn', () => process.send?.({ type: 'spawned' } satisfies Report));
  child.once('error', (error) => fail(explain(error, program, cwd)));
  child.once('exit', (code, signal) => report({ type: 'exited', code, signal }));
}

/** A program with a directory in its name is a file seen from the working directory; a mere name is looked up in PATH. */
function locate(program: string, cwd: string): string {
  const hasDirectory = program.includes('/') || (process.platform === 'win32' && program.includes('\\'));
  return hasDirectory && !isAbsolute(program) ? resolve(cwd, program) : program;
}

function fail(message: string): void {
  report({ type: 'spawn-failed', message });
}

function report(message: Report): void {
  reported = true;
  process.send?.(message, () => {
    // On Windows a process tree is found through its living parents: there the starter stays until it is let go.
    if (process.platform !== 'win32') process.exit();
  });
}

function explain(error: unknown, program: string, cwd: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (!isDirectory(cwd)) return `The working directory ${cwd} does not exist.`;
  if (code === 'ENOENT') return `${program} was not found, or the interpreter that it names was not (ENOENT).`;
  if (code === 'EACCES') return `${program} is not executable (EACCES).`;
  return `${program} could not be started: ${error instanceof Error ? error.message : code}.`;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function endEverything(): void {
  if (process.platform !== 'win32') {
    endOwnGroup();
    return;
  }
  const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  spawn(taskkill, ['/PID', String(process.pid), '/T', '/F'], { stdio: 'ignore', detached: true }).unref();
}
