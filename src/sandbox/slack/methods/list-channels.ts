/** Slack's `conversations.list`: the channels that the token may see, by kind. */
import * as v from 'valibot';
import { type Method, method, no, TIER, yes } from '../answer.ts';
import { missingScope } from '../auth.ts';
import { page, paged } from '../paging.ts';
import { isIn } from '../slack.ts';

const SCOPES: Record<string, string> = { public_channel: 'channels:read', private_channel: 'groups:read' };

const list = method({
  scopes: Object.values(SCOPES),
  limit: TIER[2],
  args: v.object({
    types: v.optional(v.string(), 'public_channel'),
    exclude_archived: v.optional(v.unknown()),
    ...paged,
  }),
  run({ types, exclude_archived: living, limit, cursor }, slack, token) {
    const kinds = types.split(',').map((kind) => kind.trim());
    for (const kind of kinds) {
      const scope = SCOPES[kind];
      if (scope === undefined) return no('invalid_types');
      const missing = missingScope(token, [scope]);
      if (missing !== null) return missing;
    }
    const seen = slack.options.channels.filter((channel) => {
      const hidden = channel.private ?? false;
      if (channel.archived === true && (living === true || living === 'true')) return false;
      return (
        kinds.includes(hidden ? 'private_channel' : 'public_channel') &&
        (!hidden || isIn(channel, slack.options.bot.userId))
      );
    });
    const part = page(seen, limit, cursor);
    if (part === null) return no('invalid_cursor');
    const channels = part.items.map((channel) => ({
      ...{
        id: channel.id,
        name: channel.name,
        is_private: channel.private ?? false,
        is_archived: channel.archived ?? false,
      },
      is_member: isIn(channel, slack.options.bot.userId),
    }));
    return yes({ channels, response_metadata: { next_cursor: part.next } });
  },
});

export const channelLists: Record<string, Method> = { 'conversations.list': list };
