/** `actions/upload-artifact` for the sandbox: copies files to the run's folder and registers them with the sandbox's GitHub. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RETENTION_DAYS } from '../host.ts';
import { annotate, type JobScope, type Outcome, type StepScope } from './scope.ts';

const known = ['name', 'path', 'if-no-files-found', 'retention-days', 'compression-level'];
const whenNone = ['warn', 'error', 'ignore'];

/** What some file system would not take; in a name slashes too. */
const badInPath = /["<>|*?:\r\n]/;
const badInName = /["<>|*?:\r\n/\\]/;

interface Wanted {
  name: string;
  paths: string[];
  ifNone: string;
  /** null: as long as the repository's settings say. */
  days: number | null;
}

function nameProblem(name: string): string | null {
  if (name === '') return 'Provided artifact name input during validation is empty';
  const [bad] = badInName.exec(name) ?? [];
  if (bad === undefined) return null;
  return `The artifact name is not valid: ${name}. Contains the following character: ${JSON.stringify(bad)}`;
}

/** The inputs, or why the action fails. */
function readInputs(inputs: Record<string, string>): Wanted | string {
  const { name = 'artifact', path = '', 'if-no-files-found': ifNone = 'warn', 'retention-days': days = '' } = inputs;
  const unknown = Object.keys(inputs).filter((input) => !known.includes(input));
  if (unknown.length > 0) return `The sandbox's actions/upload-artifact does not know: ${unknown.join(', ')}.`;
  if (/[*?[\]!]/.test(path)) return `The sandbox's actions/upload-artifact knows no wildcards in \`path\`.`;
  if (path.trim() === '') return 'Input required and not supplied: path';
  if (!whenNone.includes(ifNone))
    return `Unrecognized if-no-files-found input. Provided: ${ifNone}. Available options: ${whenNone.join(',')}`;
  if (days !== '' && !(Number.parseInt(days, 10) >= 0)) return 'Invalid retention-days';
  const paths = path.split('\n').map((line) => line.trim());
  // 0 means what the settings say, as for the action itself.
  const wanted = Number.parseInt(days, 10) || null;
  return nameProblem(name) ?? { name, paths: paths.filter((line) => line !== ''), ifNone, days: wanted };
}

interface Found {
  /** On this machine. */
  from: string;
  /** In the artifact. */
  to: string;
}

/** The files at a path; hidden ones are left out, as by the action. */
async function filesAt(from: string, to: string): Promise<Found[]> {
  if (basename(from).startsWith('.') || !existsSync(from)) return [];
  if (!(await stat(from)).isDirectory()) return [{ from, to }];
  const names = (await readdir(from)).toSorted();
  return (await Promise.all(names.map((name) => filesAt(join(from, name), `${to}/${name}`)))).flat();
}

/** Size and hash of what is stored; GitHub has them of a ZIP file, the sandbox of the files one after the other. */
async function contentOf(files: readonly Found[]): Promise<{ size: number; digest: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for (const { from, to } of files) {
    const bytes = await readFile(from);
    hash.update(`${to}\0${bytes.length}\0`).update(bytes);
    size += bytes.length;
  }
  return { size, digest: `sha256:${hash.digest('hex')}` };
}

function nothingFound(job: JobScope, step: StepScope, ifNone: string, path: string): Outcome {
  const message = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`;
  if (ifNone === 'error') return { kind: 'failure', message };
  if (ifNone !== 'ignore') annotate(job, step.name, 'warning', message);
  return { kind: 'success' };
}

function capped(job: JobScope, step: StepScope, days: number | null): number | null {
  if (days === null || days <= RETENTION_DAYS) return days;
  const words = 'Retention days cannot be greater than the maximum allowed retention set within the repository.';
  annotate(job, step.name, 'warning', `${words} Using ${RETENTION_DAYS} instead.`);
  return RETENTION_DAYS;
}

/** Uploads every named file or folder; what GitHub refuses fails the step with GitHub's sentence. */
export async function uploadArtifact(job: JobScope, step: StepScope, inputs: Record<string, string>): Promise<Outcome> {
  const wanted = readInputs(inputs);
  if (typeof wanted === 'string') return { kind: 'failure', message: wanted };
  const paths = wanted.paths.map((path) => resolve(job.workspace, path));
  const files = (await Promise.all(paths.map((path) => filesAt(path, basename(path))))).flat();
  if (files.length === 0) return nothingFound(job, step, wanted.ifNone, inputs['path'] ?? '');
  const bad = files.find(({ to }) => badInPath.test(to));
  if (bad !== undefined)
    return { kind: 'failure', message: `The path for one of the files in artifact is not valid: ${bad.to}.` };
  return store(job, step, { ...wanted, days: capped(job, step, wanted.days) }, files);
}

async function store(
  job: JobScope,
  step: StepScope,
  { name, days }: Wanted,
  files: readonly Found[],
): Promise<Outcome> {
  const content = await contentOf(files);
  const stored = job.run.options.host.storeArtifact(job.start.jobId, { name, ...content, retentionDays: days });
  if (stored.kind === 'refused') return { kind: 'failure', message: stored.reason };
  const { id } = stored;
  const folder = join(job.run.folder, 'artifacts', String(id));
  job.run.artifacts.push({ id, name, job: job.key, path: folder });
  for (const { from, to } of files) await cp(from, join(folder, to));
  Object.assign(step.outputs, { 'artifact-id': String(id), 'artifact-digest': content.digest.replace('sha256:', '') });
  return { kind: 'success' };
}
