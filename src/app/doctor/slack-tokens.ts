/** Findings on the two Slack tokens: whether they are there, of the right kind, alive, and how much they may do. */
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import type { BotFacts, SlackAnswer, SlackInspector, TokenKind } from './slack-inspector.ts';
import { aboutSlack } from './slack-words.ts';

const WHERE = 'in the secrets of the environment debug-approval';
/** Where the bot token comes from and where it goes. */
export const BOT_TOKEN = `Copy the Bot User OAuth Token (xoxb-…) from "OAuth & Permissions" of the Slack app into SLACK_BOT_TOKEN ${WHERE}.`;
/** Where the app-level token comes from and where it goes. */
export const APP_TOKEN = `Create an app-level token (xapp-…) with the scope connections:write under "Basic Information", "App-Level Tokens" of the Slack app, and store it as SLACK_APP_TOKEN ${WHERE}.`;

/** No tokens were given: right where the policy asks nobody in Slack. */
export function givenFinding(policy: Policy): Finding {
  if (policy.slack === undefined) {
    return aboutSlack('slack.tokens', 'ok', 'Slack is not used: requests are decided by comments on the issue alone.');
  }
  return aboutSlack(
    'slack.tokens',
    'unknown',
    `The policy asks people in the channel ${policy.slack.channel}, but no Slack tokens were given here, so nothing of Slack was looked at.`,
    'Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or run this as a workflow job in the environment debug-approval, whose secrets they are; without tokens in there people are asked on the issue alone.',
  );
}

/** What each kind of token is called. */
export const KINDS: Record<TokenKind, string> = {
  absent: 'missing',
  bot: 'a bot token (xoxb-…)',
  app: 'an app-level token (xapp-…)',
  user: 'a user token (xoxp-…)',
  rotating: 'a token that expires within hours (xoxe…)',
  strange: 'no Slack token',
};

/** Whether both tokens are there and each is of its kind. In a shell one may be left out: the jobs have their own. */
export function shapeFinding(tokens: SlackInspector['tokens'], inJob: boolean): Finding {
  const { bot, app } = tokens;
  if (bot === 'bot' && app === 'app') {
    return aboutSlack('slack.tokens', 'ok', 'A bot token (xoxb-…) and an app-level token (xapp-…) are given.');
  }
  if (!inJob && bot === 'bot' && app === 'absent')
    return halfGiven('SLACK_APP_TOKEN', 'what Slack sends when a button is pressed');
  if (!inJob && bot === 'absent' && app === 'app')
    return halfGiven('SLACK_BOT_TOKEN', 'the bot, the channel and the people');
  const wrong = [
    ...(bot === 'bot' ? [] : [`SLACK_BOT_TOKEN is ${KINDS[bot]}`]),
    ...(app === 'app' ? [] : [`SLACK_APP_TOKEN is ${KINDS[app]}`]),
  ];
  return aboutSlack('slack.tokens', 'wrong', `${wrong.join(' and ')}; requests are refused.`, shapeRemedy(tokens));
}

function halfGiven(token: string, unseen: string): Finding {
  return aboutSlack(
    'slack.tokens',
    'unknown',
    `${token} is not set here, so that ${unseen} could not be looked at.`,
    `Set ${token} too, or run the workflow "Debug doctor" (Actions → Debug doctor → Run workflow), which has both from the environment debug-approval.`,
  );
}

function shapeRemedy({ bot, app }: SlackInspector['tokens']): string {
  if (bot === 'app' && app === 'bot') return `Exchange the two: they are swapped ${WHERE}.`;
  if (bot === 'rotating') {
    return 'Create the Slack app anew from slack-app-manifest.yml, which `debug-approval init` writes: token rotation, once switched on, cannot be switched off again.';
  }
  const steps = [...(bot === 'bot' ? [] : [BOT_TOKEN]), ...(app === 'app' ? [] : [APP_TOKEN])].join(' ');
  if (bot === 'strange' || app === 'strange') return `${steps} No blank, quote or line end may come along.`;
  return `${steps} Or remove both, to decide on the issue alone.`;
}

/** Whether the bot token works, and whose it is. */
export function botFinding(bot: SlackAnswer<BotFacts>): Finding {
  if (bot.ok) {
    const { user, team } = bot.value;
    const what = `The bot token belongs to @${user.handle} (${user.id}) in ${team.name} (${team.id}).`;
    return aboutSlack('slack.bot', 'ok', what);
  }
  const { failure } = bot;
  if (failure.kind === 'unanswered') return aboutSlack('slack.bot', 'unknown', failure.what, failure.remedy);
  return aboutSlack('slack.bot', 'wrong', failure.what, BOT_TOKEN);
}

/** What a bot may have without anybody being worse off: to ask and decide, to look, to pin the guidelines. */
export const SCOPES_OF_USE = [
  ...['chat:write', 'commands', 'channels:history', 'groups:history', 'channels:read', 'groups:read'],
  ...['users:read', 'users:read.email', 'usergroups:read', 'pins:write', 'pins:read'],
];
