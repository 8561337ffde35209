/** Says who may ask for a runbook, who may break the glass for it, and what the words of a request must be like. */
import { shown } from './inputs.ts';
import { lookup } from './lookup.ts';
import { expandMembers, isAmong, nameOf, namesOf } from './people.ts';
import { MAX_TEXT } from './runbook-schema.ts';
import { asWritten } from './safe-pattern.ts';
import type { Policy } from './schema.ts';

export type Permission = { ok: true } | { ok: false; message: string; remedy: string };

/** Whether this person (a key of the policy) may ask for this runbook on this target: both may say who. */
export function mayRequest(policy: Policy, person: string, runbook: string, target: string): Permission {
  const found = lookup(policy.runbooks, runbook);
  if (found === null) {
    const message = `The policy has no runbook ${shown(runbook)}.`;
    return { ok: false, message, remedy: 'Ask for a runbook that the policy has.' };
  }
  const place = lookup(policy.targets, target);
  if (place === null) {
    const message = `The policy has no target ${shown(target)}.`;
    return { ok: false, message, remedy: 'Ask for a target that the policy has.' };
  }
  const lists = [
    { what: `request ${runbook}`, who: found.requesters ?? policy.requesters },
    ...(place.requesters === undefined ? [] : [{ what: `request anything on ${target}`, who: place.requesters }]),
  ];
  const missed = lists.find(({ who }) => !isAmong(policy, who, person));
  if (missed === undefined) return { ok: true };
  return {
    ok: false,
    message: `${nameOf(policy, person)} may not ${missed.what}: the policy lets only ${whoText(policy, missed.who)}.`,
    remedy: 'Let one of them ask, or change `requesters` in the policy.',
  };
}

/** Everybody (keys of people, in the policy's order) who may ask for this runbook on this target. */
export function requestersOf(policy: Policy, runbook: string, target: string): string[] {
  return Object.keys(policy.people).filter((person) => mayRequest(policy, person, runbook, target).ok);
}

/** Whether this person may start this runbook on this target without approval. Whether they may ask for it at all is judged apart. */
export function mayBreakGlass(policy: Policy, person: string, runbook: string, target: string): Permission {
  const { breakGlass } = policy;
  const remedy = 'Ask without break-glass, or change `break-glass` in the policy.';
  if (breakGlass === null) {
    return { ok: false, message: 'The policy has no `break-glass`: nobody may start without approval.', remedy };
  }
  const { who, targets, runbooks } = breakGlass;
  const problem = [
    isAmong(policy, who, person)
      ? null
      : `${nameOf(policy, person)} may not break the glass: the policy lets only ${whoText(policy, who)}.`,
    elsewhere('runbook', runbook, runbooks),
    elsewhere('target', target, targets),
  ].find((one) => one !== null);
  return problem === undefined || problem === null ? { ok: true } : { ok: false, message: problem, remedy };
}

function elsewhere(what: string, asked: string, allowed: readonly string[] | null): string | null {
  if (allowed === null || allowed.includes(asked)) return null;
  return `The policy has no break-glass for the ${what} ${shown(asked)}; allowed: ${allowed.join(', ')}.`;
}

function whoText(policy: Policy, who: readonly string[]): string {
  return `${who.join(', ')} do so (${namesOf(policy, expandMembers(policy, who)) || 'nobody'})`;
}

/** What is wrong with a request's reason and ticket; the ticket is `''` where none was given. */
export function wordsProblems(
  policy: Policy,
  words: { reason: string; ticket: string; breakGlass: boolean },
): string[] {
  return [reasonProblem(policy, words), ticketProblem(policy, words.ticket)].filter((one) => one !== null);
}

/** A word is two letters of any script, one after the other. */
const WORD = /\p{L}\p{M}*\p{L}/u;

/** What is wrong with the reason; null: nothing. */
export function reasonProblem(policy: Policy, words: { reason: string; breakGlass: boolean }): string | null {
  const broken = words.breakGlass ? (policy.breakGlass?.minLength ?? 0) : 0;
  const least = Math.max(policy.reason.minLength, broken);
  const advice = 'say what is wrong and what you want to find out.';
  if ([...words.reason.trim()].length < least) {
    const of = broken === least ? 'The reason of a break-glass' : 'The reason';
    return `${of} must have at least ${least} characters: ${advice}`;
  }
  return WORD.test(words.reason) ? null : `The reason must hold at least one word of two letters: ${advice}`;
}

/** What is wrong with the ticket; null: nothing. */
export function ticketProblem(policy: Policy, ticket: string): string | null {
  const { required, pattern } = policy.ticket;
  if (ticket === '')
    return required ? `A ticket is required${pattern ? `; it must match ${asWritten(pattern)}` : ''}.` : null;
  if (ticket.length > MAX_TEXT) return `The ticket must have at most ${MAX_TEXT} characters, not ${ticket.length}.`;
  if (pattern === null || pattern.test(ticket)) return null;
  return `The ticket ${shown(ticket)} does not match the pattern ${asWritten(pattern)}.`;
}
