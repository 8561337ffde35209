/** The words between the run and its starter (exec.ts), which is the small process that starts the command. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import * as v from 'valibot';

/** What the starter is told, over the IPC channel: no argument ever stands on another process's command line. */
export const Order = v.strictObject({
  argv: v.array(v.string()),
  cwd: v.string(),
  env: v.record(v.string(), v.string()),
});
export type Order = v.InferOutput<typeof Order>;

/** What the starter tells: the command could not be started, it was started, or it has ended. */
export const Report = v.variant('type', [
  v.strictObject({ type: v.literal('spawn-failed'), message: v.string() }),
  v.strictObject({ type: v.literal('spawned') }),
  v.strictObject({ type: v.literal('exited'), code: v.nullable(v.number()), signal: v.nullable(v.string()) }),
]);
export type Report = v.InferOutput<typeof Report>;

/** How it ended; `lost`: the starter itself ended before it could tell, for instance because the command killed it. */
export type Ending =
  | Exclude<Report, { type: 'spawned' }>
  | { type: 'lost'; started: boolean; signal: string | null; message: string };

type SpawnFailed = Extract<Report, { type: 'spawn-failed' }>;

export interface Starter {
  pid: number;
  /** The command's stdout and stderr, in the order in which it wrote them. */
  output: Readable;
  ending: Promise<Ending>;
  /** Lets the starter go, so that it keeps nothing open. */
  release(): void;
}

/** Keeps of the starter's own complaints what a message can hold. */
const COMPLAINT_CHARACTERS = 2_000;

/** Starts the starter at `path` in a process group of its own and gives it the order. */
export async function launch(path: string, order: Order): Promise<Starter | SpawnFailed> {
  const windows = process.platform === 'win32';
  const pipe = windows ? null : await openPipe();
  if (pipe instanceof Error)
    return { type: 'spawn-failed', message: `There is no pipe for its output: ${pipe.message}` };
  const child = spawn(process.execPath, [path], {
    stdio: ['ignore', pipe?.end ?? 'pipe', 'pipe', 'ipc'],
    // Nothing of this job's environment: the command can read its parent's. Windows needs its own directory to be known.
    env: windows ? pick(order.env, ['SYSTEMROOT', 'WINDIR']) : {},
    detached: !windows,
    windowsHide: true,
  });
  // The starter has its own by now: the output ends with the last of those that write to it.
  if (pipe !== null) closeSync(pipe.end);
  const ending = endingOf(child);
  const failure = await new Promise<Error | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
  if (failure !== null) {
    pipe?.output.destroy();
    return { type: 'spawn-failed', message: `Its starter did not start: ${failure.message}.` };
  }
  const output = pipe?.output ?? child.stdout;
  if (output === null || child.pid === undefined) throw new Error('The starter has no output pipe.');
  child.send(order, (error) => {
    // The starter is gone already; `ending` tells why.
    if (error !== null && child.connected) child.disconnect();
  });
  const release = () => {
    if (child.connected) child.disconnect();
    child.stderr?.destroy();
  };
  return { pid: child.pid, output, ending, release };
}

/**
 * A pipe of POSIX, of which `end` is to be written to. Node would make a socket, which no program can open by the name
 * /dev/stdout. An Error where the system has none to give, for instance no mkfifo.
 */
async function openPipe(): Promise<{ output: Readable; end: number } | Error> {
  const directory = await mkdtemp(join(tmpdir(), 'debug-approval-'));
  try {
    const path = join(directory, 'output');
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    // Without waiting for a writer, which comes next.
    const start = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const end = openSync(path, constants.O_WRONLY);
    return { output: new Socket({ fd: start, readable: true, writable: false }), end };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function endingOf(child: ReturnType<typeof spawn>): Promise<Ending> {
  let started = false;
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, COMPLAINT_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.on('message', (message) => {
      const report = v.safeParse(Report, message);
      if (!report.success) complaint += 'It sent a report that is none. ';
      else if (report.output.type === 'spawned') started = true;
      else resolve(report.output);
    });
    // Reports may still be under way at `exit`; once the channel is closed too, none can follow.
    const exited = new Promise<string | null>((done) => child.once('exit', (_code, signal) => done(signal)));
    const closed = new Promise<void>((done) => child.once('disconnect', done));
    Promise.all([exited, closed]).then(([signal]) => resolve({ type: 'lost', started, signal, message: complaint }));
  });
}

function pick(env: Record<string, string>, names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name.toUpperCase())));
}
