/** When those who may still decide are reminded, and when the others are asked too. Pure: the time is data. */
import { eligibleApprovers, evaluate } from '../policy/evaluate.ts';
import { pingedAtFirst } from '../policy/modes.ts';
import { expandMembers } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import type { DueReminder } from './command.ts';
import { decisionOf } from './counting.ts';
import { withoutLeft } from './leavers.ts';
import { askOf, isOver, type OpenedState } from './state.ts';

/**
 * The reminder that is due now (ms since 1970); null: none. Reminder n is due `after * (2^n - 1)` after the request was
 * asked, so that pauses double; of several that nobody sent the last one is. The escalation is due once.
 */
export function dueReminder(policy: Policy, state: OpenedState, now: number): DueReminder | null {
  const due = dueAt(policy, state, now);
  if (due === null) return null;
  const people = audience(policy, state, due.escalated).filter((person) => canHelp(policy, state, person));
  return people.length === 0 ? null : { step: due.step, people, escalatedTo: due.escalatedTo };
}

/** When the next reminder or the escalation is due, in ms since 1970 (it may be over already); null: never again. */
export function nextReminderAt(policy: Policy, state: OpenedState): number | null {
  const next = times(policy, state).find((time) => {
    const due = dueAt(policy, state, time);
    return due !== null && audience(policy, state, due.escalated).some((person) => canHelp(policy, state, person));
  });
  return next ?? null;
}

/** Everybody (keys of people) who is pinged by now: at first, and since the escalation those to whom it went too. */
export function pingedBy(policy: Policy, state: OpenedState): string[] {
  const { request, approvers } = state.opening;
  // Whom a break-glass passes over learns of it at once.
  if (request.breakGlass) return approvers;
  return loud(policyAsOf(policy, state.opening), state, escalationDone(state));
}

interface Due {
  step: number;
  escalatedTo: string[];
  /** Whether those of the escalation are asked by then. */
  escalated: boolean;
}

function dueAt(policy: Policy, state: OpenedState, now: number): Due | null {
  const { askedAt, expiresAt } = state.opening.request;
  if (state.status !== 'pending' || isOver(expiresAt, now)) return null;
  const { escalation } = policy;
  const last = lastStep(state);
  const passed = stepTimes(policy, askedAt).filter((time) => time <= now).length;
  const step = Math.max(last, passed);
  const done = escalationDone(state);
  const escalates = escalation !== null && !done && Date.parse(askedAt) + escalation.afterSeconds * 1000 <= now;
  if (step === last && !escalates) return null;
  return { step, escalatedTo: escalates ? escalation.to : [], escalated: done || escalates };
}

/** The times of all reminders and of the escalation, earliest first, whether or not somebody sent them already. */
function times(policy: Policy, { opening }: OpenedState): number[] {
  const { askedAt } = opening.request;
  const { escalation } = policy;
  const escalated = escalation === null ? [] : [Date.parse(askedAt) + escalation.afterSeconds * 1000];
  return [...stepTimes(policy, askedAt), ...escalated].sort((a, b) => a - b);
}

function stepTimes({ reminders }: Policy, askedAt: string): number[] {
  if (reminders === null) return [];
  const { afterSeconds, times: most } = reminders;
  return Array.from({ length: most }, (_, n) => Date.parse(askedAt) + afterSeconds * 1000 * (2 ** (n + 1) - 1));
}

function lastStep({ reminders }: OpenedState): number {
  return Math.max(0, ...reminders.map(({ step }) => step));
}

function escalationDone({ reminders }: OpenedState): boolean {
  return reminders.some(({ escalatedTo }) => escalatedTo.length > 0);
}

/** Those to be reminded whose decision does not count yet. */
function audience(policy: Policy, state: OpenedState, escalated: boolean): string[] {
  return loud(policyAsOf(policy, state.opening), state, escalated).filter(
    (person) => decisionOf(state, person) === null,
  );
}

/** Who may decide and is pinged. The escalation names people by intent: it pings those too who are quiet else. */
function loud(policy: Policy, { opening }: OpenedState, escalated: boolean): string[] {
  const ask = askOf(opening.request);
  const may = eligibleApprovers(policy, ask);
  const { pinged } = pingedAtFirst(policy, ask);
  const later = escalated ? expandMembers(policy, policy.escalation?.to ?? []) : [];
  return opening.approvers.filter(
    (person) => may.includes(person) && (pinged.includes(person) || later.includes(person)),
  );
}

/** Whether one more approval by this person would bring the request any further. */
function canHelp(policy: Policy, { opening, decisions, verdict }: OpenedState, person: string): boolean {
  if (verdict.status !== 'waiting') return false;
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const then = withoutLeft(policyAsOf(policy, opening), approvals);
  const persons = [...approvals.map((one) => one.person), person];
  // Who could take no seat that is still free changes nothing in the tree.
  return JSON.stringify(evaluate(then, askOf(opening.request), persons)) !== JSON.stringify(verdict);
}
