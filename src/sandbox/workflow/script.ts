/** Runs a step's `run:` script as GitHub's runner does: from a file, with bash. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stepContexts } from './contexts.ts';
import { interpolate } from './expressions.ts';
import type { Step } from './schema.ts';
import type { JobScope, Outcome, StepScope } from './scope.ts';
import { runProcess } from './step-process.ts';

const shells = {
  default: { command: 'bash', args: ['-e'] },
  bash: { command: 'bash', args: ['--noprofile', '--norc', '-eo', 'pipefail'] },
  sh: { command: 'sh', args: ['-e'] },
};

/** The script's text is the workflow's, after its expressions; its working directory is relative to the workspace. */
export async function runScript(job: JobScope, step: StepScope, source: Step): Promise<Outcome> {
  const contexts = stepContexts(job, step);
  const defaults = { ...job.run.workflow.defaults?.run, ...job.job.defaults?.run };
  const { command, args } = shells[source.shell ?? defaults.shell ?? 'default'];
  const folder = interpolate(source['working-directory'] ?? defaults['working-directory'] ?? '.', contexts);
  const file = join(job.temp, `${crypto.randomUUID()}.sh`);
  await writeFile(file, interpolate(source.run ?? '', contexts));
  return runProcess(job, step, { command, args: [...args, file], cwd: resolve(job.workspace, folder), extra: {} });
}
