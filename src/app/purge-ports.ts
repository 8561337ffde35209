/** What a purge asks of GitHub and Slack. Failures are thrown as a Fault; what is gone already is no failure. */
import type { Card, EventOf } from '../request/events.ts';
import type { Fault } from './fault.ts';
import type { IssueSnapshot } from './issue-snapshot.ts';

export type Thing = EventOf<'purge'>['items'][number];

/** An issue as a list of marked ones tells of it. */
export interface MarkedIssue {
  number: number;
  /** By which GitHub's GraphQL finds it. */
  id: string;
  labels: string[];
}

/** An issue with what a change of its labels needs. */
export type PurgeIssue = IssueSnapshot & { id: string; labelIds: Record<string, string> };

/** Calls for many issues at once, so that ten of them cost as much as one. */
export interface SharedOnGithub {
  /**
   * Closed issues with a label that were opened by that time (RFC 3339), the oldest first; asked for all labels at once. None that a
   * person opened is among them. `more`: there are so many that the list ends before the last.
   */
  marked(wanted: readonly { label: string; openedBy: string }[]): Promise<{ issues: MarkedIssue[]; more: boolean }>;
  /** The bodies of the issues that somebody holds. */
  held(): Promise<string[]>;
  /** At one instant, each with all that stands on it; what does not exist any more is left out. */
  issues(ids: readonly string[]): Promise<PurgeIssue[]>;
  /** One comment for each issue, past its lock, sent once. Gives for each its id, or why it may not be there. */
  write(comments: readonly { issue: string; body: string }[]): Promise<(number | Fault)[]>;
  /** Takes labels away, by their ids, and locks the issues again. May be repeated. */
  settle(issues: readonly { issue: string; labels: readonly string[] }[]): Promise<void>;
  /** The runs by id, each with its latest attempt; `opened` are about their times of creation (RFC 3339). Runs that are gone are left out. */
  runs(wanted: readonly { id: number; opened: string }[]): Promise<Map<number, { attempt: number; over: boolean }>>;
  /** The artifacts of that name of these runs, by run. */
  artifacts(name: string, runs: readonly number[]): Promise<Map<number, { id: number; digest: string | null }>>;
  /** The hash of a run's logs; null: there are none any more. */
  logs(run: { id: number; attempt: number }): Promise<string | null>;
  deleteArtifact(id: number): Promise<void>;
  /** The logs of all attempts of a run. */
  deleteLogs(run: number): Promise<void>;
}

/** What the app itself wrote, and nothing of anybody else. */
export interface SharedInSlack {
  /** The card and what the app wrote or uploaded into its thread, as it stands now. A card that was made a tombstone is left out. */
  thread(card: Card): Promise<Thing[]>;
  /** Puts these words in the place of the card. */
  bury(card: Card, text: string): Promise<void>;
  deleteMessage(channel: string, ts: string): Promise<void>;
  deleteFile(id: string): Promise<void>;
}
