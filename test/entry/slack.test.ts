/** Slack serves a job only whole: both tokens and a channel, or none of it. */
import { expect, test } from 'vitest';
import { slackForAsk, slackForSweep } from '../../src/entry/slack.ts';
import { faultOf } from '../app/world.ts';

const BOT = 'xoxb-of-the-bot';
const APP = 'xapp-of-the-app';

test('without tokens the issue alone serves', () => {
  expect([slackForAsk({ bot: '', app: '' }, 'runner'), slackForSweep('')]).toEqual([null, null]);
});

test.each([
  ['slack-bot-token', { bot: '', app: APP }],
  ['slack-app-token', { bot: BOT, app: '' }],
])('half of the tokens serves nobody: %s is missing, and where to store it is told', async (input, tokens) => {
  const fault = await faultOf(Promise.resolve(slackForAsk(tokens, 'runner')?.('C123')));
  expect(fault).toMatchObject({
    code: 'input',
    message: `The input \`${input}\` is missing: Slack needs both, the bot token to post and the app token to hear the buttons.`,
    remedy: 'Store both in the environment debug-approval, or leave both out to decide on the issue alone.',
  });
});

test('tokens without a channel in the policy are told, since nobody would be asked', async () => {
  const fault = await faultOf(Promise.resolve(slackForAsk({ bot: BOT, app: APP }, 'runner')?.(null)));
  expect(fault).toMatchObject({
    code: 'policy',
    message: 'There are Slack tokens, but the policy names no channel, so nobody would be asked in Slack.',
    remedy: 'Add `slack: { channel: C… }` to the policy, or remove the Slack tokens to decide on the issue alone.',
  });
});

test('where the gateway waits it hears the buttons: the app token is not needed, the channel is', async () => {
  expect(slackForAsk({ bot: '', app: APP }, 'gateway')).toBeNull();
  const fault = await faultOf(Promise.resolve(slackForAsk({ bot: BOT, app: '' }, 'gateway')?.(null)));
  expect(fault.message).toBe(
    'There are Slack tokens, but the policy names no channel, so nobody would be asked in Slack.',
  );
});
