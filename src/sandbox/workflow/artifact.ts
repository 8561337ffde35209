/** `actions/upload-artifact` for the sandbox: copies files to the run's artifact folder. */
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { annotate, type JobScope, type Outcome, type StepScope } from './scope.ts';

const known = ['name', 'path', 'if-no-files-found', 'retention-days', 'compression-level'];

function inputProblem(inputs: Record<string, string>): string | null {
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
  if (unknown.length > 0) return `The sandbox's actions/upload-artifact does not know: ${unknown.join(', ')}.`;
  if (/[*?[\]!]/.test(inputs['path'] ?? ''))
    return `The sandbox's actions/upload-artifact knows no wildcards in \`path\`.`;
  return (inputs['path'] ?? '').trim() === '' ? 'Input required and not supplied: path' : null;
}

function nothingFound(job: JobScope, step: StepScope, inputs: Record<string, string>): Outcome {
  const message = `No files were found with the provided path: ${inputs['path']}. No artifacts will be uploaded.`;
  if (inputs['if-no-files-found'] === 'error') return { kind: 'failure', message };
  if (inputs['if-no-files-found'] !== 'ignore') annotate(job, step.name, 'warning', message);
  return { kind: 'success' };
}

/** Copies every named file or folder; a second artifact of the same name in one run is refused, as on GitHub. */
export async function uploadArtifact(job: JobScope, step: StepScope, inputs: Record<string, string>): Promise<Outcome> {
  const problem = inputProblem(inputs);
  if (problem !== null) return { kind: 'failure', message: problem };
  const name = inputs['name'] ?? 'artifact';
  if (/["/\\:<>|]/.test(name) || name === '..')
    return { kind: 'failure', message: `The artifact name is not valid: ${name}.` };
  const lines = (inputs['path'] ?? '').split('\n').map((line) => line.trim());
  const found = lines
    .filter((line) => line !== '')
    .map((line) => resolve(job.workspace, line))
    .filter((path) => existsSync(path));
  if (found.length === 0) return nothingFound(job, step, inputs);
  if (job.run.artifacts.some((artifact) => artifact.name === name)) {
    return { kind: 'failure', message: `An artifact with the name ${name} already exists on the workflow run.` };
  }
  const folder = join(job.run.folder, 'artifacts', name);
  job.run.artifacts.push({ name, job: job.key, path: folder });
  await mkdir(folder, { recursive: true });
  for (const path of found) await cp(path, join(folder, basename(path)), { recursive: true });
  return { kind: 'success' };
}
