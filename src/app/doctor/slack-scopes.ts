/** Findings on what the bot token may do: what deciding needs, what single ways to decide need, and what it has beyond that. */
import type { Policy } from '../../policy/schema.ts';
import { groupsFrom } from './filled.ts';
import type { Finding } from './finding.ts';
import { listed } from './judge.ts';
import { BOT_TOKEN, SCOPES_OF_USE } from './slack-tokens.ts';
import { aboutSlack, scopeMenu } from './slack-words.ts';

const ID = 'slack.scopes';

/** What lacks, each with what does not work without it; else that nothing does. `kinds`: those of the channels that were looked at. */
export function scopesFindings(
  scopes: readonly string[] | null,
  policy: Policy,
  kinds: ReadonlySet<'public' | 'private'>,
): Finding[] {
  if (scopes === null) {
    return [aboutSlack(ID, 'unknown', 'Slack did not say which scopes the bot token has.', 'Try again.')];
  }
  const missing = needs(policy).filter(({ scope }) => !scopes.includes(scope));
  const excess = scopes.filter((scope) => !SCOPES_OF_USE.includes(scope));
  const findings = [
    ...(missing.length === 0 ? [] : [lacking(missing, scopes)]),
    ...(excess.length === 0 ? [] : [tooMuch(missing.length === 0 ? ID : `${ID}.more`, excess)]),
    ...(policy.slack === undefined ? [] : [...replies(scopes, kinds), ...commands(scopes)]),
  ];
  const main = missing.length + excess.length > 0;
  return main ? findings : [aboutSlack(ID, 'ok', `The bot may do what it must (${scopes.join(', ')}).`), ...findings];
}

interface Need {
  scope: string;
  /** What happens without it; completes "so". */
  without: string;
}

function needs(policy: Policy): Need[] {
  const groups = groupsFrom(policy, 'slack-group');
  const byEmail = Object.values(policy.people).some(({ slack, email }) => slack === undefined && email !== undefined);
  return [
    { scope: 'chat:write', without: 'no card can be posted and every request fails' },
    {
      scope: 'users:read',
      without: "nobody can decide in Slack: at each decision it is looked up whether the account is a full member's",
    },
    ...(groups.length === 0
      ? []
      : [
          {
            scope: 'usergroups:read',
            without: `nobody can be found in the ${groups.length === 1 ? 'group' : 'groups'} ${listed(groups)}`,
          },
        ]),
    ...(policy.linkByEmail && byEmail
      ? [{ scope: 'users:read.email', without: 'nobody is linked with Slack by an address' }]
      : []),
  ];
}

function lacking(missing: readonly Need[], scopes: readonly string[]): Finding {
  const names = missing.map(({ scope }) => scope);
  const why = missing.map(({ without }) => without).join('; and ');
  const what = `The bot token lacks ${names.join(', ')}, so ${why} (it has ${scopes.join(', ') || 'no scope at all'}).`;
  return aboutSlack(ID, 'wrong', what, `${scopeMenu(names)} ${BOT_TOKEN}`);
}

function tooMuch(id: string, excess: readonly string[]): Finding {
  return aboutSlack(
    id,
    'note',
    `The bot may do more than it needs: ${excess.join(', ')}. Whoever gets hold of its token may do that too.`,
    `Remove ${excess.length === 1 ? 'it' : 'them'} under "OAuth & Permissions", "Bot Token Scopes" of the Slack app, and reinstall it.`,
  );
}

const HISTORY = {
  public: ['channels:history', 'message.channels'],
  private: ['groups:history', 'message.groups'],
} as const;

/** Replies in a card's thread come as events, and each kind of channel has its own. */
function replies(scopes: readonly string[], kinds: ReadonlySet<'public' | 'private'>): Finding[] {
  const unknown = kinds.size === 0;
  const wanted = (['public', 'private'] as const)
    .filter((kind) => unknown || kinds.has(kind))
    .map((kind) => HISTORY[kind]);
  const lacks = wanted.filter(([scope]) => !scopes.includes(scope));
  // Of a channel that could not be looked at either may be the right one.
  if (lacks.length === 0 || (unknown && lacks.length < wanted.length)) return [];
  const names = listed(lacks.map(([scope]) => scope));
  const what = `The bot token lacks ${names}: replies in a card's thread decide nothing, buttons and comments do.`;
  const remedy = `If replies shall decide: ${lower(scopeMenu(lacks.map(([scope]) => scope)))} Under "Event Subscriptions" it needs the bot ${lacks.length === 1 ? 'event' : 'events'} ${listed(lacks.map(([, event]) => event))} too.`;
  return [aboutSlack(`${ID}.replies`, 'note', what, remedy)];
}

function commands(scopes: readonly string[]): Finding[] {
  if (scopes.includes('commands')) return [];
  const what =
    'The bot token lacks commands: /approve-debug and /reject-debug are not there, buttons and comments are.';
  const remedy = `If they shall be: ${lower(scopeMenu(['commands']))} Under "Slash Commands" it needs both commands too.`;
  return [aboutSlack(`${ID}.commands`, 'note', what, remedy)];
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
