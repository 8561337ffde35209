/** Asks git about the repository that the sandbox runs on. */
import { git as run } from '../git.ts';
import type { GitObjects } from '../git-objects.ts';

/** git's answer without the last line break. Throws with git's own words. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run(folder, args)).toString().replace(/\n$/, '');
}

/** A file's text at a commit, by its full id; null when the commit has no such file. */
export async function fileAt(objects: GitObjects, commit: string, path: string): Promise<string | null> {
  const found = await objects.read(`${commit}:${path}`);
  return found?.type === 'blob' ? found.content.toString().replace(/\n$/, '') : null;
}
