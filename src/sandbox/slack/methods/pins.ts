/** Slack's `pins.*` methods: a message is pinned once in its channel, by whoever is in it. */

import * as v from 'valibot';
import { type Method, method, no, TIER, word, yes } from '../answer.ts';
import type { Slack } from '../slack.ts';
import { shown } from '../store.ts';
import { closed, TS } from './chat.ts';

/** Slack pins no more than this in one channel. */
const MOST = 100;

const pinsOf = (slack: Slack, channel: string) => slack.pins.get(channel) ?? [];

const add = method({
  scopes: ['pins:write'],
  limit: TIER[2],
  args: v.object({ channel: word, timestamp: v.optional(v.string()) }),
  async run({ channel, timestamp }, slack) {
    const refused = closed(slack, channel);
    if (refused !== null) return refused;
    if (timestamp === undefined) return no('no_item_specified');
    if (!TS.test(timestamp)) return no('bad_timestamp');
    if ((await slack.store.find(channel, timestamp)) === undefined) return no('message_not_found');
    const pinned = pinsOf(slack, channel);
    if (pinned.some(({ ts }) => ts === timestamp)) return no('already_pinned');
    if (pinned.length >= MOST) return no('too_many_pins');
    const pin = { ts: timestamp, by: slack.options.bot.userId, at: Math.floor(slack.now() / 1000) };
    slack.pins.set(channel, [...pinned, pin]);
    return yes();
  },
});

const list = method({
  scopes: ['pins:read'],
  limit: TIER[2],
  args: v.object({ channel: word }),
  async run({ channel }, slack) {
    const refused = closed(slack, channel);
    if (refused !== null) return refused;
    const items = await Promise.all(
      pinsOf(slack, channel).map(async ({ ts, by, at }) => {
        const message = await slack.store.find(channel, ts);
        if (message === undefined) return [];
        return [
          {
            type: 'message',
            channel,
            created: at,
            created_by: by,
            message: { ...shown(message), pinned_to: [channel] },
          },
        ];
      }),
    );
    // The newest pin first, as Slack shows them.
    return yes({ items: items.flat().reverse() });
  },
});

export const pins: Record<string, Method> = { 'pins.add': add, 'pins.list': list };
