/** Runs one process for a step, with its environment, its files and its console. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConsole } from './console.ts';
import { stepEnvironment } from './environment.ts';
import { readKeyValues, readPaths } from './files.ts';
import { execute } from './process.ts';
import { annotate, type JobScope, type Outcome, type StepScope } from './scope.ts';
import { githubGraces } from './types.ts';

const fileNames = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'] as const;
type Files = Record<(typeof fileNames)[number], string>;

/** GitHub shows at most this much of one step's summary, in bytes. */
const summaryLimit = 1024 * 1024;

async function createFiles(job: JobScope): Promise<Files> {
  const folder = join(job.temp, '_runner_file_commands', crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => join(folder, name.toLowerCase());
  const files = {
    OUTPUT: at('OUTPUT'),
    ENV: at('ENV'),
    PATH: at('PATH'),
    STATE: at('STATE'),
    STEP_SUMMARY: at('STEP_SUMMARY'),
  };
  for (const path of Object.values(files)) await writeFile(path, '');
  return files;
}

/** GitHub refuses NODE_OPTIONS, which would run code in every later action. */
function takeEnv(job: JobScope, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    if (name.toUpperCase() === 'NODE_OPTIONS') {
      throw new Error(`Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`);
    }
    job.env[name] = value;
  }
}

function takeSummary(job: JobScope, step: StepScope, text: string): void {
  if (Buffer.byteLength(text) <= summaryLimit) job.result.summary += job.masks.mask(text);
  else
    annotate(job, step.name, 'error', `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k.`);
}

async function takeFiles(job: JobScope, step: StepScope, files: Files): Promise<void> {
  Object.assign(step.outputs, readKeyValues(await readFile(files.OUTPUT, 'utf8')));
  takeEnv(job, readKeyValues(await readFile(files.ENV, 'utf8')));
  job.paths.unshift(...readPaths(await readFile(files.PATH, 'utf8')));
  Object.assign(step.state, readKeyValues(await readFile(files.STATE, 'utf8')));
  takeSummary(job, step, await readFile(files.STEP_SUMMARY, 'utf8'));
}

/** Runs the process and takes over what it wrote; `extra` variables are those of an action. */
export async function runProcess(
  job: JobScope,
  step: StepScope,
  what: { command: string; args: string[]; cwd: string; extra: Record<string, string> },
): Promise<Outcome> {
  const files = await createFiles(job);
  const fileVariables = Object.fromEntries(fileNames.map((name) => [`GITHUB_${name}`, files[name]]));
  const end = await execute({
    command: what.command,
    args: what.args,
    cwd: what.cwd,
    env: { ...stepEnvironment(job, step), ...fileVariables, ...what.extra },
    onLine: createConsole(job, step),
    signal: step.signal,
    graces: job.run.options.graces ?? githubGraces,
    onStart: (pid) => job.run.options.onProcess?.({ job: job.key, step: step.name, pid }),
  });
  try {
    await takeFiles(job, step, files);
  } catch (error) {
    step.problem = error instanceof Error ? error.message : String(error);
  }
  if (end.kind === 'not-started') return { kind: 'failure', message: `${what.command} did not start: ${end.problem}` };
  if (step.problem !== null) return { kind: 'failure', message: step.problem };
  if (end.code === 0) return { kind: 'success' };
  return {
    kind: 'failure',
    message: end.code === null ? 'The process was killed.' : `Process completed with exit code ${end.code}.`,
  };
}
