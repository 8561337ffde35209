/** Findings on the Slack accounts of the policy's people: that each is a living member of the bot's workspace. */
import type { Person, Policy } from '../../policy/schema.ts';
import { told } from '../find-member.ts';
import type { MemberFacts } from '../ports.ts';
import type { Finding, Health } from './finding.ts';
import { counted } from './judge.ts';
import type { BotFacts, SlackFailure, SlackInspector } from './slack-inspector.ts';
import { aboutSlack, reasonOf, toSee } from './slack-words.ts';

interface People {
  findings: Finding[];
  /** Keys of those whose link is wrong. */
  unfit: ReadonlySet<string>;
}

/** Looks every linked account up. */
export async function examineSlackPeople(slack: SlackInspector, policy: Policy, bot: BotFacts): Promise<People> {
  const people = Object.entries(policy.people);
  const ids = people.flatMap(([, { slack: link }]) =>
    link !== undefined && mayBeHome(link.team, bot) ? [link.user] : [],
  );
  const { found, failure } = await slack.members(ids);
  const judged = people.map(([key, person]) => ({ key, finding: linkFinding(key, person, bot, found) }));
  const unseen = judged.filter(({ finding }) => finding === null).length;
  return {
    findings: [
      ...judged.flatMap(({ finding }) => (finding === null ? [] : [finding])),
      ...(unseen === 0 ? [] : [unseenFinding(unseen, failure)]),
    ],
    unfit: new Set(judged.filter(({ finding }) => finding?.health === 'wrong').map(({ key }) => key)),
  };
}

/** One sentence for all of them: they have one cause. */
function unseenFinding(count: number, failure: SlackFailure | null): Finding {
  const whose = `The Slack ${count === 1 ? 'account' : 'accounts'} of ${counted(count, 'person', 'people')}`;
  const why = failure === null ? 'Slack did not answer for them' : reasonOf(failure);
  const remedy = failure === null ? 'Try again.' : toSee(failure, ['users:read']);
  return aboutSlack('slack.people', 'unknown', `${whose} could not be looked up: ${why}.`, remedy);
}

/** In an organisation people's home may be any of its workspaces; which one only Slack can say. */
const mayBeHome = (team: string, bot: BotFacts): boolean => team === bot.team.id || bot.enterprise !== null;

const isHome = (team: string, bot: BotFacts, member: MemberFacts): boolean =>
  team === bot.team.id || (bot.enterprise !== null && (team === bot.enterprise || team === member.team));

/** null: the account could not be looked up. */
function linkFinding(
  key: string,
  { name, slack: link }: Person,
  bot: BotFacts,
  found: ReadonlyMap<string, MemberFacts | null>,
): Finding | null {
  const finding = (health: Health, what: string, remedy: string | null = null): Finding => ({
    id: `person.${key}.slack`,
    area: 'People',
    health,
    what,
    remedy,
  });
  if (link === undefined) return finding('ok', `${name} decides by comments on the issue, without Slack.`);
  const { team } = bot;
  const foreign = (): Finding =>
    finding(
      'wrong',
      `${name}'s Slack account is of the workspace ${link.team} in the policy, and the bot's is ${team.name} (${team.id}): no press of ${name}'s counts.`,
      `Set \`people.${key}.slack.team\` to ${team.id} if it is the same human there, or leave \`slack\` out; where everybody's is ${link.team}, install the Slack app in that workspace instead.`,
    );
  if (!mayBeHome(link.team, bot)) return foreign();
  const member = found.get(link.user);
  if (member === undefined) return null;
  if (member === null) {
    return finding(
      'wrong',
      `${name}'s Slack account ${link.user} does not exist in ${team.name} (${team.id}).`,
      `Take the member id from ${name}'s profile in Slack ("Copy member ID") into \`people.${key}.slack.user\`.`,
    );
  }
  if (!member.stranger && !isHome(link.team, bot, member)) return foreign();
  const unfit = unfitness(member, bot);
  if (unfit === null) return finding('ok', `${name} is ${told(member)} in ${team.name}.`);
  return finding(
    'wrong',
    `${name}'s Slack account ${told(member)} ${unfit}.`,
    `Name ${name}'s own account as a full member of ${team.name} in \`people.${key}.slack.user\`, or leave \`slack\` out: then ${name} decides by comments on the issue.`,
  );
}

/** Why this account must not decide; null: it may. Within an organisation people have their home in any workspace. */
function unfitness(member: MemberFacts, { team, enterprise }: BotFacts): string | null {
  if (member.deleted) return 'is deactivated: nobody can press with it';
  if (member.bot) return 'is a bot, and bots do not decide';
  if (member.stranger || (member.team !== team.id && enterprise === null)) {
    return `belongs to another workspace (${member.team}, not ${team.id})`;
  }
  return member.guest ? 'is a guest, and guests are not to decide' : null;
}
