/** Checks that every rule could be met, and denied, by the people of the policy, whoever asks. */
import { allot, best, MOST_PLANS, type Plan, plansOf } from './allot.ts';
import type { Draft } from './draft.ts';
import { expandMembers, namesOf } from './people.ts';
import { atValue, type Finding, type Path } from './problems.ts';
import { type CountRequirement, childrenOf, countsIn, type Requirement } from './requirement.ts';

/** What the policy's people and groups come to, found once for all rules. */
interface Crowd {
  draft: Draft;
  everybody: readonly string[];
  /** Whether every person is sound. */
  complete: boolean;
}

/** Findings for rules that want more people than there are. Judges only rules whose names are all known and sound. */
export function checkRules(draft: Draft): Finding[] {
  const everybody = Object.keys(draft.people);
  const crowd = { draft, everybody, complete: everybody.length === draft.names.people?.length };
  return draft.rules.flatMap(({ index, rule }) => {
    const path = ['rules', index, 'require'];
    const required = rule.require;
    if (required === undefined || required === 'none') return [];
    if (!countsIn(required).every((count) => isKnown(crowd, count))) return [];
    const plans = plansOf(required);
    if (plans.length > MOST_PLANS) {
      const message = `has more than ${MOST_PLANS} ways to be met; use fewer combinations of any.`;
      return [atValue(path, message)];
    }
    const tooLarge = countsWithPaths(path, required).flatMap((one) => tooLargeCount(crowd, one));
    const unmet = tooLarge.length > 0 ? tooLarge : neverMet(crowd, path, plans);
    return [...unmet, ...neverDenied(crowd, ['rules', index, 'denials'], required, rule.denials ?? 1)];
  });
}

function countsWithPaths(path: Path, node: Requirement): { path: Path; count: CountRequirement }[] {
  if ('count' in node) return [{ path, count: node }];
  const kind = 'all' in node ? 'all' : 'any';
  return childrenOf(node).flatMap((child, index) => countsWithPaths([...path, kind, index], child));
}

function isKnown({ draft, complete }: Crowd, count: CountRequirement): boolean {
  return [count.of].flat().every((name) => {
    const group = draft.groups[name];
    if (group === undefined) return name in draft.people;
    return group.source.kind === 'listed' ? group.members.every((member) => member in draft.people) : complete;
  });
}

function fromDirectory({ draft }: Crowd, of: string | readonly string[]): boolean {
  return [of].flat().some((name) => (draft.groups[name]?.source.kind ?? 'listed') !== 'listed');
}

// Who is in a directory's group is not known here; at most it is everybody.
function mostOf(crowd: Crowd, of: string | readonly string[]): string[] {
  if (fromDirectory(crowd, of)) return [...crowd.everybody];
  return [...new Set([of].flat().flatMap((name) => crowd.draft.groups[name]?.members ?? [name]))];
}

function namesIn({ draft }: Crowd, people: readonly string[]): string {
  return namesOf(draft, expandMembers(draft, people));
}

function tooLargeCount(crowd: Crowd, { path, count }: { path: Path; count: CountRequirement }): Finding[] {
  const members = mostOf(crowd, count.of);
  if (members.length >= count.count) return [];
  const whose = fromDirectory(crowd, count.of) ? 'the policy' : [count.of].flat().join(', ');
  const who = `${whose} has only ${members.length} (${namesIn(crowd, members)})`;
  const message = `can never be met: it wants ${count.count} people, but ${who}.`;
  return [atValue([...path, 'count'], message)];
}

function neverMet(crowd: Crowd, path: Path, plans: readonly Plan[]): Finding[] {
  const members = (count: CountRequirement) => mostOf(crowd, count.of);
  const most = best(plans.map((plan) => allot(plan, [...new Set(plan.counts.flatMap(members))], [], members)));
  if (most === null || most.possible) return [];
  const wanted = most.plan.counts.reduce((sum, count) => sum + count.count, 0);
  const names = namesIn(crowd, most.plan.counts.flatMap(members));
  const message = `can never be met: nobody counts twice, so it wants ${wanted} different people, and ${names} do not suffice.`;
  return [atValue(path, message)];
}

function neverDenied(crowd: Crowd, path: Path, requirement: Requirement, denials: number): Finding[] {
  // One denial is always possible, since somebody is counted.
  if (denials === 1) return [];
  const able = mostOf(
    crowd,
    countsIn(requirement).flatMap(({ of }) => of),
  );
  if (denials <= able.length) return [];
  const message = `can never be reached: it wants ${denials} people to deny, but only ${able.length} may decide (${namesIn(crowd, able)}).`;
  return [atValue(path, message)];
}
