/** What goes into a run of a workflow in the sandbox and what comes out of it. */
import type { Host, SandboxAccount } from '../host.ts';

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';
export type Level = 'error' | 'warning' | 'notice';
/** `runner` is what the workflow runner itself says. */
export type Stream = 'stdout' | 'stderr' | 'runner';

export interface LogLine {
  job: string;
  /** The step's name; empty outside of any step. */
  step: string;
  stream: Stream;
  /** Already masked. */
  text: string;
}

export interface Annotation {
  level: Level;
  message: string;
  title: string | null;
  step: string;
}

export interface StepResult {
  id: string | null;
  name: string;
  /** What happened; `conclusion` is the same after `continue-on-error`. */
  outcome: Conclusion;
  conclusion: Conclusion;
  /** Masked; later steps see them as they are. */
  outputs: Record<string, string>;
}

export interface JobResult {
  conclusion: Conclusion;
  /** The host's id; null when the job never got that far. */
  jobId: number | null;
  /** The attempt in which the job ran: an earlier one when a re-run took over its result. */
  attempt: number;
  environment: string | null;
  outputs: Record<string, string>;
  steps: StepResult[];
  log: LogLine[];
  annotations: Annotation[];
  /** The step summaries in order, masked. */
  summary: string;
}

export interface Artifact {
  /** The host's. */
  id: number;
  name: string;
  job: string;
  /** The folder on this machine that holds the artifact's files. */
  path: string;
}

export interface RunResult {
  id: number;
  number: number;
  attempt: number;
  name: string;
  workflowPath: string;
  event: EventName;
  ref: string;
  sha: string;
  actor: SandboxAccount;
  inputs: Record<string, string>;
  conclusion: 'success' | 'failure' | 'cancelled';
  jobs: Record<string, JobResult>;
  artifacts: Artifact[];
}

export type EventName = 'workflow_dispatch' | 'schedule';

export type StateChange =
  | { kind: 'run'; runId: number; attempt: number; name: string; status: 'in_progress' }
  | { kind: 'run'; runId: number; attempt: number; status: 'completed'; conclusion: RunResult['conclusion'] }
  /** With an environment: at its gate; else for its turn. */
  | { kind: 'job'; job: string; status: 'waiting'; environment?: string | null }
  | { kind: 'job'; job: string; status: 'in_progress'; environment: string | null }
  | { kind: 'job'; job: string; status: 'completed'; conclusion: Conclusion }
  | { kind: 'step'; job: string; step: string; status: 'in_progress' }
  | { kind: 'step'; job: string; step: string; status: 'completed'; conclusion: Conclusion };

/** How long a cancelled step has before the next, harder signal, and a cancelled job in all; milliseconds. */
export interface Graces {
  interrupt: number;
  terminate: number;
  job: number;
}

/** Which jobs run again; the others keep the result and the outputs of the attempt before. */
export type RerunMode = 'all' | 'failed' | { job: string };

export interface RunOptions {
  host: Host;
  /** A git repository on this machine; workflow, actions and workspaces come from its commit. */
  checkout: string;
  /** The branch to run on; without it the commit that is checked out, as the default branch. */
  branch?: string;
  /** `.github/workflows/debug.yml`. */
  workflowPath: string;
  /** Other repositories whose actions a workflow may use: `owner/name` to a git repository on this machine. */
  actions?: Readonly<Record<string, string>>;
  event?: EventName;
  inputs?: Record<string, string>;
  actor: SandboxAccount;
  triggeringActor?: SandboxAccount;
  /** The run that GitHub registered already, as it does where somebody dispatches by the API. */
  queued?: { id: number; number: number; sha: string; ref: string };
  /** Run the next attempt of an earlier run: same commit, inputs and actor, whoever triggers it. */
  rerun?: { of: RunResult; mode: RerunMode };
  variables?: Record<string, string>;
  /** Repository secrets; an environment's own come from the host and win. */
  secrets?: Record<string, string>;
  /** Environment variables for every job, as a runner's own environment would hold them. */
  env?: Record<string, string>;
  onLog?: (line: LogLine) => void;
  onState?: (change: StateChange) => void;
  /** Told of each process of a step as it starts, so that a test can kill it as a dying machine would. */
  onProcess?: (started: { job: string; step: string; pid: number }) => void;
  /** Aborting it cancels the run. */
  signal?: AbortSignal;
  /** A folder for workspaces, event files and artifacts. */
  tempDir: string;
  graces?: Graces;
}

/** GitHub's own times: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill; five minutes for the whole job. */
export const githubGraces: Graces = { interrupt: 7_500, terminate: 2_500, job: 300_000 };
