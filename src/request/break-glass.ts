/** Break-glass: a start without approval where the policy allows it, and the after-review that somebody else must sign. */
import { formatDuration } from '../policy/duration.ts';
import type { Verdict } from '../policy/evaluate.ts';
import { expandMembers } from '../policy/people.ts';
import { mayBreakGlass } from '../policy/requesters.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { excludedPersons } from './asked.ts';
import { type Leaver, withoutLeft } from './leavers.ts';
import { oneOfNames, someNames } from './names.ts';
import type { Request } from './request.ts';
import type { OpenedState, Review } from './state.ts';

/** The after-review of a break-glass whose debug job has started. */
export interface DueReview {
  /** Keys of those who may sign, in the policy's order; never the requester nor whoever the run belongs to. */
  by: string[];
  /** ms since 1970, counted from GitHub's time of the start record. */
  dueAt: number;
  signed: Review | null;
  /** Whether a record says that it was not signed in time. */
  overdue: boolean;
}

/**
 * The verdict of a request that breaks the glass: met at once where the policy (as of the opening) allows it, else blocked.
 * `approvals` are keys of those who approve it all the same, which changes nothing but the words.
 */
export function breakGlassVerdict(policy: Policy, request: Request, approvals: readonly string[]): Verdict {
  const { breakGlass } = policy;
  if (breakGlass === null) return blocked('The policy has no `break-glass`.');
  const permission = mayBreakGlass(policy, request.requester.person, request.runbook, request.target);
  if (!permission.ok) return blocked(permission.message);
  if ([...request.reason.trim()].length < breakGlass.minLength) {
    return blocked(`Its reason must have at least ${breakGlass.minLength} characters.`);
  }
  const reviewers = oneOfNames(policy, reviewersOf(policy, request));
  const who = reviewers === '' ? 'nobody else is left to sign' : `${reviewers} must sign`;
  const within = formatDuration(breakGlass.review.withinSeconds);
  return {
    status: 'met',
    sentence: `Break-glass: ${approvals.length === 0 ? 'nobody' : `only ${someNames(policy, approvals)}`} approved beforehand; ${who} the after-review within ${within} of the start.`,
    children: [],
  };
}

function blocked(why: string): Verdict {
  return { status: 'blocked', sentence: `Break-glass is not allowed here. ${why}`, children: [] };
}

/** Those who may sign the after-review of this request, in the policy's order; `policy` is as of the opening. */
export function reviewersOf(policy: Policy, request: Request): string[] {
  const excluded = excludedPersons(request);
  return expandMembers(policy, policy.breakGlass?.review.by ?? []).filter((person) => !excluded.includes(person));
}

/**
 * The after-review of this request; null where none is due: no break-glass, or nothing has started. How it ended is the debug
 * job's own word, hence no reason to look away. `leavers` may not sign
 * by the groups that they left.
 */
export function reviewOf(policy: Policy, state: OpenedState, leavers: readonly Leaver[] = []): DueReview | null {
  const { breakGlass } = policy;
  const { opening } = state;
  if (breakGlass === null || !opening.request.breakGlass || !('start' in state)) return null;
  const { withinSeconds } = breakGlass.review;
  return {
    by: reviewersOf(withoutLeft(policyAsOf(policy, opening), leavers), opening.request),
    dueAt: Date.parse(state.start.at) + withinSeconds * 1000,
    signed: state.review,
    overdue: state.overdue,
  };
}

/** A word is two letters of any script, one after the other. */
const WORD = /\p{L}\p{M}*\p{L}/u;

/** Whether an after-review says anything of what was found. */
export function saysSomething(comment: string): boolean {
  return WORD.test(comment);
}

/** Whether somebody may sign the after-review now: it is due, the job has ended, and nobody signed it yet. */
export function isReviewable(policy: Policy, state: OpenedState): boolean {
  if (state.status !== 'finished' && state.status !== 'failed') return false;
  return reviewOf(policy, state) !== null && state.review === null;
}

/** Whether this person is one of those who may sign it; `left` are the groups that they have left since the opening. */
export function mayReview(policy: Policy, state: OpenedState, person: string, left: readonly string[] = []): boolean {
  return reviewOf(policy, state, [{ person, left }])?.by.includes(person) === true;
}
