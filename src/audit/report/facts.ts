/** What a request's own page says was asked, as its opening has it. */
import { lookup } from '../../policy/lookup.ts';
import { nameOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import type { EventOf } from '../../request/events.ts';
import { commandLine, inputLines, visible } from '../../request/plain-text.ts';
import type { ReportedEntry } from './summary.ts';

/** Name and value of something a request's own page says, none of it longer than the log has it. */
export type Fact = [name: string, value: string];

/** The opening among these records; null: there is none. */
export function openingIn(entries: readonly ReportedEntry[]): EventOf<'requested'> | null {
  return entries.flatMap(({ record }) => record.events).find((event) => event.type === 'requested') ?? null;
}

/** What the opening asks; names as the policy has them, where it could be read. */
export function factsOf(policy: Policy | null, entries: readonly ReportedEntry[]): Fact[] {
  const opening = openingIn(entries);
  if (opening === null) return [];
  const { request, digest } = opening;
  const { person, login, id } = request.requester;
  const title = policy === null ? undefined : lookup(policy.runbooks, request.runbook)?.title;
  const facts: Fact[] = [
    ['Reason', request.reason],
    ['Ticket', request.ticket],
    ['Runbook', title === undefined ? request.runbook : `${request.runbook}: ${title}`],
    ['Runs', commandLine(request.argv)],
    ['Inputs', inputLines(request.inputs).join('\n')],
    ['Target', `${request.target} (environment ${request.environment})`],
    ['Urgency', request.urgency],
    ['Break-glass', request.breakGlass ? 'yes: it waited for nobody’s approval' : ''],
    ['Window', `${request.window / 60} min`],
    ['Requester', `${policy === null ? person : nameOf(policy, person)} (${login}, id ${id})`],
    ['Expires', request.expiresAt],
    ['Request', request.id],
    ['Digest', digest],
    ['Commit', request.commit],
    ['Policy', `${request.policy.path}, blob ${request.policy.blob}`],
    ['Notices', opening.notices.join('\n')],
  ];
  return facts.filter(([, value]) => value !== '').map(([name, value]) => [name, visible(value)]);
}
