/** The GitHub App: who is believed to be it, what its installation tokens may do, and for how long. */
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWithApp, startWithApp } from './app-fixture.ts';
import { R } from './fixture.ts';

let shared: Awaited<ReturnType<typeof openWithApp>>;
beforeAll(async () => {
  shared = await openWithApp({ teams: { 'acme/sre': { members: [11] } } });
});
afterAll(() => shared.close());

const now = (): number => Math.floor(Date.now() / 1000);

describe('the App’s JWT', () => {
  test('shows the App, its installation and where that is', async () => {
    const { ask, jwt, app, gh } = shared;
    const token = await jwt();
    expect(await ask('GET', '/app', { token })).toMatchObject({
      status: 200,
      json: { id: app.id, slug: app.slug, permissions: app.permissions, installations_count: 1 },
    });
    const installation = { id: app.installationId, app_id: app.id, account: { login: R.owner } };
    expect((await ask('GET', '/app/installations', { token })).json).toMatchObject([installation]);
    expect((await ask('GET', '/repos/acme/shop/installation', { token })).json).toMatchObject(installation);
    expect((await ask('GET', `/app/installations/${app.installationId}`, { token })).json).toMatchObject(installation);
    expect((await ask('GET', '/app/installations/1', { token })).status).toBe(404);
    expect((await ask('GET', '/repos/acme/other/installation', { token })).status).toBe(404);
    expect(gh.violations).toEqual([]);
  });

  const soon = now() + 540;
  test.each([
    ['of another key', { key: 'strange' }, 'could not be decoded'],
    ['of another App', { iss: '999' }, 'could not be decoded'],
    ['that lives longer than ten minutes', { exp: now() + 700 }, 'too far in the future'],
    ['that is over', { iat: now() - 600, exp: now() - 1 }, 'must be a numeric value'],
    ['from the future', { iat: now() + 120, exp: soon }, 'Issued at'],
    ['without a moment of issue', { iat: undefined, exp: soon }, 'Issued at'],
  ])('%s is refused', async (_what, change, words) => {
    const { ask, jwt } = shared;
    expect(await ask('GET', '/app', { token: await jwt(change) })).toMatchObject({
      status: 401,
      json: { message: expect.stringContaining(words) },
    });
  });

  test('signed by what is no key of it (the public key as a shared secret) is refused', async () => {
    const { ask, app } = shared;
    const secret = new TextEncoder().encode(app.publicKey);
    const token = await new SignJWT({ iat: now(), exp: now() + 60, iss: String(app.id) })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret);
    expect((await ask('GET', '/app', { token })).status).toBe(401);
  });

  test('opens nothing of the repository, and no other token passes for it', async () => {
    const { ask, jwt, gh, installationToken } = shared;
    expect((await ask('GET', '/repos/acme/shop', { token: await jwt() })).status).toBe(401);
    for (const token of [gh.userToken('di'), (await installationToken()).token])
      expect((await ask('GET', '/app', { token })).status).toBe(401);
  });
});

describe('an installation token', () => {
  test('may what the installation may, works for an hour, and names its App', async () => {
    const { gh, app, as, ask, installationToken } = await startWithApp();
    const { token, permissions, expires_at } = await installationToken();
    expect(permissions).toEqual({ ...app.permissions, metadata: 'read' });
    expect(Math.abs(Date.parse(expires_at) - Date.now() - 3_600_000)).toBeLessThan(10_000);
    const api = as(token);
    const { data: repositories } = await api.apps.listReposAccessibleToInstallation();
    expect(repositories).toMatchObject({ total_count: 1, repositories: [{ full_name: 'acme/shop' }] });
    const { data: issue } = await api.issues.create({ ...R, title: 'x', labels: ['debug-request'] });
    expect(issue).toMatchObject({
      user: { login: `${app.slug}[bot]`, type: 'Bot' },
      performed_via_github_app: { id: app.id, slug: app.slug },
      labels: [{ name: 'debug-request' }],
    });
    gh.passTime(3_601_000);
    expect((await ask('GET', '/repos/acme/shop', { token })).status).toBe(401);
    expect(gh.violations).toEqual([]);
  });

  test('with less than the installation’s permissions does less', async () => {
    const { as, installationToken } = shared;
    const { token } = await installationToken({ permissions: { issues: 'read' } });
    await as(token).issues.listForRepo(R);
    await expect(as(token).issues.create({ ...R, title: 'x' })).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-accepted-github-permissions': 'issues=write' } },
    });
    await expect(as(token).actions.listWorkflowRunsForRepo(R)).rejects.toMatchObject({ status: 403 });
  });

  test.each([
    ['more than the installation has', { permissions: { contents: 'write' } }],
    ['what it was never granted', { permissions: { administration: 'read' } }],
    ['another repository', { repositories: ['other'] }],
    ['a repository by a wrong id', { repository_ids: [1] }],
  ])('is not given for %s', async (_what, body) => {
    const { ask, jwt, app } = shared;
    const path = `/app/installations/${app.installationId}/access_tokens`;
    expect((await ask('POST', path, { token: await jwt(), body })).status).toBe(422);
  });

  test('is not given to people or jobs', async () => {
    const { ask, gh, job, app } = shared;
    const path = `/app/installations/${app.installationId}/access_tokens`;
    for (const token of [gh.userToken('di'), job({ actions: 'write' }).token])
      expect((await ask('POST', path, { token })).status).toBe(401);
  });

  test('reads teams only where the installation may read members', async () => {
    const { as, installationToken } = shared;
    const team = { org: 'acme', team_slug: 'sre' };
    expect((await as((await installationToken()).token).teams.listMembersInOrg(team)).data).toMatchObject([{ id: 11 }]);
    const { token } = await installationToken({ permissions: { issues: 'write' } });
    await expect(as(token).teams.listMembersInOrg(team)).rejects.toMatchObject({ status: 403 });
  });

  test('has the limit of installations, which Enterprise raises', async () => {
    const enterprise = { owner: R.owner, name: R.repo, public: false, plan: 'enterprise' } as const;
    for (const [{ ask, installationToken }, limit] of [
      [shared, '5000'],
      [await startWithApp({ repository: enterprise }), '15000'],
    ] as const) {
      const { token } = await installationToken();
      const { headers } = await ask('GET', '/repos/acme/shop', { token });
      expect(headers.get('x-ratelimit-limit')).toBe(limit);
    }
  });
});

test('an App that is suspended or taken away does nothing, with no token, and is told of nothing', async () => {
  const { gh, ask, jwt, app, as, installationToken } = await startWithApp();
  gh.setWebhookUrl('http://127.0.0.1:9/');
  const { token } = await installationToken();
  const create = { ...R, title: 'x' };
  const tokens = `/app/installations/${app.installationId}/access_tokens`;
  for (const [state, old, fresh] of [
    ['suspended', 403, 403],
    ['removed', 401, 404],
  ] as const) {
    gh.configure({ app: state });
    await expect(as(token).issues.create(create)).rejects.toMatchObject({ status: old });
    expect((await ask('POST', tokens, { token: await jwt() })).status).toBe(fresh);
    await as(gh.userToken('ana')).issues.create(create);
  }
  expect((await ask('GET', '/app/installations', { token: await jwt() })).json).toEqual([]);
  expect(gh.webhooks.deliveries).toEqual([]);
  gh.configure({ app: 'installed' });
  expect((await ask('POST', tokens, { token: await jwt() })).status).toBe(201);
  expect(gh.violations).toEqual([]);
});

test('all of GitHub goes by one clock, which may be another than the caller’s', async () => {
  const { gh, as, job } = await startWithApp();
  gh.passTime(600_000);
  const ahead = (time: string | null | undefined): boolean => Date.parse(time ?? '') - Date.now() > 590_000;
  const api = as(gh.userToken('ana'));
  const { data: issue } = await api.issues.create({ ...R, title: 'x' });
  const { data: comment, headers } = await api.issues.createComment({ ...R, issue_number: issue.number, body: 'y' });
  const closed = await api.issues.update({ ...R, issue_number: issue.number, state: 'closed' });
  const { oidc } = job({ 'id-token': 'write' });
  const answer = await fetch(`${oidc?.requestUrl}&audience=x`, {
    headers: { authorization: `Bearer ${oidc?.requestToken}` },
  });
  const { iat = 0 } = decodeJwt(String(Object(await answer.json()).value));
  const times = [issue.created_at, comment.created_at, closed.data.closed_at, headers.date];
  expect([...times, new Date(iat * 1000).toISOString()].map(ahead)).toEqual([true, true, true, true, true]);
  expect(closed.data.created_at).toBe(issue.created_at);
});
