/** What the inspection asks of Slack about people besides single members: user groups, and who has an address. */
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import type { MemberFacts, SlackAnswer, UserGroupFacts } from '../app/ports.ts';
import { factsOf, Member } from './directory.ts';
import type { Put } from './inspect.ts';

const Groups = v.looseObject({
  usergroups: v.array(
    v.looseObject({
      id: v.string(),
      handle: v.optional(v.string(), ''),
      date_delete: v.optional(v.number(), 0),
      users: v.optional(v.array(v.string())),
    }),
  ),
});
const Users = v.looseObject({ users: v.array(v.string()) });

/** The user group of that id, disabled ones too; see `SlackInspector.userGroup`. Needs the scope usergroups:read. */
export async function lookUpGroup(put: Put, web: WebClient, id: string): Promise<SlackAnswer<UserGroupFacts | null>> {
  const all = await put({
    doing: 'list the user groups',
    schema: Groups,
    ask: () => web.usergroups.list({ include_disabled: true, include_users: true }),
  });
  if (!all.ok) return all;
  const group = all.value.usergroups.find((one) => one.id === id);
  const [handle, disabled] = [group?.handle || id, (group?.date_delete ?? 0) > 0];
  if (group?.users !== undefined) return { ok: true, value: { id, handle, disabled, users: group.users } };
  // A group of the whole organisation is in no workspace's list.
  const users = await put({
    doing: `list the members of the user group ${id}`,
    schema: Users,
    ask: () => web.usergroups.users.list({ usergroup: id, include_disabled: true }),
  });
  if (users.ok) return { ok: true, value: { id, handle, disabled, users: users.value.users } };
  return users.failure.code === 'no_such_subteam' ? { ok: true, value: null } : users;
}

const Holder = v.looseObject({
  ...Member.entries,
  profile: v.looseObject({ ...Member.entries.profile.entries, email: v.optional(v.string(), '') }),
  is_email_confirmed: v.optional(v.boolean(), false),
});

/**
 * The member with exactly that confirmed address; see `SlackInspector.memberByEmail`. Needs the scope users:read.email. An address
 * is personal: no message repeats it.
 */
export async function lookUpAddress(put: Put, web: WebClient, email: string): Promise<SlackAnswer<MemberFacts | null>> {
  const answer = await put({
    doing: 'find a member by their e-mail address',
    schema: v.looseObject({ user: Holder }),
    ask: () => web.users.lookupByEmail({ email }),
  });
  if (!answer.ok) return answer.failure.code === 'users_not_found' ? { ok: true, value: null } : answer;
  const { user } = answer.value;
  const theirs = user.is_email_confirmed && user.profile.email.toLowerCase() === email.toLowerCase();
  return { ok: true, value: theirs ? factsOf(user) : null };
}
