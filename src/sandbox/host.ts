/** What the sandbox's workflow runner needs of the sandbox's GitHub: runs, jobs, their tokens and their environments' gates. */

export interface SandboxAccount {
  id: number;
  login: string;
}

export interface RunStart {
  workflowPath: string;
  event: 'workflow_dispatch' | 'schedule';
  /** `refs/heads/main`. */
  ref: string;
  sha: string;
  actor: SandboxAccount;
  triggeringActor: SandboxAccount;
}

export type JobStart =
  | { kind: 'refused'; reason: string }
  | {
      kind: 'ready';
      jobId: number;
      checkRunId: number;
      /** This job's GITHUB_TOKEN with just the permissions asked for; worthless after `endJob`. */
      token: string;
      /** Where the job asks for OIDC tokens; null without `id-token: write`. */
      oidc: { requestUrl: string; requestToken: string } | null;
      /** Environment secrets, readable only by jobs in that environment. */
      secrets: Record<string, string>;
    };

/** For how many days the repository's settings keep artifacts, and for how many at most: GitHub's own number. */
export const RETENTION_DAYS = 90;

/** What a job tells of an artifact that it uploaded. */
export interface Upload {
  name: string;
  /** In bytes. */
  size: number;
  /** `sha256:` of what was uploaded. */
  digest: string;
  /** Whole days; null: as the repository's settings say. */
  retentionDays: number | null;
}

/** A run that somebody dispatched by the API; it is registered and waits for a runner. */
export interface Dispatched {
  id: number;
  number: number;
  workflowPath: string;
  /** `refs/heads/main`. */
  ref: string;
  sha: string;
  inputs: Record<string, string>;
  actor: SandboxAccount;
}

/** How a job's waiting at a gate ends. */
export type GateEnd = { kind: 'open' } | { kind: 'refused'; reason: string } | { kind: 'cancelled' };

/** Which job of which run. */
export interface JobPlace {
  runId: number;
  attempt: number;
  key: string;
  environment: string | null;
}

export interface Host {
  apiUrl: string;
  graphqlUrl: string;
  serverUrl: string;
  repository: { id: number; ownerId: number; owner: string; name: string; defaultBranch: string };
  startRun(run: RunStart): { id: number; number: number };
  /** Starts the next attempt of a run; gives its number (the first attempt, 1, starts with the run). */
  startAttempt(runId: number, triggeringActor: SandboxAccount): number;
  updateRun(
    runId: number,
    change: {
      status: 'queued' | 'in_progress' | 'waiting' | 'completed';
      conclusion: 'success' | 'failure' | 'cancelled' | null;
    },
  ): void;
  /** A job has come to an environment whose custom rule holds it, without a runner; null: nothing holds it. */
  reachGate(job: JobPlace): { ends: Promise<GateEnd>; cancel(): void } | null;
  /** Asks the environment's branch policy and, when it lets the job in, starts it. What a rule still holds is refused. */
  startJob(job: JobPlace & { permissions: Record<string, 'read' | 'write' | 'none'> }): JobStart;
  endJob(jobId: number, conclusion: 'success' | 'failure' | 'cancelled' | 'skipped'): void;
  /** Keeps an artifact of a running job's run and attempt, under a name that the attempt has not used. */
  storeArtifact(jobId: number, upload: Upload): { kind: 'stored'; id: number } | { kind: 'refused'; reason: string };
}
