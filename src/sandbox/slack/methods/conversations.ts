/** Slack's `conversations.*` methods that read. */

import * as v from 'valibot';
import { type Answer, type Method, method, no, TIER, type Token, word, yes } from '../answer.ts';
import { missingScope } from '../auth.ts';
import type { SlackChannel, SlackMessage } from '../options.ts';
import { page, paged } from '../paging.ts';
import { channelOf, isIn, isStranger, type Slack } from '../slack.ts';

/** The channel if the token may see it: private ones only from inside, and with the scope of its kind. */
function visible(
  slack: Slack,
  id: string,
  token: Token,
  right: 'read' | 'history',
): SlackChannel | { refused: Answer } {
  const channel = channelOf(slack, id);
  const inside = channel !== undefined && isIn(channel, slack.options.bot.userId);
  if (channel === undefined || (channel.private && !inside)) return { refused: no('channel_not_found') };
  const missing = missingScope(token, [`${channel.private ? 'groups' : 'channels'}:${right}`]);
  if (missing !== null) return { refused: missing };
  return right === 'history' && !inside ? { refused: no('not_in_channel') } : channel;
}

const anyOf = (right: string) => ['channels', 'groups', 'mpim', 'im'].map((kind) => `${kind}:${right}`);

const between = {
  oldest: v.optional(v.string(), '0'),
  latest: v.optional(v.string()),
  inclusive: v.optional(v.unknown()),
};

function within(messages: SlackMessage[], span: { oldest: string; latest?: string | undefined; inclusive?: unknown }) {
  const inclusive = span.inclusive === true || span.inclusive === 'true' || span.inclusive === '1';
  const latest = span.latest === undefined ? Number.POSITIVE_INFINITY : Number(span.latest);
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= Number(span.oldest) && at <= latest : at > Number(span.oldest) && at < latest;
  });
}

const shown = ({ pings: _notified, ...message }: SlackMessage) => message;

const info = method({
  scopes: anyOf('read'),
  limit: TIER[3],
  args: v.object({ channel: word }),
  run({ channel }, slack, token) {
    const found = visible(slack, channel, token, 'read');
    if ('refused' in found) return found.refused;
    const { id, name } = found;
    const hidden = found.private ?? false;
    const inside = slack.options.members.filter(({ id }) => isIn(found, id));
    const strangers = inside.some((member) => isStranger(member, slack.options));
    const external = strangers || found.shared === 'external';
    return yes({
      channel: {
        id,
        name,
        name_normalized: name,
        is_channel: !hidden,
        is_group: hidden,
        is_im: false,
        is_mpim: false,
        is_private: hidden,
        is_archived: found.archived ?? false,
        is_general: false,
        is_shared: external || found.shared === 'organisation',
        is_ext_shared: external,
        is_pending_ext_shared: found.shared === 'pending',
        is_org_shared: found.shared === 'organisation',
        is_member: isIn(found, slack.options.bot.userId),
        context_team_id: slack.options.team.id,
      },
    });
  },
});

const members = method({
  scopes: anyOf('read'),
  limit: TIER[4],
  args: v.object({ channel: word, ...paged }),
  run({ channel, limit, cursor }, slack, token) {
    const found = visible(slack, channel, token, 'read');
    if ('refused' in found) return found.refused;
    const part = page(found.members, limit, cursor);
    if (part === null) return no('invalid_cursor');
    return yes({ members: part.items, response_metadata: { next_cursor: part.next } });
  },
});

const history = method({
  scopes: anyOf('history'),
  limit: TIER[3],
  args: v.object({ channel: word, ...paged, ...between }),
  async run({ channel, limit, cursor, ...span }, slack, token) {
    const found = visible(slack, channel, token, 'history');
    if ('refused' in found) return found.refused;
    const part = page(within(await slack.store.history(channel), span), limit, cursor);
    if (part === null) return no('invalid_cursor');
    return yes({
      messages: part.items.map(shown),
      has_more: part.next !== '',
      response_metadata: { next_cursor: part.next },
    });
  },
});

const replies = method({
  scopes: anyOf('history'),
  limit: TIER[3],
  args: v.object({ channel: word, ts: word, ...paged, ...between }),
  async run({ channel, ts, limit, cursor, ...span }, slack, token) {
    const found = visible(slack, channel, token, 'history');
    if ('refused' in found) return found.refused;
    const thread = await slack.store.thread(channel, ts);
    if (thread.length === 0) return no('thread_not_found');
    const part = page(within(thread, span), limit, cursor);
    if (part === null) return no('invalid_cursor');
    return yes({
      messages: part.items.map(shown),
      has_more: part.next !== '',
      response_metadata: { next_cursor: part.next },
    });
  },
});

export const conversations: Record<string, Method> = {
  'conversations.info': info,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
};
