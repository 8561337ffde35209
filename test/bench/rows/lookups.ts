/** Row: what a click asks of GitHub's teams and Slack's user groups where the person who clicks needs neither. */
import type { Town } from '../../../src/sandbox/town.ts';
import { closeTown, startAsk } from '../ask-process.ts';
import { approversOf, openCrowdedTown } from '../crowd-policy.ts';
import { pressApprove } from '../press.ts';
import type { Row } from '../row.ts';
import { quiet } from '../traffic.ts';

const PEOPLE = 5;
const USER_GROUP = 'S0ONCALL';

export const lookups: Row = {
  name: 'lookups',
  about:
    'team and user-group calls of a click by somebody whom the policy lists, where others are in a GitHub team and a Slack user group',
  async measure(say) {
    const [listed, other, inTeam, inGroup] = approversOf(PEOPLE);
    if (listed === undefined || other === undefined || inTeam === undefined || inGroup === undefined)
      throw new Error('The crowd is too small.');
    const keys = { members: [listed.key, other.key] };
    const groups = {
      developers: { members: ['ana'] },
      sre: keys,
      security: { 'github-team': 'acme/security' },
      oncall: { 'slack-group': USER_GROUP },
    };
    const town = await openCrowdedTown(PEOPLE, 1, {
      limits: false,
      teams: { 'acme/security': { members: [inTeam.id] } },
      slack: (sound) => ({
        ...sound,
        userGroups: [{ id: USER_GROUP, handle: 'oncall', users: [inGroup.slack] }],
      }),
      policy: [
        { path: ['groups'], value: groups },
        { path: ['rules', 0, 'require'], value: { count: 4, of: ['sre', 'security', 'oncall'] } },
      ],
    });
    try {
      const card = await startAsk(town, { directory: true }).asked();
      const callsOf = async (member: string): Promise<number> => {
        await quiet(town);
        const before = directoryCalls(town);
        const { acknowledged } = await pressApprove(town, member, card);
        if (!acknowledged) throw new Error('The click was not acknowledged.');
        await quiet(town);
        return directoryCalls(town) - before;
      };
      const none = await callsOf(listed.slack);
      const [team, group] = [await callsOf(inTeam.slack), await callsOf(inGroup.slack)];
      say(`a click of a team's member takes ${team}, of a user group's ${group}`);
      if (team === 0 || group === 0) throw new Error('Nobody was looked up where somebody must be.');
      return [{ name: 'lookups-unneeded', value: none, unit: 'team and user-group calls', bar: 0 }];
    } finally {
      await closeTown(town);
    }
  },
};

function directoryCalls({ github, slack }: Town): number {
  const teams = github.requests.filter(({ path }) => path.includes('/teams/'));
  const groups = slack.requests.filter(({ method }) => method.startsWith('usergroups.'));
  return teams.length + groups.length;
}
