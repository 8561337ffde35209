/** What `init` looks up: all that it can at once, all faults together, and no more questions than needed. */
import { expect, test } from 'vitest';
import { Fault } from '../../../src/app/fault.ts';
import { type LookUp, lookUp } from '../../../src/app/init/look-up.ts';
import { type Flags, readWishes } from '../../../src/app/init/wishes.ts';
import type { AccountFacts, MemberFacts } from '../../../src/app/ports.ts';

const ACCOUNTS: AccountFacts[] = [
  { id: 101, login: 'ana-dev', type: 'User', name: 'Ana' },
  { id: 102, login: 'bo-dev', type: 'User', name: '*bold*' },
  { id: 103, login: '3cy', type: 'User', name: null },
  { id: 104, login: 'robot', type: 'Bot', name: null },
];
const member = (id: string, handle: string, realName: string): MemberFacts => ({
  ...{ id, handle, realName, team: 'T1', displayName: handle },
  ...{ deleted: false, bot: false, guest: false, stranger: false },
});

function deps(change: Partial<LookUp> = {}) {
  const calls: string[] = [];
  const counted = async <T>(call: string, answer: T): Promise<T> => {
    calls.push(call);
    return answer;
  };
  const all: LookUp = {
    account: async (login) => ACCOUNTS.find((one) => one.login === login.toLowerCase()) ?? null,
    repository: async () => ({ public: false, defaultBranch: 'trunk' }),
    environment: async (_, name, branch) => {
      calls.push(`environment ${name} on ${branch}`);
      return null;
    },
    directory: () => ({
      team: () => counted('team', 'T1'),
      member: async () => null,
      everybody: () => counted('everybody', [member('UANA', 'ana', 'Ana'), member('UBO', 'bo', 'Bo')]),
    }),
    channel: async (name) => `C-of-${name}`,
    ...change,
  };
  return { all, calls };
}

const ask = (flags: Flags, change: Partial<LookUp> = {}) => {
  const { all, calls } = deps(change);
  return { known: lookUp(all, readWishes(flags).wishes, 'acme/shop', 'main'), calls };
};

test('people get their ids, and a name that can do nothing in a message', async () => {
  const { known } = ask({ person: ['ANA-dev:ana', 'bo-dev:bo', '3cy:T2/UCY'], slackChannel: 'C123' });
  expect((await known).people).toEqual({
    'ana-dev': { name: 'Ana', github: { id: 101, login: 'ana-dev' }, slack: { team: 'T1', user: 'UANA' } },
    'bo-dev': { name: 'Bo', github: { id: 102, login: 'bo-dev' }, slack: { team: 'T1', user: 'UBO' } },
    'p-3cy': { name: 'Account 103', github: { id: 103, login: '3cy' }, slack: { team: 'T2', user: 'UCY' } },
  });
});

test('Slack is asked once for the workspace and once for its members, and not at all where nobody has a handle', async () => {
  const both = ask({ person: ['ana-dev:ana', 'bo-dev:bo'], slack: false });
  await both.known;
  expect(both.calls.filter((call) => !call.startsWith('environment'))).toEqual(['team', 'everybody']);
  const none = ask({ person: ['ana-dev', 'bo-dev'], slack: false });
  await none.known;
  expect(none.calls.filter((call) => !call.startsWith('environment'))).toEqual([]);
});

test("the targets' environments and debug-approval are looked at, on the default branch as GitHub has it", async () => {
  const { known, calls } = ask({ person: ['ana-dev', 'bo-dev'], slack: false, target: ['eu=live', 'us=live'] });
  expect((await known).environments).toEqual({ 'debug-approval': 'none', live: 'none' });
  expect(calls).toEqual(['environment debug-approval on trunk', 'environment live on trunk']);
});

test('an environment that may not be read is unknown, and a repository that GitHub does not show has none', async () => {
  const fault = async () => {
    throw new Fault('permission', 'no', 'no');
  };
  const flags = { person: ['ana-dev', 'bo-dev'], slack: false };
  expect((await ask(flags, { environment: fault }).known).environments).toEqual({
    'debug-approval': 'unknown',
    production: 'unknown',
  });
  const hidden = await ask(flags, { repository: async () => null }).known;
  expect(hidden).toMatchObject({ repository: null, environments: {} });
});

test('everybody who is not to be had is named at once', async () => {
  const { known } = ask({ person: ['nobody', 'robot', 'ana-dev:@who'], slack: false });
  const fault = await known.catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Fault);
  expect(String(fault).split('\n')).toEqual([
    'Fault: GitHub has no account with the login nobody.',
    'robot is a bot on GitHub.',
    'Nobody in Slack has exactly the handle or display name "who".',
  ]);
});

test('where both the login and the handle of one person lead to nobody, both are told; so is a channel', async () => {
  const channel = async () => {
    throw new Fault('refused', 'Slack shows this bot no channel.', 'Invite it.');
  };
  const { known } = ask({ person: ['nobody:@who', 'bo-dev'], slackChannel: '#none' }, { channel });
  const fault = await known.catch((error: unknown) => error);
  expect(String(fault).split('\n')).toEqual([
    'Fault: GitHub has no account with the login nobody.',
    'Nobody in Slack has exactly the handle or display name "who".',
    'Slack shows this bot no channel.',
  ]);
});

test('one trouble that hits everybody, such as no connection, is told once', async () => {
  const account = async () => {
    throw new Fault('unavailable', 'GitHub cannot be reached.', 'Try again.');
  };
  const { known } = ask({ person: ['ana-dev', 'bo-dev'], slack: false }, { account });
  await expect(known).rejects.toThrow(/^GitHub cannot be reached\.$/);
});

test('a channel named by its name is looked up', async () => {
  const { known } = ask({ person: ['ana-dev', 'bo-dev'], slackChannel: '#approvals' });
  expect((await known).channel).toBe('C-of-approvals');
});
