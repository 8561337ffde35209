/** Checks that no account belongs to two people, that no link is half, and that addresses are there only where they link. */
import type { Draft } from './draft.ts';
import { atValue, type Finding, type Path } from './problems.ts';

type LineOf = (path: Path) => number;

/** Findings for accounts and addresses that two people claim, and for addresses that link nobody. */
export function checkAccounts(draft: Draft, lineOf: LineOf): Finding[] {
  return [...doubleAccounts(draft, lineOf), ...idleAddresses(draft)];
}

function doubleAccounts(draft: Draft, lineOf: LineOf): Finding[] {
  const first = new Map<string, string>();
  const everywhere = usersOfOrganisations(draft);
  return Object.entries(draft.accounts).flatMap(([key, person]) =>
    accountsOf(person, everywhere).flatMap(({ name, path }): Finding[] => {
      const other = first.get(name);
      first.set(name, other ?? key);
      if (other === undefined) return [];
      const where = `${other} has it on line ${lineOf(['people', other, ...path])}`;
      return [atValue(['people', key, ...path], `${name} belongs to one human only, and ${where}.`)];
    }),
  );
}

function accountsOf(
  { github, slack, email }: Draft['accounts'][string],
  everywhere: ReadonlySet<string>,
): { name: string; path: string[] }[] {
  return [
    ...(github ? [{ name: `The GitHub id ${github.id}`, path: ['github', 'id'] }] : []),
    ...(github ? [{ name: `The GitHub login ${github.login.toLowerCase()}`, path: ['github', 'login'] }] : []),
    ...(slack ? [{ name: `The Slack user ${slackHuman(slack, everywhere)}`, path: ['slack', 'user'] }] : []),
    ...(email ? [{ name: `The address ${email.toLowerCase()}`, path: ['email'] }] : []),
  ];
}

/** On Enterprise Grid one human has one member id in the organisation (`E…`) and in each of its workspaces. */
function slackHuman({ team, user }: { team: string; user: string }, everywhere: ReadonlySet<string>): string {
  return user.startsWith('W') || everywhere.has(user) ? user : `${team}/${user}`;
}

function usersOfOrganisations({ accounts }: Draft): Set<string> {
  return new Set(Object.values(accounts).flatMap(({ slack }) => (slack?.team.startsWith('E') ? [slack.user] : [])));
}

function idleAddresses({ accounts, linkByEmail, names }: Draft): Finding[] {
  const addressed = Object.entries(accounts).filter(([, { email }]) => email !== undefined);
  if (!linkByEmail) {
    const idle = 'links nobody without `link-by-email: true`; write that, or remove the address.';
    return addressed.map(([key]) => atValue(['people', key, 'email'], idle));
  }
  if (names.people === null || addressed.some(([, { slack }]) => slack === undefined)) return [];
  const message =
    'links nobody: no person without `slack` has an `email`; give one to whom it shall link, or write false.';
  return [atValue(['link-by-email'], message)];
}

/** The same finding; where it says that half of an account's link is missing, with the line of the other half. */
export function withOtherHalf(finding: Finding, lineOf: LineOf): Finding {
  const [person, half] = [finding.path.slice(0, 2), finding.path.slice(2)];
  const [part] = half.slice(-1);
  const other = OTHER_HALF.get(half.join('.'));
  if (other === undefined || !finding.message.startsWith(`"${part}" is missing`)) return finding;
  const line = lineOf([...person, ...other.split('.')]);
  const message = `"${part}" is missing, and half a link links nobody: ${other} is on line ${line}; write ${part} beside it.`;
  return { ...finding, message };
}

/** By what is missing of a person. */
const OTHER_HALF: ReadonlyMap<string, string> = new Map([
  ['slack.team', 'slack.user'],
  ['slack.user', 'slack.team'],
  ['github.id', 'github.login'],
  ['github.login', 'github.id'],
]);
