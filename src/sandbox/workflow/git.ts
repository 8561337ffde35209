/** Asks git about the repository that the sandbox runs on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** git's answer without the last line break. Throws with git's own words. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  return stdout.replace(/\n$/, '');
}

/** A file's text at a commit; null when the commit has no such file. */
export async function fileAt(folder: string, commit: string, path: string): Promise<string | null> {
  const listed = await git(folder, 'ls-tree', '--name-only', commit, '--', path);
  return listed === '' ? null : git(folder, 'show', `${commit}:${path}`);
}
