/** The sandbox's list of members: pages, cursors, scope and limit as Slack has them. */
import { expect, test } from 'vitest';
import { refusal, slack, TEAM, web } from './setup.ts';

test('the list of members comes in pages, and an empty cursor ends it', async () => {
  const client = web(await slack());
  const ids: (string | undefined)[] = [];
  let cursor = '';
  do {
    const page = await client.users.list({ limit: 2, ...(cursor === '' ? {} : { cursor }) });
    expect(page.members?.length).toBeLessThanOrEqual(2);
    ids.push(...(page.members ?? []).map(({ id }) => id));
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  expect(ids).toEqual(TEAM.members.map(({ id }) => id));
});

test('a cursor that Slack never gave is refused', async () => {
  const client = web(await slack());
  expect(await refusal(client.users.list({ cursor: 'bm9wZQ' }))).toMatchObject({ error: 'invalid_cursor' });
});

test('the list needs users:read, and gives no addresses without users:read.email', async () => {
  const members = [{ id: 'U0ANA', name: 'ana', realName: 'Ana', displayName: 'Ana B', email: 'ana@example.com' }];
  const without = web(await slack({ bot: { ...TEAM.bot, scopes: ['chat:write'] } }));
  expect(await refusal(without.users.list({}))).toMatchObject({ error: 'missing_scope', needed: 'users:read' });
  const plain = await web(await slack({ members })).users.list({});
  expect(plain.members?.[0]?.profile).toEqual({ real_name: 'Ana', display_name: 'Ana B', team: 'T0TEAM' });
});

test('the list is answered 20 times a minute', async () => {
  const client = web(await slack({ limits: true, now: () => 1_800_000_000_000 }));
  for (let n = 0; n < 20; n++) expect((await client.users.list({})).ok).toBe(true);
  await expect(client.users.list({})).rejects.toMatchObject({ retryAfter: 60 });
});

const ANA = { id: 'U0ANA', name: 'ana', realName: 'Ana', email: 'Ana@example.com' };
const withEmail = { ...TEAM.bot, scopes: [...TEAM.bot.scopes, 'users:read.email'] };

test('an address finds the one living account of this workspace that has it', async () => {
  const members = [
    ANA,
    { id: 'U0BO', name: 'bo', realName: 'Bo', email: 'bo@example.com', emailConfirmed: false },
    { id: 'U0DI', name: 'di', realName: 'Di', email: 'di@example.com', teamId: 'T0OTHER' },
    { id: 'U0ED', name: 'ed', realName: 'Ed', email: 'ed@example.com', deleted: true },
  ];
  const client = web(await slack({ members, bot: withEmail }));
  const found = await client.users.lookupByEmail({ email: 'ana@EXAMPLE.com' });
  expect(found.user).toMatchObject({ id: 'U0ANA', is_email_confirmed: true, profile: { email: 'Ana@example.com' } });
  expect((await client.users.lookupByEmail({ email: 'bo@example.com' })).user).toMatchObject({
    id: 'U0BO',
    is_email_confirmed: false,
  });
  for (const email of ['nobody@example.com', 'di@example.com', 'ed@example.com']) {
    expect(await refusal(client.users.lookupByEmail({ email }))).toMatchObject({ error: 'users_not_found' });
  }
});

test('an address finds nobody without users:read.email', async () => {
  const client = web(await slack({ members: [ANA] }));
  expect(await refusal(client.users.lookupByEmail({ email: ANA.email }))).toMatchObject({
    error: 'missing_scope',
    needed: 'users:read.email',
  });
});

test("an account says what kind it is, and another company's shows no address", async () => {
  const members = [
    { ...ANA, guest: 'single-channel' as const },
    { id: 'U0DI', name: 'di', realName: 'Di', email: 'di@example.com', teamId: 'T0OTHER' },
  ];
  const client = web(await slack({ members, bot: withEmail }));
  expect((await client.users.info({ user: 'U0ANA' })).user).toMatchObject({
    team_id: 'T0TEAM',
    deleted: false,
    is_bot: false,
    is_restricted: true,
    is_ultra_restricted: true,
    is_email_confirmed: true,
    profile: { email: 'Ana@example.com' },
  });
  const { user } = await client.users.info({ user: 'U0DI' });
  expect(user).toMatchObject({ team_id: 'T0OTHER', is_stranger: true });
  expect(user?.profile).not.toHaveProperty('email');
});

const userGroups = [
  { id: 'S0SRE', handle: 'sre', name: 'Site reliability', users: ['U0ANA', 'U0BO'] },
  { id: 'S0OLD', handle: 'old', users: ['U0ANA'], disabled: true },
];

test('user groups are listed, disabled ones and their people only when asked for', async () => {
  const client = web(await slack({ userGroups }));
  const { usergroups = [] } = await client.usergroups.list({});
  expect(usergroups).toMatchObject([{ id: 'S0SRE', handle: 'sre', name: 'Site reliability', date_delete: 0 }]);
  for (const unasked of ['users', 'user_count']) expect(usergroups[0]).not.toHaveProperty(unasked);
  const all = await client.usergroups.list({ include_disabled: true, include_users: true, include_count: true });
  expect(all.usergroups).toMatchObject([
    { id: 'S0SRE', users: ['U0ANA', 'U0BO'], user_count: 2 },
    { id: 'S0OLD', users: ['U0ANA'], date_delete: expect.any(Number), deleted_by: expect.any(String) },
  ]);
});

test('the people of a user group are given, those of an unknown or disabled one are not', async () => {
  const client = web(await slack({ userGroups }));
  const users = (usergroup: string, include_disabled = false) =>
    client.usergroups.users.list({ usergroup, include_disabled });
  expect((await users('S0SRE')).users).toEqual(['U0ANA', 'U0BO']);
  expect((await users('S0OLD', true)).users).toEqual(['U0ANA']);
  for (const id of ['S0OLD', 'S0NONE']) expect(await refusal(users(id))).toMatchObject({ error: 'no_such_subteam' });
  const unscoped = web(await slack({ userGroups, bot: { ...TEAM.bot, scopes: ['chat:write'] } }));
  expect(await refusal(unscoped.usergroups.list({}))).toMatchObject({
    error: 'missing_scope',
    needed: 'usergroups:read',
  });
});

test.each([
  ['usergroups.list', 20],
  ['usergroups.users.list', 20],
  ['users.lookupByEmail', 50],
])('%s is answered %i times a minute', async (method, times) => {
  const members = [ANA];
  const client = web(await slack({ members, userGroups, bot: withEmail, limits: true, now: () => 1_800_000_000_000 }));
  const call = () => client.apiCall(method, { usergroup: 'S0SRE', email: ANA.email });
  for (let n = 0; n < times; n++) expect((await call()).ok).toBe(true);
  await expect(call()).rejects.toMatchObject({ retryAfter: 60 });
});
