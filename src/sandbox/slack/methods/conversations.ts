/** Slack's `conversations.*` methods that read. */

import * as v from 'valibot';
import {
  type Answer,
  type Arguments,
  bool,
  count,
  type Method,
  method,
  no,
  TIER,
  type Token,
  word,
  yes,
} from '../answer.ts';
import { missingScope } from '../auth.ts';
import type { SlackChannel, SlackMessage } from '../options.ts';
import { page, paged } from '../paging.ts';
import { channelOf, isExternal, isIn, kindOf, type Slack } from '../slack.ts';
import { shown } from '../store.ts';

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
  const missing = missingScope(token, [`${kindOf(slack, channel)}:${right}`]);
  if (missing !== null) return { refused: missing };
  return right === 'history' && !inside ? { refused: no('not_in_channel') } : channel;
}

const TIME = /^\d+(\.\d{1,6})?$/;

const anyOf = (right: string) => ['channels', 'groups', 'mpim', 'im'].map((kind) => `${kind}:${right}`);

const between = {
  oldest: v.optional(v.string()),
  latest: v.optional(v.string()),
  inclusive: bool,
  include_all_metadata: bool,
};

interface Span {
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive?: boolean | undefined;
}

/** Slack's refusal of bounds that are no time stamps, null where both are. */
function misplaced({ oldest = '0', latest = '0' }: Span): Answer | null {
  if (!TIME.test(oldest)) return no('invalid_ts_oldest');
  return TIME.test(latest) ? null : no('invalid_ts_latest');
}

function within(messages: SlackMessage[], span: Span): SlackMessage[] {
  const oldest = Number(span.oldest ?? 0);
  const latest = span.latest === undefined ? Number.POSITIVE_INFINITY : Number(span.latest);
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return span.inclusive === true ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
}

/** Messages as Slack gives them: what an app attached for machines only where that was asked for. */
function given(messages: SlackMessage[], withMetadata: boolean | undefined): Arguments[] {
  return messages.map((message) => {
    const { metadata, ...rest } = shown(message);
    return withMetadata === true && metadata !== undefined ? { ...rest, metadata } : rest;
  });
}

/** With what was uploaded along; of a deleted file a tombstone is left. */
function withFiles(slack: Slack, channel: string, message: Arguments): Arguments {
  const files = [...slack.files].flatMap(([id, { user, name, deleted, ...at }]) =>
    at.channel === channel && at.ts === message['ts']
      ? [deleted ? { id, mode: 'tombstone' } : { id, user, name, mode: 'hosted' }]
      : [],
  );
  return files.length === 0 ? message : { ...message, files };
}

const info = method({
  scopes: anyOf('read'),
  limit: TIER[3],
  args: v.object({ channel: word }),
  run({ channel }, slack, token) {
    const found = visible(slack, channel, token, 'read');
    if ('refused' in found) return found.refused;
    const { id, name } = found;
    const hidden = found.private ?? false;
    const external = isExternal(slack, found);
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
  async run({ channel, limit, cursor, include_all_metadata, ...span }, slack, token) {
    const found = visible(slack, channel, token, 'history');
    if ('refused' in found) return found.refused;
    const wrong = misplaced(span);
    if (wrong !== null) return wrong;
    const part = page(within(await slack.store.history(channel), span), limit, cursor);
    if (part === null) return no('invalid_cursor');
    return yes({
      messages: given(part.items, include_all_metadata),
      has_more: part.next !== '',
      response_metadata: { next_cursor: part.next },
    });
  },
});

const replies = method({
  scopes: anyOf('history'),
  limit: TIER[3],
  args: v.object({ channel: word, ts: word, ...paged, limit: count(1000), ...between }),
  async run({ channel, ts, limit, cursor, include_all_metadata, ...span }, slack, token) {
    const found = visible(slack, channel, token, 'history');
    if ('refused' in found) return found.refused;
    const wrong = misplaced(span);
    if (wrong !== null) return wrong;
    const [first, ...rest] = await slack.store.thread(channel, ts);
    if (first === undefined) return no('thread_not_found');
    const part = page(within(rest, span), limit, cursor);
    if (part === null) return no('invalid_cursor');
    return yes({
      // Slack begins every page with the message that the thread is about, whatever the bounds.
      messages: given([first, ...part.items], include_all_metadata).map((message) =>
        withFiles(slack, channel, message),
      ),
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
