/** A Slack that is set up as it should be, the policy that goes with it, and doctor's look at both. */
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { examineSlack } from '../../src/app/doctor/slack.ts';
import type { SlackInspector } from '../../src/app/ports.ts';
import type { Policy } from '../../src/policy/schema.ts';
import { type SlackOptions, type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackInspector } from '../../src/slack/inspect.ts';
import { policyOf } from '../policy/sample.ts';
import { hastyClock } from '../slack/sandbox.ts';

export const BOT_TOKEN = 'xoxb-sound-bot-token';
export const APP_TOKEN = 'xapp-1-sound-app-token';
export const CHANNEL = 'C123';

const PEOPLE = ['ana', 'bo', 'cy', 'di', 'ed'];
export const POLICY = readFileSync(new URL('../../.github/debug-approval.yml', import.meta.url), 'utf8');

/** Everybody is in the private channel, and the app was made from the manifest. */
export const SOUND: SlackOptions = {
  team: { id: 'T1', name: 'Acme' },
  members: [
    ...PEOPLE.map((name) => ({
      id: `U${name.toUpperCase()}`,
      name,
      realName: name.replace(/^./, (c) => c.toUpperCase()),
    })),
    { id: 'UBOT', name: 'debug-approval', realName: 'Debug Approval', bot: true },
  ],
  channels: [
    {
      id: CHANNEL,
      name: 'debug-approvals',
      private: true,
      members: ['UANA', 'UBO', 'UCY', 'UDI', 'UED', 'UBOT'],
    },
  ],
  bot: {
    userId: 'UBOT',
    botId: 'BBOT',
    appId: 'ABOT',
    token: BOT_TOKEN,
    scopes: [
      ...['chat:write', 'commands', 'channels:history', 'groups:history'],
      ...['channels:read', 'groups:read', 'users:read', 'pins:write'],
    ],
  },
  appToken: APP_TOKEN,
  limits: false,
};

/** What differs from the sound set-up. */
export interface SetUp {
  slack?: Partial<SlackOptions>;
  /** Changes the channel. */
  channel?: Partial<SlackOptions['channels'][number]>;
  /** Changes one member. */
  member?: { id: string } & Partial<SlackOptions['members'][number]>;
  scopes?: string[];
  /** Pieces of the policy's text and what stands there instead. */
  policy?: [string, string][];
  tokens?: { bot: string | null; app: string | null };
  openRequests?: number | null;
  waitingRuns?: number | null;
  /** What happens on the sandbox before the look. */
  before?: (sandbox: SlackSandbox) => Promise<unknown> | unknown;
}

export function policyWith(changes: [string, string][]): Policy {
  const text = changes.reduce((changed, [piece, other]) => {
    if (!changed.includes(piece)) throw new Error(`The policy has no ${piece}`);
    return changed.replace(piece, () => other);
  }, POLICY);
  return policyOf(text);
}

export function optionsOf({ slack = {}, channel, member, scopes }: SetUp): SlackOptions {
  const sound = { ...SOUND, ...slack };
  return {
    ...sound,
    channels: sound.channels.map((one) => ({ ...one, ...channel })),
    members: sound.members.map((one) => (one.id === member?.id ? { ...one, ...member } : one)),
    bot: { ...sound.bot, scopes: scopes ?? sound.bot.scopes },
  };
}

export async function open(setUp: SetUp): Promise<SlackSandbox> {
  const sandbox = await startSlack(optionsOf(setUp));
  onTestFinished(() => sandbox.close());
  await setUp.before?.(sandbox);
  return sandbox;
}

export function inspectorOf(sandbox: { url: string }, tokens: SetUp['tokens']): SlackInspector {
  const { bot, app } = tokens ?? { bot: BOT_TOKEN, app: APP_TOKEN };
  return slackInspector({ botToken: bot, appToken: app, apiUrl: sandbox.url, clock: hastyClock() });
}

/** What doctor says of this set-up. */
export async function examine(setUp: SetUp = {}): Promise<Finding[]> {
  const slack = inspectorOf(await open(setUp), setUp.tokens);
  const { openRequests = 0, waitingRuns = 0, policy = [] } = setUp;
  return examineSlack(slack, { policy: policyWith(policy), inJob: true, openRequests, waitingRuns });
}

export const idsWith = (findings: readonly Finding[], health: Finding['health']): string[] =>
  findings.filter((finding) => finding.health === health).map(({ id }) => id);

/** Findings as a person reads them. */
export function asRead(findings: readonly Finding[]): string {
  return findings
    .map(({ id, health, what, remedy }) => `${health} ${id}: ${what}${remedy === null ? '' : `\n  → ${remedy}`}`)
    .join('\n');
}
