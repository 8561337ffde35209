/** Runs one step of a job: its condition, its clock, what it does, and what became of it. */

import { uploadArtifact } from './artifact.ts';
import { readUses } from './check.ts';
import { checkout } from './checkout.ts';
import { statusOf, stepConditionContexts, stepContexts } from './contexts.ts';
import { condition, flag, interpolate, interpolateAll } from './expressions.ts';
import { postRuns, runLocalAction, runPost } from './node-action.ts';
import { runPinnedAction } from './pinned-action.ts';
import type { Step } from './schema.ts';
import { annotate, type JobScope, type Outcome, type PostStep, type StepScope } from './scope.ts';
import { runScript } from './script.ts';
import type { Conclusion } from './types.ts';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function runUses(job: JobScope, step: StepScope, source: Step, uses: string): Promise<Outcome> {
  const inputs = interpolateAll(source.with, stepContexts(job, step));
  const what = readUses(uses);
  if (what.kind === 'checkout') return checkout(job, step, inputs);
  if (what.kind === 'upload-artifact') return uploadArtifact(job, step, inputs);
  if (what.kind === 'local') return runLocalAction(job, step, what.folder, inputs);
  if (what.kind === 'pinned') return runPinnedAction(job, step, what.action, inputs);
  throw new Error(what.problem);
}

async function guarded(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'failure', message: messageOf(error) };
  }
}

/** Runs `work` while the job can end it; tells a cancelled step and one that ran out of time from a failed one. */
async function underClock(
  job: JobScope,
  step: StepScope,
  minutes: number | undefined,
  work: (step: StepScope) => Promise<Outcome>,
): Promise<Conclusion> {
  const controller = new AbortController();
  step.signal = controller.signal;
  job.current = controller;
  let late = false;
  const expire = (): void => {
    late = true;
    controller.abort();
  };
  const timer = minutes === undefined ? undefined : setTimeout(expire, minutes * 60_000);
  const outcome = await guarded(() => work(step));
  clearTimeout(timer);
  job.current = null;
  if (controller.signal.aborted && !late) {
    annotate(job, step.name, 'error', 'The operation was canceled.');
    return 'cancelled';
  }
  const timeout = `The action '${step.name}' has timed out after ${minutes} minutes.`;
  const message = late ? timeout : outcome.kind === 'failure' ? outcome.message : null;
  if (message === null) return 'success';
  annotate(job, step.name, 'error', message);
  return 'failure';
}

function newScope(source: Step, index: number): StepScope {
  return {
    id: source.id ?? null,
    name: source.name ?? source.uses ?? `Run ${source.run?.split('\n')[0] ?? ''}`,
    action: source.id ?? (source.run === undefined ? `__self_${index}` : `__run_${index}`),
    origin: {},
    env: {},
    outputs: {},
    state: {},
    problem: null,
    signal: new AbortController().signal,
  };
}

function finish(job: JobScope, step: StepScope, outcome: Conclusion, conclusion: Conclusion): void {
  const { id, name, outputs } = step;
  const shown = Object.entries(outputs).map(([key, value]) => [key, job.masks.mask(value)]);
  job.result.steps.push({ id, name, outcome, conclusion, outputs: Object.fromEntries(shown) });
  if (id !== null) job.steps[id] = { outputs, outcome, conclusion };
  if (conclusion === 'failure' && job.status === 'success') job.status = 'failure';
  job.run.options.onState?.({ kind: 'step', job: job.key, step: name, status: 'completed', conclusion });
}

function announce(job: JobScope, step: StepScope): void {
  job.run.options.onState?.({ kind: 'step', job: job.key, step: step.name, status: 'in_progress' });
}

const outcomeOf = { skip: 'skipped', fail: 'failure' } as const;

/** Whether the step runs; an expression that cannot be evaluated fails it. */
function decide(job: JobScope, step: StepScope, holds: () => boolean): 'run' | 'skip' | 'fail' {
  if (job.forced) return 'skip';
  try {
    return holds() ? 'run' : 'skip';
  } catch (error) {
    annotate(job, step.name, 'error', messageOf(error));
    return 'fail';
  }
}

/** Runs one step, or notes that it was skipped. */
export async function runStep(job: JobScope, source: Step, index: number): Promise<void> {
  const step = newScope(source, index);
  const decision = decide(job, step, () => {
    step.env = interpolateAll(source.env, stepContexts(job, step));
    step.name = job.masks.mask(interpolate(step.name, stepContexts(job, step)));
    return condition(source.if, stepConditionContexts(job, step), statusOf(job));
  });
  if (decision !== 'run') return finish(job, step, outcomeOf[decision], outcomeOf[decision]);
  announce(job, step);
  const outcome = await underClock(job, step, source['timeout-minutes'], (scope) =>
    source.uses === undefined ? runScript(job, scope, source) : runUses(job, scope, source, source.uses),
  );
  const forgiven = outcome === 'failure' && flag(source['continue-on-error'], stepContexts(job, step));
  finish(job, step, outcome, forgiven ? 'success' : outcome);
}

/** Runs the post step of an action whose main step had started. */
export async function runPostStep(job: JobScope, post: PostStep): Promise<void> {
  const step: StepScope = { ...post.step, id: null, name: `Post ${post.step.name}`, outputs: {}, problem: null };
  const own: PostStep = { ...post, step };
  const decision = decide(job, step, () => postRuns(job, own));
  if (decision !== 'run') return finish(job, step, outcomeOf[decision], outcomeOf[decision]);
  announce(job, step);
  const outcome = await underClock(job, step, undefined, () => runPost(job, own));
  finish(job, step, outcome, outcome);
}
