/** Checks that every rule could be met by the people of the policy, whoever asks. */
import { allot, best, MOST_PLANS, plansOf } from './allot.ts';
import type { Draft } from './draft.ts';
import { expandMembers, namesOf } from './people.ts';
import type { Finding } from './problems.ts';
import { type CountRequirement, childrenOf, type Requirement } from './requirement.ts';

type Path = readonly (string | number)[];

/** Findings for rules that want more people than there are. Judges only rules whose names are all known and sound. */
export function checkRules(draft: Draft): Finding[] {
  return draft.rules.flatMap(({ index, rule }) => {
    const path = ['rules', index, 'require'];
    const required = rule.require;
    if (required === undefined) return [];
    if (!countsWithPaths(path, required).every(({ count }) => isKnown(draft, count))) return [];
    const plans = plansOf(required);
    if (plans.length > MOST_PLANS) {
      const message = `has more than ${MOST_PLANS} ways to be met; use fewer combinations of any.`;
      return [{ path, at: 'value' as const, message }];
    }
    const tooLarge = countsWithPaths(path, required).flatMap((one) => tooLargeCount(draft, one));
    return tooLarge.length > 0 ? tooLarge : neverMet(draft, path, required);
  });
}

function countsWithPaths(path: Path, node: Requirement): { path: Path; count: CountRequirement }[] {
  if ('count' in node) return [{ path, count: node }];
  const kind = 'all' in node ? 'all' : 'any';
  return childrenOf(node).flatMap((child, index) => countsWithPaths([...path, kind, index], child));
}

function isKnown(draft: Draft, count: CountRequirement): boolean {
  return [count.of].flat().every((name) => {
    const group = draft.groups[name];
    return group === undefined ? name in draft.people : group.members.every((member) => member in draft.people);
  });
}

function tooLargeCount(draft: Draft, { path, count }: { path: Path; count: CountRequirement }): Finding[] {
  const members = expandMembers(draft, count.of);
  if (members.length >= count.count) return [];
  const who = `${[count.of].flat().join(', ')} has only ${members.length} (${namesOf(draft, members)})`;
  const message = `can never be met: it wants ${count.count} people, but ${who}.`;
  return [{ path: [...path, 'count'], at: 'value', message }];
}

function neverMet(draft: Draft, path: Path, requirement: Requirement): Finding[] {
  const people = Object.keys(draft.people);
  const members = (count: CountRequirement) => expandMembers(draft, count.of);
  const most = best(plansOf(requirement).map((plan) => allot(plan, people, [], members)));
  if (most === null || most.possible) return [];
  const of = most.plan.counts.flatMap((count) => [count.of].flat());
  const wanted = most.plan.counts.reduce((sum, count) => sum + count.count, 0);
  const message = `can never be met: nobody counts twice, so it wants ${wanted} different people, and ${namesOf(draft, expandMembers(draft, of))} do not suffice.`;
  return [{ path, at: 'value', message }];
}
