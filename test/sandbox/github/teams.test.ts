/** Teams of the sandbox's organization, as strict as GitHub about who may see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GitHubOptions } from '../../../src/sandbox/github/server.ts';
import { open, R, start } from './fixture.ts';

const TEAM = 'acme/oncall';
const LIST = '/orgs/acme/teams/oncall/members';
const crowd = (size: number): GitHubOptions['accounts'] =>
  Array.from({ length: size }, (_, index) => ({
    ...{ id: 1001 + index, login: `person-${index + 1}`, type: 'User' },
    permission: 'read',
  }));
/** Of Ana, Bo, Cy (who has no access) and Di: see the fixture. */
const ANA = 11;
const BO = 12;

test('a list has 30 to a page, 100 at most, tied by Link headers until the last', async () => {
  const accounts = crowd(131);
  const { gh, ask } = await start({
    ...{ accounts, environments: [] },
    teams: { [TEAM]: { members: accounts.map(({ id }) => id) } },
  });
  const token = gh.directoryToken();
  for (const [query, size, next] of [
    ['', 30, /page=2>; rel="next".*page=5>; rel="last"/],
    ['?per_page=100', 100, /per_page=100&page=2>; rel="next"/],
    ['?per_page=500&page=2', 31, /^(?!.*rel="next").*rel="prev"/],
    ['?page=6', 0, /^(?!.*rel="next").*rel="prev"/],
  ] as const) {
    const answer = await ask('GET', `${LIST}${query}`, { token });
    expect(answer).toMatchObject({ status: 200, json: expect.objectContaining({ length: size }) });
    expect(answer.headers.get('link')).toMatch(next);
  }
  expect(await ask('GET', `${LIST}?role=maintainer`, { token })).toMatchObject({ status: 200, json: [] });
  expect(gh.violations).toEqual([]);
});

test('a membership is asked for by login and tells of invitations; it holds no id', async () => {
  const { gh, ask } = await start({ teams: { [TEAM]: { members: [ANA], invited: [BO] } } });
  const token = gh.directoryToken();
  const membership = (login: string) => ask('GET', `/orgs/ACME/teams/OnCall/memberships/${login}`, { token });
  const active = await membership('ANA');
  expect(active).toMatchObject({ status: 200, json: { state: 'active', role: 'member' } });
  expect(active.json).not.toHaveProperty('id');
  expect(await membership('bo')).toMatchObject({ status: 200, json: { state: 'pending' } });
  expect(await membership('di')).toMatchObject({ status: 404 });
  expect(await membership('nobody')).toMatchObject({ status: 404 });
  expect(await ask('GET', LIST, { token })).toMatchObject({ json: [{ id: ANA, login: 'ana' }] });
  expect(gh.violations).toEqual([]);
});

test('a team can change, come and go while everything runs, and a login with it', async () => {
  const { gh, ask } = await start({ teams: { [TEAM]: { members: [ANA] } } });
  const token = gh.directoryToken();
  gh.setTeam('acme/night', { members: [BO, ANA], parent: TEAM });
  gh.rename('bo', 'bo-new');
  expect(await ask('GET', LIST, { token })).toMatchObject({ json: [{ login: 'ana' }, { id: BO, login: 'bo-new' }] });
  expect(await ask('GET', '/users/bo', { token })).toMatchObject({ status: 404 });
  gh.rename('ana', 'bo');
  expect(await ask('GET', '/users/bo', { token })).toMatchObject({ json: { id: ANA } });
  expect(() => gh.rename('bo', 'BO-new')).toThrow(/taken/);
  gh.setTeam(TEAM, null);
  expect(await ask('GET', LIST, { token })).toMatchObject({ status: 404 });
});

test('an issue closed under an old login stays closed by the same account', async () => {
  const { gh, as } = await start();
  const api = as(gh.userToken('ana'));
  const issue_number = (await api.issues.create({ ...R, title: 'x' })).data.number;
  gh.rename('ana', 'ana-new');
  await api.issues.update({ ...R, issue_number, state: 'closed' });
  expect((await api.issues.get({ ...R, issue_number })).data).toMatchObject({
    closed_by: { id: ANA, login: 'ana-new' },
    user: { id: ANA, login: 'ana-new' },
  });
});

describe('who may see a team', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open({ teams: { [TEAM]: { members: [ANA] }, 'acme/quiet': { members: [ANA], secret: true } } });
  });
  afterAll(() => opened.close());

  test('a job’s token may not, whatever its permissions', async () => {
    const { gh, ask, job } = opened;
    const { token } = job({ contents: 'read', issues: 'write', actions: 'read' });
    for (const path of [LIST, '/orgs/acme/teams/oncall/memberships/ana']) {
      const refused = await ask('GET', path, { token });
      expect(refused).toMatchObject({ status: 403, json: { message: 'Resource not accessible by integration' } });
      expect(refused.headers.get('x-accepted-github-permissions')).toBe('members=read');
    }
    expect(gh.violations).toEqual([]);
  });

  test('to a person’s token without read:org, and to one from outside, there is no team', async () => {
    const { gh, ask } = opened;
    for (const token of [gh.userToken('ana'), gh.appUserToken('ana'), gh.directoryToken('cy')]) {
      expect(await ask('GET', LIST, { token })).toMatchObject({ status: 404 });
    }
    expect(await ask('GET', LIST, { token: gh.directoryToken('bo') })).toMatchObject({ status: 200 });
  });

  test('a secret team is seen by its members and by an app, and by nobody else', async () => {
    const { gh, ask } = opened;
    const status = async (token: string) => (await ask('GET', '/orgs/acme/teams/quiet/members', { token })).status;
    expect(await status(gh.directoryToken('ana'))).toBe(200);
    expect(await status(gh.directoryToken())).toBe(200);
    expect(await status(gh.directoryToken('di'))).toBe(404);
  });

  test('a token that single sign-on does not admit yet is refused with the address that admits it', async () => {
    const { gh, ask } = opened;
    const refused = await ask('GET', LIST, { token: gh.directoryToken('ana', { authorized: false }) });
    expect(refused).toMatchObject({ status: 403, json: { message: expect.stringContaining('SAML') } });
    expect(refused.headers.get('x-github-sso')).toMatch(/^required; url=http/);
  });

  test('an app’s directory token is nobody’s, and sees no private repository', async () => {
    const { gh, ask } = opened;
    const token = gh.directoryToken();
    expect(await ask('GET', '/user', { token })).toMatchObject({ status: 403 });
    expect(await ask('GET', '/repos/acme/shop', { token })).toMatchObject({ status: 404 });
  });
});

test.each([
  ['another organization’s', 'other/oncall', { members: [ANA] }, /not named as acme\/slug/],
  ['one without a name', 'acme/', { members: [ANA] }, /not named as acme\/slug/],
  ['one with a stranger', TEAM, { members: [ANA, 99] }, /names 99/],
  ['one with a bot', TEAM, { members: [41_898_282] }, /names 41898282/],
  ['a secret one with a parent', TEAM, { members: [ANA], secret: true, parent: 'acme/all' }, /no parent/],
])('a team that GitHub could not have is refused at the start: %s', async (_, name, team, message) => {
  await expect(start({ teams: { [name]: team } })).rejects.toThrow(message);
});

test('a person’s repository has no teams', async () => {
  const repository = { owner: 'ana', name: 'shop', public: false, plan: 'team' as const };
  await expect(start({ repository, teams: { 'ana/oncall': { members: [ANA] } } })).rejects.toThrow(/is a person/);
});
