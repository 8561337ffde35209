/** What people are shown of a request: one plain description that card, issue, job log and summary are drawn from. */
import type { Verdict } from '../policy/evaluate.ts';
import type { Request } from './request.ts';
import type { Status } from './state.ts';

type SlackAccount = { team: string; user: string };

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
  requester: { name: string; slack: SlackAccount | null };
  /** Whether she asked in Slack, and the gateway began the run for her. */
  askedInSlack: boolean;
  /** What the approvals amount to under the policy; null where the request ended without enough of them. */
  verdict: Verdict | null;
  /** How an approval is given in Slack. */
  mode: 'dialog' | 'one-click';
  /** What whoever approves must have checked. */
  checklist: string[];
  /** How many people must deny to end it. */
  denialsNeeded: number;
  /** The decisions that count so far and the approvals that were withdrawn, oldest first. */
  decisions: { name: string; decision: 'approve' | 'deny' | 'withdraw'; comment: string; at: string }[];
  /**
   * Those who may still decide, their Slack users where there is one, whether a decision of theirs counts already, and whether
   * they are pinged by now.
   */
  approvers: { name: string; slack: SlackAccount | null; decided: boolean; pinged: boolean }[];
  /** The after-review of a break-glass that has started, by whose names; null: none is due. `dueAt` and `at` are RFC 3339. */
  review: {
    dueAt: string;
    by: string[];
    signed: { name: string; at: string; comment: string } | null;
    overdue: boolean;
  } | null;
  notices: string[];
  /** How it stands or ended, in words of ours; null while it waits for decisions. */
  outcome: string | null;
  /** What follows the outcome in words of others (a denial's reason, an error's message), not yet inert; null: nothing. */
  detail: string | null;
  /** What a button carries so that any listener can record the decision; null while no buttons may stand. */
  button: string | null;
  /** The same once nobody is asked any more: whoever still replies below the card is answered. Left out while the request is pending. */
  reference?: string;
}
