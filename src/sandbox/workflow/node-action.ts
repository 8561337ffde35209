/** Runs the repository's own node24 actions: main now, post when the job ends. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionDefaultContexts, statusOf, stepConditionContexts } from './contexts.ts';
import { condition, interpolate } from './expressions.ts';
import { parseAction } from './parse.ts';
import type { Action } from './schema.ts';
import { annotate, type JobScope, type Outcome, type PostStep, type StepScope } from './scope.ts';
import { runProcess } from './step-process.ts';

/** The two names an action's metadata may have. */
export const metadataNames = ['action.yml', 'action.yaml'];

function inputVariables(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

function stateVariables(state: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}

/** Given values and defaults; names are compared without regard to case. GitHub does not enforce `required`. */
function withDefaults(job: JobScope, action: Action, given: Record<string, string>): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const defaults = Object.entries(action.inputs)
    .filter(([name]) => !names.has(name.toLowerCase()))
    .map(([name, input]) => [name, interpolate(input.default ?? '', actionDefaultContexts(job))]);
  return { ...Object.fromEntries(defaults), ...given };
}

function warnOfUnknown(job: JobScope, step: StepScope, action: Action, given: Record<string, string>): void {
  const names = Object.keys(action.inputs);
  const unknown = Object.keys(given).filter((name) => !names.some((one) => one.toLowerCase() === name.toLowerCase()));
  if (unknown.length === 0) return;
  const quoted = (list: string[]): string => list.map((name) => `'${name}'`).join(', ');
  annotate(job, step.name, 'warning', `Unexpected input(s) ${quoted(unknown)}, valid inputs are [${quoted(names)}]`);
}

async function runFile(job: JobScope, post: PostStep, file: string): Promise<Outcome> {
  const path = join(post.folder, file);
  if (!existsSync(path)) return { kind: 'failure', message: `File not found: '${path}'` };
  return runProcess(job, post.step, {
    command: process.execPath,
    args: [path],
    cwd: job.workspace,
    // The runner reads the defaults anew for each stage: `job.status` is another one when the post steps run.
    extra: {
      ...inputVariables(withDefaults(job, post.action, post.inputs)),
      ...stateVariables(post.step.state),
      ...post.step.origin,
    },
  });
}

/** Runs an action out of the workspace, where a checkout must have put it. */
export async function runLocalAction(
  job: JobScope,
  step: StepScope,
  folder: string,
  given: Record<string, string>,
): Promise<Outcome> {
  const message = `Can't find 'action.yml' or 'action.yaml' under './${folder}'. Did you forget to run actions/checkout before running your local action?`;
  return (await runActionIn(job, step, join(job.workspace, folder), given)) ?? { kind: 'failure', message };
}

/** Runs the action that is in a folder of this machine; null: there is none. */
export async function runActionIn(
  job: JobScope,
  step: StepScope,
  root: string,
  given: Record<string, string>,
): Promise<Outcome | null> {
  const file = metadataNames.map((name) => join(root, name)).find((path) => existsSync(path));
  if (file === undefined) return null;
  const action = parseAction(await readFile(file, 'utf8'), file);
  warnOfUnknown(job, step, action, given);
  const post: PostStep = { step, folder: root, action, inputs: given };
  if (action.runs.post !== undefined) job.posts.push(post);
  return runFile(job, post, action.runs.main);
}

/** Whether an action's post step runs: always, unless its `post-if` says otherwise. */
export function postRuns(job: JobScope, post: PostStep): boolean {
  return condition(post.action.runs['post-if'] ?? 'always()', stepConditionContexts(job, post.step), statusOf(job));
}

/** Runs an action's post step with the state that its main step left. */
export function runPost(job: JobScope, post: PostStep): Promise<Outcome> {
  return runFile(job, post, post.action.runs.post ?? '');
}
