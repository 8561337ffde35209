/** The flags of `init`: every mistake is told at once, and everything that is missing with its flag. */
import { expect, test } from 'vitest';
import { type Found, missingOf, notMistaken, type Surroundings } from '../../../src/app/init/missing.ts';
import { hostsOf, repositoryOfRemote, serverOf } from '../../../src/app/init/server.ts';
import { type Flags, readWishes } from '../../../src/app/init/wishes.ts';
import { FLAGS } from './given.ts';

test('every mistake in the flags is told, each with its flag and value', () => {
  const { mistakes } = readWishes({
    ...{ person: ['ana dev', 'bo-dev:', 'cy-dev', 'CY-dev'], approver: ['ed-dev'], requester: ['@cy-dev', '!'] },
    ...{ target: ['Prod', 'eu=debug-approval', 'us', 'us'], slack: false, slackChannel: 'C123' },
    ...{ expiry: 'soon', window: '9d', adminBypass: 'maybe', action: 'acme/x@v1', repository: 'shop', branch: 'a b' },
  });
  expect(mistakes).toEqual([
    '--person "ana dev": must be a GitHub login, with :SLACK_HANDLE after it for Slack.',
    '--person "bo-dev:": names nobody in Slack after the colon.',
    '--person "CY-dev": is given twice.',
    '--approver "ed-dev": is nobody yet; add --person ed-dev.',
    '--requester "!": must be a GitHub login.',
    '--target "Prod": must be a name of lower-case letters, digits and "-", starting with a letter.',
    '--target "eu=debug-approval": must not be debug-approval: that environment holds the approval itself, not the command.',
    '--target "us": is given twice.',
    '--slack-channel "C123": contradicts --no-slack; give one of them.',
    '--expiry "soon": must be a duration such as 30m, 2h or 1h30m.',
    '--window "9d": is longer than the five days that any job of GitHub may take.',
    '--admin-bypass "maybe": must be forbid or show.',
    '--action "acme/x@v1": must be OWNER/NAME@SHA with the full commit SHA of 40 hexadecimal digits.',
    '--repository "shop": must be owner/name.',
    '--branch "a b": is no name of a branch.',
  ]);
});

test('nothing that ends a line or hides gets into a comment of the policy', () => {
  const { mistakes } = readWishes({ branch: 'main\npublic: true', repository: 'acme/shop\n', target: ['a=b\u202e'] });
  expect(mistakes).toHaveLength(3);
});

test.each<[string, Flags['slackChannel'], unknown]>([
  ['an id', 'C012AB3CD', { kind: 'id', id: 'C012AB3CD' }],
  ['a name', '#debug-approvals', { kind: 'name', name: 'debug-approvals' }],
])('a channel is named by %s', (_, slackChannel, channel) => {
  expect(readWishes({ slackChannel: slackChannel ?? '' }).wishes.channel).toEqual(channel);
});

test('somebody in Slack is named by a handle, a member id, or both ids', () => {
  const { wishes, mistakes } = readWishes({ person: ['@a:@ana', 'b:U012', 'c:T1/U012', 'd'] });
  expect(mistakes).toEqual([]);
  expect(wishes.people.map(({ slack }) => slack)).toEqual([
    { kind: 'words', words: 'ana' },
    { kind: 'words', words: 'U012' },
    { kind: 'ids', team: 'T1', user: 'U012' },
    null,
  ]);
});

const NOTHING: Found = { repository: null, branch: null, action: null };
const NO_HELP: Surroundings = {
  ...{ githubToken: false, slackToken: false, issuerKnown: false },
  ...{ policyThere: false, posts: true, agreed: false },
};

test('everything that is missing is named at once, each with its flag', () => {
  const missing = missingOf(readWishes({ person: ['ana-dev:ana'] }).wishes, NOTHING, NO_HELP);
  expect(missing.map(({ flag }) => flag)).toEqual([
    '--repository OWNER/NAME',
    '--branch NAME',
    '--action OWNER/NAME@SHA',
    '--person LOGIN[:SLACK_HANDLE]',
    '--slack-channel ID or --no-slack',
    '--issuer URL',
    'GITHUB_TOKEN (a variable)',
    'SLACK_BOT_TOKEN (a variable)',
    '--yes',
  ]);
});

test('what the folder, the flags and the tokens tell is not asked for', () => {
  const found: Found = { repository: 'acme/shop', branch: 'main', action: { name: 'a/b', sha: 'c', clean: true } };
  const around: Surroundings = { ...NO_HELP, githubToken: true, slackToken: true, issuerKnown: true, agreed: true };
  expect(missingOf(readWishes(FLAGS).wishes, found, around)).toEqual([]);
});

test('what is given and wrong is not called missing besides', () => {
  const flags: Flags = { slackChannel: 'bad channel', person: ['ana dev', 'bo-dev'], repository: 'shop' };
  const { wishes, mistakes } = readWishes(flags);
  const left = notMistaken(missingOf(wishes, NOTHING, NO_HELP), mistakes, flags);
  expect(left.map(({ key }) => key)).toEqual(['branch', 'action', 'issuer', 'github-token', 'slack-token', 'consent']);
  const one = { person: ['ana dev'] };
  expect(notMistaken(missingOf(wishes, NOTHING, NO_HELP), readWishes(one).mistakes, one)[2]?.key).toBe('action');
});

test("the `.git` of a clone's address is no part of a repository's name", () => {
  const { wishes, mistakes } = readWishes({ repository: 'acme/shop.git', action: `acme/x.git@${'0'.repeat(40)}` });
  expect(mistakes).toEqual([]);
  expect(wishes).toMatchObject({ repository: 'acme/shop', action: { name: 'acme/x' } });
});

test.each<[string, Flags, boolean, number]>([
  ['handles need one', { person: ['ana-dev:ana', 'bo-dev'], slack: false }, false, 1],
  ['a channel by its name needs one', { person: ['ana-dev', 'bo-dev'], slackChannel: '#a' }, false, 1],
  ['guidelines to be posted need one', { person: ['ana-dev', 'bo-dev'], slackChannel: 'C123' }, true, 1],
  ['ids need none', { person: ['ana-dev:T1/UANA', 'bo-dev'], slackChannel: 'C123' }, false, 0],
])('a Slack token is missed only where it is used: %s', (_, flags, posts, count) => {
  const all = missingOf(readWishes(flags).wishes, NOTHING, { ...NO_HELP, posts });
  expect(all.filter(({ key }) => key === 'slack-token')).toHaveLength(count);
});

const GITHUB = hostsOf(serverOf({ url: 'https://api.github.com', loopback: false }), false);

test.each([
  ['https://github.com/acme/shop.git', 'acme/shop'],
  ['https://github.com/acme/shop/', 'acme/shop'],
  ['https://token@GitHub.com/acme/shop', 'acme/shop'],
  ['git@github.com:acme/shop.git', 'acme/shop'],
  ['ssh://git@github.com:22/acme/shop.js.git', 'acme/shop.js'],
  ['ssh://git@ssh.github.com:443/acme/shop.git', 'acme/shop'],
  ['https://gitlab.com/acme/shop.git', null],
  ['git@gitlab.com:acme/shop.git', null],
  ['https://github.com.example.com/acme/shop.git', null],
  ['https://github.com@example.com/acme/shop.git', null],
  ['https://github.com/acme/team/shop.git', null],
  ['/srv/git/github.com/acme/shop.git', null],
  ['file:///srv/github.com/acme/shop.git', null],
  ['../shop', null],
  ['', null],
])('to somebody who uses github.com the remote %s is %s', (address, name) => {
  expect(repositoryOfRemote(address, GITHUB)).toBe(name);
});

test('on an Enterprise Server only its own remotes count; in the sandbox github.com stands for it', () => {
  const own = hostsOf(serverOf({ url: 'https://git.example.com/api/v3', loopback: false }), false);
  expect(repositoryOfRemote('git@git.example.com:acme/shop.git', own)).toBe('acme/shop');
  expect(repositoryOfRemote('git@github.com:acme/shop.git', own)).toBeNull();
  const sandbox = hostsOf(serverOf({ url: 'http://127.0.0.1:4000', loopback: true }), true);
  expect(repositoryOfRemote('https://github.com/acme/shop.git', sandbox)).toBe('acme/shop');
  expect(repositoryOfRemote('http://127.0.0.1:4000/acme/shop.git', sandbox)).toBe('acme/shop');
});

test.each([
  ['https://api.github.com', 'https://github.com', null, true],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com', 'https://token.actions.acme.ghe.com', true],
  ['https://git.example.com/api/v3', 'https://git.example.com', 'https://git.example.com/_services/token', true],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000', 'http://127.0.0.1:4000/_services/token', true],
  ['https://git.example.com/other', 'https://git.example.com', null, false],
])('behind %s is %s, whose jobs %s signs', (api, url, issuer, issuerKnown) => {
  expect(serverOf({ url: api, loopback: api.startsWith('http:') })).toEqual({ url, issuer, issuerKnown });
});
