/** Slack's message event, as it came, turned into a person's reply in a thread. */
import * as v from 'valibot';
import type { Reply } from '../app/ports.ts';
import { foreign, Id, notA, type Parsed, Timestamp, typedWords } from './payload-parts.ts';

// Not strict: Slack adds fields at any time (docs.slack.dev, "message" event).
const MessageEvent = v.object({
  type: v.literal('event_callback'),
  api_app_id: Id,
  team_id: Id,
  event_id: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,40}$/))),
  event: v.object({
    type: v.literal('message'),
    subtype: v.optional(v.string()),
    channel: Id,
    channel_type: v.optional(v.string()),
    user: Id,
    team: v.nullish(Id),
    user_team: v.nullish(Id),
    source_team: v.nullish(Id),
    text: v.optional(v.string(), ''),
    ts: Timestamp,
    thread_ts: v.optional(Timestamp),
    bot_id: v.optional(v.unknown()),
    bot_profile: v.optional(v.unknown()),
    app_id: v.optional(v.unknown()),
    edited: v.optional(v.unknown()),
    hidden: v.optional(v.unknown()),
  }),
});
type Message = v.InferOutput<typeof MessageEvent>['event'];

/** What a person writes, perhaps shown to the channel as well, perhaps with a file. Every other subtype is no reply. */
const WRITTEN = new Set([undefined, 'thread_broadcast', 'file_share']);

/**
 * Reads a message event. What is no reply of a person's is ignored: a message outside threads, a change or removal of
 * one, a join, whatever the app wrote itself. Another app's, or an edited one, is a reply that decides nothing (`bot`).
 */
export function parseReply(payload: unknown, appId: string | null): Parsed<Reply> {
  const parsed = v.safeParse(MessageEvent, payload);
  if (!parsed.success) return notA('a reply', parsed.issues);
  const { api_app_id: app, team_id: team, event_id: id, event } = parsed.output;
  if (foreign(app, appId)) return { ignored: 'written for another Slack app' };
  if (!WRITTEN.has(event.subtype)) return { ignored: 'a message of a kind that people do not write' };
  if (event.thread_ts === undefined || event.thread_ts === event.ts) return { ignored: 'not in a thread' };
  if (event.channel_type !== undefined && !['channel', 'group'].includes(event.channel_type)) {
    return { ignored: 'not in a channel' };
  }
  if (event.app_id === app) return { ignored: 'written by this app' };
  // In a shared channel the same member id may be somebody else's: only the workspace that Slack names for the user counts.
  const userTeam = event.user_team ?? event.source_team ?? event.team;
  if (userTeam == null) return { ignored: 'no workspace is named' };
  return {
    deed: {
      kind: 'reply',
      thread: { team, channel: event.channel, ts: event.thread_ts },
      ts: event.ts,
      text: typedWords(event.text),
      bot: throughApp(event) || event.edited != null || event.hidden === true,
      slack: { team: userTeam, user: event.user },
      evidence: {
        app,
        team,
        channel: event.channel,
        thread_ts: event.thread_ts,
        message_ts: event.ts,
        ...(id === undefined ? {} : { event: id }),
      },
    },
  };
}

function throughApp({ bot_id, bot_profile, app_id }: Message): boolean {
  return [bot_id, bot_profile, app_id].some((mark) => mark != null);
}
