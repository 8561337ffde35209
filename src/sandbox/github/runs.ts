/** Workflow runs, their attempts and jobs; a job gets its token and its OIDC right here, and loses both when it ends. */
import { randomBytes } from 'node:crypto';
import type { Host, JobPlace, JobStart, RunStart, SandboxAccount } from '../host.ts';
import type { Accounts, Level } from './accounts.ts';
import { ACTIONS_BOT } from './accounts.ts';
import { findEnvironment, gate } from './environments.ts';
import { createGates, type Gates } from './gates.ts';
import type { EnvironmentOptions, GitHubOptions } from './options.ts';

type Status = Parameters<Host['updateRun']>[1]['status'];
type Conclusion = Parameters<Host['updateRun']>[1]['conclusion'];

export interface Attempt {
  number: number;
  triggeringActor: SandboxAccount;
  status: Status;
  conclusion: Conclusion;
  startedAt: string;
  updatedAt: string;
}

export interface Run {
  id: number;
  number: number;
  start: RunStart;
  createdAt: string;
  attempts: Attempt[];
  /** Of all attempts. */
  jobs: Job[];
}

export interface Job {
  id: number;
  checkRunId: number;
  run: Run;
  attempt: number;
  key: string;
  environment: string | null;
  startedAt: string;
  /** Whether it waits at its environment's gate, without a runner. */
  waits: boolean;
  ended: { at: string; conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' } | null;
}

/** Who is told as it happens. */
export interface Told {
  run(run: Run, action: 'requested' | 'in_progress' | 'completed'): void;
  /** A job has come to a gate that an App keeps. */
  held(job: Job, environment: string): void;
}

export interface Runs
  extends Pick<Host, 'startRun' | 'startAttempt' | 'updateRun' | 'reachGate' | 'startJob' | 'endJob'>,
    Pick<Gates, 'waiting' | 'review' | 'reviews' | 'bypass' | 'lookAgain'> {
  /** `waiting` while all that is left of the attempt waits at gates. */
  status(run: Run, attempt: Attempt): Status;
  find(id: number): Run | null;
  all(): Run[];
  jobs(run: Run, attempt: number | null): Job[];
  job(id: number): Job | null;
  /** The job whose OIDC request token this is; null: nobody's, or its job has ended. */
  byRequestToken(token: string): Job | null;
}

const GRANTABLE = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'id-token',
  'issues',
  'pull-requests',
  'statuses',
];

interface Needed {
  options: GitHubOptions;
  accounts: Accounts;
  /** Where a job asks for OIDC tokens. */
  requestUrl: (jobId: number) => string;
  now: () => number;
  tell: Told;
}

/** No runs yet. */
export function createRuns({ options, accounts, requestUrl, now, tell }: Needed): Runs {
  const gates = createGates(now);
  const seconds = (): string => new Date(now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const runs = new Map<number, Run>();
  const jobs = new Map<number, Job>();
  const requestTokens = new Map<string, Job>();
  const passed = new Set<Job>();
  let nextRun = 15_000_000_001;
  let nextJob = 45_000_000_001;

  const known = (id: number): Run => {
    const run = runs.get(id);
    if (run === undefined) throw new Error(`The sandbox has no run ${id}.`);
    return run;
  };
  const addAttempt = (run: Run, triggeringActor: SandboxAccount): number => {
    const number = run.attempts.length + 1;
    const at = seconds();
    run.attempts.push({ number, triggeringActor, status: 'queued', conclusion: null, startedAt: at, updatedAt: at });
    return number;
  };
  const make = ({ runId, ...place }: JobPlace, waits: boolean): Job => {
    const id = nextJob++;
    const { attempt, key, environment } = place;
    const where = { run: known(runId), attempt, key, environment };
    const made: Job = { id, checkRunId: id, ...where, startedAt: seconds(), waits, ended: null };
    jobs.set(id, made);
    made.run.jobs.push(made);
    return made;
  };
  const open = (asked: Asked, made: Job, secrets: Record<string, string>): JobStart => {
    const { id } = made;
    const alive = (): boolean => made.ended === null;
    const permissions = granted(asked.permissions);
    const token = accounts.issue({ kind: 'job', jobId: id, permissions, account: ACTIONS_BOT }, alive);
    if (permissions['id-token'] !== 'write')
      return { kind: 'ready', jobId: id, checkRunId: id, token, oidc: null, secrets };
    const requestToken = randomBytes(24).toString('base64url');
    requestTokens.set(requestToken, made);
    return {
      kind: 'ready',
      jobId: id,
      checkRunId: id,
      token,
      oidc: { requestUrl: requestUrl(id), requestToken },
      secrets,
    };
  };

  /** Null: the gate is shut for this ref anyway, or there is no rule. */
  const ruled = ({ runId, environment }: JobPlace): EnvironmentOptions | null => {
    const found = environment === null ? null : findEnvironment(options, environment);
    if (found?.customRule !== true) return null;
    return gate(found, known(runId).start.ref, options.mainProtected) === null ? found : null;
  };
  /** A job that came through its gate and was not started yet. */
  const letIn = ({ runId, attempt, key }: JobPlace): Job | undefined =>
    [...passed].find((job) => job.run.id === runId && job.attempt === attempt && job.key === key);

  return {
    ...{ waiting: gates.waiting, review: gates.review, reviews: gates.reviews },
    ...{ bypass: gates.bypass, lookAgain: gates.lookAgain },
    status(run, attempt) {
      const left = run.jobs.filter((job) => job.attempt === attempt.number && job.ended === null);
      const waits = attempt.status === 'in_progress' && left.length > 0 && left.every((job) => job.waits);
      return waits ? 'waiting' : attempt.status;
    },
    find: (id) => runs.get(id) ?? null,
    all: () => [...runs.values()],
    jobs: (run, attempt) => run.jobs.filter((job) => attempt === null || job.attempt === attempt),
    job: (id) => jobs.get(id) ?? null,
    byRequestToken(token) {
      const job = requestTokens.get(token);
      return job === undefined || job.ended !== null ? null : job;
    },
    startRun(start) {
      const run: Run = { id: nextRun++, number: runs.size + 1, start, createdAt: seconds(), attempts: [], jobs: [] };
      addAttempt(run, start.triggeringActor);
      runs.set(run.id, run);
      tell.run(run, 'requested');
      return { id: run.id, number: run.number };
    },
    startAttempt(runId, triggeringActor) {
      const run = known(runId);
      const number = addAttempt(run, triggeringActor);
      tell.run(run, 'requested');
      return number;
    },
    updateRun(runId, { status, conclusion }) {
      const run = known(runId);
      const attempt = run.attempts.at(-1);
      if (attempt !== undefined) Object.assign(attempt, { status, conclusion, updatedAt: seconds() });
      if (status === 'in_progress' || status === 'completed') tell.run(run, status);
    },
    reachGate(job) {
      const environment = ruled(job);
      if (environment === null) return null;
      const made = make(job, true);
      const { ends, cancel } = gates.hold(made, environment.name);
      tell.held(made, environment.name);
      const ended = ends.then((end) => {
        if (end.kind === 'open') passed.add(made);
        else made.ended = { at: seconds(), conclusion: end.kind === 'cancelled' ? 'cancelled' : 'failure' };
        return end;
      });
      return { ends: ended, cancel };
    },
    startJob(job) {
      const run = known(job.runId);
      if (job.environment === null) return open(job, make(job, false), {});
      // An environment that does not exist is created by GitHub, without any protection.
      const environment = findEnvironment(options, job.environment);
      if (environment === null) options.environments.push(unprotected(job.environment));
      const reason = environment === null ? null : gate(environment, run.start.ref, options.mainProtected);
      if (reason !== null) return { kind: 'refused', reason };
      const held = ruled(job) === null ? make(job, false) : letIn(job);
      if (held === undefined) return { kind: 'refused', reason: `The rule of ${job.environment} did not pass yet.` };
      passed.delete(held);
      Object.assign(held, { waits: false, startedAt: seconds() });
      return open(job, held, { ...environment?.secrets });
    },
    endJob(jobId, conclusion) {
      const job = jobs.get(jobId);
      if (job === undefined) throw new Error(`The sandbox has no job ${jobId}.`);
      job.ended ??= { at: seconds(), conclusion };
    },
  };
}

type Asked = Parameters<Host['startJob']>[0];

const unprotected = (name: string): EnvironmentOptions => ({
  name,
  branches: { kind: 'all' },
  adminBypass: true,
  reviewers: [],
  waitMinutes: 0,
  secrets: {},
});

/** What is asked for and nothing else, save `metadata: read`, which every token has. */
function granted(asked: Record<string, Level>): Record<string, Level> {
  const unknown = Object.keys(asked).filter((name) => !GRANTABLE.includes(name));
  if (unknown.length > 0)
    throw new Error(`GitHub has no token permission ${unknown.join(', ')}; use ${GRANTABLE.join(', ')}.`);
  return { ...asked, metadata: 'read' };
}
