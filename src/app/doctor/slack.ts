/** What `doctor` says of Slack: its tokens, the app, the channel and the people, each as Slack itself tells it. */
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import { counted } from './judge.ts';
import { channelsOf, examineChannels } from './slack-channel.ts';
import { connectionsFinding, listenFinding, sameAppFinding } from './slack-connections.ts';
import type { BotFacts, SlackAnswer, SlackInspector } from './slack-inspector.ts';
import { examineSlackPeople } from './slack-people.ts';
import { scopesFindings } from './slack-scopes.ts';
import { botFinding, givenFinding, shapeFinding } from './slack-tokens.ts';
import { aboutSlack, reasonOf } from './slack-words.ts';

/** What is known of the set-up besides Slack. */
export interface SlackContext {
  policy: Policy;
  /** Groups of the policy of which nobody is known, since they could not be looked up; left out: none. */
  unseen?: readonly string[];
  /** Whether the tokens are a job's, hence all that its requests would have; a person's shell may lack one. */
  inJob: boolean;
  /** How many requests are open; null: not known. */
  openRequests: number | null;
  /** How many runs wait for a decision, each with one connection; null: not known. */
  waitingRuns: number | null;
}

/** Looks at everything; one failure hides nothing else. `slack` is null where no tokens were given. Never throws for Slack's sake. */
export async function examineSlack(slack: SlackInspector | null, context: SlackContext): Promise<Finding[]> {
  const { policy } = context;
  if (slack === null || (slack.tokens.bot === 'absent' && slack.tokens.app === 'absent')) return [givenFinding(policy)];
  // A token of another kind goes nowhere: it may be a secret of somebody else's.
  const [bot, listen] = await Promise.all([
    slack.tokens.bot === 'bot' ? slack.bot() : null,
    slack.tokens.app === 'app' ? slack.mayListen() : null,
  ]);
  const [sameApp, { scopes, findings }] = await Promise.all([
    bot?.ok && listen?.ok ? sameAppFinding(slack, bot.value, listen.value.app) : null,
    bot?.ok ? withBot(slack, context, bot.value) : { scopes: [], findings: withoutBot(policy, bot) },
  ]);
  return [
    shapeFinding(slack.tokens, context.inJob),
    ...(bot === null ? [] : [botFinding(bot)]),
    ...scopes,
    ...(listen === null ? [] : [listenFinding(listen)]),
    ...(sameApp === null ? [] : [sameApp.finding]),
    ...(listen?.ok ? [await connectionsFinding(slack, context, sameApp?.same ?? 'unknown')] : []),
    ...findings,
  ];
}

async function withBot(
  slack: SlackInspector,
  { policy, unseen = [] }: SlackContext,
  bot: BotFacts,
): Promise<{ scopes: Finding[]; findings: Finding[] }> {
  const people = await examineSlackPeople(slack, policy, bot);
  const channels = await examineChannels(slack, policy, { bot, unfit: people.unfit, unseen });
  return {
    scopes: scopesFindings(bot.scopes, policy, channels.kinds),
    findings: [...channels.findings, ...people.findings],
  };
}

/** Channel and people cannot be looked at without a bot token that works. */
function withoutBot(policy: Policy, bot: SlackAnswer<BotFacts> | null): Finding[] {
  const why = bot === null || bot.ok ? 'there is no bot token to ask Slack with' : reasonOf(bot.failure);
  const remedy = 'Mend the bot token first, then run this examination again.';
  const linked = Object.values(policy.people).filter((person) => person.slack !== undefined).length;
  const channels = channelsOf(policy);
  return [
    ...channels.map((channel, at) => {
      const id = at === 0 ? 'slack.channel' : `slack.channel.${channel}`;
      return aboutSlack(id, 'unknown', `The channel ${channel} could not be looked at: ${why}.`, remedy);
    }),
    ...(linked === 0
      ? []
      : [
          aboutSlack(
            'slack.people',
            'unknown',
            `The Slack ${linked === 1 ? 'account' : 'accounts'} of ${counted(linked, 'person', 'people')} could not be looked up: ${why}.`,
            remedy,
          ),
        ]),
  ];
}
