/** Slack's methods about the app itself and about people: `auth.test`, `apps.connections.open`, users and bots. */

import * as v from 'valibot';
import { type Arguments, type Method, method, no, TIER, word, yes } from '../answer.ts';
import type { SlackMember } from '../options.ts';
import { page, paged } from '../paging.ts';
import { appOf, isStranger, memberOf, type Slack } from '../slack.ts';

const authTest = method({
  scopes: [],
  token: 'any',
  limit: TIER.special,
  args: v.object({}),
  run(_args, { options, origin }, token) {
    const { bot, team } = options;
    if (token.kind === 'app') return yes({ app_id: appOf(options), app_name: 'debug-approval' });
    return yes({
      url: `${origin}/`,
      team: team.name,
      user: 'debug-approval',
      team_id: team.id,
      user_id: bot.userId,
      bot_id: bot.botId,
      ...(team.enterprise === undefined ? {} : { enterprise_id: team.enterprise.id }),
      is_enterprise_install: false,
    });
  },
});

const open = method({
  scopes: ['connections:write'],
  token: 'app',
  limit: TIER[3],
  args: v.object({}),
  run: (_args, slack) => yes({ url: `${slack.origin.replace('http:', 'ws:')}${slack.socket.open()}` }),
});

function describe(member: SlackMember, slack: Slack, withEmail: boolean): Arguments {
  const team = member.teamId ?? slack.options.team.id;
  // Slack shows nobody's address to another company.
  const open = withEmail && !isStranger(member, slack.options);
  const email = open && member.email !== undefined ? { email: member.email } : {};
  return {
    id: member.id,
    team_id: team,
    name: member.name,
    deleted: member.deleted ?? false,
    real_name: member.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    profile: { real_name: member.realName, display_name: member.displayName ?? member.name, team, ...email },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    // Slack says of a guest of one channel that both hold.
    is_restricted: (member.guest ?? false) !== false,
    is_ultra_restricted: member.guest === 'single-channel',
    is_bot: member.bot ?? false,
    is_app_user: false,
    is_email_confirmed: member.emailConfirmed ?? true,
    ...(isStranger(member, slack.options) ? { is_stranger: true } : {}),
    updated: 1_700_000_000,
  };
}

const usersInfo = method({
  scopes: ['users:read'],
  limit: TIER[4],
  args: v.object({ user: word }),
  run({ user }, slack, token) {
    const { bot } = slack.options;
    const own: SlackMember = { id: bot.userId, name: 'debug-approval', realName: 'Debug Approval', bot: true };
    const member = user === bot.userId ? own : memberOf(slack, user);
    if (member === undefined) return no('user_not_found');
    return yes({ user: describe(member, slack, token.scopes.includes('users:read.email')) });
  },
});

const usersList = method({
  scopes: ['users:read'],
  limit: TIER[2],
  args: v.object(paged),
  run({ limit, cursor }, slack, token) {
    const part = page(slack.options.members, limit, cursor);
    if (part === null) return no('invalid_cursor');
    const withEmail = token.scopes.includes('users:read.email');
    return yes({
      members: part.items.map((member) => describe(member, slack, withEmail)),
      cache_ts: Math.floor(slack.now() / 1000),
      response_metadata: { next_cursor: part.next },
    });
  },
});

const botsInfo = method({
  scopes: ['users:read'],
  limit: TIER[3],
  args: v.object({ bot: v.optional(word) }),
  run({ bot: id }, { options: { bot } }) {
    if (id !== bot.botId) return no('bot_not_found');
    const { botId, appId, userId } = bot;
    return yes({ bot: { id: botId, app_id: appId, user_id: userId, name: 'debug-approval', deleted: false } });
  },
});

/** Only living accounts of this workspace are found, whatever the letters' case. */
const lookupByEmail = method({
  scopes: ['users:read.email'],
  limit: TIER[3],
  args: v.object({ email: word }),
  run({ email }, slack) {
    const wanted = email.toLowerCase();
    const found = slack.options.members.find(
      (member) =>
        member.email?.toLowerCase() === wanted && member.deleted !== true && !isStranger(member, slack.options),
    );
    return found === undefined ? no('users_not_found') : yes({ user: describe(found, slack, true) });
  },
});

export const people: Record<string, Method> = {
  'auth.test': authTest,
  'apps.connections.open': open,
  'bots.info': botsInfo,
  'users.info': usersInfo,
  'users.list': usersList,
  'users.lookupByEmail': lookupByEmail,
};
