/** The events of a request's log, version 1: what happened, in past tense, as the records hold it. */
import * as v from 'valibot';
import { SHARED_PARTS } from '../policy/retention.ts';
import { Digest, Request } from './request.ts';

const Text = v.string();
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const maybe = v.nullable;

/** Where a request's card stands in Slack. `team` is the workspace id, `ts` the message's timestamp, which is its id in `channel`. */
export const Card = v.strictObject({ team: Text, channel: Text, ts: Text });
export type Card = v.InferOutput<typeof Card>;

/** Who did something and by what way, with the ids that let an auditor find the deed again. */
export const Actor = v.strictObject({
  /** The policy's key for the human; null for a stranger or for the product itself. */
  person: maybe(Text),
  /** The name that people read. */
  name: Text,
  github: maybe(v.strictObject({ id: Count, login: Text })),
  slack: maybe(v.strictObject({ team: Text, user: Text })),
  via: v.picklist([
    'workflow',
    'slack-button',
    'slack-dialog',
    'slack-thread',
    'slash-command',
    'issue-comment',
    'gateway',
  ]),
  /** Message, action, trigger or comment ids. */
  evidence: v.record(v.string(), Text),
});
export type Actor = v.InferOutput<typeof Actor>;

/**
 * What a person may do to a request: approve or deny it, withdraw their own approval, cancel their own request, sign the
 * after-review of a break-glass.
 */
export const Deed = v.picklist(['approve', 'deny', 'withdraw', 'cancel', 'review']);
export type Deed = v.InferOutput<typeof Deed>;

/** Why an attempt was refused. */
export const RefusalCode = v.picklist([
  'unknown-person',
  'own-request',
  'not-eligible',
  'bot',
  'wrong-digest',
  'wrong-card',
  'already-decided',
  'not-open',
  'expired',
  /** Out of the group that made them an approver since the request was opened. */
  'left-group',
  /** The Slack account is deleted, a bot's, a guest's, of another workspace, or could not be looked up. */
  'account',
  /** The policy wants this approval to be given in the dialog. */
  'needs-dialog',
  /** The dialog did not show what the log says. */
  'not-shown',
  /** An item of the checklist is not ticked. */
  'checklist',
  /** There is no approval of theirs to withdraw. */
  'nothing-to-withdraw',
  /** Only the requester cancels. */
  'not-requester',
  /** There is no after-review to sign. */
  'no-review',
]);
export type RefusalCode = v.InferOutput<typeof RefusalCode>;

/** The opening: what is asked, who may decide, where the card is, and which requests came before. */
export const Requested = v.strictObject({
  type: v.literal('requested'),
  digest: Digest,
  request: Request,
  /** The policy's keys of everybody who may decide, as resolved when the request was opened. */
  approvers: v.array(Text),
  /** Who was in each group that comes from a directory, as the policy's keys, when the request was opened. */
  members: v.record(v.string(), v.array(Text)),
  /** Slack accounts found by verified e-mail, by person, where the policy allows that. */
  links: v.record(v.string(), v.strictObject({ team: Text, user: Text })),
  card: maybe(Card),
  /** Heads of the latest earlier requests, so that a whole deleted issue shows. */
  earlier: v.array(v.strictObject({ issue: Count, head: maybe(Digest), length: Count })),
  /** What the approver must know beyond the request, e.g. that an administrator may bypass the environment's rules. */
  notices: v.array(Text),
  /** Who waits for the decision; left out: the ask job itself. */
  wait: v.exactOptional(v.literal('gateway')),
  /** Asked in Slack, for which the gateway signed an envelope; each counts once. */
  envelope: v.exactOptional(v.strictObject({ jti: Text })),
});
export const Decided = v.strictObject({
  type: v.literal('decided'),
  decision: v.picklist(['approve', 'deny']),
  person: Text,
  comment: Text,
  /** Hash of what the approver was shown, where a dialog showed it. */
  shown: maybe(Digest),
  /** The checklist items that the approver ticked. */
  checklist: v.array(Text),
  /** Groups from a directory that the person had left by then: for these the decision does not count. */
  left: v.array(Text),
});
/** An approver took their own approval back before the job started. */
export const Withdrawn = v.strictObject({ type: v.literal('withdrawn'), person: Text, comment: Text });
/** Those who may still decide were reminded: the how manieth time, whom, and to which groups and people it was escalated. */
export const Reminded = v.strictObject({
  type: v.literal('reminded'),
  step: Count,
  people: v.array(Text),
  escalatedTo: v.array(Text),
});
/** What people wrote in the card's thread, masked, where the policy mirrors it. `ts` is the message's timestamp. */
export const Discussed = v.strictObject({
  type: v.literal('discussed'),
  messages: v.array(
    v.strictObject({ name: Text, slack: v.strictObject({ team: Text, user: Text }), ts: Text, text: Text }),
  ),
});
/** Somebody other than the requester signed the after-review of a break-glass. */
export const Reviewed = v.strictObject({ type: v.literal('reviewed'), person: Text, comment: Text });
/** The after-review was not signed in time; said once. */
export const ReviewOverdue = v.strictObject({ type: v.literal('review-overdue') });
/** Somebody tried what they may not do; only the first attempt of each person is recorded so. */
export const Refused = v.strictObject({
  type: v.literal('refused'),
  code: RefusalCode,
  decision: Deed,
  /** `github:<id>` or `slack:<team>/<user>`: the account, since a stranger has no person. */
  account: Text,
});
/** Further refused attempts since, per account, written along with the next record. */
export const RefusalsCounted = v.strictObject({
  type: v.literal('refusals-counted'),
  counts: v.record(v.string(), Count),
});
export const Started = v.strictObject({
  type: v.literal('started'),
  digest: Digest,
  run: v.strictObject({ id: Count, attempt: Count }),
  checkRun: maybe(Text),
  environment: Text,
});
/**
 * How a started job ended: by its command's exit or a signal; because its window was over; because the run was cancelled;
 * `interrupted` when nobody was left to say; `spawn-failed` when the command could not be started; `refused` when a denial
 * came to light between the start record and the command.
 */
export const EndReason = v.picklist([
  'exit',
  'signal',
  'window',
  'cancelled',
  'interrupted',
  'spawn-failed',
  'refused',
  'steps',
]);
export type EndReason = v.InferOutput<typeof EndReason>;
export const Ended = v.strictObject({
  type: v.literal('ended'),
  outcome: v.picklist(['finished', 'failed']),
  reason: EndReason,
  exitCode: maybe(v.pipe(v.number(), v.integer())),
  signal: maybe(Text),
  durationMs: maybe(Count),
  /** Bytes that the command wrote, before masking. */
  bytes: maybe(Count),
  /** `sha256:` of the masked transcript. */
  transcript: maybe(Digest),
  redactions: v.record(v.string(), Count),
});
export const Expired = v.strictObject({ type: v.literal('expired') });
export const Cancelled = v.strictObject({ type: v.literal('cancelled'), reason: Text });
/** Something went wrong that nobody decided; nothing runs any more. */
export const Errored = v.strictObject({ type: v.literal('errored'), code: Text, message: Text });

const Part = v.picklist(SHARED_PARTS);
/** Something shared: `id` finds it where it is (a message's `channel/ts`, a file's, an artifact's, `run/attempt`). */
const shared = {
  kind: v.picklist(['card', 'message', 'file', 'transcript', 'run-logs']),
  id: Text,
};
/** What of the things named is about to be deleted, with hashes of them; written before anything goes. null: nobody could tell. */
export const Purge = v.strictObject({
  type: v.literal('purge'),
  parts: v.array(Part),
  items: v.array(v.strictObject({ ...shared, sha256: maybe(Digest) })),
});
/** The receipt: what went and what could not go, and why (empty for what went). `parts`: of these nothing is left to be done. */
export const Purged = v.strictObject({
  type: v.literal('purged'),
  parts: v.array(Part),
  items: v.array(v.strictObject({ ...shared, gone: v.boolean(), why: Text })),
});

export const Event = v.variant('type', [
  Requested,
  Decided,
  Withdrawn,
  Reminded,
  Discussed,
  Reviewed,
  ReviewOverdue,
  Refused,
  RefusalsCounted,
  Started,
  Ended,
  Expired,
  Cancelled,
  Errored,
  Purge,
  Purged,
]);
export type Event = v.InferOutput<typeof Event>;
export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;
