/** What doctor says of Slack: nothing wrong of what is sound, and of what is broken exactly that, with its remedy. */
import { describe, expect, test, vi } from 'vitest';
import { examineSlack } from '../../src/app/doctor/slack.ts';
import type { SlackInspector } from '../../src/app/ports.ts';
import type { SlackSandbox } from '../../src/sandbox/slack/server.ts';
import { BROKEN, leftBehind, ORGANISATION, WITHOUT_SLACK, without } from './doctor-slack-broken.ts';
import {
  APP_TOKEN,
  asRead,
  BOT_TOKEN,
  examine,
  idsWith,
  inspectorOf,
  open,
  policyWith,
  type SetUp,
  SOUND,
} from './doctor-slack-world.ts';

describe('a sound set-up', () => {
  test('is ok in everything that was looked at, and nothing was left out', async () => {
    const findings = await examine();
    expect(findings.filter(({ health, remedy }) => health !== 'ok' || remedy !== null)).toEqual([]);
    expect(findings.map(({ id }) => id)).toEqual([
      'slack.tokens',
      'slack.bot',
      'slack.scopes',
      'slack.app',
      'slack.app.same',
      'slack.connections',
      'slack.channel',
      'slack.channel.bot',
      'slack.channel.private',
      'slack.channel.shared',
      'slack.channel.guests',
      'slack.channel.approvers',
      'person.ana.slack',
      'person.bo.slack',
      'person.cy.slack',
      'person.di.slack',
    ]);
    await expect(`${asRead(findings)}\n`).toMatchFileSnapshot('golden/doctor-slack-sound.txt');
  });

  test('without tokens is ok where the policy asks nobody in Slack', async () => {
    const facts = { policy: policyWith(WITHOUT_SLACK), inJob: true, openRequests: 0, waitingRuns: 0 };
    expect(await examineSlack(null, facts)).toMatchObject([{ id: 'slack.tokens', health: 'ok', remedy: null }]);
  });

  test('whose tokens are not at hand is unknown, not wrong', async () => {
    const facts = { policy: policyWith([]), inJob: true, openRequests: 0, waitingRuns: 0 };
    const [finding, ...others] = await examineSlack(null, facts);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id: 'slack.tokens', health: 'unknown' });
    expect(finding?.remedy).toContain('environment debug-approval');
  });

  test.each([
    ['SLACK_APP_TOKEN', { bot: BOT_TOKEN, app: null }],
    ['SLACK_BOT_TOKEN', { bot: null, app: APP_TOKEN }],
  ] as const)('in a shell without %s is unknown, not wrong: the jobs have their own', async (token, change) => {
    const sandbox = await open({});
    const facts = { policy: policyWith([]), inJob: false, openRequests: 0, waitingRuns: 0 };
    const findings = await examineSlack(inspectorOf(sandbox, change), facts);
    const [finding] = findings;
    expect(finding).toMatchObject({ id: 'slack.tokens', health: 'unknown', what: expect.stringContaining(token) });
    expect(finding?.remedy).toContain('Debug doctor');
    expect(findings.filter(({ health }) => health === 'wrong')).toEqual([]);
  });

  test.each<[string, SetUp]>([
    ['scopes that only read and pin are missing nothing for the requests', { scopes: without('pins:write') }],
    ['runs that wait have a connection each', { waitingRuns: 1, before: leftBehind }],
    [
      'an account of another workspace of the organisation',
      {
        slack: { team: ORGANISATION },
        policy: [['{ team: T1, user: UBO }', '{ team: T2, user: UBO }']],
        member: { id: 'UBO', teamId: 'T2' },
      },
    ],
    [
      'an account of the organisation, where the workspace is one of several',
      {
        slack: { team: ORGANISATION },
        policy: [['{ team: T1, user: UBO }', '{ team: E1, user: UBO }']],
      },
    ],
    ['a deactivated guest reads nothing any more', { member: { id: 'UED', guest: true, deleted: true } }],
  ])('%s: no false alarm', async (_name, setUp) => {
    const findings = await examine(setUp);
    expect(findings.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  test('with more members than are asked for one by one is found out of the list', async () => {
    const crowd = Array.from({ length: 240 }, (_, n) => ({ id: `U1${n}`, name: `p${n}`, realName: `P ${n}` }));
    const members = [...SOUND.members, ...crowd, { id: 'UGUEST', name: 'visitor', realName: 'Visitor', guest: true }];
    const channel = { members: members.map(({ id }) => id) };
    const sandbox = await open({ slack: { members }, channel });
    const facts = { policy: policyWith([]), inJob: true, openRequests: 0, waitingRuns: 0 };
    const findings = await examineSlack(inspectorOf(sandbox, undefined), facts);
    expect(idsWith(findings, 'wrong')).toEqual(['slack.channel.guests']);
    expect(sandbox.counts().byMethod).toMatchObject({ 'users.list': 1, 'conversations.members': 2 });
  });
});

describe('a broken set-up', () => {
  const read: Record<string, string> = {};

  test.each(BROKEN)('$name: named, and nothing else is', async ({ name, setUp, wrong, remedy, unknown = [] }) => {
    // A public channel lets the bot see it from outside; people of the policy in it are judged by their own links.
    const findings = await examine(setUp);
    expect(idsWith(findings, 'wrong')).toEqual([wrong]);
    expect(findings.find(({ id }) => id === wrong)?.remedy).toMatch(remedy);
    expect(idsWith(findings, 'unknown')).toEqual(unknown);
    expect(idsWith(findings, 'note')).toEqual([]);
    expect(JSON.stringify(findings)).not.toMatch(/xoxb-(?!…)|xapp-(?!…)/);
    read[name] = asRead(findings.filter(({ health }) => health !== 'ok'));
  });

  test('is told in words that stand', async () => {
    const told = BROKEN.map(({ name }) => `## ${name}\n\n${read[name] ?? 'not examined'}\n`);
    await expect(told.join('\n')).toMatchFileSnapshot('golden/doctor-slack.md');
  });
});

describe('what cannot be looked at', () => {
  const READING: [string, string[], string[]][] = [
    ['users:read', ['users:read'], ['slack.app.same', 'slack.channel.guests', 'slack.people']],
    ['groups:read', ['groups:read'], ['slack.channel']],
    [
      'all of them',
      ['users:read', 'groups:read', 'channels:read'],
      ['slack.app.same', 'slack.channel', 'slack.people'],
    ],
  ];
  test.each(READING)('for want of a scope (%s) is unknown, and names the scope', async (_name, lacking, unknown) => {
    const findings = await examine({ scopes: without(...lacking) });
    expect(idsWith(findings, 'wrong')).toEqual(lacking.includes('users:read') ? ['slack.scopes'] : []);
    expect(idsWith(findings, 'unknown')).toEqual(unknown);
    for (const { remedy } of findings.filter(({ health }) => health === 'unknown')) {
      expect(remedy).toMatch(/^Add (users:read |(channels:read and )?groups:read .*Only this examination needs)/);
    }
  });

  test('a private channel that the bot may not see is unknown, since nobody knows whether it is there', async () => {
    const channel = { members: ['UANA', 'UBO', 'UCY'] };
    const findings = await examine({ scopes: without('groups:read'), channel });
    expect(findings.find(({ id }) => id === 'slack.channel')).toMatchObject({
      health: 'unknown',
      remedy: expect.stringContaining('Add groups:read'),
    });
  });

  test.each([
    'auth.test',
    'apps.connections.open',
    'conversations.info',
    'conversations.members',
    'users.info',
    'bots.info',
  ])('for trouble at Slack with %s is unknown and hides nothing else', async (method) => {
    const broken = await examine({ before: (sandbox) => sandbox.fault({ method, status: 503, times: 1000 }) });
    expect(idsWith(broken, 'wrong')).toEqual([]);
    const unknown = broken.filter(({ health }) => health === 'unknown');
    expect(unknown.length).toBeGreaterThan(0);
    for (const { what, remedy } of unknown) {
      expect(what).toMatch(/HTTP status 503|Slack did not name the app/);
      expect(remedy).not.toBeNull();
    }
    expect(idsWith(broken, 'ok')).toContain('slack.tokens');
  });

  test('a limit that Slack sets for long is unknown', async () => {
    const setUp: SetUp = {
      before: (sandbox) => sandbox.fault({ method: 'users.info', status: 429, times: 1000 }),
    };
    const findings = await examine(setUp);
    expect(idsWith(findings, 'wrong')).toEqual([]);
    expect(idsWith(findings, 'unknown')).toEqual(['slack.channel.guests', 'slack.people']);
  });

  test('one member who could not be looked up hides nobody else', async () => {
    const before = (sandbox: SlackSandbox) => sandbox.fault({ method: 'users.info', error: 'fatal_error', times: 4 });
    const findings = await examine({ before, member: { id: 'UED', guest: true } });
    expect(idsWith(findings, 'unknown')).toEqual(['slack.people']);
    expect(idsWith(findings, 'wrong')).toEqual(['slack.channel.guests']);
  });
});

describe('what is safe but worth knowing is a note', () => {
  test.each<[string, SetUp, string, RegExp]>([
    [
      'scopes beyond need',
      { scopes: [...SOUND.bot.scopes, 'im:history', 'files:write'] },
      'slack.scopes',
      /im:history, files:write/,
    ],
    [
      'a public channel',
      { channel: { private: false } },
      'slack.channel.private',
      /everybody in the workspace can read/,
    ],
    [
      'an approver who is not needed is not in the private channel',
      {
        channel: { members: ['UANA', 'UCY', 'UBOT'] },
        policy: [['sre: { members: [bo, cy] }', 'sre: { members: [bo, cy, di] }']],
      },
      'slack.channel.approvers',
      /Bo may approve but cannot see the card.*The others suffice/,
    ],
  ])('%s', async (_name, setUp, id, what) => {
    const findings = await examine(setUp);
    expect(findings.filter(({ health }) => health !== 'ok')).toMatchObject([{ id, health: 'note' }]);
    expect(findings.find((finding) => finding.id === id)?.what).toMatch(what);
  });

  test('an approver outside a public channel is not pinged there', async () => {
    const findings = await examine({ channel: { private: false, members: ['UANA', 'UBO', 'UBOT'] } });
    expect(idsWith(findings, 'wrong')).toEqual([]);
    expect(idsWith(findings, 'note')).toEqual(['slack.channel.private', 'slack.channel.approvers']);
  });

  test('a bot outside a public channel cannot post there', async () => {
    const findings = await examine({ channel: { private: false, members: ['UANA', 'UBO', 'UCY'] } });
    expect(findings.filter(({ health }) => health === 'wrong')).toMatchObject([
      { id: 'slack.channel.bot', remedy: 'Open #debug-approvals in Slack and send /invite @debug-approval.' },
    ]);
  });
});

describe('connecting', () => {
  /** How often the examination connects with these facts, and what it says of the connections. */
  async function connecting(facts: { openRequests: number | null; waitingRuns: number | null }, setUp: SetUp = {}) {
    const sandbox = await open(setUp);
    const real = inspectorOf(sandbox, undefined);
    let connected = 0;
    const counted: SlackInspector = {
      ...real,
      countConnections() {
        connected += 1;
        return real.countConnections();
      },
    };
    const findings = await examineSlack(counted, { policy: policyWith([]), inJob: true, ...facts });
    const finding = findings.find(({ id }) => id === 'slack.connections');
    return { connected, finding, sandbox };
  }

  test.each([1, 3, null])(
    'never happens while requests are open (%s): says why, and when to try',
    async (openRequests) => {
      const { connected, finding } = await connecting({ openRequests, waitingRuns: 1 });
      expect(connected).toBe(0);
      expect(finding).toMatchObject({
        health: 'unknown',
        what: expect.stringContaining('could come here and be lost'),
      });
      expect(finding?.remedy).toContain('while no request is open');
    },
  );

  test("never happens on another app's connections, whose presses are somebody else's", async () => {
    const { connected } = await connecting({ openRequests: 0, waitingRuns: 0 }, { slack: { appTokenOf: 'AOTHER' } });
    expect(connected).toBe(0);
  });

  test('happens once where no request is open, and leaves no connection', async () => {
    const { connected, finding, sandbox } = await connecting({ openRequests: 0, waitingRuns: 0 });
    expect({ connected, health: finding?.health }).toEqual({ connected: 1, health: 'ok' });
    await vi.waitFor(() => expect(sandbox.connections()).toBe(0));
  });

  test('that Slack breaks off says why', async () => {
    const real = inspectorOf(await open({}), undefined);
    const broken = async (code: string | null, waitingRuns: number) => {
      const kind = code === null ? ('unanswered' as const) : ('refused' as const);
      const failure = { kind, code, scope: null, what: `Slack: could not connect: ${code}.`, remedy: 'Try again.' };
      const slack: SlackInspector = { ...real, countConnections: async () => ({ ok: false, failure }) };
      const findings = await examineSlack(slack, { policy: policyWith([]), inJob: true, openRequests: 0, waitingRuns });
      return findings.filter(({ health }) => health !== 'ok');
    };
    const id = 'slack.connections';
    expect(await broken(null, 0)).toMatchObject([{ id, health: 'unknown', remedy: 'Try again.' }]);
    expect(await broken('link_disabled', 0)).toMatchObject([
      { id, health: 'wrong', remedy: 'Switch it on under "Socket Mode" of the Slack app.' },
    ]);
    expect(await broken('too_many_websockets', 10)).toMatchObject([{ id, health: 'note' }]);
  });

  test('others are nobody’s fault where it is not known how many runs wait', async () => {
    const { finding } = await connecting({ openRequests: 0, waitingRuns: null }, { before: leftBehind });
    expect(finding?.health).toBe('unknown');
  });
});
