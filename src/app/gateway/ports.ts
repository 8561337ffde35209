/** What the gateway needs of GitHub beside a repository's own port. All methods throw a Fault. */
import type { Repository } from '../ports.ts';

/** A run's jobs that GitHub holds back in one environment until the gateway answers. */
export interface Held {
  run: number;
  environment: string;
}

/** What people read beside a held job: words in which names of other people's choice may stand, and where the request is. */
export interface GateComment {
  text: string;
  /** The issue's address; null: there is none. */
  issue: string | null;
}

/** The gateway's rule in one repository. What it is told it writes so that nothing in it is active. */
export interface Gate {
  /** Lets the held jobs start, or refuses them. `gone`: nothing waits there (any more); that is no error. */
  review(held: Held, verdict: 'approved' | 'rejected', comment: GateComment): Promise<'done' | 'gone'>;
  /** Says what it waits for, where people look at the run; GitHub takes ten a deployment. */
  say(held: Held, comment: GateComment): Promise<void>;
  /** What waits for this rule now. */
  waiting(): Promise<Held[]>;
  /** Issues with the label `debug-request` whose text says that this run opened them, the newest first: a hint and no more. */
  openedBy(run: number): Promise<number[]>;
}

/** A repository in which the gateway's app is installed. */
export interface Served {
  id: number;
  ownerId: number;
  /** `owner/name`. */
  name: string;
  repository: Repository;
  gate: Gate;
  /**
   * Starts a workflow by workflow_dispatch on this branch, as the app; once. Gives where people see the run, null where GitHub does
   * not say. Throws a Fault `not-confirmed` where it may have begun.
   */
  dispatch(
    to: { workflow: string; branch: string },
    inputs: Record<string, string>,
  ): Promise<{ runUrl: string | null }>;
}

export interface ServedRepositories {
  /** null: the app is not installed there. */
  byId(id: number): Promise<Served | null>;
  byName(name: string): Promise<Served | null>;
  all(): Promise<Served[]>;
  /** Those in which a request is open, as GitHub's search finds it (it lags): of ten thousand, few have one at a time. */
  withOpenRequests(): Promise<Served[]>;
}

/** What GitHub told by a webhook, as far as it matters. */
export type GitHubEvent =
  | { kind: 'held'; repository: number; held: Held }
  /** Something was written, changed or deleted on a request's issue, or it was opened. `comment`: which one, where it was one. */
  | { kind: 'issue'; repository: number; issue: number; comment?: number };
