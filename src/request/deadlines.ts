/** When those who may still decide are reminded, and when the others are asked too. Pure: the time is data. */
import { eligibleApprovers, evaluate, rulesFor } from '../policy/evaluate.ts';
import { pingedAtFirst } from '../policy/modes.ts';
import { expandMembers } from '../policy/people.ts';
import { countsIn } from '../policy/requirement.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { askSince } from './asked.ts';
import type { DueReminder } from './command.ts';
import { withoutLeft } from './leavers.ts';
import { askOf, isOver, type OpenedState } from './state.ts';

/**
 * The reminder that is due now (ms since 1970); null: none. Reminder n is due `after * (2^n - 1)` after the request was
 * asked, so that pauses double; of several that nobody sent the last one is. The escalation is due once.
 */
export function dueReminder(policy: Policy, state: OpenedState, now: number): DueReminder | null {
  const due = dueAt(policy, state, now);
  if (due === null) return null;
  const people = audience(policy, state, due.escalated);
  return people.length === 0 ? null : { step: due.step, people, escalatedTo: due.escalatedTo };
}

/** When the next reminder or the escalation is due, in ms since 1970 (it may be over already); null: never again. */
export function nextReminderAt(policy: Policy, state: OpenedState): number | null {
  // Of all times at most these two: the first at which anything is due, and the first from the escalation on.
  const dues = times(policy, state).map((time) => ({ time, due: dueAt(policy, state, time) }));
  const firsts = [false, true].flatMap((escalated) => dues.find(({ due }) => due?.escalated === escalated) ?? []);
  return firsts.find(({ due }) => audience(policy, state, due?.escalated === true).length > 0)?.time ?? null;
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

/** Those to be reminded: whose decision does not count yet, and whose approval would bring the request any further. */
function audience(policy: Policy, state: OpenedState, escalated: boolean): string[] {
  if (state.verdict.status !== 'waiting') return [];
  const decided = new Set(state.decisions.map(({ person }) => person));
  const asked = loud(policyAsOf(policy, state.opening), state, escalated).filter((person) => !decided.has(person));
  return asked.filter(helpers(policy, state));
}

/** Who may decide and is pinged. The escalation names people by intent: it pings those too who are quiet else. */
function loud(policy: Policy, { opening }: OpenedState, escalated: boolean): string[] {
  const ask = askOf(opening.request);
  const may = new Set(eligibleApprovers(policy, ask));
  const later = escalated ? expandMembers(policy, policy.escalation?.to ?? []) : [];
  const pinged = new Set([...pingedAtFirst(policy, ask).pinged, ...later]);
  return opening.approvers.filter((person) => may.has(person) && pinged.has(person));
}

/**
 * Tells whether one more approval by a person who decided nothing yet would bring a waiting request any further. People
 * whom the rules do not tell apart are judged once: a look at a request with a thousand approvers must stay quick.
 */
function helpers(policy: Policy, { opening, decisions, verdict }: OpenedState): (person: string) => boolean {
  const ask = askSince(opening.request, decisions);
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const then = withoutLeft(policyAsOf(policy, opening), approvals);
  const before = JSON.stringify(verdict);
  // Who could take no seat that is still free changes nothing in the tree.
  const changes = (person: string) =>
    JSON.stringify(evaluate(then, ask, [...approvals.map((one) => one.person), person])) !== before;
  const counts = rulesFor(then, ask).flatMap(({ require }) => (require === 'none' ? [] : countsIn(require)));
  const seats = counts.map(({ of }) => new Set(expandMembers(then, of)));
  const known = new Map<string, boolean>();
  return (person) => {
    const kind = seats.map((members) => (members.has(person) ? '1' : '0')).join('');
    const helps = known.get(kind) ?? changes(person);
    known.set(kind, helps);
    return helps;
  };
}
