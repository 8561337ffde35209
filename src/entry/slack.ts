/** Slack for a job, loaded only when there are tokens and only when it is needed. */
import { Fault } from '../app/fault.ts';
import type { Chat, Listener, SharedInSlack, SlackPeople } from '../app/ports.ts';
import { clock } from './clock.ts';
import { progress } from './job.ts';

type SlackFor<T> = ((channel: string | null) => Promise<T>) | null;

/**
 * The card's place and the listener. Null without a bot token: then the issue alone serves. Where the gateway waits it is the one
 * that listens.
 */
export function slackForAsk(
  tokens: { bot: string; app: string },
  wait: 'runner' | 'gateway',
): SlackFor<{ chat: Chat; listener: Listener | null }> {
  if (tokens.bot === '' && tokens.app === '') return null;
  if (wait === 'gateway') {
    if (tokens.bot === '') return null;
    return async (channel) => ({ chat: (await openChat(tokens.bot, channel)).chat, listener: null });
  }
  return async (channel) => {
    if (tokens.bot === '' || tokens.app === '')
      throw halfTokens(tokens.bot === '' ? 'slack-bot-token' : 'slack-app-token');
    const { socketListener } = await import('../slack/listener.ts');
    const { apiUrl, chat } = await openChat(tokens.bot, channel);
    const listener = socketListener({
      appToken: tokens.app,
      apiUrl,
      clock,
      onState(state, fault) {
        if (fault !== null) progress.warn(`Slack: ${state}. ${fault.message} ${fault.remedy}`);
        else progress.info(`Slack: ${state}.`);
      },
    });
    return { chat, listener };
  };
}

/** What Slack knows of people, loaded at the first question. Null without a bot token. */
export function slackPeopleFor(token: string): SlackPeople | null {
  if (token === '') return null;
  let people: Promise<SlackPeople> | null = null;
  const load = async (): Promise<SlackPeople> => {
    const [{ slackPeople }, { slackApiAddress }] = await Promise.all([
      import('../slack/people.ts'),
      import('../slack/api-address.ts'),
    ]);
    return slackPeople({ token, apiUrl: slackApiAddress(process.env['SLACK_API_URL']), clock });
  };
  const loaded = (): Promise<SlackPeople> => {
    people ??= load();
    return people;
  };
  return {
    barred: async (account) => (await loaded()).barred(account),
    home: async () => (await loaded()).home(),
    members: async (group) => (await loaded()).members(group),
    byEmail: async (email) => (await loaded()).byEmail(email),
  };
}

/** What the app wrote, for the purge; loaded at the first question. Null without a bot token. */
export function slackSharedFor(token: string): SharedInSlack | null {
  if (token === '') return null;
  let shared: Promise<SharedInSlack> | null = null;
  const load = async (): Promise<SharedInSlack> => {
    const [{ slackShared }, { slackApiAddress }] = await Promise.all([
      import('../slack/shared.ts'),
      import('../slack/api-address.ts'),
    ]);
    return slackShared({ token, apiUrl: slackApiAddress(process.env['SLACK_API_URL']), clock });
  };
  const loaded = (): Promise<SharedInSlack> => {
    shared ??= load();
    return shared;
  };
  return {
    thread: async (card) => (await loaded()).thread(card),
    bury: async (card, text) => (await loaded()).bury(card, text),
    deleteMessage: async (channel, ts) => (await loaded()).deleteMessage(channel, ts),
    deleteFile: async (id) => (await loaded()).deleteFile(id),
  };
}

/** The card's place alone, for the sweep. */
export function slackForSweep(bot: string): SlackFor<{ chat: Chat }> {
  // A policy that names no channel any more must not keep requests from being closed: their cards name their own.
  return bot === '' ? null : (channel) => openChat(bot, channel ?? 'none');
}

async function openChat(token: string, channel: string | null): Promise<{ apiUrl: string; chat: Chat }> {
  if (channel === null) {
    throw new Fault(
      'policy',
      'There are Slack tokens, but the policy names no channel, so nobody would be asked in Slack.',
      'Add `slack: { channel: C… }` to the policy, or remove the Slack tokens to decide on the issue alone.',
    );
  }
  const [{ slackChat }, { slackApiAddress }] = await Promise.all([
    import('../slack/chat.ts'),
    import('../slack/api-address.ts'),
  ]);
  const apiUrl = slackApiAddress(process.env['SLACK_API_URL']);
  return { apiUrl, chat: slackChat({ token, apiUrl, channel, clock }) };
}

function halfTokens(missing: string): Fault {
  return new Fault(
    'input',
    `The input \`${missing}\` is missing: Slack needs both, the bot token to post and the app token to hear the buttons.`,
    'Store both in the environment debug-approval, or leave both out to decide on the issue alone.',
  );
}
