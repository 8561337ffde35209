/** What a run, a job and a step know while they run. */
import type { JobStart, SandboxAccount } from '../host.ts';
import type { Inputs } from './inputs.ts';
import type { Masks } from './masks.ts';
import type { Action, Job, Workflow } from './schema.ts';
import type { Artifact, Conclusion, EventName, JobResult, Level, RunOptions, Stream } from './types.ts';

export interface RunScope {
  options: RunOptions;
  workflow: Workflow;
  id: number;
  number: number;
  attempt: number;
  name: string;
  sha: string;
  /** `refs/heads/main`. */
  ref: string;
  event: EventName;
  actor: SandboxAccount;
  triggeringActor: SandboxAccount;
  inputs: Inputs;
  /** This attempt's folder. */
  folder: string;
  artifacts: Artifact[];
}

export type Needs = Record<string, { result: Conclusion; outputs: Record<string, string> }>;

export interface StepRecord {
  outputs: Record<string, string>;
  outcome: Conclusion;
  conclusion: Conclusion;
}

/** A step of an action that runs once all steps have. */
export interface PostStep {
  step: StepScope;
  folder: string;
  action: Action;
  /** As the step gives them; the action's defaults come when it runs. */
  inputs: Record<string, string>;
}

export interface JobScope {
  run: RunScope;
  key: string;
  job: Job;
  start: Extract<JobStart, { kind: 'ready' }>;
  needs: Needs;
  secrets: Record<string, string>;
  workspace: string;
  temp: string;
  home: string;
  toolCache: string;
  eventPath: string;
  masks: Masks;
  status: 'success' | 'failure' | 'cancelled';
  /** Workflow and job `env`, then what steps wrote to GITHUB_ENV. */
  env: Record<string, string>;
  /** What steps added to PATH, the latest first. */
  paths: string[];
  steps: Record<string, StepRecord>;
  posts: PostStep[];
  result: JobResult;
  /** Ends the step that runs now; null between steps. */
  current: AbortController | null;
  /** The job is beyond its last grace: nothing more starts. */
  forced: boolean;
}

export interface StepScope {
  id: string | null;
  name: string;
  /** What GITHUB_ACTION holds. */
  action: string;
  /** Which repository's action it runs, as variables; empty for the repository's own. */
  origin: Record<string, string>;
  /** The step's own `env`, evaluated. */
  env: Record<string, string>;
  outputs: Record<string, string>;
  state: Record<string, string>;
  /** Set by a workflow command or a file that the runner cannot accept; such a step fails whatever its exit code. */
  problem: string | null;
  signal: AbortSignal;
}

export type Outcome = { kind: 'success' } | { kind: 'failure'; message: string };

/** Writes one masked line to the job's log. */
export function writeLog(job: JobScope, step: string, stream: Stream, text: string): void {
  const line = { job: job.key, step, stream, text: job.masks.mask(text) };
  job.result.log.push(line);
  job.run.options.onLog?.(line);
}

/** Adds an annotation, and the line that the log shows for it. */
export function annotate(
  job: JobScope,
  step: string,
  level: Level,
  message: string,
  title: string | null = null,
): void {
  const masked = job.masks.mask(message);
  job.result.annotations.push({ level, message: masked, title: title === null ? null : job.masks.mask(title), step });
  writeLog(job, step, 'runner', `##[${level}]${masked}`);
}
