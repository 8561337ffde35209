/** Asks git about the repository that the sandbox runs on. */
import { git as run } from '../git.ts';
import { onceEach } from '../once-each.ts';

/** git's answer without the last line break. Throws with git's own words. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run(folder, args)).toString().replace(/\n$/, '');
}

/** A file's text at a commit, by its full id; null when the commit has no such file. */
export const fileAt = onceEach(async (folder: string, commit: string, path: string): Promise<string | null> => {
  const listed = await git(folder, 'ls-tree', '--name-only', commit, '--', path);
  return listed === '' ? null : git(folder, 'show', `${commit}:${path}`);
});
