/** A request: exactly what somebody asks to run, and the digest that everybody approves. */
import * as v from 'valibot';
import { sha256OfCanonical } from '../log/canonical.ts';

const Text = v.string();
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Sha = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));

/** `sha256:` and 64 hex digits. */
export const Digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
/** RFC 3339 in UTC with whole seconds, as GitHub writes times: `2026-01-31T12:00:00Z`. */
export const Instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/),
);
/** `repository_id/run_id/run_attempt`. */
export const RequestId = v.pipe(v.string(), v.regex(/^[1-9]\d*\/[1-9]\d*\/[1-9]\d*$/));

/** A GitHub account as GitHub names it; `person` is the policy's key for the human behind it, null when the policy has none. */
export const Account = v.strictObject({ id: Count, login: Text, person: v.nullable(Text) });
export type Account = v.InferOutput<typeof Account>;

export const Urgency = v.picklist(['low', 'normal', 'high']);
export type Urgency = v.InferOutput<typeof Urgency>;

export const InputValue = v.union([v.string(), v.number(), v.boolean()]);
export type InputValue = v.InferOutput<typeof InputValue>;

/**
 * All that the digest covers, in the words of DESIGN §4 rule 1. `type` and `v` keep it from ever being
 * mistaken for another document. Free text (`reason`, `ticket`, text inputs) is already redacted here.
 */
export const Request = v.strictObject({
  type: v.literal('debug-approval/request'),
  v: v.literal(1),
  id: RequestId,
  repositoryId: Count,
  run: v.strictObject({ id: Count, attempt: Count }),
  commit: Sha,
  workflow: Text,
  policy: v.strictObject({ path: Text, commit: Sha, blob: Sha }),
  runbook: Text,
  argv: v.array(Text),
  inputs: v.record(v.string(), InputValue),
  target: Text,
  environment: Text,
  /** Who asked: `github.triggering_actor` of the run. */
  requester: v.strictObject({ id: Count, login: Text, person: Text }),
  /** Who the run belongs to: `github.actor`; another person than the requester after a re-run. */
  actor: Account,
  reason: Text,
  ticket: Text,
  urgency: Urgency,
  breakGlass: v.boolean(),
  /** How long the debug job may run, in seconds. */
  window: Count,
  /** When it was asked: rules that name times look at it. */
  askedAt: Instant,
  /** After this instant neither a decision nor a start counts. */
  expiresAt: Instant,
  /** The version of this action that asked, as its package.json has it. */
  version: Text,
});
export type Request = v.InferOutput<typeof Request>;

/** The digest of a request: SHA-256 over its RFC 8785 canonical JSON, as `sha256:` and hex. */
export function requestDigest(request: Request): string {
  return sha256OfCanonical(request);
}

/** The id of the request that a run's attempt may open: `repository_id/run_id/run_attempt`. */
export function requestId(repositoryId: number, run: { id: number; attempt: number }): string {
  return `${repositoryId}/${run.id}/${run.attempt}`;
}
