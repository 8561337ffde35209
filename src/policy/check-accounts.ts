/** Checks that no account belongs to two people, that no link is half, and that addresses are there only where they link. */
import type { Draft } from './draft.ts';
import type { Finding, Path } from './problems.ts';

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
      return [
        { path: ['people', key, ...path], at: 'value', message: `${name} belongs to one human only, and ${where}.` },
      ];
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
    return addressed.map(([key]) => ({
      path: ['people', key, 'email'],
      at: 'value',
      message: 'links nobody without `link-by-email: true`; write that, or remove the address.',
    }));
  }
  if (names.people === null || addressed.some(([, { slack }]) => slack === undefined)) return [];
  const message =
    'links nobody: no person without `slack` has an `email`; give one to whom it shall link, or write false.';
  return [{ path: ['link-by-email'], at: 'value', message }];
}

/** The same finding; where it says that half of an account's link is missing, with the line of the other half. */
export function withOtherHalf(finding: Finding, lineOf: LineOf): Finding {
  const [section, person, account, part, ...more] = finding.path;
  if (section !== 'people' || person === undefined || more.length > 0) return finding;
  const [one, other] = HALVES.find((halves) => halves[0] === `${account}.${part}`) ?? [];
  if (one === undefined || other === undefined || !finding.message.startsWith(`"${part}" is missing`)) return finding;
  const path = ['people', person, ...other.split('.')];
  const line = lineOf(path);
  const message = `"${part}" is missing, and half a link links nobody: ${other} is on line ${line}; write ${part} beside it.`;
  return { ...finding, message };
}

/** What is missing, and its other half. */
const HALVES: readonly (readonly [string, string])[] = [
  ['slack.team', 'slack.user'],
  ['slack.user', 'slack.team'],
  ['github.id', 'github.login'],
  ['github.login', 'github.id'],
];
