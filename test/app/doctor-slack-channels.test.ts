/** Doctor on the channels that rules name, and on the scopes that ways to decide need. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { asRead, examine, type SetUp, SOUND } from './doctor-slack-world.ts';
import { findingOf } from './doctor-world.ts';

const OTHER = 'C456';
const RULE: [string, string] = ['risks: [high] }\n', `risks: [high] }\n    channel: ${OTHER}\n`];
const MEMBERS = ['UANA', 'UBO', 'UCY', 'UDI', 'UBOT'];
type Channel = SetUp['slack'] extends { channels?: (infer C)[] } | undefined ? C : never;

const routed = (change: Partial<Channel>): Promise<Finding[]> =>
  examine({
    policy: [RULE],
    slack: {
      channels: [...SOUND.channels, { id: OTHER, name: 'security', private: true, members: MEMBERS, ...change }],
    },
  });

describe('a channel that a rule names', () => {
  test('is looked at as the policy’s own is', async () => {
    const findings = await routed({});
    expect(findings.filter(({ id, health }) => id.startsWith(`slack.channel.${OTHER}`) && health !== 'ok')).toEqual([]);
    expect(findingOf(findings, `slack.channel.${OTHER}`).what).toBe(`Approvers are asked in #security (${OTHER}).`);
    expect(findings.map(({ id }) => id)).toContain('slack.channel.approvers');
  });

  test.each<[string, Partial<Channel>, string]>([
    ['archived', { archived: true }, ''],
    ['without the bot', { private: false, members: ['UANA'] }, '.bot'],
    ['shared', { shared: 'external' }, '.shared'],
    ['without those whom its requests need', { members: ['UANA', 'UCY', 'UBOT'] }, '.approvers'],
  ])('is wrong where it is %s', async (_, change, part) => {
    expect(findingOf(await routed(change), `slack.channel.${OTHER}${part}`)).toMatchObject({ health: 'wrong' });
  });

  test('needs only those who decide what is asked there', async () => {
    const findings = await routed({ members: ['UBO', 'UCY', 'UDI', 'UBOT'] });
    expect(findingOf(findings, `slack.channel.${OTHER}.approvers`)).toMatchObject({ health: 'ok' });
  });

  test('needs nobody where nobody has to approve what is asked there', async () => {
    const rule: [string, string] = [
      'rules:\n',
      `rules:\n  - name: Harmless\n    when: { runbooks: [hello] }\n    require: none\n    channel: ${OTHER}\n`,
    ];
    const findings = await examine({
      policy: [rule, ['everything\n', 'everything\n    when: { risks: [medium, high] }\n']],
      slack: { channels: [...SOUND.channels, { id: OTHER, name: 'log', private: true, members: ['UBOT'] }] },
    });
    expect(findingOf(findings, `slack.channel.${OTHER}.approvers`)).toMatchObject({ health: 'ok' });
  });

  test('that is not there is wrong', async () => {
    expect(findingOf(await examine({ policy: [RULE] }), `slack.channel.${OTHER}`)).toMatchObject({ health: 'wrong' });
  });
});

describe('a bot token', () => {
  const ALL = ['chat:write', 'commands', 'groups:history', 'channels:read', 'groups:read', 'users:read'];
  const scopes = async (setUp: SetUp): Promise<string[]> =>
    (await examine(setUp)).flatMap(({ id, health }) => (id.startsWith('slack.scopes') ? [`${id} ${health}`] : []));
  const less = (scope: string): string[] => ALL.filter((one) => one !== scope);

  test('with what all ways to decide need is right', async () => {
    expect(await scopes({ scopes: ALL })).toEqual(['slack.scopes ok']);
    expect(
      await scopes({ scopes: [...less('groups:history'), 'channels:history'], channel: { private: false } }),
    ).toEqual(['slack.scopes ok']);
  });

  test.each<[string, SetUp, string[]]>([
    ['without users:read lets nobody decide', { scopes: less('users:read') }, ['slack.scopes wrong']],
    [
      'without history hears no replies',
      { scopes: less('groups:history') },
      ['slack.scopes ok', 'slack.scopes.replies note'],
    ],
    [
      'with the history of the other kind of channel hears none either',
      { scopes: ALL, channel: { private: false } },
      ['slack.scopes ok', 'slack.scopes.replies note'],
    ],
    ['without commands has none', { scopes: less('commands') }, ['slack.scopes ok', 'slack.scopes.commands note']],
    [
      'needs to see user groups where the policy has some',
      { scopes: ALL, policy: [['sre: { members: [bo, cy] }', 'sre: { slack-group: S1 }']] },
      ['slack.scopes wrong'],
    ],
    [
      'needs addresses where the policy links by them',
      {
        scopes: ALL,
        policy: [
          ['login: di-dev } }', 'login: di-dev }, email: di@example.com }'],
          ['public: false', 'public: false\nlink-by-email: true'],
        ],
      },
      ['slack.scopes wrong'],
    ],
  ])('%s', async (_, setUp, found) => {
    expect(await scopes(setUp)).toEqual(found);
  });

  test('is told in words that stand', async () => {
    const told = await Promise.all([
      examine({ scopes: less('groups:history') }),
      examine({ scopes: less('commands') }),
      examine({
        scopes: ['chat:write', 'files:write'],
        policy: [['sre: { members: [bo, cy] }', 'sre: { slack-group: S1 }']],
      }),
    ]);
    const findings = told.flat().filter(({ id, health }) => id.startsWith('slack.scopes') && health !== 'ok');
    await expect(`${asRead(findings)}\n`).toMatchFileSnapshot('golden/doctor-scopes.txt');
  });
});
