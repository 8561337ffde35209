/** What a purge carries from step to step: its place, a request on its way, and the word on what became of it. */
import type { Retention, SharedPart } from '../policy/retention.ts';
import type { EventOf } from '../request/events.ts';
import type { Desk } from './desk.ts';
import type { Budget } from './purge-budget.ts';
import type { Look } from './purge-look.ts';
import type { PurgeIssue, SharedInSlack, SharedOnGithub } from './purge-ports.ts';
import type { Reading } from './reading.ts';

export interface PurgePlace {
  desk: Desk;
  github: SharedOnGithub;
  /** null: the job has no Slack token. */
  slack: SharedInSlack | null;
  retention: Retention;
  /** Runs of which some request is on hold: their logs stay. */
  heldRuns: ReadonlySet<number>;
  budget: Budget;
}

/** What became of one request. `left`: the next sweep goes on with it. */
export interface PurgedRequest {
  issue: number;
  url: string;
  done: boolean;
  note: string;
}

/** One request on its way through a batch. */
export interface Case {
  issue: PurgeIssue;
  reading: Reading;
  parts: SharedPart[];
  found: Look;
  /** The receipt's event, once what is on record was deleted. */
  receipt: EventOf<'purged'> | null;
}

export type Tell = (issue: PurgeIssue, note: string, done?: boolean) => void;
