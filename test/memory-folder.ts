/** Where tests put what they throw away: in memory where the machine has such a folder, since a disk takes them a fifth of their time. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux's; containers often have one of 64 MB, in which no program may run. */
const FOLDER = '/dev/shm';
/** More than all tests at once need, in bytes. */
const ENOUGH = 2 ** 31;

/** The folder for temporary files, as the environment has it; empty: the usual one. */
export function memoryFolder(): { TMPDIR?: string } {
  try {
    const { bavail, bsize } = statfsSync(FOLDER);
    return bavail * bsize >= ENOUGH && runsPrograms() ? { TMPDIR: FOLDER } : {};
  } catch {
    // It is not there, or not ours: then the usual one is as good, and only slower.
    return {};
  }
}

/** Throws where it does not. */
function runsPrograms(): boolean {
  const folder = mkdtempSync(join(FOLDER, 'debug-approval-'));
  try {
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
    execFileSync(program);
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
