/** Asks git about the repository that the sandbox runs on. */
import { git as run } from '../git.ts';

/** git's answer without the last line break. Throws with git's own words. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run(folder, args)).toString().replace(/\n$/, '');
}

/** What each commit holds never changes; starting git for it takes longer than all else of a step. */
const texts = new Map<string, Promise<string | null>>();

/** A file's text at a commit, by its full id; null when the commit has no such file. */
export function fileAt(folder: string, commit: string, path: string): Promise<string | null> {
  const key = JSON.stringify([folder, commit, path]);
  const known = texts.get(key) ?? readAt(folder, commit, path);
  texts.set(key, known);
  known.catch(() => texts.delete(key));
  return known;
}

async function readAt(folder: string, commit: string, path: string): Promise<string | null> {
  const listed = await git(folder, 'ls-tree', '--name-only', commit, '--', path);
  return listed === '' ? null : git(folder, 'show', `${commit}:${path}`);
}
