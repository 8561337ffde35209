/** Ends a command with everything it started: the process group on POSIX, the process tree on Windows. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../app/ports.ts';

/** How often a dying group is looked at, in ms. */
const LOOK_EVERY_MS = 20;

/**
 * Ends the group led by `pid`: SIGTERM, then SIGKILL for what is left after `graceMs`. Resolves once the group is gone or
 * was sent SIGKILL. On Windows there is no SIGTERM: the tree ends at once. A process that left the group by `setsid` is
 * not found; the runner ends it with the job, by RUNNER_TRACKING_ID.
 */
export async function endGroup(pid: number, graceMs: number, clock: Clock): Promise<void> {
  if (process.platform === 'win32') return endTree(pid);
  if (!signalGroup(pid, 'SIGTERM')) return;
  const until = clock.now() + graceMs;
  while (clock.now() < until) {
    await clock.sleep(LOOK_EVERY_MS);
    if (!signalGroup(pid, 0)) return;
  }
  signalGroup(pid, 'SIGKILL');
}

/** Whether there was anybody to receive it. */
function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    // EPERM is macOS's answer where only zombies are left, which nobody has reaped yet.
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
