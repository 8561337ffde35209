/** What git tells of a folder: which repository of GitHub it is a clone of, and of the one that this program is in. */
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { Fault } from '../../app/fault.ts';
import type { Found } from '../../app/init/missing.ts';
import { repositoryOfRemote } from '../../app/init/server.ts';
import { PRODUCT } from '../product-files.ts';

/** The top of the work tree that a folder is in. Throws a Fault `input` where it is in none. */
export async function workTreeOf(directory: string): Promise<string> {
  const said = await ask(directory, ['rev-parse', '--show-toplevel']);
  if ('answer' in said) return realpath(said.answer);
  throw new Fault(
    'input',
    `${directory} is in no git work tree: ${said.refusal}`,
    'Go to your repository, or name it with --directory; a new one is made with git init.',
  );
}

/** The repository's name on one of these hosts and its branch, and which commit of which repository this program is from. */
export async function findOut(top: string, hosts: readonly string[]): Promise<Found> {
  const [repository, branch, action] = await Promise.all([originOf(top, hosts), branchOf(top), ownCommit(hosts)]);
  return { repository, branch, action };
}

/** `owner/name` of the remote `origin`; null where it is none of these hosts' repositories. */
export async function originOf(folder: string, hosts: readonly string[]): Promise<string | null> {
  // As it is written; else as git rewrites it (`insteadOf`), which may lead from a short form to GitHub, or away from it.
  for (const question of [
    ['config', '--get', 'remote.origin.url'],
    ['remote', 'get-url', 'origin'],
  ]) {
    const address = await git(folder, question);
    const name = address === null ? null : repositoryOfRemote(address, hosts);
    if (name !== null) return name;
  }
  return null;
}

/** The remote's default branch as last fetched, else the one that is checked out. */
async function branchOf(top: string): Promise<string | null> {
  const remote = await git(top, ['symbolic-ref', '--short', 'refs/remotes/origin/HEAD']);
  return remote?.replace(/^origin\//, '') ?? git(top, ['symbolic-ref', '--short', 'HEAD']);
}

/** Which commit of which repository on these hosts this program is from; null where that is not known. Throws a Fault `environment` where there is no git. */
export async function ownCommit(hosts: readonly string[]): Promise<Found['action']> {
  const own = await realpath(fileURLToPath(PRODUCT));
  const top = await git(own, ['rev-parse', '--show-toplevel']);
  // Installed below another repository, as in its node_modules, git would speak of that one.
  if (top === null || (await realpath(top)) !== own) return null;
  const [name, sha, changed] = await Promise.all([
    originOf(own, hosts),
    git(own, ['rev-parse', '--verify', 'HEAD']),
    git(own, ['status', '--porcelain', '--', 'action', 'action.yml']),
  ]);
  return name === null || sha === null ? null : { name, sha, clean: changed === '' };
}

/** git's answer on one line; null where it refuses. Throws a Fault `environment` where there is no git. */
async function git(folder: string, args: readonly string[]): Promise<string | null> {
  const said = await ask(folder, args);
  return 'answer' in said ? said.answer : null;
}

async function ask(folder: string, args: readonly string[]): Promise<{ answer: string } | { refusal: string }> {
  // GIT_DIR and the like, which git sets for its hooks, lead to another repository than the one at hand.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name)));
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], { env });
    return { answer: stdout.trim() };
  } catch (error) {
    const { code, stderr } = v.parse(Refusal, error);
    if (typeof code === 'number') return { refusal: stderr.trim().split('\n', 1)[0] ?? '' };
    throw new Fault(
      'environment',
      `git could not be run: ${error instanceof Error ? error.message : String(error)}`,
      'Install git, and let PATH name its folder.',
      { cause: error },
    );
  }
}

const Refusal = v.looseObject({
  /** A number where git itself refused; a text such as ENOENT where it did not start. */
  code: v.optional(v.nullable(v.union([v.number(), v.string()]))),
  stderr: v.optional(v.string(), ''),
});
