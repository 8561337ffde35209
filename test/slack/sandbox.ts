/** A Slack with one channel, Ana, Bo and the bot, for the tests of chat and listener. */
import { setTimeout as timer } from 'node:timers/promises';
import type { Clock } from '../../src/app/ports.ts';
import type { SlackOptions } from '../../src/sandbox/slack/server.ts';

export const CHANNEL = 'C0APPROVALS';
export const BOT_TOKEN = 'xoxb-sandbox-bot-token';
export const APP_TOKEN = 'xapp-sandbox-app-token';

export const BOT = { userId: 'U0BOT', botId: 'B0BOT', appId: 'A0APP', token: BOT_TOKEN, scopes: ['chat:write'] };

export function slackOptions(change: Partial<SlackOptions> = {}): SlackOptions {
  return {
    team: { id: 'T0TEAM', name: 'Example' },
    members: [
      { id: 'U0ANA', name: 'ana', realName: 'Ana' },
      { id: 'U0BO', name: 'bo', realName: 'Bo' },
      { id: 'U0CY', name: 'cy', realName: 'Cy' },
      { id: 'U0BOT', name: 'debug-approval', realName: 'Debug Approval', bot: true },
    ],
    channels: [
      { id: CHANNEL, name: 'debug-approvals', members: ['U0ANA', 'U0BO', 'U0CY', 'U0BOT'] },
      { id: 'C0ELSE', name: 'elsewhere', members: ['U0ANA'] },
    ],
    bot: BOT,
    appToken: APP_TOKEN,
    limits: false,
    ...change,
  };
}

/** Real time for the network, but waiting by the clock takes at most a moment; `slept` holds what was asked for. */
export function hastyClock(): Clock & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now(),
    async sleep(ms, signal) {
      slept.push(ms);
      await timer(Math.min(ms, 20), undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
      });
    },
  };
}
