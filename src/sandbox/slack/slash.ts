/** A member's slash command: Slack's payload, and what its author alone sees of the answer. */
import * as v from 'valibot';
import type { Arguments } from './answer.ts';
import { whisper } from './methods/chat.ts';
import { checkContent, content } from './methods/message.ts';
import { channelOf, domainOf, isIn, isStranger, kindOf, memberOf, type Slack } from './slack.ts';
import type { Delivery } from './socket.ts';
import { escaped } from './speak.ts';
import { writeMessage } from './write.ts';

export interface SlashCommand {
  member: string;
  channel: string;
  /** With its slash. */
  command: string;
  /** What follows the command, as typed. */
  text: string;
  /** Fields of the payload to replace, as nobody could in Slack. */
  overrides?: Arguments;
}

function requireCommand(slack: Slack, { member, channel: id, command }: SlashCommand): void {
  const { commands = [], bot } = slack.options;
  const channel = channelOf(slack, id);
  const author = memberOf(slack, member);
  if (channel === undefined) throw new Error(`${command} cannot be sent in ${id}: there is no such channel.`);
  if (author === undefined || author.deleted || author.bot)
    throw new Error(`${member} cannot send ${command}: no active human member has this id.`);
  if (!isIn(channel, member)) throw new Error(`${member} cannot send ${command} in ${id}: not a member of it.`);
  // The app is not installed where a stranger is at home.
  if (isStranger(author, slack.options))
    throw new Error(`${command} is not a valid command for ${member}, a stranger.`);
  if (!bot.scopes.includes('commands') || !commands.includes(command))
    throw new Error(`${command} is not a valid command: the app has no such command, or not the scope commands.`);
}

function channelName(slack: Slack, id: string): string {
  const channel = channelOf(slack, id);
  if (channel === undefined) return '';
  return kindOf(slack, channel) === 'groups' ? 'privategroup' : channel.name;
}

/** Slack's payload of a slash command. Throws where this member could not send it here. */
export function slashPayload(slack: Slack, sent: SlashCommand): Arguments {
  requireCommand(slack, sent);
  const { team, bot } = slack.options;
  const place = { channel: sent.channel, ts: '', user: sent.member, ephemeral: true };
  const { enterprise } = team;
  return {
    token: 'verification-token',
    team_id: team.id,
    team_domain: domainOf(slack.options),
    ...(enterprise === undefined ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.id }),
    channel_id: sent.channel,
    channel_name: channelName(slack, sent.channel),
    user_id: sent.member,
    user_name: memberOf(slack, sent.member)?.name ?? '',
    command: sent.command,
    text: escaped(sent.text.trim()),
    api_app_id: bot.appId,
    // Slack writes it as a word here, since the payload was once a form.
    is_enterprise_install: 'false',
    response_url: `${slack.origin}${slack.triggers.responsePath(place, 'commands')}`,
    trigger_id: slack.triggers.trigger(sent.member),
    ...sent.overrides,
  };
}

const Reply = v.object({
  ...content,
  response_type: v.optional(v.picklist(['ephemeral', 'in_channel']), 'ephemeral'),
});

/** Shows the person what Slack shows: the app's answer, nothing where it gave none, or that the command failed. */
export async function answered(slack: Slack, sent: SlashCommand, delivery: Delivery): Promise<void> {
  const tell = (message: Arguments) => void whisper(slack, sent.channel, sent.member, message);
  const fail = (code: string) => tell({ text: `${sent.command} failed with the error "${code}"` });
  if (!delivery.delivered || delivery.failure === 'http_error') return fail('dispatch_failed');
  if (!delivery.acknowledged) return fail('operation_timeout');
  const { answer = {} } = delivery;
  if (typeof answer === 'object' && answer !== null && Object.keys(answer).length === 0) return;
  const reply = v.safeParse(Reply, answer);
  if (!reply.success) return fail('invalid_command_response');
  const { response_type, ...message } = reply.output;
  const checked = checkContent(message);
  if ('refused' in checked) return fail('invalid_command_response');
  if (response_type === 'ephemeral') return tell(checked.content);
  await writeMessage(slack, slack.options.bot.userId, sent.channel, checked.content);
}
