/** Who is in a GitHub team, read with the `directory-token`: a job's own token may read no organization. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { Teams } from '../app/ports.ts';
import type { ApiAddress } from './api-address.ts';
import { ask, askMaybe } from './ask.ts';
import { type CallOptions, createClient, type GitHubClient } from './client.ts';
import { answerOf } from './faults.ts';
import { sendable } from './token.ts';

/** As for any client; `token` is the input `directory-token`. */
export type TeamsOptions = Omit<CallOptions, 'job'> & { token: string };

type Member = { id: number; login: string };

interface Team {
  client: GitHubClient;
  api: ApiAddress;
  org: string;
  slug: string;
}

const Member = v.looseObject({ id: v.pipe(v.number(), v.integer(), v.minValue(1)), login: v.string() });
const Page = v.looseObject({ link: v.string(), members: v.array(Member) });
/** Only a GitHub Enterprise Server says `suspended_at`. */
const Profile = v.looseObject({ ...Member.entries, suspended_at: v.optional(v.nullable(v.string()), null) });
const Membership = v.looseObject({ state: v.string() });

const PER_PAGE = 100;
/** 5,000 members: whatever goes on beyond that is no team of approvers, and may have no end. */
const MOST_PAGES = 50;
const MOST_READINGS = 4;

/**
 * The teams that the token may see. One reading of `members` takes one call per 100 members, and a list of several pages is
 * read twice. `isMember` takes two calls at once, and a third one only in a team of more than 100.
 * Throws a Fault `input` for a token that cannot be sent.
 */
export function githubTeams(options: TeamsOptions): Teams {
  const token = sendable(options.token, 'The input directory-token');
  return teamsSeenBy(createClient({ ...options, token, job: null }), options.api);
}

/** The teams that this client may see: a GitHub App's needs the organization permission "Members: Read-only". */
export function teamsSeenBy(client: GitHubClient, api: ApiAddress): Teams {
  const teamOf = (name: string): Team => ({ client, api, ...parsedName(name) });
  return {
    members: async (name) => settled(teamOf(name)),
    isMember: async (name, account) => isMember(teamOf(name), account),
  };
}

/** Nothing that could lead to another address of the API, such as `..`, is part of a name. */
function parsedName(name: string): { org: string; slug: string } {
  const [, org, slug] = /^([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)$/.exec(name) ?? [];
  if (org !== undefined && slug !== undefined) return { org, slug };
  throw new Fault(
    'policy',
    `${JSON.stringify(name)} names no GitHub team.`,
    'Write it as organization/team, as in the address of the team\'s page: "acme/oncall" for …/orgs/acme/teams/oncall.',
  );
}

/**
 * All members. Who joins or leaves while several pages are read moves others across a page's edge, where they are seen
 * twice or not at all: so such a list counts once nobody of the reading before is missing.
 */
async function settled(team: Team): Promise<Member[]> {
  let before: Member[] | null = null;
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const { members, pages } = await readAll(team);
    if (pages === 1 || (before !== null && includes(members, before))) return members;
    before = members;
  }
  throw new Fault(
    'unavailable',
    `Could not ${doing(team, 'read the members')}: people left during each of ${MOST_READINGS} readings.`,
    "Try again once the team's members no longer change.",
  );
}

function includes(members: Member[], before: Member[]): boolean {
  const ids = new Set(members.map(({ id }) => id));
  return before.every(({ id }) => ids.has(id));
}

async function readAll(team: Team): Promise<{ members: Member[]; pages: number }> {
  const members = new Map<number, Member>();
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const page = await readPage(team, number);
    for (const { id, login } of page.members) members.set(id, { id, login });
    if (page.last) return { members: [...members.values()], pages: number };
  }
  throw new Fault(
    'invalid',
    `Could not ${doing(team, 'read the members')}: the list goes on after ${MOST_PAGES * PER_PAGE} of them.`,
    'Name a smaller team in the policy.',
  );
}

/** A page may hold fewer than were asked for and still not be the last: the Link header alone tells. */
async function readPage(team: Team, page: number): Promise<{ members: Member[]; last: boolean }> {
  const { client, org, slug } = team;
  const found = await directory(team, () =>
    ask(client, doing(team, 'read the members'), Page, async () => {
      const answer = await client.octokit.rest.teams.listMembersInOrg({
        ...{ org, team_slug: slug },
        ...{ per_page: PER_PAGE, page },
      });
      return { link: answer.headers.link ?? '', members: answer.data };
    }),
  );
  return { members: found.members, last: !/;\s*rel="?next\b/.test(found.link) };
}

/**
 * A membership is asked for by a login, which may have another owner by now, and its 404 also means "no such team". So the
 * list of ids decides; where it has several pages, the login that the account has today does.
 */
async function isMember(team: Team, account: Member): Promise<boolean> {
  const [first, profile] = await Promise.all([readPage(team, 1), readAccount(team, account)]);
  if (profile === null || profile.suspended) return false;
  if (first.members.some(({ id }) => id === account.id)) return true;
  return first.last ? false : isActive(team, profile.login);
}

/** null: the account is gone. A suspended one stays in its teams. */
async function readAccount(team: Team, { id, login }: Member): Promise<{ login: string; suspended: boolean } | null> {
  const what = `look up the GitHub account ${JSON.stringify(login)} (id ${id}) for the team ${nameOf(team)}`;
  const found = await directory(team, () =>
    askMaybe(team.client, what, Profile, async () => {
      const answer = await team.client.octokit.rest.users.getById({ account_id: id });
      return answer.data;
    }),
  );
  return found === null ? null : { login: found.login, suspended: found.suspended_at !== null };
}

/** The team is known to be visible: a 404 means that it has no such member. */
async function isActive(team: Team, login: string): Promise<boolean> {
  const { client, org, slug } = team;
  const what = doing(team, `look up the membership of ${JSON.stringify(login)}`);
  const found = await directory(team, () =>
    askMaybe(client, what, Membership, async () => {
      const answer = await client.octokit.rest.teams.getMembershipForUserInOrg({
        ...{ org, team_slug: slug },
        username: login,
      });
      return answer.data;
    }),
  );
  return found?.state === 'active';
}

const nameOf = ({ org, slug }: Team): string => `${org}/${slug}`;
const doing = (team: Team, what: string): string => `${what} of the GitHub team ${nameOf(team)}`;

/** The remedies of refusals are those for a job's own token; this one has others. */
async function directory<T>(team: Team, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const remedy = remedyFor(error, team);
    throw remedy === null ? error : new Fault(error.code, error.message, remedy, { cause: error });
  }
}

const GIVE =
  'a fine-grained token of the organization with "Members: Read-only", an app\'s token with the same, or a classic one with read:org';

/** null: the Fault's own says it all, as for a limit or a network. */
function remedyFor(fault: Fault, team: Team): string | null {
  if (team.client.job !== null) return appRemedy(fault, team);
  const answer = answerOf(fault.cause);
  if (answer?.status === 401)
    return `The token is expired, revoked or mistyped: give the input directory-token ${GIVE}.`;
  if (fault.code === 'not-found') return notFound(team);
  if (fault.code !== 'permission') return null;
  if (String(answer?.headers['x-github-sso'] ?? '').startsWith('required')) return singleSignOn(team);
  return `A job's GITHUB_TOKEN may never read an organization's members: give the input directory-token ${GIVE}, and see that ${team.org} admits such tokens.`;
}

/** GitHub names the permission only where it refuses. */
function appRemedy({ code }: Fault, { org, slug }: Team): string | null {
  if (code !== 'not-found') return null;
  return `Check the name: the team's page ends in /orgs/${org}/teams/${slug}. GitHub also says "not found" where the GitHub App is not installed in ${org} or has not the organization permission members: read.`;
}

function singleSignOn({ org }: Team): string {
  return `The organization ${org} admits this token only once its owner has authorized it for single sign-on: Settings → Developer settings → Personal access tokens → Configure SSO → Authorize ${org}.`;
}

/** Which of the reasons it is, GitHub does not tell. */
function notFound(team: Team): string {
  return [
    `Check the name: the team's page ends in /orgs/${team.org}/teams/${team.slug}, and renaming a team changes it.`,
    `GitHub, asked at ${team.api.url}, also says "not found" where the token may not see the team: a secret team shows itself to its members alone, and some tokens must be authorized for single sign-on first.`,
    `A job's GITHUB_TOKEN never sees one; the input directory-token takes ${GIVE}.`,
  ].join(' ');
}
