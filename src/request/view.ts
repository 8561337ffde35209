/** What people are shown of a request: one plain description that card, issue, job log and summary are drawn from. */
import type { Verdict } from '../policy/evaluate.ts';
import type { Request } from './request.ts';
import type { Status } from './state.ts';

export interface RequestView {
  status: Status;
  request: Request;
  digest: string;
  /** `owner/name`. */
  repository: string;
  issue: { number: number; url: string };
  runUrl: string;
  /** The runbook's title and, where its first argument is a file of the repository, a link to that file at the commit. */
  runbook: { title: string; url: string | null };
  /** The requester's name for people, and her Slack user if the policy links one. */
  requester: { name: string; slack: { team: string; user: string } | null };
  verdict: Verdict;
  /** The decisions that count so far, oldest first. */
  decisions: { name: string; decision: 'approve' | 'deny'; comment: string; at: string }[];
  /** Names of those who may decide. */
  approvers: string[];
  notices: string[];
  /** How it ended, as one sentence; null while it is open. */
  outcome: string | null;
  /** What a button carries so that any listener can record the decision; null while no buttons may stand. */
  button: string | null;
}
