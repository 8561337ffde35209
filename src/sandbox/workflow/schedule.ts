/** Runs a workflow's jobs in the order of their needs, and decides which run at all. */
import { jobOrder } from './check.ts';
import { jobGateContexts } from './contexts.ts';
import { condition, type Status } from './expressions.ts';
import { emptyResult, failedBeforeStart, isForgiven, runJob } from './job.ts';
import type { Job } from './schema.ts';
import type { Needs, RunScope } from './scope.ts';
import type { Conclusion, JobResult } from './types.ts';

/** A job's result, and what those who need it see after `continue-on-error`. */
export interface Settled {
  result: JobResult;
  seen: Conclusion;
}

type Jobs = Record<string, Job>;

/** All jobs that a job needs, at any distance. */
function ancestors(jobs: Jobs, key: string): string[] {
  const direct = jobs[key]?.needs ?? [];
  return [...new Set([...direct, ...direct.flatMap((need) => ancestors(jobs, need))])];
}

/** All jobs that need a job, at any distance. */
export function dependents(jobs: Jobs, key: string): string[] {
  return Object.keys(jobs).filter((other) => ancestors(jobs, other).includes(key));
}

function statusFor(jobs: Jobs, key: string, settled: Map<string, Settled>, cancelled: boolean): Status {
  const seen = ancestors(jobs, key).map((need) => settled.get(need)?.seen);
  return {
    success: !cancelled && seen.every((conclusion) => conclusion === 'success'),
    failure: !cancelled && seen.some((conclusion) => conclusion === 'failure'),
    cancelled,
  };
}

function needsOf(job: Job, settled: Map<string, Settled>): Needs {
  return Object.fromEntries(
    job.needs.map((need) => {
      const one = settled.get(need);
      return [need, { result: one?.seen ?? 'skipped', outputs: one?.result.outputs ?? {} }];
    }),
  );
}

function announceEnd(run: RunScope, key: string, result: JobResult): void {
  run.options.onState?.({ kind: 'job', job: key, status: 'completed', conclusion: result.conclusion });
}

/** Runs the job; when the run is cancelled meanwhile, only a job whose condition then still holds goes on. */
async function runUnlessCancelled(
  run: RunScope,
  key: string,
  job: Job,
  settled: Map<string, Settled>,
): Promise<JobResult> {
  const needs = needsOf(job, settled);
  const cancel = new AbortController();
  const signal = run.options.signal;
  const holds = (): boolean => {
    const status = statusFor(run.workflow.jobs, key, settled, signal?.aborted === true);
    return condition(job.if, jobGateContexts(run, needs), status);
  };
  const onCancel = (): void => {
    if (!holds()) cancel.abort();
  };
  if (!holds()) return emptyResult(run, 'skipped');
  signal?.addEventListener('abort', onCancel, { once: true });
  try {
    return await runJob(run, key, job, needs, cancel.signal);
  } finally {
    signal?.removeEventListener('abort', onCancel);
  }
}

async function settle(run: RunScope, key: string, job: Job, settled: Map<string, Settled>): Promise<void> {
  run.options.onState?.({ kind: 'job', job: key, status: 'waiting' });
  let result: JobResult;
  try {
    result = await runUnlessCancelled(run, key, job, settled);
  } catch (error) {
    result = failedBeforeStart(run, key, error instanceof Error ? error.message : String(error));
  }
  const forgiven = result.conclusion === 'failure' && isForgiven(run, job, needsOf(job, settled));
  settled.set(key, { result, seen: forgiven ? 'success' : result.conclusion });
  announceEnd(run, key, result);
}

/** Runs every job that `kept` does not already settle; independent jobs run at the same time. */
export async function runJobs(run: RunScope, kept: Map<string, Settled>): Promise<Map<string, Settled>> {
  const { jobs } = run.workflow;
  const settled = new Map(kept);
  const done = new Map<string, Promise<void>>();
  for (const key of jobOrder(jobs) ?? []) {
    const job = jobs[key];
    if (job === undefined || kept.has(key)) continue;
    const before = job.needs.map((need) => done.get(need));
    done.set(
      key,
      Promise.all(before).then(() => settle(run, key, job, settled)),
    );
  }
  await Promise.all(done.values());
  return settled;
}
