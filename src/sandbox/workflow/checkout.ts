/** `actions/checkout` for the sandbox: the repository at the run's commit, in the job's workspace. */
import { mkdir, rm } from 'node:fs/promises';
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
  // Objects never change, and the source outlives the job: they need not be copied.
  await git(job.workspace, 'clone', '--quiet', '--shared', '--no-checkout', source, '.');
  await git(job.workspace, 'checkout', '--quiet', '--force', ...(branch === null ? ['--detach'] : ['-B', branch]), sha);
  await git(
    job.workspace,
    'remote',
    'set-url',
    'origin',
    `${host.serverUrl}/${host.repository.owner}/${host.repository.name}`,
  );
  writeLog(job, step.name, 'runner', `Checked out ${sha}`);
  step.outputs['commit'] = sha;
  step.outputs['ref'] = branch === null ? (inputs['ref'] ?? '') : job.run.ref;
  return { kind: 'success' };
}
