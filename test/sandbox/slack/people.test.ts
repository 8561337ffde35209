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
