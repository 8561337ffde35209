/** Who asks and who may decide, judged before anybody is asked; and what the job's log says of it beforehand. */

import { eligibleApprovers, evaluate } from '../policy/evaluate.ts';
import { directoryGroups } from '../policy/group-source.ts';
import { lookup } from '../policy/lookup.ts';
import { pingedAtFirst } from '../policy/modes.ts';
import { findByGithub, isAmong, nameOf, namesOf } from '../policy/people.ts';
import { blockedReasons } from '../policy/preflight.ts';
import { mayBreakGlass, mayRequest } from '../policy/requesters.ts';
import type { Policy } from '../policy/schema.ts';
import { reviewersOf } from '../request/break-glass.ts';
import { someNames } from '../request/names.ts';
import type { Request } from '../request/request.ts';
import { askOf } from '../request/state.ts';
import type { CheckedAsk } from './ask-check.ts';
import { rulesThatMayApply, type Unresolved } from './directory.ts';
import type { AskedInSlack } from './envelope.ts';
import { Fault } from './fault.ts';
import type { PolicyFile, RunFacts } from './ports.ts';

/**
 * Who triggered the run, as the policy knows them, or who asked in Slack. Throws a Fault for bots, strangers, and whoever may
 * surely not ask.
 */
export function requesterOf(
  policy: Policy,
  who: RunFacts | AskedInSlack,
  file: PolicyFile,
  asked: { runbook: string; target: string; breakGlass: boolean },
): Request['requester'] {
  const requester = 'requester' in who ? who.requester : startedBy(policy, who, file);
  // Directories are asked later: only then is it known who is in their groups.
  const sure = directoryGroups(policy, namedAsRequesters(policy, asked)).length === 0;
  if (sure) refuseUnlessMay(policy, { person: requester.person, ...asked });
  return requester;
}

function startedBy(policy: Policy, run: RunFacts, file: PolicyFile): Request['requester'] {
  const { id, login, bot } = run.triggeringActor;
  if (bot) {
    throw new Fault('refused', `${login} is a bot; bots do not request.`, 'Start the workflow as yourself, in GitHub.');
  }
  const person = findByGithub(policy, id);
  if (person === null) {
    throw new Fault(
      'refused',
      `${login} (GitHub id ${id}) is nobody in the policy, so who asks is unknown.`,
      `Add an entry under \`people\` in ${file.path}, with \`github: { id: ${id}, login: ${login} }\`.`,
    );
  }
  return { id, login, person };
}

function namedAsRequesters(policy: Policy, asked: { runbook: string; target: string; breakGlass: boolean }): string[] {
  return [
    ...(lookup(policy.runbooks, asked.runbook)?.requesters ?? policy.requesters),
    ...(lookup(policy.targets, asked.target)?.requesters ?? []),
    ...(asked.breakGlass ? (policy.breakGlass?.who ?? []) : []),
  ];
}

/** Throws a Fault where the policy, with its directories' members, does not let the requester ask this. */
export function refuseUnlessRequester(policy: Policy, { requester, runbook, target, breakGlass }: Request): void {
  refuseUnlessMay(policy, { person: requester.person, runbook, target, breakGlass });
}

function refuseUnlessMay(
  policy: Policy,
  asked: { person: string; runbook: string; target: string; breakGlass: boolean },
): void {
  const { person, runbook, target, breakGlass } = asked;
  // A name that the policy does not have is told with everything else that is wrong with the inputs.
  if (lookup(policy.runbooks, runbook) === null || lookup(policy.targets, target) === null) return;
  const may = mayRequest(policy, person, runbook, target);
  if (!may.ok) throw new Fault('refused', may.message, may.remedy);
  const glass = breakGlass ? mayBreakGlass(policy, person, runbook, target) : null;
  if (glass?.ok === false) throw new Fault('refused', glass.message, glass.remedy);
}

/** Groups that decide who may ask, or which rules hold, must be known whole: without them nobody is asked. */
export function refuseUnresolved(unresolved: readonly Unresolved[], deciding: readonly string[]): void {
  const missing = unresolved.filter(({ group }) => deciding.includes(group));
  if (missing.length === 0) return;
  const why = missing.map((one) => `- ${one.group}: ${one.why}`).join('\n');
  throw new Fault(
    'refused',
    `Nobody was asked: who may ask, or what is needed, hangs on groups that could not be read:\n${why}`,
    [...new Set(missing.map(({ remedy }) => remedy))].join(' '),
  );
}

/**
 * Whether a rule for the members of a user group holds must be known. Throws a Fault where nobody can tell, since the requester
 * has no account (`inSlack`) by which the group could name them.
 */
export function refuseUnlessPlaced(policy: Policy, request: Request, inSlack: readonly string[]): void {
  const { person } = request.requester;
  if (inSlack.includes(person)) return;
  for (const { name, when } of rulesThatMayApply(policy, askOf(request))) {
    const named = when?.requesters ?? [];
    if (isAmong(policy, named, person)) continue;
    const group = directoryGroups(policy, named).find((key) => policy.groups[key]?.source.kind === 'slack-group');
    if (group === undefined) continue;
    throw new Fault(
      'refused',
      `Nobody was asked: the rule "${name}" is for the members of the user group ${group}, and whether ${nameOf(policy, person)} is one cannot be told without a Slack account of its workspace.`,
      `Write \`slack\` into the entry ${person} under \`people\` in the policy.`,
    );
  }
}

/** Whoever breaks the glass is reviewed. Throws a Fault where nobody could sign that, with the gaps. */
export function refuseUnlessReviewable(policy: Policy, request: Request, gaps: readonly string[]): void {
  if (!request.breakGlass || reviewersOf(policy, request).length > 0) return;
  throw new Fault(
    'refused',
    `Nobody could sign the after-review of this break-glass: \`review.by\` of the policy has nobody but whoever asks. ${gaps.join(' ')}`.trim(),
    'Nobody was asked and nothing starts. Name people of the policy, and not only groups from a directory, in `break-glass.review.by`; or ask without `break-glass`.',
  );
}

/** Who may decide. Throws a Fault where nobody could approve this, with the gaps; whoever breaks the glass needs nobody. */
export function approversOf(policy: Policy, request: Request, gaps: readonly string[] = []): string[] {
  const ask = askOf(request);
  const verdict = evaluate(policy, ask, []);
  if (verdict.status === 'blocked' && !request.breakGlass) {
    throw new Fault(
      'refused',
      `Nobody can approve this: ${[...blockedReasons(verdict), ...gaps].join(' ')}`,
      'Nobody was asked. Mend that and run the workflow again.',
    );
  }
  return eligibleApprovers(policy, ask);
}

/** What the job's log says before anybody is asked: who can approve, and who is pinged. */
export function preflight({ policy, request, approvers }: CheckedAsk, hasChat: boolean): string[] {
  const names = namesOf(policy, approvers);
  if (request.breakGlass) {
    const passed =
      approvers.length === 0
        ? 'Nobody could have approved it.'
        : `It passes over ${names}, who ${approvers.length === 1 ? 'is' : 'are'} told at once.`;
    return [`This breaks the glass: it starts without approval. ${passed}`];
  }
  if (evaluate(policy, askOf(request), []).status === 'met')
    return ['This is pre-approved by the policy: nobody is asked.'];
  const people = approvers.length === 1 ? 'person' : 'people';
  const lines = [
    `This request can be approved by ${approvers.length} distinct eligible ${people} other than you: ${names}.`,
  ];
  if (hasChat) lines.push(pings(policy, request, approvers));
  return lines;
}

function pings(policy: Policy, request: Request, approvers: readonly string[]): string {
  const { pinged } = pingedAtFirst(policy, askOf(request));
  const inSlack = pinged.filter((person) => policy.people[person]?.slack !== undefined);
  const names = inSlack.length === 0 ? 'nobody' : namesOf(policy, inSlack);
  const people = inSlack.length === 1 ? 'person' : 'people';
  const others = approvers.filter((person) => !inSlack.includes(person));
  const more = `; ${others.length} more may decide and ${others.length === 1 ? 'is' : 'are'} not pinged now: ${someNames(policy, others)}`;
  return `This pings ${inSlack.length} ${people} in Slack (${names})${others.length === 0 ? '' : more}.`;
}
