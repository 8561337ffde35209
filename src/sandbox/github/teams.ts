/** Teams of the sandbox's organization: who is in them, who may see that, and the REST routes that tell it. */
import type { Accounts, Principal } from './accounts.ts';
import type { AccountOptions, GitHubOptions, TeamOptions } from './options.ts';
import { page } from './paging.ts';
import { user } from './render.ts';
import { notFound, problem, type Refusal, type Reply } from './reply.ts';
import type { Call, World } from './world.ts';

export interface Teams {
  /** By `org/slug`, whatever its case. */
  find(name: string): TeamOptions | null;
  /** Makes a team or changes it; null removes it. Throws where the options contradict each other. */
  set(name: string, team: TeamOptions | null): void;
  /** Active members: the team's own first, then those of its child teams; each once. */
  members(name: string): AccountOptions[];
}

/** The teams of the options. Throws for a team of another owner, of a person's repository, or of unknown accounts. */
export function createTeams(options: GitHubOptions, accounts: Accounts): Teams {
  const teams = new Map<string, TeamOptions>();
  const set: Teams['set'] = (name, team) => {
    const key = name.toLowerCase();
    if (team !== null) check({ name, team, options, accounts });
    if (team === null) teams.delete(key);
    else teams.set(key, team);
  };
  const members: Teams['members'] = (name) => {
    const key = name.toLowerCase();
    const own = (teams.get(key)?.members ?? []).flatMap(
      (id) => accounts.all.find((account) => account.id === id) ?? [],
    );
    const children = [...teams].filter(([, team]) => team.parent?.toLowerCase() === key);
    return [...new Set([...own, ...children.flatMap(([child]) => members(child))])];
  };
  for (const [name, team] of Object.entries(options.teams ?? {})) set(name, team);
  return { find: (name) => teams.get(name.toLowerCase()) ?? null, set, members };
}

function check(given: { name: string; team: TeamOptions; options: GitHubOptions; accounts: Accounts }): void {
  const { name, team, options, accounts } = given;
  const { owner } = options.repository;
  const slug = name.toLowerCase().startsWith(`${owner.toLowerCase()}/`) ? name.slice(owner.length + 1) : '';
  if (!/^[\w-]+$/.test(slug)) throw new Error(`The team ${name} is not named as ${owner}/slug; name it so.`);
  if (accounts.find(owner) !== null)
    throw new Error(`The owner ${owner} is a person, who has no teams; remove ${name}.`);
  if (team.secret && team.parent !== undefined) throw new Error(`The team ${name} is secret: it can have no parent.`);
  const stranger = [...team.members, ...(team.invited ?? [])].find((id) => !isPerson(accounts, id));
  if (stranger !== undefined)
    throw new Error(`The team ${name} names ${stranger}, who is no person in \`accounts\`; add the account.`);
}

const isPerson = (accounts: Accounts, id: number): boolean =>
  accounts.all.some((account) => account.id === id && account.type === 'User');

/** `GET /orgs/{org}/teams/{team_slug}/members`: active members, child teams' too. Nobody in the sandbox is a maintainer. */
export async function listMembers(call: Call): Promise<Reply> {
  const name = visibleTeam(call);
  const { world, query } = call;
  const path = `${world.url}/orgs/${name.replace('/', '/teams/')}/members`;
  const found = query.get('role') === 'maintainer' ? [] : world.teams.members(name);
  return page(call, path, found, (member) => user(world, member));
}

/** `GET /orgs/{org}/teams/{team_slug}/memberships/{username}`: tells of invitations too, and names no account by its id. */
export async function getMembership(call: Call): Promise<Reply> {
  const name = visibleTeam(call);
  const { world, params } = call;
  const found = world.accounts.find(params['username'] ?? '');
  const active = world.teams.members(name).some(({ id }) => id === found?.id);
  const invited = world.teams.find(name)?.invited?.some((id) => id === found?.id) ?? false;
  if (found === null || !(active || invited)) throw notFound();
  const url = `${world.url}/orgs/${name.replace('/', '/teams/')}/memberships/${found.login}`;
  return { status: 200, json: { url, role: 'member', state: active ? 'active' : 'pending' } };
}

/** The name of the team asked for. Throws what GitHub answers to whoever may not see it. */
function visibleTeam({ world, who, params }: Call): string {
  const name = `${params['org']}/${params['team_slug']}`;
  if (who.kind !== 'person') {
    const headers = { 'x-accepted-github-permissions': 'members=read' };
    if (who.permissions['members'] === undefined)
      throw problem(403, 'Resource not accessible by integration', { headers });
    if (world.teams.find(name) === null) throw notFound();
    return name;
  }
  const { reads } = who;
  // GitHub says "not found" to a token without read:org, as if there were no such team.
  if (reads === undefined) throw notFound();
  if (reads === 'unauthorized') throw unauthorized(world);
  const team = world.teams.find(name);
  if (team === null || !sees(world, who, name)) throw notFound();
  return name;
}

function unauthorized(world: World): Refusal {
  const url = `${world.url}/orgs/${world.repository.owner}/sso?authorization_request=SANDBOX`;
  const message =
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
  return problem(403, message, { headers: { 'x-github-sso': `required; url=${url}` } });
}

/** People with access to the repository are the organization's members; a secret team is seen by its own members alone. */
function sees(world: World, who: Extract<Principal, { kind: 'person' }>, name: string): boolean {
  if (who.reads === 'every-team') return true;
  if (world.teams.find(name)?.secret) return world.teams.members(name).some(({ id }) => id === who.account.id);
  return who.account.permission !== 'none';
}
