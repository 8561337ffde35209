/** What becomes of two accounts in the policy: the key and name that people read, and that the result holds. */
import { describe, expect, test } from 'vitest';
import { type AddPersonInput, addToPolicy } from '../../src/app/add-person.ts';
import type { AccountFacts, MemberFacts } from '../../src/app/ports.ts';
import { POLICY_TEXT } from '../request/given.ts';

const NEW: MemberFacts = {
  ...{ id: 'U0NEW', team: 'T1', handle: 'new', displayName: '', realName: 'Di Two' },
  ...{ deleted: false, bot: false, guest: false, stranger: false },
};

function add(account: Partial<AccountFacts> = {}, input: Partial<AddPersonInput> = {}) {
  const found = { id: 900, login: 'New_Dev', type: 'User', name: 'Di Three', ...account };
  return addToPolicy(
    {
      account: async () => found,
      directory: () => ({ team: async () => 'T1', member: async () => NEW, everybody: async () => [NEW] }),
    },
    {
      ...{ login: found.login, slack: 'new', key: null, name: null, groups: [] },
      ...{ text: POLICY_TEXT, apiIsLoopback: false },
      ...input,
    },
  );
}

test('the key is made of the login, and the name is the one of the GitHub profile', async () => {
  expect(await add()).toMatchObject({
    kind: 'added',
    added: {
      key: 'new-dev',
      person: { name: 'Di Three', github: { id: 900, login: 'New_Dev' }, slack: { team: 'T1', user: 'U0NEW' } },
    },
  });
});

describe('the name that people read', () => {
  test.each([
    ['is what was asked for', { name: 'Di Three' }, { name: 'Di Four' }, 'Di Four'],
    ["is Slack's where GitHub has none", { name: null }, {}, 'Di Two'],
    ["is Slack's where GitHub's could deceive", { name: '@bo [x](y)' }, {}, 'Di Two'],
    ['is the login where neither has one', { name: null }, { slack: null }, 'New_Dev'],
  ])('%s', async (_, account, input, name) => {
    expect(await add(account, input)).toMatchObject({ added: { person: { name } } });
  });

  test('must be given where none is to be had, as the key', async () => {
    await expect(add({ login: '0day', name: null }, { slack: null, key: 'di2' })).rejects.toMatchObject({
      code: 'input',
      remedy: 'Give one with --name "Ana".',
    });
    await expect(add({ login: '0day' })).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('0day'),
    });
  });
});

test('a login that another has in the policy is told as the mistake that it would be', async () => {
  expect(await add({ login: 'BO-dev' }, { key: 'bo2' })).toMatchObject({
    kind: 'problems',
    when: 'after',
    problems: [{ path: 'people.bo2.github.login', message: expect.stringContaining('bo has it on line 4') }],
  });
});

test('mistakes that stand already are told with their own lines, also where the person is no mistake', async () => {
  const text = POLICY_TEXT.replace('expiry: 2h', 'expiry: never');
  const line = text.split('\n').indexOf('expiry: never') + 1;
  expect(await add({}, { text })).toMatchObject({ kind: 'problems', when: 'before', problems: [{ line }] });
});

test('who is named before being there becomes sound by being added', async () => {
  const text = POLICY_TEXT.replace('security: { members: [bo, di] }', 'security: { members: [bo, new] }');
  expect(await add({}, { text, key: 'new' })).toMatchObject({ kind: 'added' });
});

test.each(['Bot', 'Organization', 'Mannequin'])(
  'an account of the kind %s is refused: only humans decide',
  async (type) => {
    await expect(add({ type })).rejects.toMatchObject({ code: 'refused' });
  },
);
