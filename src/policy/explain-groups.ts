/** Finds the groups from a directory of which nobody said who is in them, although what is explained depends on it. */
import { doesApply } from './conditions.ts';
import type { Ask } from './evaluate.ts';
import { directoryGroups } from './group-source.ts';
import { lookup } from './lookup.ts';
import { channelFor } from './modes.ts';
import { isAmong } from './people.ts';
import { mayBreakGlass } from './requesters.ts';
import { countsIn } from './requirement.ts';
import type { Policy, Rule, Runbook, Target } from './schema.ts';

/** Their keys, each once. */
export function emptyGroups(policy: Policy, ask: Ask, breakGlass: boolean): string[] {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const target = lookup(policy.targets, ask.target);
  if (runbook === null || target === null) return [];
  const names = [
    ...namesOfAsking(policy, ask, runbook, target),
    ...(breakGlass ? namesOfBreakGlass(policy, ask) : []),
    ...policy.rules.flatMap((rule) => namesOfRule(policy, ask, rule, { runbook, target })),
    ...(channelFor(policy, ask) === null ? [] : namesOfPinging(policy)),
  ];
  return directoryGroups(policy, names).filter((key) => lookup(policy.groups, key)?.members.length === 0);
}

function namesOfAsking(policy: Policy, ask: Ask, runbook: Runbook, target: Target): string[] {
  const lists = [runbook.requesters ?? policy.requesters, target.requesters ?? []];
  return lists.flatMap((list) => (isAmong(policy, list, ask.requester) ? [] : list));
}

function namesOfBreakGlass(policy: Policy, { requester, runbook, target }: Ask): string[] {
  const { breakGlass } = policy;
  if (breakGlass === null) return [];
  const who = mayBreakGlass(policy, requester, runbook, target).ok ? [] : breakGlass.who;
  return [...who, ...breakGlass.review.by];
}

function namesOfRule(policy: Policy, ask: Ask, rule: Rule, found: { runbook: Runbook; target: Target }): string[] {
  const { requesters = [], ...others } = rule.when ?? {};
  if (!doesApply({ policy, ask, ...found }, others)) return [];
  const whose = isAmong(policy, requesters, ask.requester) ? [] : requesters;
  return [...whose, ...(rule.require === 'none' ? [] : countsIn(rule.require).flatMap(({ of }) => of))];
}

function namesOfPinging({ slack, escalation }: Policy): string[] {
  return [...(slack?.quiet ?? []), ...(escalation?.to ?? [])];
}
