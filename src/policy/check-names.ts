/** Checks that every name a policy uses is one it has. */
import type { Draft } from './draft.ts';
import { atKey, atValue, type Finding, type Path } from './problems.ts';
import { childrenOf, type Requirement } from './requirement.ts';

/** The names that may stand somewhere; null: they are not known, so nothing is judged there. */
type Known = { what: string; names: readonly string[]; has(name: string): boolean } | null;

interface KnownNames {
  people: Known;
  who: Known;
  targets: Known;
  runbooks: Known;
  tiers: Known;
}

/** Findings for unknown names, and for names used twice. */
export function checkNames(draft: Draft): Finding[] {
  const known = knownNames(draft);
  const { breakGlass } = draft;
  return [
    ...ambiguousNames(draft),
    ...Object.entries(draft.groups).flatMap(([key, group]) =>
      unknownIn(known.people, ['groups', key, 'members'], group.members),
    ),
    ...unknownIn(known.who, ['requesters'], draft.requesters),
    ...Object.entries(draft.targets).flatMap(([key, { requesters }]) =>
      unknownIn(known.who, ['targets', key, 'requesters'], requesters),
    ),
    ...Object.entries(draft.runbooks).flatMap(([key, { fields }]) => [
      ...unknownIn(known.targets, ['runbooks', key, 'targets'], fields.targets),
      ...unknownIn(known.who, ['runbooks', key, 'requesters'], fields.requesters),
    ]),
    ...draft.rules.flatMap(({ index, rule }) => [
      ...conditions(known, ['rules', index, 'when'], rule),
      ...(rule.require && rule.require !== 'none' ? requirement(known, ['rules', index, 'require'], rule.require) : []),
    ]),
    ...unknownIn(known.who, ['slack', 'quiet'], draft.slack?.quiet),
    ...unknownIn(known.who, ['escalation', 'to'], draft.escalation.to),
    ...unknownIn(known.who, ['break-glass', 'who'], breakGlass.who),
    ...unknownIn(known.targets, ['break-glass', 'targets'], breakGlass.targets),
    ...unknownIn(known.runbooks, ['break-glass', 'runbooks'], breakGlass.runbooks),
    ...unknownIn(known.who, ['break-glass', 'review', 'by'], breakGlass.by),
  ];
}

function knownNames({ names, targets }: Draft): KnownNames {
  const { groups, people } = names;
  const tiers = Object.values(targets).map(({ tier }) => tier);
  return {
    people: knownAs('person', people),
    who: knownAs('group or person', groups === null || people === null ? null : [...groups, ...people]),
    targets: knownAs('target', names.targets),
    runbooks: knownAs('runbook', names.runbooks),
    // Tiers are only known when every target has a sound one.
    tiers: knownAs('tier of a target', tiers.every((tier) => tier !== undefined) ? [...new Set(tiers)] : null),
  };
}

function knownAs(what: string, names: readonly string[] | null): Known {
  if (names === null) return null;
  const all = new Set(names);
  return { what, names, has: (name) => all.has(name) };
}

function conditions(known: KnownNames, path: Path, { when }: Draft['rules'][number]['rule']): Finding[] {
  return [
    ...unknownIn(known.targets, [...path, 'targets'], when?.targets),
    ...unknownIn(known.runbooks, [...path, 'runbooks'], when?.runbooks),
    ...unknownIn(known.tiers, [...path, 'tiers'], when?.tiers),
    ...unknownIn(known.who, [...path, 'requesters'], when?.requesters),
  ];
}

function requirement(known: KnownNames, path: Path, node: Requirement): Finding[] {
  if ('count' in node) {
    if (typeof node.of !== 'string') return unknownIn(known.who, [...path, 'of'], node.of);
    return unknownAt(known.who, [...path, 'of'], node.of);
  }
  const kind = 'all' in node ? 'all' : 'any';
  return childrenOf(node).flatMap((child, index) => requirement(known, [...path, kind, index], child));
}

function unknownIn(known: Known, path: Path, used: readonly string[] = []): Finding[] {
  return used.flatMap((name, index) => unknownAt(known, [...path, index], name));
}

function unknownAt(known: Known, path: Path, name: string): Finding[] {
  if (known === null || known.has(name)) return [];
  return [atValue(path, `there is no ${known.what} "${name}"; allowed: ${known.names.join(', ') || 'none'}.`)];
}

function ambiguousNames({ names }: Draft): Finding[] {
  const people = new Set(names.people);
  return (names.groups ?? [])
    .filter((name) => people.has(name))
    .map((name) => atKey(['groups', name], `"${name}" is a person too; give the group another name.`));
}
