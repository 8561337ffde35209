/** Findings on the channel in which approvers are asked: that the bot reaches it, and that nobody else reads along. */
import type { Policy } from '../../policy/schema.ts';
import { told } from '../find-member.ts';
import type { MemberFacts } from '../ports.ts';
import type { Finding } from './finding.ts';
import { approversFinding } from './slack-approvers.ts';
import type { BotFacts, ChannelFacts, SlackAnswer, SlackFailure, SlackInspector } from './slack-inspector.ts';
import { aboutSlack, addScopes, named, reasonOf, toSee } from './slack-words.ts';

const READING = ['channels:read', 'groups:read'];

/** `unfit`: keys of people whose Slack link has a finding of its own. */
export async function examineChannel(
  slack: SlackInspector,
  policy: Policy,
  bot: BotFacts,
  unfit: ReadonlySet<string>,
): Promise<Finding[]> {
  const id = policy.slack?.channel;
  if (id === undefined) return [unnamed()];
  const channel = await slack.channel(id);
  if (!channel.ok) return [unseen(id, channel.failure, bot)];
  const first = standing(channel.value);
  // Slack empties an archived channel: what else could be said of it would be said of nothing.
  if (channel.value.archived) return [first];
  const members = await slack.channelMembers(id);
  return [
    first,
    botInFinding(channel.value, bot),
    privateFinding(channel.value),
    sharedFinding(channel.value),
    await guestsFinding(slack, policy, members),
    approversFinding({ policy, bot, unfit, channel: channel.value, members }),
  ];
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
function unseen(channel: string, failure: SlackFailure, { scopes, user }: BotFacts): Finding {
  const lacking = READING.filter((scope) => scopes?.includes(scope) === false);
  const gone = ['channel_not_found', 'method_not_supported_for_channel_type'].includes(failure.code ?? '');
  if (gone && scopes?.includes('groups:read')) {
    return aboutSlack(
      'slack.channel',
      'wrong',
      `There is no channel ${channel} that @${user.handle} can see, so no card can be posted.`,
      `Name the channel in the policy by its id (C…, at the end of "View channel details"). If it is private, open it and send /invite @${user.handle}.`,
    );
  }
  const what = `The channel ${channel} could not be looked at: ${reasonOf(failure)}.`;
  const remedy =
    gone && lacking.length > 0 ? addScopes(lacking) : toSee(failure, lacking.length > 0 ? lacking : READING);
  return aboutSlack('slack.channel', 'unknown', what, remedy);
}

function standing({ id, name, archived }: ChannelFacts): Finding {
  if (!archived) return aboutSlack('slack.channel', 'ok', `Approvers are asked in #${name} (${id}).`);
  return aboutSlack(
    'slack.channel',
    'wrong',
    `The channel #${name} (${id}) is archived, so no card can be posted.`,
    'Name another channel in the policy, or unarchive this one in Slack: "View channel details", "Settings".',
  );
}

function botInFinding({ name, botIn }: ChannelFacts, { user }: BotFacts): Finding {
  const id = 'slack.channel.bot';
  if (botIn === true) return aboutSlack(id, 'ok', `@${user.handle} is in #${name}.`);
  const invite = `Open #${name} in Slack and send /invite @${user.handle}.`;
  if (botIn === null)
    return aboutSlack(id, 'unknown', `Slack did not say whether @${user.handle} is in #${name}.`, invite);
  return aboutSlack(id, 'wrong', `@${user.handle} is not in #${name}, so no card can be posted.`, invite);
}

function privateFinding(channel: ChannelFacts): Finding {
  const id = 'slack.channel.private';
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

function sharedFinding({ name, shared }: ChannelFacts): Finding {
  const id = 'slack.channel.shared';
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
  slack: SlackInspector,
  policy: Policy,
  members: SlackAnswer<{ ids: string[]; whole: boolean }>,
): Promise<Finding> {
  const id = 'slack.channel.guests';
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
