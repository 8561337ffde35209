/** Workflow runs, their attempts and jobs; a job gets its token and its OIDC right here, and loses both when it ends. */
import { randomBytes } from 'node:crypto';
import type { Host, JobStart, RunStart, SandboxAccount } from '../host.ts';
import type { Accounts, Level } from './accounts.ts';
import { ACTIONS_BOT } from './accounts.ts';
import { findEnvironment, gate } from './environments.ts';
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
}

export interface Job {
  id: number;
  checkRunId: number;
  run: Run;
  attempt: number;
  key: string;
  environment: string | null;
  startedAt: string;
  ended: { at: string; conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' } | null;
}

export interface Runs extends Pick<Host, 'startRun' | 'startAttempt' | 'updateRun' | 'startJob' | 'endJob'> {
  find(id: number): Run | null;
  all(): Run[];
  jobs(run: Run, attempt: number | null): Job[];
  job(id: number): Job | null;
  /** The job whose OIDC request token this is; null: nobody's, or its job has ended. */
  byRequestToken(token: string): Job | null;
}

const seconds = (): string => new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
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

/** No runs yet. `requestUrl` is where jobs ask for OIDC tokens. */
export function createRuns(options: GitHubOptions, accounts: Accounts, requestUrl: (jobId: number) => string): Runs {
  const runs = new Map<number, Run>();
  const jobs = new Map<number, Job>();
  const requestTokens = new Map<string, Job>();
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
  const open = (job: Parameters<Runs['startJob']>[0], secrets: Record<string, string>): JobStart => {
    const id = nextJob++;
    const made: Job = {
      id,
      checkRunId: id,
      run: known(job.runId),
      attempt: job.attempt,
      key: job.key,
      environment: job.environment,
      startedAt: seconds(),
      ended: null,
    };
    jobs.set(id, made);
    const alive = (): boolean => made.ended === null;
    const permissions = granted(job.permissions);
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

  return {
    find: (id) => runs.get(id) ?? null,
    all: () => [...runs.values()],
    jobs: (run, attempt) =>
      [...jobs.values()].filter((job) => job.run === run && (attempt === null || job.attempt === attempt)),
    job: (id) => jobs.get(id) ?? null,
    byRequestToken(token) {
      const job = requestTokens.get(token);
      return job === undefined || job.ended !== null ? null : job;
    },
    startRun(start) {
      const run: Run = { id: nextRun++, number: runs.size + 1, start, createdAt: seconds(), attempts: [] };
      addAttempt(run, start.triggeringActor);
      runs.set(run.id, run);
      return { id: run.id, number: run.number };
    },
    startAttempt: (runId, triggeringActor) => addAttempt(known(runId), triggeringActor),
    updateRun(runId, { status, conclusion }) {
      const attempt = known(runId).attempts.at(-1);
      if (attempt !== undefined) Object.assign(attempt, { status, conclusion, updatedAt: seconds() });
    },
    startJob(job) {
      const run = known(job.runId);
      if (job.environment === null) return open(job, {});
      // An environment that does not exist is created by GitHub, without any protection.
      const environment = findEnvironment(options, job.environment);
      if (environment === null) options.environments.push(unprotected(job.environment));
      const reason = environment === null ? null : gate(environment, run.start.ref, options.mainProtected);
      return reason === null ? open(job, { ...environment?.secrets }) : { kind: 'refused', reason };
    },
    endJob(jobId, conclusion) {
      const job = jobs.get(jobId);
      if (job === undefined) throw new Error(`The sandbox has no job ${jobId}.`);
      job.ended ??= { at: seconds(), conclusion };
    },
  };
}

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
