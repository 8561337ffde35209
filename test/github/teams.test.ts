/** GitHub teams as groups of approvers: everybody who is in one, nobody who is not, and what to do where nobody can tell. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { githubTeams } from '../../src/github/teams.ts';
import type { TeamOptions } from '../../src/sandbox/github/server.ts';
import { open } from '../sandbox/github/fixture.ts';
import { json, stub, wire } from './stub.ts';

const TEAM = 'acme/oncall';
const person = (id: number, login = `person-${id}`) => ({
  id,
  login,
  type: 'User' as const,
  permission: 'read' as const,
});
const crowd = (size: number) => Array.from({ length: size }, (_, index) => person(1001 + index));
const idsOf = (size: number) => crowd(size).map(({ id }) => id);
const bo = { id: 102, login: 'bo-dev' };
const ed = { id: 105, login: 'ed-dev' };

const teamsOf = ({ url }: { url: string }, token: string) =>
  githubTeams({ api: { url, loopback: true }, token, version: '0.1.0', retries: 0 });

/** One GitHub for all tests: each makes the team anew, and logins change for one test alone. */
let town: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  const accounts = [person(bo.id, bo.login), person(ed.id, ed.login), ...crowd(250)];
  town = await open({ accounts, environments: [] });
});
afterAll(() => town.close());

/** The town with these members in the team, and its teams as an app's directory token sees them. */
function withTeam(members: number[], more: Omit<TeamOptions, 'members'> = {}) {
  const { gh, job } = town;
  gh.setTeam(TEAM, { members, ...more });
  gh.resetCounts();
  onTestFinished(() => expect(gh.violations).toEqual([]));
  return { gh, job, teams: teamsOf(gh, gh.directoryToken()) };
}

function rename(login: string, next: string): void {
  town.gh.rename(login, next);
  onTestFinished(() => town.gh.rename(next, login));
}

/** GitHub with prepared answers. */
const answered = (...answers: Parameters<typeof stub>) => {
  const network = stub(...answers);
  const api = { url: 'https://ghe.example.com/api/v3', loopback: false };
  return { network, teams: githubTeams({ api, token: 'a-token', version: '0.1.0', retries: 0, fetch: network.fetch }) };
};

/** What a person is told. */
async function told(question: Promise<unknown>): Promise<string> {
  const fault: unknown = await question.catch((error: unknown) => error);
  if (!(fault instanceof Fault)) throw new Error('no Fault');
  return `${fault.code}: ${fault.message}\n${fault.remedy}`;
}

/** Does something once GitHub answered the first page of a list. */
function afterFirstPage(change: () => void): void {
  const stop = town.gh.watch(({ query }) => {
    if (query['page'] !== '1') return;
    stop();
    change();
  });
}

describe('members', () => {
  test('are all listed, the 31st and the 101st too, with one call per hundred and a second reading of several', async () => {
    const { gh, teams } = withTeam([]);
    const calls = { 0: 1, 1: 1, 30: 1, 31: 1, 100: 1, 101: 4, 250: 6 };
    for (const [size, expected] of Object.entries(calls)) {
      gh.setTeam(TEAM, { members: idsOf(Number(size)) });
      gh.resetCounts();
      expect(await teams.members(TEAM)).toEqual(crowd(Number(size)).map(({ id, login }) => ({ id, login })));
      expect(gh.counts().counted).toBe(expected);
    }
  });

  test('of child teams are members, once each; who is only invited is none', async () => {
    const { gh, teams } = withTeam([1001], { invited: [1002] });
    gh.setTeam('acme/night', { members: [1001, 1003], parent: TEAM });
    onTestFinished(() => gh.setTeam('acme/night', null));
    expect((await teams.members('ACME/OnCall')).map(({ id }) => id)).toEqual([1001, 1003]);
    expect(await teams.isMember(TEAM, person(1003))).toBe(true);
    expect(await teams.isMember(TEAM, person(1002))).toBe(false);
  });

  test('who moved across a page’s edge while others left are not lost', async () => {
    const { gh, teams } = withTeam(idsOf(150));
    afterFirstPage(() => gh.setTeam(TEAM, { members: idsOf(150).slice(1) }));
    expect((await teams.members(TEAM)).map(({ id }) => id)).toEqual(idsOf(150).slice(1));
  });

  test('of a team that never stays the same are a Fault, not a guess', async () => {
    const { gh, teams } = withTeam(idsOf(150));
    let left = 0;
    const stop = gh.watch(() => {
      left += 1;
      gh.setTeam(TEAM, { members: idsOf(150).slice(left) });
    });
    onTestFinished(stop);
    expect(await told(teams.members(TEAM))).toMatchInlineSnapshot(`
      "unavailable: Could not read the members of the GitHub team acme/oncall: people left during each of 4 readings.
      Try again once the team's members no longer change."
    `);
  });

  test('a page that GitHub cut short is not taken for the last one', async () => {
    const next = {
      link: '<https://ghe.example.com/api/v3/x?page=2>; rel="next", <https://ghe.example.com/x>; rel="last"',
    };
    const pages = () => [json(200, [bo], next), json(200, [{ id: 103, login: 'cy-dev' }])];
    const { teams } = answered(...pages(), ...pages());
    expect(await teams.members(TEAM)).toEqual([bo, { id: 103, login: 'cy-dev' }]);
  });

  test('of a list without an end are a Fault', async () => {
    const next = { link: '<https://ghe.example.com/api/v3/x>; rel="next"' };
    const { teams } = answered(...Array.from({ length: 50 }, () => () => json(200, [bo], next)));
    expect(await told(teams.members(TEAM))).toMatchInlineSnapshot(`
      "invalid: Could not read the members of the GitHub team acme/oncall: the list goes on after 5000 of them.
      Name a smaller team in the policy."
    `);
  });

  test.each(['oncall', '@acme/oncall', 'acme/..', 'acme/oncall/x', 'acme/', 'acme/on call', ''])(
    'the name %j leads to no other address of GitHub',
    async (name) => {
      const { network, teams } = answered();
      const fault = { code: 'policy', message: `${JSON.stringify(name)} names no GitHub team.` };
      await expect(teams.members(name)).rejects.toMatchObject(fault);
      await expect(teams.isMember(name, bo)).rejects.toMatchObject(fault);
      expect(network.sent).toEqual([]);
    },
  );
});

describe('a member', () => {
  test.each([
    [1, 2],
    [100, 2],
    [101, 3],
    [250, 3],
  ])('of a team of %i is found in %i calls, and so is who is none', async (size, calls) => {
    const { gh, teams } = withTeam(idsOf(size));
    for (const [account, expected] of [
      [person(1000 + size), true],
      [bo, false],
    ] as const) {
      gh.resetCounts();
      expect(await teams.isMember(TEAM, account)).toBe(expected);
      expect(gh.counts().counted).toBe(calls);
    }
  });

  test('who was removed is none from then on; who was added is one', async () => {
    const { gh, teams } = withTeam([bo.id]);
    expect(await teams.isMember(TEAM, bo)).toBe(true);
    gh.setTeam(TEAM, { members: [ed.id] });
    expect(await teams.isMember(TEAM, bo)).toBe(false);
    expect(await teams.isMember(TEAM, ed)).toBe(true);
  });

  test.each([1, 101])('of a team of %i keeps the place under a new login', async (size) => {
    const { teams } = withTeam([...idsOf(size - 1), bo.id]);
    rename('bo-dev', 'bo-new');
    expect(await teams.isMember(TEAM, bo)).toBe(true);
  });

  test.each([1, 101])('of a team of %i who took another’s old login does not pass as that human', async (size) => {
    const { teams } = withTeam([...idsOf(size - 1), ed.id]);
    rename('bo-dev', 'bo-new');
    rename('ed-dev', 'bo-dev');
    expect(await teams.isMember(TEAM, bo)).toBe(false);
    expect(await teams.isMember(TEAM, { ...ed, login: 'bo-dev' })).toBe(true);
  });

  test('who only has an invitation to a big team is none', async () => {
    const { teams } = withTeam(idsOf(101), { invited: [bo.id] });
    expect(await teams.isMember(TEAM, bo)).toBe(false);
  });

  test('whose account is gone or suspended is none, though the team still lists it', async () => {
    const { network, teams } = answered(json(200, [bo]), json(404, { message: 'Not Found' }));
    expect(await teams.isMember(TEAM, bo)).toBe(false);
    expect(wire(network.sent)).toEqual([
      'GET https://ghe.example.com/api/v3/orgs/acme/teams/oncall/members?per_page=100&page=1',
      'GET https://ghe.example.com/api/v3/user/102',
    ]);
    const suspended = answered(json(200, [bo]), json(200, { ...bo, suspended_at: '2026-11-20T09:00:00Z' }));
    expect(await suspended.teams.isMember(TEAM, bo)).toBe(false);
    const active = answered(json(200, [bo]), json(200, { ...bo, suspended_at: null }));
    expect(await active.teams.isMember(TEAM, bo)).toBe(true);
  });
});

describe('where nobody can tell', () => {
  test('a team that does not exist and a secret one are a Fault, never an empty team', async () => {
    const { gh, teams } = withTeam([bo.id]);
    gh.setTeam('acme/quiet', { members: [bo.id], secret: true });
    const said = await told(teams.members('acme/nowhere'));
    expect(said.replaceAll(gh.url, 'http://127.0.0.1')).toMatchInlineSnapshot(`
      "not-found: Could not read the members of the GitHub team acme/nowhere: GitHub answered 404 (Not Found).
      Check the name: the team's page ends in /orgs/acme/teams/nowhere, and renaming a team changes it. GitHub, asked at http://127.0.0.1, also says "not found" where the token may not see the team: a secret team shows itself to its members alone, and some tokens must be authorized for single sign-on first. A job's GITHUB_TOKEN never sees one; the input directory-token takes a fine-grained token of the organization with "Members: Read-only", an app's token with the same, or a classic one with read:org."
    `);
    expect(await told(teams.isMember('acme/nowhere', bo))).toBe(said);
    const byEd = teamsOf(gh, gh.directoryToken('ed-dev'));
    expect(await told(byEd.isMember('acme/quiet', bo))).toBe(said.replaceAll('nowhere', 'quiet'));
    expect(await teams.members('acme/quiet')).toEqual([bo]);
    expect(await teamsOf(gh, gh.directoryToken('bo-dev')).members('acme/quiet')).toEqual([bo]);
  });

  test('a personal token without read:org is told as the team that it cannot see', async () => {
    const { gh } = withTeam([bo.id]);
    await expect(teamsOf(gh, gh.userToken('bo-dev')).members(TEAM)).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('read:org'),
    });
  });

  test('the job’s own token is refused with the one that is needed', async () => {
    const { gh, job } = withTeam([bo.id]);
    const own = teamsOf(gh, job({ contents: 'read', issues: 'write' }).token);
    expect(await told(own.members(TEAM))).toMatchInlineSnapshot(`
      "permission: Could not read the members of the GitHub team acme/oncall: GitHub answered 403 (Resource not accessible by integration).
      A job's GITHUB_TOKEN may never read an organization's members: give the input directory-token a fine-grained token of the organization with "Members: Read-only", an app's token with the same, or a classic one with read:org, and see that acme admits such tokens."
    `);
    await expect(own.isMember(TEAM, bo)).rejects.toMatchObject({ code: 'permission' });
  });

  test('an unknown token names the input to mend, and never itself', async () => {
    const { gh } = withTeam([bo.id]);
    const said = await told(teamsOf(gh, 'ghp_invented').members(TEAM));
    expect(said).toMatchInlineSnapshot(`
      "permission: Could not read the members of the GitHub team acme/oncall: GitHub answered 401 (Bad credentials).
      The token is expired, revoked or mistyped: give the input directory-token a fine-grained token of the organization with "Members: Read-only", an app's token with the same, or a classic one with read:org."
    `);
    expect(said).not.toContain('ghp_invented');
    expect(() => teamsOf(gh, 'two words')).toThrow(/^The input directory-token is no token/);
  });

  test('a token that single sign-on does not let in yet is told so, without GitHub’s one-time address', async () => {
    const { gh } = withTeam([bo.id]);
    const said = await told(teamsOf(gh, gh.directoryToken('bo-dev', { authorized: false })).members(TEAM));
    expect(said).toMatchInlineSnapshot(`
      "permission: Could not read the members of the GitHub team acme/oncall: GitHub answered 403 (Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.).
      The organization acme admits this token only once its owner has authorized it for single sign-on: Settings → Developer settings → Personal access tokens → Configure SSO → Authorize acme."
    `);
    expect(said).not.toContain('authorization_request');
  });

  test('a used-up limit says when to try again', async () => {
    const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795435200' };
    const { teams } = answered(json(403, { message: 'API rate limit exceeded for user ID 7.' }, reset));
    expect(await told(teams.members(TEAM))).toMatchInlineSnapshot(`
      "rate-limited: Could not read the members of the GitHub team acme/oncall: GitHub answered 403 (API rate limit exceeded for user ID 7.).
      A limit of GitHub's API is used up. Try again after 2026-11-23T12:00:00Z."
    `);
  });

  test('GitHub’s trouble, a cut connection and a wrong shape are no answer', async () => {
    const { gh, teams } = withTeam([bo.id]);
    const fault = { code: 'unavailable', message: expect.stringContaining('of the GitHub team acme/oncall') };
    for (const trouble of [{ status: 502, body: { message: 'Server Error' } }, { drop: 'before' as const }]) {
      gh.fault({ method: 'GET', path: /\/members$/, times: 1, ...trouble });
      await expect(teams.isMember(TEAM, bo)).rejects.toMatchObject(fault);
    }
    gh.fault({ method: 'GET', path: /\/members$/, times: 1, status: 200, body: [{ login: 'bo-dev' }] });
    await expect(teams.members(TEAM)).rejects.toMatchObject(fault);
    gh.fault({ method: 'GET', path: /\/user\/102$/, times: 1, status: 500, body: { message: 'Server Error' } });
    await expect(teams.isMember(TEAM, bo)).rejects.toMatchObject({
      message: expect.stringContaining('"bo-dev" (id 102)'),
    });
  });
});
