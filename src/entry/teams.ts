/** GitHub's teams for a job, loaded only when the policy names one. */
import { context } from '@actions/github';
import type { Teams } from '../app/ports.ts';
import { VERSION } from './version.ts';

/** Null without a `directory-token`: then groups that name a team have nobody. */
export function teamsFor(token: string): Teams | null {
  if (token === '') return null;
  let teams: Promise<Teams> | null = null;
  const load = async (): Promise<Teams> => {
    const [{ githubTeams }, { parseApiAddress }] = await Promise.all([
      import('../github/teams.ts'),
      import('../github/api-address.ts'),
    ]);
    return githubTeams({ api: parseApiAddress(context.apiUrl), token, version: VERSION });
  };
  const loaded = (): Promise<Teams> => {
    teams ??= load();
    return teams;
  };
  return {
    members: async (team) => (await loaded()).members(team),
    isMember: async (team, account) => (await loaded()).isMember(team, account),
  };
}
