/** Checks that every name a policy uses is one it has, and that no account belongs to two people. */
import type { Draft } from './draft.ts';
import type { Finding } from './problems.ts';
import { childrenOf, type Requirement } from './requirement.ts';

type Path = readonly (string | number)[];

/** Findings for unknown names, for names used twice, and for accounts that two people claim. */
export function checkNames(draft: Draft, lineOf: (path: Path) => number): Finding[] {
  return [
    ...doubleAccounts(draft, lineOf),
    ...ambiguousNames(draft),
    ...Object.entries(draft.groups).flatMap(([key, group]) =>
      unknownIn(['groups', key, 'members'], group.members, 'person', draft.names.people),
    ),
    ...whoIn(draft, ['requesters'], draft.requesters),
    ...Object.entries(draft.runbooks).flatMap(([key, { fields }]) => [
      ...unknownIn(['runbooks', key, 'targets'], fields.targets ?? [], 'target', draft.names.targets),
      ...whoIn(draft, ['runbooks', key, 'requesters'], fields.requesters ?? []),
    ]),
    ...draft.rules.flatMap(({ index, rule }) => [
      ...conditions(draft, ['rules', index, 'when'], rule),
      ...(rule.require ? requirement(draft, ['rules', index, 'require'], rule.require) : []),
    ]),
  ];
}

function conditions(draft: Draft, path: Path, { when }: Draft['rules'][number]['rule']): Finding[] {
  // Tiers are only known when every target is sound.
  const targets = Object.values(draft.targets);
  const tiers = targets.length === draft.names.targets?.length ? [...new Set(targets.map(({ tier }) => tier))] : null;
  return [
    ...unknownIn([...path, 'targets'], when?.targets ?? [], 'target', draft.names.targets),
    ...unknownIn([...path, 'runbooks'], when?.runbooks ?? [], 'runbook', draft.names.runbooks),
    ...unknownIn([...path, 'tiers'], when?.tiers ?? [], 'tier of a target', tiers),
  ];
}

function requirement(draft: Draft, path: Path, node: Requirement): Finding[] {
  if ('count' in node) {
    if (typeof node.of !== 'string') return whoIn(draft, [...path, 'of'], node.of);
    return whoIn(draft, [...path, 'of'], [node.of]).map((finding) => ({ ...finding, path: [...path, 'of'] }));
  }
  const kind = 'all' in node ? 'all' : 'any';
  return childrenOf(node).flatMap((child, index) => requirement(draft, [...path, kind, index], child));
}

function whoIn({ names }: Draft, path: Path, who: readonly string[]): Finding[] {
  if (names.groups === null || names.people === null) return [];
  return unknownIn(path, who, 'group or person', [...names.groups, ...names.people]);
}

function unknownIn(path: Path, used: readonly string[], what: string, known: string[] | null): Finding[] {
  if (known === null) return [];
  return used.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            path: [...path, index],
            at: 'value',
            message: `there is no ${what} "${name}"; allowed: ${known.join(', ') || 'none'}.`,
          },
        ],
  );
}

function ambiguousNames({ names }: Draft): Finding[] {
  return (names.groups ?? [])
    .filter((name) => names.people?.includes(name))
    .map((name) => ({
      path: ['groups', name],
      at: 'key',
      message: `"${name}" is a person too; give the group another name.`,
    }));
}

function doubleAccounts(draft: Draft, lineOf: (path: Path) => number): Finding[] {
  const first = new Map<string, string>();
  return Object.entries(draft.accounts).flatMap(([key, person]) =>
    accountsOf(draft, person).flatMap(({ name, path }) => {
      const other = first.get(name);
      first.set(name, other ?? key);
      if (other === undefined) return [];
      const where = `${other} has it on line ${lineOf(['people', other, ...path])}`;
      return [
        {
          path: ['people', key, ...path],
          at: 'value' as const,
          message: `${name} belongs to one human only, and ${where}.`,
        },
      ];
    }),
  );
}

function accountsOf(draft: Draft, { github, slack }: Draft['accounts'][string]): { name: string; path: string[] }[] {
  return [
    ...(github ? [{ name: `The GitHub id ${github.id}`, path: ['github', 'id'] }] : []),
    ...(github ? [{ name: `The GitHub login ${github.login.toLowerCase()}`, path: ['github', 'login'] }] : []),
    ...(slack ? [{ name: `The Slack user ${slackHuman(draft, slack)}`, path: ['slack', 'user'] }] : []),
  ];
}

/** On Enterprise Grid one human has one member id in the organisation (`E…`) and in each of its workspaces. */
function slackHuman({ accounts }: Draft, { team, user }: { team: string; user: string }): string {
  const inOrganisation = Object.values(accounts).some(
    ({ slack }) => slack?.user === user && slack.team.startsWith('E'),
  );
  return user.startsWith('W') || inOrganisation ? user : `${team}/${user}`;
}
