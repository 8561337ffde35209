/** Finds a channel's id by its name, for whoever sets a repository up. Needs the scopes channels:read and groups:read. */
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import { slackClient } from './calls.ts';
import { slackErrorCode, slackFault } from './slack-fault.ts';

export interface FindChannelOptions {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
}

const CALL_MS = 15_000;
const PAGE = 1000;
/** conversations.list may be called about 20 times a minute; a larger workspace's channel is named by its id. */
const MOST_PAGES = 15;
const DOING = 'list the channels';

const Page = v.looseObject({
  channels: v.array(v.looseObject({ id: v.string(), name: v.optional(v.string(), '') })),
  response_metadata: v.optional(v.looseObject({ next_cursor: v.optional(v.string(), '') })),
});

/** The id of the living channel with this name (without `#`), public or with the bot in it. Throws a Fault. */
export async function findChannel({ token, apiUrl }: FindChannelOptions, name: string): Promise<string> {
  const web = slackClient(token, apiUrl, CALL_MS);
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await nextPage(web, cursor);
    const found = page.channels.find((channel) => channel.name === name);
    if (found !== undefined) return found.id;
    cursor = page.response_metadata?.next_cursor ?? '';
    if (cursor === '') break;
  }
  throw new Fault(
    'refused',
    `Slack shows this bot no channel with the name ${JSON.stringify(name)}.`,
    `A private channel shows once the bot is in it (/invite). ${BY_ID}`,
  );
}

async function nextPage(web: WebClient, cursor: string): Promise<v.InferOutput<typeof Page>> {
  const next = cursor === '' ? {} : { cursor };
  const types = 'public_channel,private_channel';
  let answer: unknown;
  try {
    answer = await web.conversations.list({ types, exclude_archived: true, limit: PAGE, ...next });
  } catch (error) {
    const scopes = 'channels:read and groups:read';
    const { message, remedy } = slackFault(error, { doing: DOING, channel: '', byHand: scopes });
    const lacks = slackErrorCode(error) === 'missing_scope';
    const mend = lacks ? `Give ${scopes} to the Slack app and reinstall it. ${BY_ID}` : remedy;
    throw new Fault('slack', message, mend, { cause: error });
  }
  const parsed = v.safeParse(Page, answer);
  if (parsed.success) return parsed.output;
  const place = v.getDotPath(parsed.issues[0]) ?? 'the whole';
  throw new Fault('slack', `Slack: could not ${DOING}: its answer is not what its API documents (${place}).`, BY_ID);
}

const BY_ID = "Or give the channel's id (C…): it stands at the end of the channel's About tab.";
