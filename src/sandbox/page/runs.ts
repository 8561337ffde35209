/** The workflow runs of the sandbox: started, followed, cancelled, run again; their logs are kept, bounded. */
import type { Artifact } from '../github/server.ts';
import { PEOPLE, type PersonKey, type Town } from '../town.ts';
import {
  jobsToRun,
  type LogLine,
  type RerunMode,
  type RunOptions,
  type RunResult,
  runWorkflow,
  type StateChange,
} from '../workflow/run.ts';
import type { Workflow } from '../workflow/schema.ts';
import { keyOf } from './cast.ts';
import { DEBUG_WORKFLOW } from './form.ts';
import type { SceneArtifact, SceneJob, SceneRun } from './scene.ts';

/** How many lines of a job are kept. */
export const LINES_KEPT = 2_000;

interface Job extends SceneJob {
  /** How many lines were left out. */
  cut: number;
}

/** One attempt of a run, while it goes on and after. */
export interface Run extends Pick<SceneRun, 'id' | 'attempt' | 'name' | 'status' | 'conclusion'> {
  by: PersonKey;
  /** What runs again; null for a first attempt. */
  again: RerunMode | null;
  /** Whether the ask job is that of an earlier attempt. */
  askKept: boolean;
  jobs: Map<string, Job>;
  /** null until it is over. */
  result: RunResult | null;
  cancel: () => void;
  /** Resolves when the run is over, however it ended. */
  over: Promise<void>;
}

export interface RunBoard {
  /** Oldest first. */
  runs: readonly Run[];
  /** The latest attempt of a run; null: there is none. */
  latest(id: number): Run | null;
  /** Starts a run; gives it once its inputs are accepted. Throws `WorkflowRefused` where they are not. */
  start(by: PersonKey, inputs: Record<string, string>): Promise<Run>;
  /** Runs a run again. Throws an `Error` that says why where GitHub would offer no such button. */
  rerun(by: PersonKey, id: number, mode: RerunMode): Promise<Run>;
  /** Runs the sweep, which is no request and is not shown among the runs; gives what it says at its end. */
  sweep(by: PersonKey): Promise<string>;
  /** Runs a workflow as `runWorkflow` does, and shows it. */
  follow: typeof runWorkflow;
  /** Cancels all that still runs and waits for its end. */
  close(): Promise<void>;
}

export interface BoardOptions {
  town: Town;
  workflow: Workflow;
  onChange: () => void;
  /** Told where a run that had begun fails by a mistake of the sandbox itself. */
  onProblem: (error: unknown) => void;
}

/** A board without runs. */
export function openBoard(options: BoardOptions): RunBoard {
  const runs: Run[] = [];
  const going = new Map<AbortController, Promise<unknown>>();
  let closed = false;
  const latest = (id: number): Run | null => runs.findLast((run) => run.id === id) ?? null;

  const follow = (asked: RunOptions, onBegin: (run: Run) => void = () => {}): Promise<RunResult> => {
    if (closed) return Promise.reject(new Error('The sandbox is being closed; nothing starts any more.'));
    const abort = new AbortController();
    const note = (run: Run): void => {
      runs.push(run);
      onBegin(run);
    };
    const over = track(options, asked, abort, note).finally(() => void going.delete(abort));
    going.set(abort, over);
    return over;
  };
  /** Resolves once the run stands; what it fails by later is nobody's who started it. */
  const launch = (by: PersonKey, what: Pick<RunOptions, 'inputs' | 'rerun'>): Promise<Run> =>
    new Promise((resolve, reject) => {
      let begun = false;
      const { checkout, env, tempDir, github: host } = options.town;
      const asked = { host, checkout, workflowPath: DEBUG_WORKFLOW, actor: PEOPLE[by], env, tempDir, ...what };
      const onBegin = (run: Run): void => {
        begun = true;
        resolve(run);
      };
      follow(asked, onBegin).catch((error: unknown) => (begun ? options.onProblem(error) : reject(error)));
    });

  return {
    runs,
    latest,
    start: (by, inputs) => launch(by, { inputs }),
    async rerun(by, id, mode) {
      const of = latest(id)?.result;
      if (of === undefined) throw new Error(`There is no run ${id}.`);
      if (of === null)
        throw new Error(`Run ${id} still goes on. GitHub runs again only what is over: wait, or cancel it.`);
      return launch(by, { rerun: { of, mode } });
    },
    async sweep(by) {
      if (closed) throw new Error('The sandbox is being closed; nothing starts any more.');
      const abort = new AbortController();
      const over = sweep(options.town, by, abort.signal).finally(() => void going.delete(abort));
      going.set(abort, over);
      return over;
    },
    follow: (asked) => follow(asked),
    async close() {
      closed = true;
      for (const abort of going.keys()) abort.abort();
      // Whoever started a run is told how it failed; here it only has to be over.
      await Promise.allSettled(going.values());
    },
  };
}

/** The sweep as somebody starts it by hand instead of waiting for its schedule; gives its last words. */
async function sweep({ github: host, checkout, env, tempDir }: Town, by: PersonKey, signal: AbortSignal) {
  const asked = { host, checkout, env, tempDir, actor: PEOPLE[by], workflowPath: '.github/workflows/sweep.yml' };
  const { jobs, conclusion } = await runWorkflow({ ...asked, signal });
  const words = Object.values(jobs).flatMap(({ log }) => log.filter(({ stream }) => stream !== 'runner'));
  return words.at(-1)?.text ?? `It ended as ${conclusion}, without a word.`;
}

/** Runs a workflow and keeps up what the page shows of it; `onBegin` is told once it stands. */
async function track(
  { workflow, onChange }: BoardOptions,
  asked: RunOptions,
  abort: AbortController,
  onBegin: (run: Run) => void,
): Promise<RunResult> {
  const signal = asked.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, asked.signal]);
  const ended = Promise.withResolvers<void>();
  const held: { run: Run | null } = { run: null };
  const onState = (change: StateChange): void => {
    if (change.kind === 'run' && change.status === 'in_progress') {
      held.run = { ...begin(asked, workflow, change), cancel: () => abort.abort(), over: ended.promise };
      onBegin(held.run);
    } else if (held.run !== null) apply(held.run, change);
    onChange();
    asked.onState?.(change);
  };
  const onLog = (line: LogLine): void => {
    if (held.run !== null) write(held.run, line);
    onChange();
    asked.onLog?.(line);
  };
  try {
    const result = await runWorkflow({ ...asked, signal, onLog, onState });
    if (held.run !== null) held.run.result = result;
    return result;
  } catch (error) {
    if (held.run !== null) Object.assign(held.run, { status: 'completed', conclusion: 'failure' });
    throw error;
  } finally {
    ended.resolve();
    onChange();
  }
}

type Begun = Extract<StateChange, { kind: 'run'; status: 'in_progress' }>;

function begin(options: RunOptions, workflow: Workflow, { runId, attempt, name }: Begun): Omit<Run, 'cancel' | 'over'> {
  const { rerun, actor } = options;
  const by = keyOf(actor.login);
  if (by === null) throw new Error(`The page shows runs of its own people, and ${actor.login} is none of them.`);
  const again = rerun === undefined ? null : jobsToRun(workflow, rerun.of, rerun.mode, options.workflowPath);
  const jobs = Object.entries(workflow.jobs).map(([key, { environment }]): [string, Job] => {
    const before = rerun?.of.jobs[key];
    if (before !== undefined && again?.has(key) === false) return [key, finishedJob(key, before)];
    const named = environment?.name.includes('${{') === false ? environment.name : null;
    return [key, { key, environment: named, status: 'waiting', conclusion: null, log: [], cut: 0 }];
  });
  return {
    id: runId,
    attempt,
    name,
    by,
    again: rerun?.mode ?? null,
    askKept: again?.has('ask') === false,
    status: 'in_progress',
    conclusion: null,
    jobs: new Map(jobs),
    result: null,
  };
}

/** A job whose result a re-run took over. */
function finishedJob(key: string, { environment, conclusion, log }: RunResult['jobs'][string]): Job {
  const job: Job = { key, environment, status: 'completed', conclusion, log: [], cut: 0 };
  for (const line of log) keep(job, line);
  return job;
}

function apply(run: Run, change: StateChange): void {
  if (change.kind === 'run') {
    run.status = change.status;
    if (change.status === 'completed') run.conclusion = change.conclusion;
    return;
  }
  const job = run.jobs.get(change.job);
  if (change.kind !== 'job' || job === undefined) return;
  job.status = change.status;
  if (change.status === 'in_progress') job.environment = change.environment;
  if (change.status === 'completed') job.conclusion = change.conclusion;
}

function write(run: Run, line: LogLine): void {
  const job = run.jobs.get(line.job);
  if (job !== undefined) keep(job, line);
}

function keep(job: Job, { step, stream, text }: LogLine): void {
  job.log.push({ step, stream, text });
  if (job.log.length <= LINES_KEPT) return;
  job.log.shift();
  job.cut += 1;
}

/** A run as the page shows it; `issue` is that of its request, `uploaded` what all of its attempts uploaded. */
export function sceneOf(run: Run, issue: number | null, uploaded: readonly Artifact[]): SceneRun {
  const { id, attempt, name, by, status, conclusion } = run;
  const artifacts = uploaded.filter((one) => one.attempt === attempt).map(artifactOf);
  return { id, attempt, name, by, status, conclusion, issue, jobs: [...run.jobs.values()].map(jobOf), artifacts };
}

const artifactOf = ({ name, size, digest, expiresAt }: Artifact): SceneArtifact => ({ name, size, digest, expiresAt });

function jobOf({ key, environment, status, conclusion, log, cut }: Job): SceneJob {
  const gap = cut === 1 ? '1 earlier line is not shown here.' : `${cut} earlier lines are not shown here.`;
  const shown = cut === 0 ? [...log] : [{ step: '', stream: 'runner' as const, text: `… ${gap}` }, ...log];
  return { key, environment, status, conclusion, log: shown };
}
