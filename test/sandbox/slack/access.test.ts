/** Tokens, scopes, limits and ordered failures of the sandbox's Slack. */

import { expect, test } from 'vitest';
import { APP, BOT, ROOM, refusal, slack, TEAM, web } from './setup.ts';

const call = (url: string, method: string, headers: Record<string, string> = {}, body = '') =>
  fetch(`${url}${method}`, { method: 'POST', headers, body });

test('an absent token and an unknown one are told apart', async () => {
  const { url } = await slack();
  expect(await (await call(url, 'auth.test')).json()).toMatchObject({ error: 'not_authed' });
  const unknown = await call(url, 'auth.test', { authorization: 'Bearer xoxb-other' });
  expect(await unknown.json()).toMatchObject({ error: 'invalid_auth' });
});

test('the bot is told who it is and which scopes it has', async () => {
  const answer = await web(await slack()).auth.test();
  expect(answer).toMatchObject({ team_id: 'T0TEAM', user_id: 'U0BOT', bot_id: 'B0BOT' });
  expect(answer.response_metadata?.scopes).toEqual(TEAM.bot.scopes);
});

test('a missing scope is named', async () => {
  const client = web(await slack({ bot: { ...TEAM.bot, scopes: ['users:read'] } }));
  expect(await refusal(client.chat.postMessage({ channel: ROOM, text: 'x' }))).toMatchObject({
    error: 'missing_scope',
    needed: 'chat:write',
    provided: 'users:read',
  });
});

test('Socket Mode is opened with the app token alone, and only in the header', async () => {
  const { url } = await slack();
  const open = async (headers: Record<string, string>, body = '') =>
    (await call(url, 'apps.connections.open', headers, body)).json();
  expect(await open({ authorization: `Bearer ${BOT}` })).toMatchObject({ error: 'not_allowed_token_type' });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await open(form, `token=${APP}`)).toMatchObject({ error: 'not_authed' });
  expect(await open({ authorization: `Bearer ${APP}` })).toMatchObject({ ok: true });
});

test('an app token without connections:write opens nothing', async () => {
  const client = web(await slack({ appScopes: [] }), APP);
  expect(await refusal(client.apps.connections.open({}))).toMatchObject({
    error: 'missing_scope',
    needed: 'connections:write',
  });
});

test('JSON and form bodies mean the same', async () => {
  const sandbox = await slack();
  const headers = { authorization: `Bearer ${BOT}`, 'content-type': 'application/json; charset=utf-8' };
  const blocks = [{ type: 'divider' }];
  await call(sandbox.url, 'chat.postMessage', headers, JSON.stringify({ channel: ROOM, text: 'a', blocks }));
  await web(sandbox).chat.postMessage({ channel: ROOM, text: 'a', blocks: [{ type: 'divider' }] });
  const [json, form] = await sandbox.messages(ROOM);
  expect(json?.blocks).toEqual(form?.blocks);
});

test('a channel takes a short burst and then one message a second', async () => {
  let now = 1_800_000_000_000;
  const sandbox = await slack({ limits: true, now: () => now });
  const post = () =>
    fetch(`${sandbox.url}chat.postMessage?channel=${ROOM}&text=x`, { headers: { authorization: `Bearer ${BOT}` } });
  for (let n = 0; n < 5; n++) expect((await post()).status).toBe(200);
  const refused = await post();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  now += 1000;
  expect((await post()).status).toBe(200);
  expect((await post()).status).toBe(429);
});

test('a tier 2 method is answered 20 times a minute', async () => {
  let now = 1_800_000_000_000;
  const client = web(await slack({ limits: true, now: () => now }));
  const ask = () => client.usergroups.users.list({ usergroup: 'S0SRE' });
  for (let n = 0; n < 20; n++) expect((await ask()).users).toEqual(['U0ANA', 'U0BO']);
  await expect(ask()).rejects.toMatchObject({ retryAfter: 60 });
  now += 60_001;
  expect((await ask()).ok).toBe(true);
});

test('a guest, a stranger, a deleted member and a bot are recognisable', async () => {
  const client = web(await slack());
  const user = async (id: string) => (await client.users.info({ user: id })).user;
  expect(await user('U0ANA')).toMatchObject({ is_restricted: false, deleted: false, is_bot: false, team_id: 'T0TEAM' });
  expect(await user('U0CY')).toMatchObject({ is_restricted: true });
  expect(await user('U0DI')).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
  expect(await user('U0ED')).toMatchObject({ deleted: true });
  expect(await user('U0BOT')).toMatchObject({ is_bot: true });
  expect(await refusal(client.users.info({ user: 'U0NONE' }))).toMatchObject({ error: 'user_not_found' });
});

test('an ordered failure happens as often as ordered, and a lost answer leaves its message behind', async () => {
  const sandbox = await slack();
  const post = () => web(sandbox).chat.postMessage({ channel: ROOM, text: 'x' });
  sandbox.fault({ method: 'chat.postMessage', error: 'fatal_error' });
  expect(await refusal(post())).toMatchObject({ error: 'fatal_error' });
  sandbox.fault({ method: 'chat.postMessage', drop: 'before' });
  await expect(post()).rejects.toThrow();
  expect(await sandbox.messages(ROOM)).toEqual([]);
  sandbox.fault({ method: '*', drop: 'after' });
  await expect(post()).rejects.toThrow();
  expect(await sandbox.messages(ROOM)).toHaveLength(1);
  expect((await post()).ok).toBe(true);
});

test('calls are counted and noted without tokens', async () => {
  const sandbox = await slack();
  await web(sandbox).chat.postMessage({ channel: ROOM, text: `leaked ${BOT}` });
  await web(sandbox).auth.test();
  expect(sandbox.counts()).toEqual({ calls: 2, byMethod: { 'chat.postMessage': 1, 'auth.test': 1 } });
  expect(JSON.stringify(sandbox.requests)).not.toContain(BOT);
  sandbox.resetCounts();
  expect(sandbox.counts()).toEqual({ calls: 0, byMethod: {} });
});
