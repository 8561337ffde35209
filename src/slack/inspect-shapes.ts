/** The answers of Slack's that the inspection reads, parsed and put into the product's words. */
import * as v from 'valibot';
import type { BotFacts, ChannelFacts, SlackAnswer } from '../app/ports.ts';
import type { Put } from './inspect.ts';

/** auth.test with a bot token; its scopes come from the header `x-oauth-scopes`, where the SDK puts them. */
export const Identity = v.pipe(
  v.looseObject({
    team_id: v.string(),
    team: v.optional(v.string(), ''),
    user_id: v.string(),
    user: v.optional(v.string(), ''),
    bot_id: v.optional(v.string()),
    enterprise_id: v.nullish(v.string()),
    response_metadata: v.optional(v.looseObject({ scopes: v.optional(v.array(v.string())) })),
  }),
  v.transform(
    (said): BotFacts => ({
      team: { id: said.team_id, name: said.team },
      enterprise: said.enterprise_id ?? null,
      user: { id: said.user_id, handle: said.user },
      bot: said.bot_id ?? null,
      scopes: said.response_metadata?.scopes?.filter((scope) => scope !== '') ?? null,
    }),
  ),
);

const flag = v.optional(v.boolean(), false);

/** conversations.info of a channel. */
export const ChannelInfo = v.looseObject({
  channel: v.looseObject({
    id: v.string(),
    name: v.optional(v.string(), ''),
    is_private: flag,
    is_archived: flag,
    is_member: v.optional(v.boolean()),
    is_ext_shared: flag,
    is_pending_ext_shared: flag,
    is_org_shared: flag,
  }),
});

/** What {@link ChannelInfo} says. */
export function channelFacts({ channel }: v.InferOutput<typeof ChannelInfo>): ChannelFacts {
  return {
    id: channel.id,
    name: channel.name,
    private: channel.is_private,
    archived: channel.is_archived,
    botIn: channel.is_member ?? null,
    shared: sharedWith(channel),
  };
}

function sharedWith(channel: v.InferOutput<typeof ChannelInfo>['channel']): ChannelFacts['shared'] {
  if (channel.is_ext_shared) return 'company';
  if (channel.is_pending_ext_shared) return 'invited';
  return channel.is_org_shared ? 'organisation' : null;
}

/** The cursor of a page after the first, empty on the last. */
export const paging = { response_metadata: v.optional(v.looseObject({ next_cursor: v.optional(v.string(), '') })) };

const MembersPage = v.looseObject({ members: v.array(v.string()), ...paging });
/** So many pages are read of a channel; more people than this approve nothing together. */
const MOST_PAGES = 10;

/** Reads a list of member ids, page by page. */
export async function membersPage(
  put: Put,
  doing: string,
  call: (cursor: { cursor?: string }) => Promise<unknown>,
): Promise<SlackAnswer<{ ids: string[]; whole: boolean }>> {
  const ids: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const next = cursor === '' ? {} : { cursor };
    const page = await put({ doing, schema: MembersPage, ask: () => call(next) });
    if (!page.ok) return page;
    ids.push(...page.value.members);
    cursor = page.value.response_metadata?.next_cursor ?? '';
    if (cursor === '') return { ok: true, value: { ids, whole: true } };
  }
  return { ok: true, value: { ids, whole: false } };
}
