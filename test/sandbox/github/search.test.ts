/** GitHub's search: what it finds of issues, for whom, how late, and how often it may be asked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppFixture, openWithApp, startWithApp } from './app-fixture.ts';
import { R } from './fixture.ts';

let shared: AppFixture & { close: () => Promise<void> };
beforeAll(async () => {
  shared = await openWithApp();
  const api = shared.as(shared.gh.userToken('ana'));
  await api.issues.create({ ...R, title: 'open', body: 'run 15000000001', labels: ['debug-request'] });
  await api.issues.create({ ...R, title: 'else', labels: ['bug'] });
  await api.issues.create({ ...R, title: 'over', labels: ['debug-request'] });
  await api.issues.update({ ...R, issue_number: 3, state: 'closed' });
});
afterAll(() => shared.close());

const found = async (q: string, token: string) => {
  const { status, json } = await shared.ask('GET', `/search/issues?q=${encodeURIComponent(q)}`, { token });
  const items: unknown = Object(json).items;
  return { status, titles: Array.isArray(items) ? items.map((one) => String(Object(one).title)) : [] };
};

test.each([
  ['is:issue is:open label:debug-request org:acme', ['open']],
  ['is:issue label:"debug-request" repo:acme/shop', ['over', 'open']],
  ['"run 15000000001" in:body type:issue', ['open']],
  ['author:ana state:closed', ['over']],
  ['is:issue org:other', []],
])('%s', async (q, titles) => {
  const { token } = await shared.installationToken();
  expect(await found(q, token)).toEqual({ status: 200, titles });
  expect(shared.gh.violations).toEqual([]);
});

test('nobody finds what they may not see', async () => {
  expect(await found('is:issue', shared.gh.userToken('cy'))).toEqual({ status: 200, titles: [] });
  expect((await found('repo:acme/shop', shared.gh.userToken('cy'))).status).toBe(422);
  expect((await found('repo:acme/other', shared.gh.userToken('ana'))).status).toBe(422);
  expect((await found('', shared.gh.userToken('ana'))).status).toBe(422);
});

test('search lags, and answers thirty times a minute', async () => {
  const { as, gh } = await startWithApp({ lagMs: 60_000, limits: true });
  const api = as(gh.userToken('ana'));
  await api.issues.create({ ...R, title: 'new' });
  const search = async () => (await api.search.issuesAndPullRequests({ q: 'is:issue org:acme' })).data.total_count;
  for (let n = 0; n < 30; n += 1) expect(await search()).toBe(0);
  await expect(search()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-ratelimit-resource': 'search', 'x-ratelimit-limit': '30' } },
  });
  expect((await api.issues.get({ ...R, issue_number: 1 })).status).toBe(200);
});
