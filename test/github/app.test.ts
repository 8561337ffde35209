/** The GitHub App: how it proves itself, and which repositories it finds. */
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { parseApiAddress } from '../../src/github/api-address.ts';
import { githubApp } from '../../src/github/app.ts';
import { APP_PEM, APP_PUBLIC } from './app-keys.ts';
import { json, stub, wire } from './stub.ts';

/** GitHub's dates have no milliseconds. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const DATE = { date: new Date(NOW).toUTCString() };
const APP = { id: 77, slug: 'debug-approval-acme', name: 'Debug Approval' };

const token = (value: string) =>
  json(201, { token: value, expires_at: '2099-01-01T00:00:00Z', permissions: { issues: 'write' } });
const repository = (id: number, name: string, over: object = {}) => ({
  ...{ id, full_name: `acme/${name}`, owner: { id: 7 }, archived: false },
  ...over,
});
const comment = () => json(201, { id: 1, created_at: '2026-11-23T12:00:00Z' });

/** A GitHub that answers by the end of the path, whatever is asked first. */
function paths(answers: Record<string, () => Response | Promise<Response>>): ReturnType<typeof stub> {
  const sent: ReturnType<typeof stub>['sent'] = [];
  return {
    sent,
    async fetch(input, init) {
      const { method, url, headers } = new Request(input, init);
      sent.push({ method, url, headers: Object.fromEntries(headers), body: null });
      const { pathname } = new URL(url);
      // Whose repositories are asked for tells the token.
      const of = pathname === '/installation/repositories' ? `${pathname} ${headers.get('authorization')}` : pathname;
      const answer = answers[of];
      if (answer === undefined) throw new Error(`Unexpected request: ${method} ${of}`);
      return Object.defineProperty(await answer(), 'url', { value: url });
    },
  };
}
const tokenOf = (installation: number) => `/app/installations/${installation}/access_tokens`;
const listBy = (value: string) => `/installation/repositories token ${value}`;

function app(
  network: ReturnType<typeof stub>,
  over: { now?: number; warned?: string[]; answers?: unknown[]; retries?: number } = {},
) {
  return githubApp({
    ...{ id: 77, privateKey: APP_PEM, version: '0.1.0', retries: over.retries ?? 0, fetch: network.fetch },
    api: parseApiAddress('https://api.github.com'),
    clock: { now: () => over.now ?? NOW },
    warn: (text) => over.warned?.push(text),
    onAnswer: ({ status }, installation) => over.answers?.push([status, installation]),
  });
}

test('the App proves itself by a JWT that lives no longer than ten minutes', async () => {
  const network = stub(json(200, APP, DATE));
  expect(await app(network).identity()).toEqual({ slug: APP.slug, name: APP.name });
  const [, jwt = ''] = network.sent[0]?.headers['authorization']?.split(' ') ?? [];
  const { payload } = await jwtVerify(jwt, APP_PUBLIC);
  expect(payload).toMatchObject({ iss: 77 });
  expect((payload.exp ?? 0) - NOW / 1000).toBeLessThanOrEqual(600);
});

test('the key of another App is told', async () => {
  const network = stub(json(200, { ...APP, id: 78 }, DATE));
  await expect(app(network).identity()).rejects.toThrow(
    'The private key belongs to the GitHub App 78 (debug-approval-acme), not to 77.',
  );
});

test.each([
  [600_000, '600 s ahead of'],
  [-600_000, '600 s behind'],
])('a clock that is off by %i ms is told, since signatures count for two minutes', async (off, how) => {
  const network = stub(json(200, APP, { date: new Date(NOW).toUTCString() }));
  await expect(app(network, { now: NOW + off }).identity()).rejects.toThrow(how);
});

test('each answer of GitHub tells whether the clock is right: wrong after the start, and right again', async () => {
  const at = (ms: number, status = 200) => json(status, APP, { date: new Date(NOW + ms).toUTCString() });
  const network = stub(at(0), at(-600_000), at(0, 503), at(0));
  const gateway = app(network);
  const told: (string | null)[] = [];
  for (let times = 0; times < 4; times += 1) {
    await gateway.identity().catch(() => undefined);
    told.push(gateway.clockFault()?.message.split(':')[0] ?? null);
  }
  const wrong = "The clock of the gateway's machine is 600 s ahead of GitHub's";
  expect(told).toEqual([null, wrong, wrong, null]);
});

test('all repositories of all installations that work are found, archived ones aside', async () => {
  const installations = [
    { id: 1, suspended_at: null },
    { id: 2, suspended_at: '2026-11-01T00:00:00Z' },
    { id: 3, suspended_at: null },
    { id: 4 },
  ];
  const first = [repository(70, 'shop'), repository(71, 'old', { archived: true })];
  const network = paths({
    '/app/installations': () => json(200, installations),
    [tokenOf(1)]: () => token('first'),
    [tokenOf(3)]: () => json(403, { message: 'This installation has been suspended' }),
    [tokenOf(4)]: () => token('fourth'),
    [listBy('first')]: () => json(200, { total_count: 2, repositories: first }),
    [listBy('fourth')]: () => json(200, { total_count: 1, repositories: [repository(72, 'tills')] }),
  });
  const [warned, answers]: [string[], unknown[]] = [[], []];
  const found = await app(network, { warned, answers }).repositories.all();
  expect(found.map(({ id, ownerId, name }) => ({ id, ownerId, name }))).toEqual([
    { id: 70, ownerId: 7, name: 'acme/shop' },
    { id: 72, ownerId: 7, name: 'acme/tills' },
  ]);
  expect(warned).toEqual([expect.stringContaining('This installation has been suspended')]);
  expect(answers).toContainEqual([200, 4]);
  expect(wire(network.sent).toSorted()).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/app/installations?per_page=100",
      "GET https://api.github.com/installation/repositories?per_page=100",
      "GET https://api.github.com/installation/repositories?per_page=100",
      "POST https://api.github.com/app/installations/1/access_tokens",
      "POST https://api.github.com/app/installations/3/access_tokens",
      "POST https://api.github.com/app/installations/4/access_tokens",
    ]
  `);
});

test('one token serves all that an installation is asked for, the comment that is sent once among it', async () => {
  const network = stub(
    json(200, [{ id: 1 }]),
    token('first'),
    json(200, { total_count: 1, repositories: [repository(70, 'shop')] }),
    comment(),
    json(200, { number: 12, html_url: 'https://github.com/acme/shop/issues/12' }),
  );
  const served = await app(network).repositories.byId(70);
  await served?.repository.comment(12, 'A record.');
  await served?.repository.lockIssue(12);
  expect(network.sent.slice(2).map(({ headers }) => headers['authorization'])).toEqual([
    'token first',
    'token first',
    'token first',
  ]);
});

test('a repository that is not known is found by its name', async () => {
  const network = stub(
    json(200, []),
    json(200, { id: 5, suspended_at: null }),
    token('fifth'),
    json(200, repository(73, 'depot')),
    json(404, { message: 'Not Found' }),
  );
  const { repositories } = app(network);
  expect(await repositories.byName('acme/depot')).toMatchObject({ id: 73, ownerId: 7, name: 'acme/depot' });
  expect(await repositories.byName('other/depot')).toBeNull();
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/app/installations?per_page=100",
      "GET https://api.github.com/repos/acme/depot/installation",
      "POST https://api.github.com/app/installations/5/access_tokens",
      "GET https://api.github.com/repos/acme/depot",
      "GET https://api.github.com/repos/other/depot/installation",
    ]
  `);
});

test('what an App lacks is told as a permission of the App, not of a job', async () => {
  const refused = json(
    403,
    { message: 'Resource not accessible by integration' },
    { 'x-accepted-github-permissions': 'organization_members=read' },
  );
  const network = stub(
    json(200, [{ id: 1 }]),
    token('first'),
    json(200, { total_count: 1, repositories: [repository(70, 'shop')] }),
    refused,
  );
  const { repositories, teams } = app(network);
  const served = await repositories.byId(70);
  if (served === null) throw new Error('It is not served.');
  await expect(teams(served).members('acme/oncall')).rejects.toMatchObject({
    code: 'permission',
    remedy: expect.stringContaining('Grant the GitHub App 77 organization-members: read under "Permissions & events"'),
  });
});

test('where the app serves many repositories, those with an open request are searched in each organization', async () => {
  const many = Array.from({ length: 51 }, (_, n) => repository(100 + n, `shop${n}`));
  const network = stub(
    json(200, [{ id: 1, account: { login: 'acme' } }]),
    token('first'),
    json(200, { total_count: 51, repositories: many }),
    json(200, [{ id: 1, account: { login: 'acme' } }]),
    json(200, {
      ...{ total_count: 1, incomplete_results: false },
      items: [{ repository_url: 'https://api.github.com/repos/acme/shop7' }],
    }),
  );
  const found = await app(network).repositories.withOpenRequests();
  expect(found.map(({ name }) => name)).toEqual(['acme/shop7']);
  expect(decodeURIComponent(network.sent.at(-1)?.url ?? '')).toBe(
    'https://api.github.com/search/issues?q=is:issue is:open label:debug-request user:acme&sort=updated&per_page=100',
  );
});

test('an installation whose limit is used up keeps nobody from the others; where all are, it is told', async () => {
  const usedUp = () => json(429, { message: 'API rate limit exceeded' }, { 'retry-after': '1800' });
  const installations = () =>
    json(200, [
      { id: 1, suspended_at: null },
      { id: 2, suspended_at: null },
    ]);
  const tills = json(200, { total_count: 1, repositories: [repository(72, 'tills')] });
  const of = (answers: Parameters<typeof paths>[0]) =>
    paths({
      '/app/installations': installations,
      [tokenOf(1)]: () => token('first'),
      [tokenOf(2)]: () => token('second'),
      ...answers,
    });
  const network = of({ [listBy('first')]: usedUp, [listBy('second')]: () => tills });
  const warned: string[] = [];
  const all = await app(network, { warned }).repositories.all();
  expect(all.map(({ name }) => name)).toEqual(['acme/tills']);
  expect(warned).toEqual([expect.stringContaining('API rate limit exceeded')]);
  const down = of({ [listBy('first')]: usedUp, [listBy('second')]: usedUp });
  await expect(app(down).repositories.all()).rejects.toMatchObject({ code: 'rate-limited' });
});

test('an installation that is slow, or whose limit says to wait, holds up no other', async () => {
  const slow = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  const network = paths({
    '/app/installations': () => json(200, [{ id: 1 }, { id: 2 }, { id: 3 }]),
    [tokenOf(1)]: () => slow.promise,
    [tokenOf(2)]: () => token('second'),
    [tokenOf(3)]: () => token('third'),
    [listBy('second')]: () => json(429, { message: 'API rate limit exceeded' }, { 'retry-after': '50' }),
    [listBy('third')]() {
      asked.resolve();
      return json(200, { total_count: 1, repositories: [repository(72, 'tills')] });
    },
  });
  const all = app(network, { retries: 2 }).repositories.all();
  await asked.promise;
  slow.resolve(json(404, { message: 'Not Found' }));
  expect((await all).map(({ name }) => name)).toEqual(['acme/tills']);
});
