/** Slack's Events API: what happens in the app's channels is told to it, and told again while unacknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Arguments } from './answer.ts';
import type { SlackChannel } from './options.ts';
import { appOf, deliver, isExternal, isIn, kindOf, type Slack } from './slack.ts';
import type { Delivery } from './socket.ts';

/** Slack's pauses before it sends an event again: at once, after a minute, after five. Source: "The Events API". */
const RETRY_MS = [0, 60_000, 300_000];

export interface SentEvent {
  /** Slack's `event_callback`, as each attempt carried it. */
  payload: Arguments;
  /** What became of each attempt that is over, oldest first. */
  attempts: readonly Delivery[];
}

type Pick = (count: number) => number;

export interface EventFeed {
  /** Whether the app is told of messages in this channel. */
  reaches(channel: SlackChannel): boolean;
  /**
   * Sends an event of a channel; resolves with the first attempt once that is over, or with null where the app is not
   * told. The next attempts follow by themselves. Without `pick` the connections are taken in turn, so that what the
   * app itself writes takes no turn away from what people do.
   */
  tell(channel: SlackChannel, event: Arguments, pick?: Pick): Promise<Delivery | null>;
  /** Every event, oldest first. */
  sent: readonly SentEvent[];
  /** Sends an event once more though it was acknowledged, as Slack does where the acknowledgement got lost on its way. */
  repeat(index: number): Promise<Delivery>;
  /** Ends the next attempts. */
  close(): void;
}

const SUBSCRIPTION = { channels: 'message.channels', groups: 'message.groups', im: 'message.im' };

function callback(slack: Slack, channel: SlackChannel, event: Arguments): Arguments {
  const { team, bot } = slack.options;
  const number = slack.serial();
  return {
    token: 'verification-token',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: team.enterprise?.id ?? null,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: `Ev${String(number).padStart(9, '0')}`,
    event_time: Math.floor(slack.now() / 1000),
    authorizations: [
      {
        enterprise_id: team.enterprise?.id ?? null,
        team_id: team.id,
        user_id: bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: isExternal(slack, channel),
    event_context: `4-sandbox-${number}`,
  };
}

/** Makes the feed of the given Slack, whose other parts must stand by the first event. */
export function createFeed(slack: () => Slack): EventFeed {
  const sent: { payload: Arguments; attempts: Delivery[] }[] = [];
  const closing = new AbortController();
  let turn = 0;
  const inTurn: Pick = (count) => turn++ % count;

  const attempt = async (entry: (typeof sent)[number], number: number, pick: Pick): Promise<Delivery> => {
    const reason = entry.attempts.at(-1)?.failure ?? (slack().http === null ? 'timeout' : 'http_timeout');
    const retry = { retry_attempt: number, retry_reason: number === 0 ? '' : reason };
    const envelope = { type: 'events_api' as const, payload: entry.payload, accepts_response_payload: false, ...retry };
    const delivery = await deliver(slack(), envelope, pick);
    entry.attempts.push(delivery);
    return delivery;
  };

  const repeat = async (entry: (typeof sent)[number]): Promise<void> => {
    for (const [index, ms] of (slack().options.retryMs ?? RETRY_MS).entries()) {
      try {
        await pause(ms, undefined, { signal: closing.signal, ref: false });
      } catch (error) {
        // Nobody is there any more to whom an event could be told.
        if (closing.signal.aborted) return;
        throw error;
      }
      const delivery = await attempt(entry, index + 1, inTurn);
      if (delivery.acknowledged || delivery.noRetry || closing.signal.aborted) return;
    }
  };

  const reaches = (channel: SlackChannel): boolean => {
    const { events = [], bot } = slack().options;
    const kind = kindOf(slack(), channel);
    const allowed = events.includes(SUBSCRIPTION[kind]) && bot.scopes.includes(`${kind}:history`);
    // An event goes to the app that is in the channel: connections of another one never see it.
    return allowed && isIn(channel, bot.userId) && appOf(slack().options) === bot.appId;
  };

  return {
    sent,
    reaches,
    async tell(channel, event, pick = inTurn) {
      if (!reaches(channel)) return null;
      const entry = { payload: callback(slack(), channel, event), attempts: [] };
      sent.push(entry);
      const first = await attempt(entry, 0, pick);
      if (!first.acknowledged && !first.noRetry && !closing.signal.aborted) void repeat(entry);
      return first;
    },
    async repeat(index) {
      const entry = sent.at(index);
      if (entry === undefined) throw new RangeError(`There is no event ${index}; ${sent.length} were sent.`);
      return attempt(entry, Math.max(1, entry.attempts.length), inTurn);
    },
    close: () => closing.abort(),
  };
}
