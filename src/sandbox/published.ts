/** A repository in which the product is published: so much of each version as whoever pins it by its commit reads. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { git } from './git.ts';

const Manifest = v.looseObject({ version: v.string() });
const MANIFEST = fileURLToPath(new URL('../../package.json', import.meta.url));

export interface Published {
  owner: string;
  name: string;
  gitDir: string;
  /** The commit of this version, and of one before it. */
  commits: { current: string; earlier: string };
}

/** Makes the repository in a folder that is not there yet. */
export async function publish(gitDir: string, owner: string): Promise<Published> {
  await mkdir(gitDir);
  await git(gitDir, ['init', '--quiet', '--initial-branch=main']);
  const { version } = v.parse(Manifest, JSON.parse(await readFile(MANIFEST, 'utf8')));
  const earlier = await release(gitDir, '0.0.1');
  return { owner, name: 'debug-approval', gitDir, commits: { earlier, current: await release(gitDir, version) } };
}

async function release(gitDir: string, version: string): Promise<string> {
  await writeFile(join(gitDir, 'package.json'), `${JSON.stringify({ name: 'debug-approval', version }, null, 2)}\n`);
  await git(gitDir, ['add', '--all']);
  await git(gitDir, ['commit', '--quiet', '-m', `Release ${version}`]);
  return (await git(gitDir, ['rev-parse', 'HEAD'])).toString().trim();
}
