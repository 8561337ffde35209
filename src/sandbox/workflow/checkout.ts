/** `actions/checkout` for the sandbox: the repository at the run's commit, in the job's workspace. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';
import type { JobScope, Outcome, StepScope } from './scope.ts';
import { writeLog } from './scope.ts';

const known = ['ref', 'persist-credentials', 'fetch-depth', 'clean'];

/** What `ref` asks for: by default the run's commit, on its branch. */
async function target(job: JobScope, ref: string): Promise<{ sha: string; branch: string | null }> {
  const { sha, ref: runRef, options } = job.run;
  if (ref === '' || ref === runRef) return { sha, branch: runRef.replace(/^refs\/heads\//, '') };
  return { sha: await git(options.checkout, 'rev-parse', '--verify', `${ref}^{commit}`), branch: null };
}

/** Objects never change, and the source outlives the job: they need not be copied. */
async function borrow(workspace: string, source: string, url: string): Promise<void> {
  const objects = join(source, existsSync(join(source, '.git')) ? '.git/objects' : 'objects');
  await writeFile(join(workspace, '.git/objects/info/alternates'), `${objects}\n`);
  const remote = `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
  await appendFile(join(workspace, '.git/config'), remote);
}

/** Empties the workspace and puts the commit there. Inputs that it does not know fail the step. */
export async function checkout(job: JobScope, step: StepScope, inputs: Record<string, string>): Promise<Outcome> {
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return { kind: 'failure', message: `The sandbox's actions/checkout does not know: ${unknown.join(', ')}.` };
  }
  const { host, checkout: source } = job.run.options;
  const { sha, branch } = await target(job, inputs['ref'] ?? '');
  await rm(job.workspace, { recursive: true, force: true });
  await mkdir(job.workspace, { recursive: true });
  await git(job.workspace, 'init', '--quiet');
  const { serverUrl, repository } = host;
  await borrow(job.workspace, source, `${serverUrl}/${repository.owner}/${repository.name}`);
  await git(job.workspace, 'checkout', '--quiet', '--force', ...(branch === null ? ['--detach'] : ['-B', branch]), sha);
  writeLog(job, step.name, 'runner', `Checked out ${sha}`);
  step.outputs['commit'] = sha;
  step.outputs['ref'] = branch === null ? (inputs['ref'] ?? '') : job.run.ref;
  return { kind: 'success' };
}
