/** What Slack says of people, asked with the real SDK: who may decide, who is in a group, whose address it is. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlackPeople } from '../../src/app/ports.ts';
import type { SlackMember } from '../../src/sandbox/slack/options.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackPeople } from '../../src/slack/people.ts';
import { BOT, BOT_TOKEN, slackOptions } from './sandbox.ts';

const SCOPES = ['chat:write', 'users:read', 'users:read.email', 'usergroups:read'];
const ENTERPRISE = { id: 'E0ORG', workspaces: ['T0TEAM', 'T0SISTER'] };
const member = (id: string, change: Partial<SlackMember> = {}): SlackMember => ({
  id,
  name: id.toLowerCase(),
  realName: id,
  ...change,
});
const MEMBERS = [
  member('U0BO', { email: 'Bo@example.com' }),
  member('U0CY', { email: 'cy@example.com', emailConfirmed: false }),
  member('U0GONE', { deleted: true, email: 'gone@example.com' }),
  member('U0ROBOT', { bot: true, email: 'robot@example.com' }),
  member('U0GUEST', { guest: true, email: 'guest@example.com' }),
  member('U0ONE', { guest: 'single-channel' }),
  member('U0EVE', { teamId: 'T0OTHER', email: 'eve@example.com' }),
];

let slack: SlackSandbox;
let now: number;
let people: SlackPeople;

const open = async (scopes = SCOPES, change = {}): Promise<void> => {
  slack = await startSlack({ ...slackOptions({ bot: { ...BOT, scopes } }), members: MEMBERS, ...change });
  now = 1_000_000;
  const clock = { now: () => now, sleep: async () => {} };
  people = slackPeople({ token: BOT_TOKEN, apiUrl: slack.url, clock });
};
beforeEach(() =>
  open(SCOPES, {
    userGroups: [
      { id: 'S0SRE', handle: 'sre', users: ['U0BO', 'U0CY'] },
      { id: 'S0OFF', handle: 'off', disabled: true, users: ['U0BO'] },
    ],
  }),
);
afterEach(() => slack.close());

const account = (user: string, team = 'T0TEAM') => ({ team, user });

describe('an account', () => {
  test('of a living member is let through', async () => {
    expect(await people.barred(account('U0BO'))).toBeNull();
  });

  test.each([
    ['deactivated', 'U0GONE', 'T0TEAM', 'deactivated'],
    ['a bot', 'U0ROBOT', 'T0TEAM', 'a bot'],
    ['a guest', 'U0GUEST', 'T0TEAM', 'a guest'],
    ['a guest of one channel', 'U0ONE', 'T0TEAM', 'a guest'],
    ['of another workspace', 'U0EVE', 'T0OTHER', 'another workspace'],
    ['of another workspace and says it is of ours', 'U0EVE', 'T0TEAM', 'another workspace'],
    ['said to be of another workspace than it is', 'U0BO', 'T0OTHER', 'T0OTHER'],
    ['unknown', 'U0NOBODY', 'T0TEAM', 'no member U0NOBODY'],
  ])('that is %s is barred, and it is said why', async (_, user, team, why) => {
    expect(await people.barred(account(user, team))).toContain(why);
  });

  test('is asked after once a minute, however often it decides, and the workspace once', async () => {
    await Promise.all([people.barred(account('U0BO')), people.barred(account('U0BO')), people.barred(account('U0CY'))]);
    now += 59_999;
    await people.barred(account('U0BO'));
    expect(slack.counts().byMethod).toEqual({ 'auth.test': 1, 'users.info': 2 });
    now += 1;
    await people.barred(account('U0BO'));
    expect(slack.counts().byMethod).toEqual({ 'auth.test': 1, 'users.info': 3 });
  });

  test('that was let through under one workspace is not under another', async () => {
    await people.barred(account('U0BO'));
    expect(await people.barred(account('U0BO', 'T0OTHER'))).toContain('T0OTHER');
  });

  test('that cannot be looked up is an error that names what is missing, and is asked after again', async () => {
    slack.fault({ method: 'users.info', status: 429 });
    await expect(people.barred(account('U0BO'))).rejects.toMatchObject({
      code: 'slack',
      message: expect.stringContaining('ratelimited'),
    });
    expect(await people.barred(account('U0BO'))).toBeNull();
    await slack.close();
    await open(['chat:write']);
    await expect(people.barred(account('U0BO'))).rejects.toMatchObject({
      message: expect.stringContaining('needed users:read'),
    });
  });
});

describe('a user group', () => {
  test('gives all its members, and anew each time', async () => {
    expect(await people.members('S0SRE')).toEqual(['U0BO', 'U0CY']);
    await people.members('S0SRE');
    expect(slack.counts().byMethod).toEqual({ 'usergroups.users.list': 2 });
  });

  test.each(['S0NONE', 'S0OFF'])(
    'that is not there or switched off (%s) is an error that says what to correct',
    async (group) => {
      await expect(people.members(group)).rejects.toMatchObject({
        message: expect.stringContaining(`user group ${group}`),
        remedy: expect.stringContaining('policy'),
      });
    },
  );

  test('without the scope is an error that names it', async () => {
    await slack.close();
    await open(['chat:write']);
    await expect(people.members('S0SRE')).rejects.toMatchObject({
      message: expect.stringContaining('needed usergroups:read'),
    });
  });

  test('waits as long as Slack asks while a request is being opened', async () => {
    slack.fault({ method: 'usergroups.users.list', status: 429 });
    expect(await people.members('S0SRE')).toEqual(['U0BO', 'U0CY']);
  });
});

describe('an address', () => {
  test('finds the one living member whose confirmed address it is, whatever the letters’ case', async () => {
    expect(await people.byEmail('bo@EXAMPLE.com')).toEqual({ team: 'T0TEAM', user: 'U0BO' });
  });

  test.each([
    'cy@example.com',
    'gone@example.com',
    'robot@example.com',
    'guest@example.com',
    'eve@example.com',
    'nobody@example.com',
  ])('%s finds nobody: not confirmed, or nobody who may decide', async (email) => {
    expect(await people.byEmail(email)).toBeNull();
  });

  test('finds nobody where Slack answers with another address', async () => {
    slack.fault({ method: 'users.lookupByEmail', error: 'users_not_found' });
    expect(await people.byEmail('bo@example.com')).toBeNull();
  });

  test('without the scope is an error that names it and not the address', async () => {
    await slack.close();
    await open(['chat:write', 'users:read']);
    const error: unknown = await people.byEmail('bo@example.com').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining('needed users:read.email') });
    expect(String(error)).not.toContain('bo@');
  });
});

test('the workspace whose groups these are is named with its organisation, if it has one', async () => {
  expect(await people.home()).toEqual(['T0TEAM']);
  await slack.close();
  await open(SCOPES, { team: { id: 'T0TEAM', name: 'Example', enterprise: ENTERPRISE } });
  expect(await people.home()).toEqual(['T0TEAM', 'E0ORG']);
});

test('on Enterprise Grid a member of a sister workspace may decide, under any of the names that Slack gives it', async () => {
  await slack.close();
  await open(SCOPES, { team: { id: 'T0TEAM', name: 'Example', enterprise: ENTERPRISE } });
  expect(await people.barred(account('U0BO', 'E0ORG'))).toBeNull();
});
