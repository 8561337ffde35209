/** Ends a command with everything it started: its session and descendants on Linux, its group on macOS, its tree on Windows. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../app/ports.ts';
import { offspringOf } from './offspring.ts';

/** How often dying processes are looked at, in ms. */
const LOOK_EVERY_MS = 20;
/** How long what was sent SIGKILL is waited for, in ms. */
const KILL_MS = 1_000;
/** How often a process that ends itself looks for what is being started meanwhile. */
const LAST_LOOKS = 10;

/**
 * Ends what the group's leader `pid` started: SIGTERM, then SIGKILL for what is left after `graceMs`. Resolves once all is
 * gone, with the ids of those that are not: another user's (sudo), whom nobody here may signal. On Windows there is no
 * SIGTERM: the tree ends at once. A daemon, which left the session and has lost its parent, is not found, nor on macOS who left
 * the group; the runner ends it with the job, by RUNNER_TRACKING_ID.
 */
export async function endGroup(pid: number, graceMs: number, clock: Clock): Promise<number[]> {
  if (process.platform === 'win32') {
    await endTree(pid);
    return [];
  }
  const look = targetsOf(pid);
  signalAll(look(), 'SIGTERM');
  const left = await gone(look, graceMs, clock);
  if (left.length === 0) return [];
  signalAll(left, 'SIGKILL');
  return gone(look, KILL_MS, clock, (late) => signalAll(late, 'SIGKILL'));
}

/** Ends this process, which leads a group of its own, and all that it started. For POSIX systems. */
export function endOwnGroup(): void {
  const look = targetsOf(process.pid);
  for (let looks = 0; looks < LAST_LOOKS; looks += 1) {
    signalAll(
      look().filter((pid) => pid !== process.pid),
      'SIGKILL',
    );
  }
  process.kill(-process.pid, 'SIGKILL');
}

/** Who is left after `ms` at the latest; `each` is told at each look. */
async function gone(
  look: () => number[],
  ms: number,
  clock: Clock,
  each: (left: number[]) => void = () => {},
): Promise<number[]> {
  const until = clock.now() + ms;
  let left = look();
  while (left.length > 0 && clock.now() < until) {
    await clock.sleep(LOOK_EVERY_MS);
    left = look();
    each(left);
  }
  return left;
}

/** Whom a signal must reach: processes; where they cannot be listed, the group, which is a negative id. */
function targetsOf(leader: number): () => number[] {
  if (existsSync('/proc/self/stat')) return offspringOf(leader);
  return () => (reaches(-leader, 0) ? [-leader] : []);
}

function signalAll(targets: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const target of targets) reaches(target, signal);
}

/** Whether there was anybody to receive it. */
function reaches(target: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: another user's process; of a group it is macOS's answer where only zombies are left, which nobody has reaped yet.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) return false;
    throw error;
  }
}

async function endTree(pid: number): Promise<void> {
  const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  try {
    await promisify(execFile)(taskkill, ['/PID', String(pid), '/T', '/F'], { windowsHide: true });
  } catch (error) {
    // 128: there is no such process any more, which is what was wanted.
    if (error instanceof Error && 'code' in error && error.code === 128) return;
    throw error;
  }
}
