/** A small team on the sandbox's Slack, and the real clients that talk to it. */

import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import type { SlackOptions } from '../../../src/sandbox/slack/options.ts';
import { type SlackSandbox, startSlack } from '../../../src/sandbox/slack/server.ts';

export const BOT = 'xoxb-1-sandbox';
export const APP = 'xapp-1-sandbox';
export const ROOM = 'C0ROOM';

export const TEAM: SlackOptions = {
  team: { id: 'T0TEAM', name: 'Acme' },
  members: [
    { id: 'U0ANA', name: 'ana', realName: 'Ana' },
    { id: 'U0BO', name: 'bo', realName: 'Bo' },
    { id: 'U0CY', name: 'cy', realName: 'Cy', guest: true },
    { id: 'U0DI', name: 'di', realName: 'Di', teamId: 'T0OTHER' },
    { id: 'U0ED', name: 'ed', realName: 'Ed', deleted: true },
  ],
  channels: [
    { id: ROOM, name: 'debug-approvals', members: ['U0BOT', 'U0ANA', 'U0BO', 'U0DI', 'U0ED'] },
    { id: 'C0ELSE', name: 'elsewhere', members: ['U0ANA'] },
    { id: 'C0SECRET', name: 'secret', private: true, members: ['U0ANA'] },
  ],
  userGroups: [{ id: 'S0SRE', handle: 'sre', users: ['U0ANA', 'U0BO'] }],
  bot: {
    userId: 'U0BOT',
    botId: 'B0BOT',
    appId: 'A0APP',
    token: BOT,
    scopes: ['chat:write', 'channels:read', 'channels:history', 'users:read', 'usergroups:read'],
  },
  appToken: APP,
  limits: false,
};

/** Starts a sandbox that ends with the test. */
export async function slack(change: Partial<SlackOptions> = {}): Promise<SlackSandbox> {
  const sandbox = await startSlack({ ...TEAM, ...change });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export const web = (sandbox: SlackSandbox, token: string | undefined = BOT): WebClient =>
  new WebClient(token, {
    slackApiUrl: sandbox.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });

/** A connected Socket Mode client; it does not come back when it is disconnected. */
export async function connect(sandbox: SlackSandbox): Promise<SocketModeClient> {
  const client = new SocketModeClient({
    appToken: APP,
    autoReconnectEnabled: false,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: sandbox.url },
  });
  onTestFinished(() => client.disconnect());
  await client.start();
  return client;
}

/** What Slack said when a call failed. */
export async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'data' in error) return { ...Object(error.data) };
    throw error;
  }
  throw new Error('Slack accepted the call.');
}

export const button = (value = 'v1', actionId = 'approve') => ({
  type: 'actions' as const,
  elements: [
    { type: 'button' as const, text: { type: 'plain_text' as const, text: 'Approve' }, action_id: actionId, value },
  ],
});
