/** Runs one job: asks for its environment and token, then its steps, its post steps, and hands over its outputs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateEnd, Host } from '../host.ts';
import { eventPayload, jobEnvContexts, jobGateContexts, stepContexts } from './contexts.ts';
import { flag, interpolate, interpolateAll } from './expressions.ts';
import { createMasks, type Masks } from './masks.ts';
import type { Job } from './schema.ts';
import { annotate, type JobScope, type Needs, type RunScope } from './scope.ts';
import { runPostStep, runStep } from './step.ts';
import { type Conclusion, githubGraces, type JobResult } from './types.ts';

/** GitHub's own limit for a job on its runners. */
const defaultMinutes = 360;

export function emptyResult(run: RunScope, conclusion: Conclusion): JobResult {
  return {
    conclusion,
    jobId: null,
    attempt: run.attempt,
    environment: null,
    outputs: {},
    steps: [],
    log: [],
    annotations: [],
    summary: '',
  };
}

/** A job that failed before it reached a runner, with the reason as its only annotation. */
export function failedBeforeStart(run: RunScope, key: string, reason: string): JobResult {
  const result = emptyResult(run, 'failure');
  result.annotations.push({ level: 'error', message: reason, title: null, step: '' });
  const line = { job: key, step: '', stream: 'runner', text: `##[error]${reason}` } as const;
  result.log.push(line);
  run.options.onLog?.(line);
  return result;
}

async function createFolders(run: RunScope, key: string) {
  const root = join(run.folder, key);
  const name = run.options.host.repository.name;
  const folders = {
    workspace: join(root, 'work', name, name),
    temp: join(root, 'work', '_temp'),
    toolCache: join(root, 'toolcache'),
    home: join(root, 'home'),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const eventPath = join(folders.temp, '_github_workflow_event.json');
  await writeFile(eventPath, JSON.stringify(eventPayload(run), null, 2));
  return { ...folders, eventPath };
}

function jobMasks(start: JobScope['start'], secrets: Record<string, string>): Masks {
  const masks = createMasks();
  for (const value of [start.token, start.oidc?.requestToken ?? '', ...Object.values(secrets)]) masks.add(value);
  return masks;
}

async function openJob(
  run: RunScope,
  key: string,
  job: Job,
  needs: Needs,
  start: JobScope['start'],
  environment: string | null,
): Promise<JobScope> {
  const secrets = { ...run.options.secrets, ...start.secrets };
  const scope: JobScope = {
    run,
    key,
    job,
    start,
    needs,
    secrets,
    ...(await createFolders(run, key)),
    masks: jobMasks(start, secrets),
    status: 'success',
    env: {},
    paths: [],
    steps: {},
    posts: [],
    result: { ...emptyResult(run, 'success'), jobId: start.jobId, environment },
    current: null,
    forced: false,
  };
  const contexts = jobEnvContexts(scope);
  scope.env = { ...interpolateAll(run.workflow.env, contexts), ...interpolateAll(job.env, contexts) };
  return scope;
}

/** Ends the running step; further steps run only if their condition allows it, and not beyond the job's grace. */
function cancelJob(scope: JobScope): NodeJS.Timeout {
  scope.status = 'cancelled';
  scope.current?.abort();
  const { job } = scope.run.options.graces ?? githubGraces;
  return setTimeout(() => {
    scope.forced = true;
    scope.current?.abort();
  }, job);
}

async function runSteps(scope: JobScope): Promise<void> {
  for (const [index, step] of scope.job.steps.entries()) await runStep(scope, step, index + 1);
  for (const post of scope.posts.toReversed()) await runPostStep(scope, post);
}

/** Runs the steps until they end, the job's clock runs out, or somebody cancels. */
async function underJobClock(scope: JobScope, cancel: AbortSignal): Promise<void> {
  const minutes = scope.job['timeout-minutes'] ?? defaultMinutes;
  let force: NodeJS.Timeout | undefined;
  const onCancel = (): void => {
    force ??= cancelJob(scope);
  };
  const onTimeout = (): void => {
    annotate(scope, '', 'error', `The job has exceeded the maximum execution time of ${minutes}m0s`);
    onCancel();
  };
  const timer = setTimeout(onTimeout, minutes * 60_000);
  cancel.addEventListener('abort', onCancel, { once: true });
  if (cancel.aborted) onCancel();
  await runSteps(scope);
  cancel.removeEventListener('abort', onCancel);
  clearTimeout(timer);
  clearTimeout(force);
}

/** As GitHub: an output that holds a masked value does not leave its job. */
function readOutputs(scope: JobScope): Record<string, string> {
  const contexts = stepContexts(scope, { env: {}, action: '' });
  const outputs: Record<string, string> = {};
  for (const [name, text] of Object.entries(scope.job.outputs)) {
    const value = interpolate(text, contexts);
    if (scope.masks.mask(value) === value) outputs[name] = value;
    else annotate(scope, '', 'warning', `Skip output '${name}' since it may contain secret.`);
  }
  return outputs;
}

/** An output that cannot be evaluated fails the job. */
function takeOutputs(scope: JobScope): void {
  try {
    scope.result.outputs = readOutputs(scope);
  } catch (error) {
    scope.status = 'failure';
    annotate(scope, '', 'error', error instanceof Error ? error.message : String(error));
  }
}

function environmentOf(run: RunScope, job: Job, needs: Needs): string | null {
  const name = interpolate(job.environment?.name ?? '', jobGateContexts(run, needs));
  return name === '' ? null : name;
}

/** GitHub's default when neither workflow nor job names permissions. */
const restricted = { contents: 'read', packages: 'read' } as const;

/** Waits at the gate until it opens or shuts, or the job is cancelled. */
async function waited(
  { ends, cancel: leave }: NonNullable<ReturnType<Host['reachGate']>>,
  cancel: AbortSignal,
): Promise<GateEnd> {
  cancel.addEventListener('abort', leave, { once: true });
  if (cancel.aborted) leave();
  try {
    return await ends;
  } finally {
    cancel.removeEventListener('abort', leave);
  }
}

/**
 * Runs a job whose condition held. A closed environment gate fails it without running anything. `cancel` is
 * aborted only when this very job is to end.
 */
export async function runJob(
  run: RunScope,
  key: string,
  job: Job,
  needs: Needs,
  cancel: AbortSignal,
): Promise<JobResult> {
  const environment = environmentOf(run, job, needs);
  const permissions = job.permissions ?? run.workflow.permissions ?? restricted;
  const { host } = run.options;
  const gate = host.reachGate({ runId: run.id, attempt: run.attempt, key, environment });
  if (gate !== null) {
    run.options.onState?.({ kind: 'job', job: key, status: 'waiting', environment });
    const end = await waited(gate, cancel);
    // No runner was ever used: nothing of the job runs, its post steps neither.
    if (end.kind === 'cancelled') return { ...emptyResult(run, 'cancelled'), environment };
    if (end.kind === 'refused') return { ...failedBeforeStart(run, key, end.reason), environment };
  }
  const start = host.startJob({ runId: run.id, attempt: run.attempt, key, environment, permissions });
  if (start.kind === 'refused') return { ...failedBeforeStart(run, key, start.reason), environment };
  let conclusion: 'success' | 'failure' | 'cancelled' = 'failure';
  try {
    const scope = await openJob(run, key, job, needs, start, environment);
    run.options.onState?.({ kind: 'job', job: key, status: 'in_progress', environment });
    await underJobClock(scope, cancel);
    takeOutputs(scope);
    conclusion = scope.status;
    return { ...scope.result, conclusion };
  } finally {
    host.endJob(start.jobId, conclusion);
  }
}

/** Whether a failed job counts as a success for the run and for those who need it. */
export function isForgiven(run: RunScope, job: Job, needs: Needs): boolean {
  return flag(job['continue-on-error'], jobGateContexts(run, needs));
}
