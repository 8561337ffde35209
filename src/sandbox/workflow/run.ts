/** Runs a workflow of a local git repository the way GitHub and its runner would. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitObjects, openObjects } from '../git-objects.ts';
import { type PinnedAction, readUses, workflowProblems } from './check.ts';
import { runContexts } from './contexts.ts';
import { interpolate } from './expressions.ts';
import { fileAt } from './git.ts';
import { readInputs } from './inputs.ts';
import { metadataNames } from './node-action.ts';
import { parseAction, parseWorkflow } from './parse.ts';
import { findPinned } from './pinned-action.ts';
import { WorkflowRefused } from './refusal.ts';
import { dependents, runJobs, type Settled } from './schedule.ts';
import type { Workflow } from './schema.ts';
import type { RunScope } from './scope.ts';
import type { Conclusion, RerunMode, RunOptions, RunResult } from './types.ts';

export { WorkflowRefused } from './refusal.ts';
export type * from './types.ts';

type Commit = { sha: string; ref: string };

async function commitOf(options: RunOptions, files: GitObjects): Promise<Commit> {
  const known = options.rerun?.of ?? options.queued;
  if (known !== undefined) return { sha: known.sha, ref: known.ref };
  const branch = options.branch ?? options.host.repository.defaultBranch;
  const name = options.branch === undefined ? 'HEAD' : `refs/heads/${options.branch}`;
  const found = await files.read(`${name}^{commit}`);
  if (found === null) throw new Error(`${options.checkout} has no commit at ${name}.`);
  return { sha: found.oid, ref: `refs/heads/${branch}` };
}

/** Reads every action that the workflow names, so that a faulty one is refused before anything runs. */
async function actionProblems(options: RunOptions, files: GitObjects, workflow: Workflow, sha: string) {
  const uses = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));
  const problems: string[] = [];
  for (const use of new Set(uses)) {
    const what = readUses(use);
    if (what.kind === 'local') problems.push(...(await problemsAt(files, sha, what.folder, `./${what.folder}`)));
    if (what.kind === 'pinned') problems.push(...(await pinnedProblems(options, what.action, use)));
  }
  return problems;
}

async function pinnedProblems(options: RunOptions, action: PinnedAction, use: string): Promise<string[]> {
  const found = await findPinned(options, action);
  if ('problem' in found) return [found.problem];
  return reading(found.repository, (files) => problemsAt(files, action.sha, action.folder, use));
}

/** What is wrong with the action in a folder of a repository's commit. */
async function problemsAt(files: GitObjects, sha: string, folder: string, use: string): Promise<string[]> {
  const paths = metadataNames.map((name) => (folder === '' ? name : `${folder}/${name}`));
  const texts = await Promise.all(paths.map((path) => fileAt(files, sha, path)));
  const at = texts.findIndex((text) => text !== null);
  const text = texts[at];
  if (typeof text !== 'string') return [`\`${use}\` has no action.yml at ${sha}.`];
  return problemsOfAction(text, paths[at] ?? folder);
}

async function reading<T>(folder: string, work: (files: GitObjects) => Promise<T>): Promise<T> {
  const files = openObjects(folder);
  try {
    return await work(files);
  } finally {
    files.close();
  }
}

function problemsOfAction(text: string, path: string): string[] {
  try {
    parseAction(text, path);
    return [];
  } catch (error) {
    if (error instanceof WorkflowRefused) return error.problems.map((problem) => `${path}: ${problem}`);
    throw error;
  }
}

async function loadWorkflow(options: RunOptions, files: GitObjects, sha: string): Promise<Workflow> {
  const text = await fileAt(files, sha, options.workflowPath);
  if (text === null) throw new WorkflowRefused(options.workflowPath, [`The commit ${sha} has no such file.`]);
  const workflow = parseWorkflow(text, options.workflowPath);
  const problems = [...workflowProblems(workflow), ...(await actionProblems(options, files, workflow, sha))];
  if (problems.length > 0) throw new WorkflowRefused(options.workflowPath, problems);
  return workflow;
}

function readRunInputs(options: RunOptions, workflow: Workflow) {
  const event = options.rerun?.of.event ?? options.event ?? 'workflow_dispatch';
  const refuse = (...problems: string[]): never => {
    throw new WorkflowRefused(options.workflowPath, problems);
  };
  if (!(event in workflow.on)) return refuse(`The workflow is not started by \`${event}\`.`);
  if (event === 'schedule') return { event, inputs: { texts: {}, values: {} } };
  const declared = workflow.on.workflow_dispatch?.inputs ?? {};
  const result = readInputs(declared, options.rerun?.of.inputs ?? options.inputs ?? {});
  return result.ok ? { event, inputs: result.inputs } : refuse(...result.problems);
}

/** The jobs of the attempt before that do not run again; GitHub hands their outputs to those that do. */
function keptJobs(workflow: Workflow, rerun: RunOptions['rerun'], path: string): Map<string, Settled> {
  if (rerun === undefined) return new Map();
  const again = jobsToRun(workflow, rerun.of, rerun.mode, path);
  const kept = Object.entries(rerun.of.jobs).filter(([key]) => !again.has(key));
  const forgiven = (key: string): boolean => workflow.jobs[key]?.['continue-on-error'] === true;
  const seen = (key: string, conclusion: Conclusion): Conclusion =>
    conclusion === 'failure' && forgiven(key) ? 'success' : conclusion;
  return new Map(kept.map(([key, result]) => [key, { result, seen: seen(key, result.conclusion) }]));
}

/** The jobs that run again, with those that need them. Throws {@link WorkflowRefused} for a job that there is not. */
export function jobsToRun(workflow: Workflow, of: RunResult, mode: RerunMode, path: string): Set<string> {
  const keys = Object.keys(workflow.jobs);
  if (mode === 'all') return new Set(keys);
  const failed = (conclusion: Conclusion | undefined): boolean =>
    conclusion === 'failure' || conclusion === 'cancelled';
  const roots = mode === 'failed' ? keys.filter((key) => failed(of.jobs[key]?.conclusion)) : [mode.job];
  const unknown = roots.filter((key) => !keys.includes(key));
  if (unknown.length > 0)
    throw new WorkflowRefused(path, [`There is no job \`${unknown.join('`, `')}\` to run again.`]);
  return new Set(roots.flatMap((key) => [key, ...dependents(workflow.jobs, key)]));
}

/** Registers the run, or the next attempt of one, with the host. */
function register(options: RunOptions, { sha, ref }: Commit, event: RunScope['event']) {
  const actor = options.rerun?.of.actor ?? options.actor;
  const triggeringActor = options.triggeringActor ?? options.actor;
  const { workflowPath, host, rerun } = options;
  if (rerun !== undefined) {
    const { id, number } = rerun.of;
    return { id, number, attempt: host.startAttempt(id, triggeringActor), actor, triggeringActor };
  }
  const run = options.queued ?? host.startRun({ workflowPath, event, ref, sha, actor, triggeringActor });
  return { id: run.id, number: run.number, attempt: 1, actor, triggeringActor };
}

async function openRun(options: RunOptions, workflow: Workflow, commit: Commit): Promise<RunScope> {
  const { event, inputs } = readRunInputs(options, workflow);
  const registered = register(options, commit, event);
  const folder = join(options.tempDir, String(registered.id), String(registered.attempt));
  await mkdir(folder, { recursive: true });
  const name = workflow.name ?? options.workflowPath;
  const run: RunScope = { options, workflow, ...registered, ...commit, name, event, inputs, folder, artifacts: [] };
  const runName = workflow['run-name'];
  return runName === undefined ? run : { ...run, name: interpolate(runName, runContexts(run)) };
}

function conclusionOf(settled: Map<string, Settled>, cancelled: boolean): RunResult['conclusion'] {
  const seen = [...settled.values()].map((one) => one.seen);
  if (cancelled || (seen.includes('cancelled') && !seen.includes('failure'))) return 'cancelled';
  return seen.includes('failure') ? 'failure' : 'success';
}

function resultOf(run: RunScope, settled: Map<string, Settled>): RunResult {
  const { id, number, attempt, name, event, ref, sha, actor, artifacts } = run;
  return {
    id,
    number,
    attempt,
    name,
    workflowPath: run.options.workflowPath,
    event,
    ref,
    sha,
    actor,
    inputs: run.inputs.texts,
    conclusion: conclusionOf(settled, run.options.signal?.aborted === true),
    jobs: Object.fromEntries([...settled].map(([key, one]) => [key, one.result])),
    artifacts,
  };
}

/**
 * Runs a workflow to its end. Throws {@link WorkflowRefused}, with nothing run and nothing registered, when the
 * workflow, an action of the repository or an input is not what GitHub or the sandbox accepts; all that happens
 * later, cancellation too, is in the result.
 */
export async function runWorkflow(options: RunOptions): Promise<RunResult> {
  const { commit, workflow } = await reading(options.checkout, async (files) => {
    const at = await commitOf(options, files);
    return { commit: at, workflow: await loadWorkflow(options, files, at.sha) };
  });
  const kept = keptJobs(workflow, options.rerun, options.workflowPath);
  const run = await openRun(options, workflow, commit);
  const { host, onState } = options;
  host.updateRun(run.id, { status: 'in_progress', conclusion: null });
  onState?.({ kind: 'run', runId: run.id, attempt: run.attempt, name: run.name, status: 'in_progress' });
  const result = resultOf(run, await runJobs(run, kept));
  host.updateRun(run.id, { status: 'completed', conclusion: result.conclusion });
  onState?.({ kind: 'run', runId: run.id, attempt: run.attempt, status: 'completed', conclusion: result.conclusion });
  return result;
}
