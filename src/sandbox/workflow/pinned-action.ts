/** Runs actions of other repositories (`owner/name@SHA`), each out of a git repository on this machine. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedAction } from './check.ts';
import { git } from './git.ts';
import { runActionIn } from './node-action.ts';
import type { JobScope, Outcome, StepScope } from './scope.ts';
import type { RunOptions } from './types.ts';

/** The git repository that has the action's commit, or GitHub's sentence why the action cannot be had. */
export async function findPinned(
  { actions = {} }: Pick<RunOptions, 'actions'>,
  { repository, sha }: PinnedAction,
): Promise<{ repository: string } | { problem: string }> {
  const wanted = repository.toLowerCase();
  const [, folder] = Object.entries(actions).find(([name]) => name.toLowerCase() === wanted) ?? [];
  if (folder === undefined) {
    const known = ['actions/checkout', 'actions/upload-artifact', ...Object.keys(actions)].join(', ');
    const problem = `\`${repository}@${sha}\` is not available: the sandbox has ${known} and \`./\` actions.`;
    return { problem };
  }
  if (await isCommit(folder, sha)) return { repository: folder };
  return { problem: `Unable to resolve action \`${repository}@${sha}\`, unable to find version \`${sha}\`.` };
}

/** A tag's or a tree's SHA is none: GitHub resolves commits. */
async function isCommit(folder: string, sha: string): Promise<boolean> {
  const listed = await git(folder, 'rev-list', '--all');
  return listed.split('\n').includes(sha);
}

/** Runs the action as a runner does: out of a copy of its repository at that commit, beside the workspace. */
export async function runPinnedAction(
  job: JobScope,
  step: StepScope,
  action: PinnedAction,
  inputs: Record<string, string>,
): Promise<Outcome> {
  const found = await findPinned(job.run.options, action);
  if ('problem' in found) return { kind: 'failure', message: found.problem };
  const root = join(job.run.folder, '_actions', job.key, action.repository, action.sha);
  if (!existsSync(root)) await copyCommit(found.repository, action.sha, root);
  step.origin = { GITHUB_ACTION_REPOSITORY: action.repository, GITHUB_ACTION_REF: action.sha };
  const message = `Can't find 'action.yml' or 'action.yaml' under '${action.folder}' in ${action.repository}@${action.sha}.`;
  return (await runActionIn(job, step, join(root, action.folder), inputs)) ?? { kind: 'failure', message };
}

/** The commit's files, without git's own: a runner gets them as an archive. */
async function copyCommit(repository: string, sha: string, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  await git(root, 'clone', '--quiet', '--shared', '--no-checkout', repository, '.');
  await git(root, 'checkout', '--quiet', '--detach', sha);
  await rm(join(root, '.git'), { recursive: true });
}
