/** Judges which decisions count and what they amount to: the same for whoever decides, writes and reads. */
import { eligibleApprovers, evaluate, type Verdict } from '../policy/evaluate.ts';
import { denialsNeeded } from '../policy/modes.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { askOf, askSince, isOver } from './asked.ts';
import { breakGlassVerdict } from './break-glass.ts';
import type { EventOf } from './events.ts';
import { withoutLeft } from './leavers.ts';
import { mannerFault } from './manner.ts';
import { someNames } from './names.ts';
import type { CountedDecision, OpenState } from './state.ts';

/**
 * True when this person was asked when the request was opened and the policy lets them decide on it; `left` are the
 * groups from a directory that they have left since.
 */
export function mayDecide(
  policy: Policy,
  { opening }: { opening: EventOf<'requested'> },
  person: string,
  left: readonly string[] = [],
): boolean {
  const now = withoutLeft(policyAsOf(policy, opening), [{ person, left }]);
  return opening.approvers.includes(person) && eligibleApprovers(now, askOf(opening.request)).includes(person);
}

/** A decision as its record has it, of which nobody said yet that it counts. */
export interface Claimed extends CountedDecision {
  /** Hash of what a dialog showed, and the items ticked. */
  shown: string | null;
  checklist: readonly string[];
}

/**
 * Judged anew by every reader, whatever the writer thought: in time, by somebody eligible then and now, one human once, an
 * approval in the manner that the policy wants. Who denied decides nothing more; who approved may still deny.
 */
export function counts(policy: Policy, state: OpenState, decision: Claimed): boolean {
  const { person, left } = decision;
  if (isOver(state.opening.request.expiresAt, decision.at)) return false;
  if (decision.by.person !== person || !mayDecide(policy, state, person, left)) return false;
  const before = decisionOf(state, person);
  if (decision.decision === 'deny') return before !== 'deny';
  return before === null && mannerFault(policy, state.opening, { ...decision, via: decision.by.via }) === null;
}

/** How this person's decision counts so far; null: none does. */
export function decisionOf({ decisions }: Pick<OpenState, 'decisions'>, person: string): 'approve' | 'deny' | null {
  return decisions.find((one) => one.person === person)?.decision ?? null;
}

/** The verdict over the decisions that count, each without the groups that its author had left; nobody waits for whoever denied. */
export function verdictOver(
  policy: Policy,
  opening: EventOf<'requested'>,
  decisions: readonly CountedDecision[],
): Verdict {
  const { request } = opening;
  const then = policyAsOf(policy, opening);
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const persons = approvals.map(({ person }) => person);
  if (request.breakGlass) return breakGlassVerdict(then, request, persons);
  const verdict = evaluate(withoutLeft(then, approvals), askSince(request, decisions), persons);
  const deniers = decisions.filter(({ decision }) => decision === 'deny').map(({ person }) => person);
  if (verdict.status !== 'blocked' || deniers.length === 0) return verdict;
  return { ...verdict, sentence: `${someNames(then, deniers)} denied. ${verdict.sentence}` };
}

/** How many people must deny this request to end it. */
export function denialsFor(policy: Policy, opening: EventOf<'requested'>): number {
  return denialsNeeded(policyAsOf(policy, opening), askOf(opening.request));
}

/** Whether these persons, each counted once, are enough to deny the request. */
export function isDenied(policy: Policy, opening: EventOf<'requested'>, deniers: readonly string[]): boolean {
  return new Set(deniers).size >= denialsFor(policy, opening);
}
