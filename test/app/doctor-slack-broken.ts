/** Slack set-ups that are each broken in one way, with the finding that must name it and what its remedy says. */
import type { SlackSandbox } from '../../src/sandbox/slack/server.ts';
import { openConnection } from '../../src/slack/connection.ts';
import { APP_TOKEN, BOT_TOKEN, type SetUp, SOUND } from './doctor-slack-world.ts';

export const WITHOUT_SLACK: [string, string][] = [['slack: { channel: C123 }\n', '']];
/** A workspace that is one of several. */
export const ORGANISATION = { id: 'T1', name: 'Acme', enterprise: { id: 'E1', workspaces: ['T2'] } };
const ALL = SOUND.bot.scopes;
/** The manifest's scopes but these. */
export const without = (...scopes: string[]): string[] => ALL.filter((scope) => !scopes.includes(scope));

/** Somebody else's connection to the app, left behind. */
export async function leftBehind(sandbox: SlackSandbox): Promise<void> {
  await openConnection({ appToken: APP_TOKEN, apiUrl: sandbox.url, onEnvelope() {} });
  sandbox.ghost(sandbox.connections() - 1);
}

export interface Broken {
  name: string;
  setUp: SetUp;
  /** The one finding that is wrong. */
  wrong: string;
  /** What its remedy names. */
  remedy: RegExp;
  /** What cannot be looked at for that reason. */
  unknown?: string[];
}

const UNSEEN = ['slack.channel', 'slack.people'];
export const BROKEN: Broken[] = [
  {
    name: 'only the bot token',
    setUp: { tokens: { bot: BOT_TOKEN, app: null } },
    wrong: 'slack.tokens',
    remedy: /"Basic Information", "App-Level Tokens".*SLACK_APP_TOKEN/,
  },
  {
    name: 'only the app token',
    setUp: { tokens: { bot: null, app: APP_TOKEN } },
    wrong: 'slack.tokens',
    remedy: /Bot User OAuth Token.*"OAuth & Permissions".*SLACK_BOT_TOKEN/,
    unknown: UNSEEN,
  },
  {
    name: 'the tokens swapped',
    setUp: { tokens: { bot: APP_TOKEN, app: BOT_TOKEN } },
    wrong: 'slack.tokens',
    remedy: /^Exchange the two/,
    unknown: UNSEEN,
  },
  {
    name: 'a token with its quotes',
    setUp: { tokens: { bot: `"${BOT_TOKEN}"`, app: APP_TOKEN } },
    wrong: 'slack.tokens',
    remedy: /No blank, quote or line end/,
    unknown: UNSEEN,
  },
  {
    name: 'a bot token that expires by itself',
    setUp: { tokens: { bot: 'xoxe.xoxb-1-rotating', app: APP_TOKEN } },
    wrong: 'slack.tokens',
    remedy: /token rotation/,
    unknown: UNSEEN,
  },
  {
    name: 'a bot token that Slack does not know',
    setUp: { tokens: { bot: 'xoxb-other', app: APP_TOKEN } },
    wrong: 'slack.bot',
    remedy: /"OAuth & Permissions".*SLACK_BOT_TOKEN/,
    unknown: UNSEEN,
  },
  {
    name: 'a bot that may not write',
    setUp: { scopes: without('chat:write') },
    wrong: 'slack.scopes',
    remedy: /^Add chat:write .*"Bot Token Scopes".*reinstall/,
  },
  {
    name: 'a bot that may not look accounts up',
    setUp: { scopes: without('users:read') },
    wrong: 'slack.scopes',
    remedy: /^Add users:read .*"Bot Token Scopes".*reinstall/,
    unknown: ['slack.app.same', 'slack.channel.guests', 'slack.people'],
  },
  {
    name: 'a bot that may not look the policy’s user group up',
    setUp: { policy: [['developers: { members: [ana, bo] }', 'developers: { slack-group: S1 }']] },
    wrong: 'slack.scopes',
    remedy: /^Add usergroups:read .*reinstall/,
  },
  {
    name: 'an app token that Slack does not know',
    setUp: { tokens: { bot: BOT_TOKEN, app: 'xapp-1-other' } },
    wrong: 'slack.app',
    remedy: /"App-Level Tokens".*SLACK_APP_TOKEN/,
  },
  {
    name: 'an app token without connections:write',
    setUp: { slack: { appScopes: [] } },
    wrong: 'slack.app',
    remedy: /connections:write under "Basic Information", "App-Level Tokens"/,
  },
  {
    name: 'Socket Mode switched off',
    setUp: { before: (sandbox) => sandbox.fault({ method: 'apps.connections.open', error: 'link_disabled' }) },
    wrong: 'slack.app',
    remedy: /under "Socket Mode"/,
  },
  {
    name: "two apps' tokens mixed",
    setUp: { slack: { appTokenOf: 'AOTHER' } },
    wrong: 'slack.app.same',
    remedy: /^Take both tokens from one Slack app/,
    unknown: ['slack.connections'],
  },
  {
    name: 'another connection lives on this app',
    setUp: { before: leftBehind },
    wrong: 'slack.connections',
    remedy: /^Give each repository a Slack app of its own.*switching Socket Mode off and on/,
  },
  {
    name: 'all ten connections taken',
    setUp: {
      waitingRuns: 3,
      async before(sandbox) {
        for (let n = 0; n < 10; n += 1) await leftBehind(sandbox);
      },
    },
    wrong: 'slack.connections',
    remedy: /^Give each repository a Slack app of its own/,
  },
  {
    name: 'a policy without a channel',
    setUp: { policy: WITHOUT_SLACK },
    wrong: 'slack.channel',
    remedy: /`slack: \{ channel: C… \}`/,
  },
  {
    name: 'no such channel',
    setUp: { policy: [['channel: C123', 'channel: C999']] },
    wrong: 'slack.channel',
    remedy: /by its id \(C…, at the end of "View channel details"\)/,
  },
  {
    name: 'a private channel that the bot is not in',
    setUp: { channel: { members: ['UANA', 'UBO', 'UCY'] } },
    wrong: 'slack.channel',
    remedy: /send \/invite @debug-approval/,
  },
  {
    name: 'an archived channel',
    setUp: { channel: { archived: true } },
    wrong: 'slack.channel',
    remedy: /^Name another channel in the policy, or unarchive/,
  },
  {
    name: 'a channel shared by Slack Connect',
    setUp: { channel: { shared: 'external' } },
    wrong: 'slack.channel.shared',
    remedy: /^End the sharing/,
  },
  {
    name: 'a channel that another company was invited to',
    setUp: { channel: { shared: 'pending' } },
    wrong: 'slack.channel.shared',
    remedy: /^End the sharing/,
  },
  {
    name: 'a channel shared in the organisation',
    setUp: { channel: { shared: 'organisation' } },
    wrong: 'slack.channel.shared',
    remedy: /^End the sharing/,
  },
  {
    name: 'a guest in the channel',
    setUp: { member: { id: 'UED', guest: true } },
    wrong: 'slack.channel.guests',
    remedy: /^Remove them in Slack/,
  },
  {
    name: 'an approver whom a request cannot do without is not in the private channel',
    setUp: { channel: { members: ['UANA', 'UBO', 'UBOT'] } },
    wrong: 'slack.channel.approvers',
    remedy: /send \/invite .*Until then only a comment/,
  },
  {
    name: 'a person who left',
    setUp: { member: { id: 'UBO', deleted: true } },
    wrong: 'person.bo.slack',
    remedy: /`people\.bo\.slack\.user`/,
  },
  {
    name: 'a person who is a bot',
    setUp: { member: { id: 'UBO', bot: true } },
    wrong: 'person.bo.slack',
    remedy: /`people\.bo\.slack\.user`/,
  },
  {
    name: 'a person who is a guest',
    setUp: { member: { id: 'UBO', guest: 'single-channel' } },
    wrong: 'person.bo.slack',
    remedy: /as a full member of Acme/,
  },
  {
    name: 'a person of a foreign team, as the policy says',
    setUp: { policy: [['{ team: T1, user: UBO }', '{ team: T2, user: UBO }']] },
    wrong: 'person.bo.slack',
    remedy: /^Set `people\.bo\.slack\.team` to T1/,
  },
  {
    name: "a person of a team that is not the organisation's",
    setUp: { slack: { team: ORGANISATION }, policy: [['{ team: T1, user: UBO }', '{ team: T3, user: UBO }']] },
    wrong: 'person.bo.slack',
    remedy: /^Set `people\.bo\.slack\.team` to T1/,
  },
  {
    name: 'a person of a foreign team, as Slack says',
    setUp: { member: { id: 'UBO', teamId: 'T2' }, channel: { members: ['UANA', 'UCY', 'UBOT'] } },
    wrong: 'person.bo.slack',
    remedy: /as a full member of Acme/,
  },
  {
    name: 'a person whose account does not exist',
    setUp: { policy: [['user: UBO', 'user: UNOBODY']] },
    wrong: 'person.bo.slack',
    remedy: /"Copy member ID"/,
  },
];
