/** Slack's `usergroups.*` methods that read. Disabled groups are given only to whoever asks for them. */
import * as v from 'valibot';
import { type Arguments, bool, type Method, method, no, TIER, word, yes } from '../answer.ts';
import type { SlackUserGroup } from '../options.ts';
import type { Slack } from '../slack.ts';

const scopes = ['usergroups:read'];
const AT = 1_700_000_000;

function described({ options }: Slack, group: SlackUserGroup, withUsers: boolean, withCount: boolean): Arguments {
  const disabled = group.disabled ?? false;
  return {
    id: group.id,
    team_id: options.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name ?? group.handle,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: AT,
    date_update: AT,
    date_delete: disabled ? AT : 0,
    auto_type: null,
    created_by: 'USLACKBOT',
    updated_by: 'USLACKBOT',
    deleted_by: disabled ? 'USLACKBOT' : null,
    prefs: { channels: [], groups: [] },
    ...(withUsers ? { users: group.users } : {}),
    ...(withCount ? { user_count: group.users.length } : {}),
  };
}

const seen = (slack: Slack, withDisabled: boolean | undefined): SlackUserGroup[] =>
  (slack.options.userGroups ?? []).filter(({ disabled }) => withDisabled === true || disabled !== true);

const list = method({
  scopes,
  limit: TIER[2],
  args: v.object({ include_count: bool, include_disabled: bool, include_users: bool }),
  run({ include_count, include_disabled, include_users }, slack) {
    const groups = seen(slack, include_disabled);
    return yes({
      usergroups: groups.map((group) => described(slack, group, include_users === true, include_count === true)),
    });
  },
});

const users = method({
  scopes,
  limit: TIER[2],
  args: v.object({ usergroup: word, include_disabled: bool }),
  run({ usergroup, include_disabled }, slack) {
    const group = seen(slack, include_disabled).find(({ id }) => id === usergroup);
    return group === undefined ? no('no_such_subteam') : yes({ users: group.users });
  },
});

export const userGroups: Record<string, Method> = { 'usergroups.list': list, 'usergroups.users.list': users };
