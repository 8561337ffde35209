/** A member's press of a button: found on the standing message, and turned into Slack's `block_actions` payload. */

import * as v from 'valibot';
import type { Arguments } from './answer.ts';
import { givenBack } from './normal.ts';
import type { SlackEphemeral, SlackMessage } from './options.ts';
import { channelOf, domainOf, isIn, memberOf, newTs, type Slack } from './slack.ts';
import { shown } from './store.ts';

export interface ButtonPress {
  member: string;
  channel: string;
  ts: string;
  actionId: string;
}

/** A press as nobody could make it in Slack: any value, on any message. */
export interface ForgedPress extends ButtonPress {
  value: string;
  /** The payload's `message`; the standing one unless given. */
  message?: unknown;
  /** Fields of the payload to replace, e.g. `team`, `user`, `api_app_id`. */
  overrides?: Arguments;
}

const Button = v.looseObject({
  type: v.literal('button'),
  action_id: v.optional(v.string()),
  text: v.unknown(),
  value: v.optional(v.string()),
});
const Block = v.looseObject({
  block_id: v.optional(v.string(), ''),
  elements: v.optional(v.array(v.unknown()), []),
  accessory: v.optional(v.unknown()),
});

interface Target {
  blockId: string;
  text: unknown;
  value: string | undefined;
}

function findButton(message: SlackMessage, actionId: string): Target | undefined {
  for (const block of message.blocks ?? []) {
    const parsed = v.parse(Block, block);
    for (const element of [...parsed.elements, parsed.accessory]) {
      if (!v.is(Button, element) || element.action_id !== actionId) continue;
      return { blockId: parsed.block_id, text: element.text, value: element.value };
    }
  }
  return undefined;
}

const whispered = (slack: Slack, press: ButtonPress): SlackEphemeral | undefined =>
  slack.ephemerals.find(
    ({ ts, user, channel }) => ts === press.ts && user === press.member && channel === press.channel,
  );

export function person(slack: Slack, id: string): Arguments {
  const member = memberOf(slack, id);
  const name = member?.name ?? id;
  return { id, username: name, name, team_id: member?.teamId ?? slack.options.team.id };
}

function payload(slack: Slack, press: ButtonPress, target: Target, message: unknown, ephemeral: boolean): Arguments {
  const { team, bot } = slack.options;
  const channel = channelOf(slack, press.channel);
  const place = { channel: press.channel, ts: press.ts, user: press.member, ephemeral };
  return {
    type: 'block_actions',
    user: person(slack, press.member),
    api_app_id: bot.appId,
    token: 'verification-token',
    container: { type: 'message', message_ts: press.ts, channel_id: press.channel, is_ephemeral: ephemeral },
    trigger_id: slack.triggers.trigger(press.member),
    team: { id: team.id, domain: domainOf(slack.options) },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: press.channel, name: channel?.private ? 'privategroup' : (channel?.name ?? '') },
    // Slack leaves the message out where only one person sees it.
    ...(ephemeral ? {} : { message: givenBack(message) }),
    state: { values: {} },
    response_url: `${slack.origin}${slack.triggers.responsePath(place)}`,
    actions: [
      {
        action_id: press.actionId,
        block_id: target.blockId,
        text: givenBack(target.text),
        ...(target.value === undefined ? {} : { value: target.value }),
        type: 'button',
        action_ts: newTs(slack),
      },
    ],
  };
}

function requireMember(slack: Slack, press: ButtonPress): void {
  const channel = channelOf(slack, press.channel);
  if (channel === undefined) throw new Error(`Nobody can press in ${press.channel}: there is no such channel.`);
  const member = memberOf(slack, press.member);
  if (member === undefined || member.deleted || member.bot)
    throw new Error(`${press.member} cannot press: no active human member has this id.`);
  if (!isIn(channel, press.member))
    throw new Error(`${press.member} cannot press in ${press.channel}: not a member of it.`);
}

/** The payload of a real press. Throws where this member could not see or press such a button now. */
export async function pressPayload(slack: Slack, press: ButtonPress): Promise<Arguments> {
  requireMember(slack, press);
  const secret = whispered(slack, press);
  const message = secret ?? (await slack.store.find(press.channel, press.ts));
  if (message === undefined) throw new Error(`There is no message ${press.ts} in ${press.channel} to press on.`);
  const target = findButton(message, press.actionId);
  if (target === undefined) throw new Error(`No button ${press.actionId} stands on message ${press.ts} now.`);
  return payload(slack, press, target, shown(message), secret !== undefined);
}

/** The payload of a press that an attacker would like to make: nothing is checked. */
export async function forgedPayload(slack: Slack, press: ForgedPress): Promise<Arguments> {
  const standing = await slack.store.find(press.channel, press.ts);
  const target = { blockId: 'b0', text: { type: 'plain_text', text: 'Approve' }, value: press.value };
  return { ...payload(slack, press, target, press.message ?? standing, false), ...press.overrides };
}
