/** Says who may ask for a runbook, and what the words of a request must be like. */
import { shown } from './inputs.ts';
import { lookup } from './lookup.ts';
import { expandMembers, nameOf, namesOf } from './people.ts';
import { MAX_TEXT } from './runbook-schema.ts';
import { asWritten } from './safe-pattern.ts';
import type { Policy } from './schema.ts';

export type Permission = { ok: true } | { ok: false; message: string; remedy: string };

/** Whether this person (a key of the policy) may ask for this runbook. */
export function mayRequest(policy: Policy, person: string, runbook: string): Permission {
  const found = lookup(policy.runbooks, runbook);
  if (found === null) {
    const message = `The policy has no runbook ${shown(runbook)}.`;
    return { ok: false, message, remedy: 'Ask for a runbook that the policy has.' };
  }
  const requesters = found.requesters ?? policy.requesters;
  const allowed = expandMembers(policy, requesters);
  if (allowed.includes(person) && Object.hasOwn(policy.people, person)) return { ok: true };
  return {
    ok: false,
    message: `${nameOf(policy, person)} may not request ${runbook}: the policy lets only ${requesters.join(', ')} do so (${namesOf(policy, allowed)}).`,
    remedy: 'Let one of them ask, or change `requesters` in the policy.',
  };
}

/** What is wrong with a request's reason and ticket; the ticket is `''` where none was given. */
export function wordsProblems(policy: Policy, words: { reason: string; ticket: string }): string[] {
  const problems: string[] = [];
  const least = policy.reason.minLength;
  if ([...words.reason.trim()].length < least) {
    problems.push(
      `The reason must have at least ${least} characters: say what is wrong and what you want to find out.`,
    );
  }
  const problem = ticketProblem(policy, words.ticket);
  if (problem !== null) problems.push(problem);
  return problems;
}

function ticketProblem(policy: Policy, ticket: string): string | null {
  const { required, pattern } = policy.ticket;
  if (ticket === '')
    return required ? `A ticket is required${pattern ? `; it must match ${asWritten(pattern)}` : ''}.` : null;
  if (ticket.length > MAX_TEXT) return `The ticket must have at most ${MAX_TEXT} characters, not ${ticket.length}.`;
  if (pattern === null || pattern.test(ticket)) return null;
  return `The ticket ${shown(ticket)} does not match the pattern ${asWritten(pattern)}.`;
}
