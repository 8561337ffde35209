/** Findings on the channels in which approvers are asked: that the bot reaches it, and that nobody else reads along. */
import type { Policy } from '../../policy/schema.ts';
import { told } from '../find-member.ts';
import type { MemberFacts } from '../ports.ts';
import type { Finding } from './finding.ts';
import { approversFinding } from './slack-approvers.ts';
import type { BotFacts, ChannelFacts, SlackAnswer, SlackFailure, SlackInspector } from './slack-inspector.ts';
import { aboutSlack, addScopes, named, reasonOf, toSee } from './slack-words.ts';

const READING = ['channels:read', 'groups:read'];

export interface ExaminedChannels {
  findings: Finding[];
  /** What kind each is, of those that could be looked at. */
  kinds: ReadonlySet<'public' | 'private'>;
}

/** What is known besides the channel. */
export interface Around {
  bot: BotFacts;
  /** Keys of people whose Slack link has a finding of its own. */
  unfit: ReadonlySet<string>;
  /** Groups of which nobody is known. */
  unseen: readonly string[];
}

/** Each channel that the policy names, by itself or in a rule. */
export async function examineChannels(
  slack: SlackInspector,
  policy: Policy,
  around: Around,
): Promise<ExaminedChannels> {
  if (policy.slack === undefined) return { findings: [unnamed()], kinds: new Set() };
  const looked = await Promise.all(
    channelsOf(policy).map((channel, at) =>
      examineChannel(slack, policy, {
        ...around,
        channel,
        id: at === 0 ? 'slack.channel' : `slack.channel.${channel}`,
      }),
    ),
  );
  const kinds = looked.flatMap(({ facts }) =>
    facts === null ? [] : [facts.private ? ('private' as const) : ('public' as const)],
  );
  return { findings: looked.flatMap(({ findings }) => findings), kinds: new Set(kinds) };
}

/** The policy's own channel, then those of its rules. */
export function channelsOf({ slack, rules }: Policy): string[] {
  if (slack === undefined) return [];
  return [...new Set([slack.channel, ...rules.flatMap(({ channel }) => channel ?? [])])];
}

interface Looked extends Around {
  channel: string;
  /** Of the finding; the others' begin with it. */
  id: string;
}

async function examineChannel(
  slack: SlackInspector,
  policy: Policy,
  { bot, unfit, unseen, channel: number, id }: Looked,
): Promise<{ findings: Finding[]; facts: ChannelFacts | null }> {
  const channel = await slack.channel(number);
  if (!channel.ok) return { findings: [hidden(id, number, channel.failure, bot)], facts: null };
  const facts = channel.value;
  const first = standing(id, facts);
  // Slack empties an archived channel: what else could be said of it would be said of nothing.
  if (facts.archived) return { findings: [first], facts };
  const members = await slack.channelMembers(number);
  const findings = [
    first,
    botInFinding(id, facts, bot),
    privateFinding(id, facts),
    sharedFinding(id, facts),
    await guestsFinding(id, slack, policy, members),
    approversFinding({ id: `${id}.approvers`, policy, unseen, asked: number, bot, unfit, channel: facts, members }),
  ];
  return { findings, facts };
}

function unnamed(): Finding {
  return aboutSlack(
    'slack.channel',
    'wrong',
    'There are Slack tokens, but the policy names no channel, so every request is refused.',
    'Add `slack: { channel: C… }` to the policy, or remove both Slack tokens from the environment debug-approval to decide on the issue alone.',
  );
}

/** A private channel that the bot may not see or is not in does not exist for it, so that only all scopes tell for sure. */
function hidden(id: string, channel: string, failure: SlackFailure, { scopes, user }: BotFacts): Finding {
  const lacking = READING.filter((scope) => scopes?.includes(scope) === false);
  const gone = ['channel_not_found', 'method_not_supported_for_channel_type'].includes(failure.code ?? '');
  if (gone && scopes?.includes('groups:read')) {
    return aboutSlack(
      id,
      'wrong',
      `There is no channel ${channel} that @${user.handle} can see, so no card can be posted.`,
      `Name the channel in the policy by its id (C…, at the end of "View channel details"). If it is private, open it and send /invite @${user.handle}.`,
    );
  }
  const what = `The channel ${channel} could not be looked at: ${reasonOf(failure)}.`;
  const remedy =
    gone && lacking.length > 0 ? addScopes(lacking) : toSee(failure, lacking.length > 0 ? lacking : READING);
  return aboutSlack(id, 'unknown', what, remedy);
}

function standing(id: string, { id: channel, name, archived }: ChannelFacts): Finding {
  if (!archived) return aboutSlack(id, 'ok', `Approvers are asked in #${name} (${channel}).`);
  return aboutSlack(
    id,
    'wrong',
    `The channel #${name} (${channel}) is archived, so no card can be posted.`,
    'Name another channel in the policy, or unarchive this one in Slack: "View channel details", "Settings".',
  );
}

function botInFinding(channel: string, { name, botIn }: ChannelFacts, { user }: BotFacts): Finding {
  const id = `${channel}.bot`;
  if (botIn === true) return aboutSlack(id, 'ok', `@${user.handle} is in #${name}.`);
  const invite = `Open #${name} in Slack and send /invite @${user.handle}.`;
  if (botIn === null)
    return aboutSlack(id, 'unknown', `Slack did not say whether @${user.handle} is in #${name}.`, invite);
  return aboutSlack(id, 'wrong', `@${user.handle} is not in #${name}, so no card can be posted.`, invite);
}

function privateFinding(of: string, channel: ChannelFacts): Finding {
  const id = `${of}.private`;
  if (channel.private) return aboutSlack(id, 'ok', `#${channel.name} is private.`);
  return aboutSlack(
    id,
    'note',
    `#${channel.name} is public: everybody in the workspace can read who looks into what, and why.`,
    'Make it private in Slack: "View channel details", "Settings", "Change to a private channel".',
  );
}

const SHARED_WITH = {
  company: (name: string) => `#${name} is shared with another company, whose people can read every request.`,
  invited: (name: string) =>
    `Another company is invited to #${name}: its people can read every request once it accepts.`,
  organisation: (name: string) =>
    `#${name} is shared with other workspaces of the organisation, whose people can read every request.`,
};

function sharedFinding(channel: string, { name, shared }: ChannelFacts): Finding {
  const id = `${channel}.shared`;
  if (shared === null) return aboutSlack(id, 'ok', `#${name} is shared with nobody outside the workspace.`);
  return aboutSlack(
    id,
    'wrong',
    SHARED_WITH[shared](name),
    'End the sharing in Slack ("View channel details", "Settings"), or name a channel in the policy that is shared with nobody.',
  );
}

/** People of the policy are judged by their own findings; here it is who else reads along. */
async function guestsFinding(
  channel: string,
  slack: SlackInspector,
  policy: Policy,
  members: SlackAnswer<{ ids: string[]; whole: boolean }>,
): Promise<Finding> {
  const id = `${channel}.guests`;
  if (!members.ok) {
    const what = `Who is in the channel could not be looked at: ${reasonOf(members.failure)}.`;
    return aboutSlack(id, 'unknown', what, toSee(members.failure, READING));
  }
  const known = new Set(Object.values(policy.people).map(({ slack: link }) => link?.user));
  const others = members.value.ids.filter((member) => !known.has(member));
  const { found, failure } = await slack.members(others);
  const outside = [...found.values()].filter((member) => member !== null).filter(isOutside);
  if (outside.length > 0) {
    return aboutSlack(
      id,
      'wrong',
      `People from outside are in the channel and can read every request: ${named(outside.map(told))}.`,
      'Remove them in Slack: "View channel details", "Members".',
    );
  }
  const unseen = others.filter((member) => !found.get(member));
  if (unseen.length > 0 || !members.value.whole) return halfSeen(id, members.value.ids.length, unseen, failure);
  return aboutSlack(id, 'ok', `None of the ${members.value.ids.length} members of the channel is from outside.`);
}

const isOutside = ({ guest, stranger, deleted }: MemberFacts): boolean => (guest || stranger) && !deleted;

function halfSeen(id: string, all: number, unseen: string[], failure: SlackFailure | null): Finding {
  if (unseen.length === 0) {
    const what = `Only the first ${all} members of the channel were looked at; nobody of them is from outside.`;
    return aboutSlack(id, 'unknown', what, 'Name a channel in the policy that only approvers are in.');
  }
  const why = failure === null ? 'Slack does not show them to the bot' : reasonOf(failure);
  const what = `Whether people from outside are in the channel is not known for ${unseen.length} of its ${all} members (${named(unseen)}): ${why}.`;
  const remedy =
    failure === null ? 'Look at them in Slack: "View channel details", "Members".' : toSee(failure, ['users:read']);
  return aboutSlack(id, 'unknown', what, remedy);
}
