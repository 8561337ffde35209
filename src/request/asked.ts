/** What is fixed about a request from its opening on: until when it counts, who may not approve it, what the rules look at. */
import type { Ask } from '../policy/evaluate.ts';
import type { Request } from './request.ts';
import type { CountedDecision } from './state.ts';

/** True once the request's time is over: from `expiresAt` on neither a decision nor a start counts. */
export function isOver(expiresAt: string, at: string | number): boolean {
  const instant = typeof at === 'number' ? at : Date.parse(at);
  return !(instant < Date.parse(expiresAt));
}

/** Persons who may not approve: the requester and whoever the run belongs to, when the policy knows them. */
export function excludedPersons(request: {
  requester: { person: string };
  actor: { person: string | null };
}): string[] {
  const persons = [request.requester.person, request.actor.person].filter((person) => person !== null);
  return [...new Set(persons)];
}

/** What the rules of a policy look at of a request. */
export function askOf(request: Request): Ask {
  const { runbook, target, urgency, requester, inputs, askedAt } = request;
  return { runbook, target, urgency, requester: requester.person, inputs, askedAt, excluded: excludedPersons(request) };
}

/** The same once people have decided: whoever denied approves nothing any more, hence is none of those who still could. */
export function askSince(request: Request, decisions: readonly CountedDecision[]): Ask {
  const ask = askOf(request);
  const deniers = decisions.filter(({ decision }) => decision === 'deny').map(({ person }) => person);
  return { ...ask, excluded: [...new Set([...ask.excluded, ...deniers])] };
}
