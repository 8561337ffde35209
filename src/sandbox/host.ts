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
  /** Asks the environment's gate (branch policy) and, when it opens, creates the job. */
  startJob(job: {
    runId: number;
    attempt: number;
    key: string;
    environment: string | null;
    permissions: Record<string, 'read' | 'write' | 'none'>;
  }): JobStart;
  endJob(jobId: number, conclusion: 'success' | 'failure' | 'cancelled' | 'skipped'): void;
}
