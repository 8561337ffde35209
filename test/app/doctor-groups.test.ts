/** Doctor on groups that come from a directory: who is in them, what hangs on them, and what is only unknown. */
import { describe, expect, test } from 'vitest';
import { examineGroups } from '../../src/app/doctor/directory.ts';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { Fault } from '../../src/app/fault.ts';
import type { Teams } from '../../src/app/ports.ts';
import { asRead, BOT_TOKEN, inspectorOf, open, policyWith, type SetUp } from './doctor-slack-world.ts';
import { examined, findingOf, swap } from './doctor-world.ts';

const TEAM: [string, string] = ['sre: { members: [bo, cy] }', 'sre: { github-team: acme/sre }'];
const USER_GROUP: [string, string] = ['sre: { members: [bo, cy] }', 'sre: { slack-group: S1 }'];
const SCOPES = ['chat:write', 'channels:read', 'groups:read', 'users:read', 'users:read.email', 'usergroups:read'];

const BO = { id: 102, login: 'bo-dev' };
const CY = { id: 103, login: 'cy-dev' };
const teamsOf = (members: { id: number; login: string }[] | Fault): Teams => ({
  members: async () => {
    if (members instanceof Fault) throw members;
    return members;
  },
  isMember: async () => false,
});
const notThere = new Fault(
  'not-found',
  'Could not read the members of the GitHub team acme/sre: Not Found.',
  'Check it.',
);

async function ofTeam(members: { id: number; login: string }[] | Fault | null, jobsToken = false): Promise<Finding> {
  const teams = members === null ? null : teamsOf(members);
  const { findings } = await examineGroups({ teams, jobsToken, slack: null }, policyWith([TEAM]));
  return findingOf(findings, 'group.sre');
}

describe('a GitHub team', () => {
  test('all of whom the policy knows is right', async () => {
    expect(await ofTeam([CY, BO])).toEqual({
      ...{ id: 'group.sre', area: 'People', health: 'ok', remedy: null },
      what: 'The GitHub team acme/sre (group sre) has 2 members: Bo, Cy.',
    });
  });

  test('with people whom the policy does not know is a note that names them by their number', async () => {
    const finding = await ofTeam([BO, { id: 900, login: 'cy-dev' }]);
    expect(finding).toMatchObject({ health: 'note', what: expect.stringContaining('cy-dev (id 900)') });
    expect(finding.what).toContain('Bo among them');
  });

  test('in which nobody is, is a note', async () => {
    expect(await ofTeam([])).toMatchObject({ health: 'note', what: expect.stringContaining('0 members') });
  });

  test('that a person cannot see may be there; that the jobs cannot see is wrong', async () => {
    expect(await ofTeam(notThere)).toMatchObject({ health: 'unknown', what: notThere.message, remedy: 'Check it.' });
    expect(await ofTeam(notThere, true)).toMatchObject({ health: 'wrong', what: notThere.message });
  });

  test('that could not be looked up for trouble, or without a token, is unknown', async () => {
    expect(await ofTeam(new Fault('unavailable', 'GitHub has trouble.', 'Later.'), true)).toMatchObject({
      health: 'unknown',
    });
    expect(await ofTeam(null, true)).toMatchObject({
      health: 'unknown',
      remedy: expect.stringContaining('directory-token'),
    });
  });
});

async function ofSlack(setUp: SetUp): Promise<Finding[]> {
  const sandbox = await open({ scopes: SCOPES, ...setUp });
  const slack = inspectorOf(sandbox, { bot: BOT_TOKEN, app: null });
  return (await examineGroups({ teams: null, jobsToken: false, slack }, policyWith(setUp.policy ?? [USER_GROUP])))
    .findings;
}
const userGroups = (group: { users?: string[]; disabled?: boolean }) => ({
  userGroups: [{ id: 'S1', handle: 'sre', users: ['UBO', 'UCY'], ...group }],
});

describe('a Slack user group', () => {
  test('all of whom the policy knows is right', async () => {
    const [finding] = await ofSlack({ slack: userGroups({}) });
    expect(finding).toMatchObject({
      health: 'ok',
      what: expect.stringContaining('@sre (S1, group sre) has 2 members: Bo, Cy.'),
    });
  });

  test.each<[string, Finding['health'], SetUp, string]>([
    ['that is not there is wrong', 'wrong', {}, 'no Slack user group S1'],
    ['that is disabled is wrong', 'wrong', { slack: userGroups({ disabled: true }) }, 'disabled'],
    ['with strangers is a note', 'note', { slack: userGroups({ users: ['UBO', 'UED'] }) }, 'UED'],
    [
      'without the scope to look is unknown here: that the scope is missing is told by itself',
      'unknown',
      { scopes: ['chat:write'] },
      'usergroups:read',
    ],
  ])('%s', async (_, health, setUp, words) => {
    const [finding] = await ofSlack(setUp);
    expect(finding).toMatchObject({ id: 'group.sre', health, what: expect.stringContaining(words) });
  });

  test('has whoever is linked by an address, too', async () => {
    const [finding] = await ofSlack({
      slack: userGroups({ users: ['UBO', 'UDI'] }),
      member: { id: 'UDI', email: 'di@example.com' },
      policy: [
        USER_GROUP,
        ['login: di-dev } }', 'login: di-dev }, email: di@example.com }'],
        ['public: false', 'public: false\nlink-by-email: true'],
      ],
    });
    expect(finding).toMatchObject({ health: 'ok', what: expect.stringContaining('Bo, Di') });
  });
});

describe('an address by which somebody is linked', () => {
  const byEmail: [string, string][] = [
    ['login: di-dev } }', 'login: di-dev }, email: di@example.com }'],
    ['public: false', 'public: false\nlink-by-email: true'],
  ];

  test('that one member has is as good as a link', async () => {
    expect(await ofSlack({ policy: byEmail, member: { id: 'UDI', email: 'di@example.com' } })).toEqual([]);
  });

  test('that nobody has, or somebody else of the policy, a guest, or nobody for certain, is a note', async () => {
    const [nobody] = await ofSlack({ policy: byEmail });
    expect(nobody).toMatchObject({ id: 'person.di.email', health: 'note' });
    const [other] = await ofSlack({ policy: byEmail, member: { id: 'UBO', email: 'di@example.com' } });
    expect(other).toMatchObject({
      id: 'person.di.email',
      health: 'note',
      what: expect.stringContaining('somebody else'),
    });
  });

  test('that could not be looked up is unknown', async () => {
    const [finding] = await ofSlack({ policy: byEmail, scopes: ['chat:write', 'users:read'] });
    expect(finding).toMatchObject({ id: 'person.di.email', health: 'unknown' });
  });
});

const inspector = {
  secrets: async (name: string | null) =>
    name === 'debug-approval' ? ['DIRECTORY_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] : [],
};
const withTeams = (teams: Teams | null) => examined({ policy: swap(TEAM), inspector, teams });
const requestersFrom = (teams: Teams | null): Promise<Finding[]> =>
  examined({ policy: swap(TEAM, ['requesters: [developers, sre]', 'requesters: [sre]']), inspector, teams });

describe('rules that count a group from a directory', () => {
  test('are right where others of it can approve', async () => {
    expect(findingOf(await withTeams(teamsOf([BO, CY])), 'policy.rules')).toMatchObject({ health: 'ok' });
  });

  test('are wrong where nobody could, whoever asks', async () => {
    expect(findingOf(await withTeams(teamsOf([CY])), 'policy.rules')).toMatchObject({
      health: 'wrong',
      what: expect.stringContaining('Cy may ask for hello on staging, but nobody could approve it'),
    });
  });

  test('name who is missing where whoever may ask is in a group that has nobody', async () => {
    const findings = await requestersFrom(teamsOf([]));
    expect(findingOf(findings, 'policy.runbook.hello.requesters')).toMatchObject({ health: 'wrong' });
    expect(of(await requestersFrom(null), 'requesters')).toEqual([]);
  });

  test('are unknown, not wrong, where nobody could look the group up', async () => {
    const findings = await withTeams(null);
    expect(findings.filter(({ health }) => health === 'wrong')).toEqual([]);
    expect(findingOf(findings, 'policy.rules')).toMatchObject({
      health: 'unknown',
      what: expect.stringContaining('sre'),
    });
  });
});

test('each is told in words that stand', async () => {
  const stranger = { id: 900, login: 'eve' };
  const sly: [string, string][] = [
    ['login: di-dev } }', 'login: di-dev }, email: di@example.com }'],
    ['public: false', 'public: false\nlink-by-email: true'],
  ];
  const cases: [string, Finding[]][] = [
    ['a team', [await ofTeam([BO, CY])]],
    ['a team with a stranger', [await ofTeam([BO, stranger])]],
    ['a team of strangers', [await ofTeam([stranger])]],
    ['an empty team', [await ofTeam([])]],
    ['a team, and no token', [await ofTeam(null)]],
    ['a user group', await ofSlack({ slack: userGroups({}) })],
    ['a user group that is not there', await ofSlack({})],
    ['a user group that is disabled', await ofSlack({ slack: userGroups({ disabled: true }) })],
    ['a user group that the bot may not see', await ofSlack({ scopes: ['chat:write'] })],
    ['an address that nobody has', await ofSlack({ policy: sly })],
    ['an address of somebody else', await ofSlack({ policy: sly, member: { id: 'UBO', email: 'di@example.com' } })],
    [
      'an address of a guest',
      await ofSlack({ policy: sly, member: { id: 'UED', email: 'di@example.com', guest: true } }),
    ],
    ['addresses that the bot may not see', await ofSlack({ policy: sly, scopes: ['chat:write', 'users:read'] })],
    ['rules that nobody could meet', of(await withTeams(teamsOf([CY])), 'policy.rules')],
    ['rules of which it is not known', of(await withTeams(null), 'policy.rules')],
    ['requesters of whom nobody is known', of(await requestersFrom(teamsOf([stranger])), 'requesters')],
  ];
  const told = cases.map(([title, findings]) => `## ${title}\n\n${asRead(findings)}\n`);
  await expect(told.join('\n')).toMatchFileSnapshot('golden/doctor-groups.md');
});

const of = (findings: readonly Finding[], part: string): Finding[] => findings.filter(({ id }) => id.includes(part));
