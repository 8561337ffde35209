/** What a press hands out for a short time: trigger ids (one use, 3 s) and response URLs (5 uses, 30 minutes). */

import { randomUUID } from 'node:crypto';

const TRIGGER_MS = 3_000;
const RESPONSE_MS = 30 * 60_000;
const RESPONSE_USES = 5;

export interface ResponsePlace {
  channel: string;
  ts: string;
  user: string;
  ephemeral: boolean;
}

export interface Triggers {
  /** A trigger id for this user. */
  trigger(user: string): string;
  /** For whom a trigger id was made; null: for nobody. */
  userOf(trigger: string): string | null;
  /** Uses a trigger id up: null if that was allowed, else Slack's error. */
  exchange(trigger: string): string | null;
  /** The path of a response URL to an action or to a slash command. */
  responsePath(place: ResponsePlace, to?: 'actions' | 'commands'): string;
  /** Uses a response URL once; a string is the reason why it may not be used. */
  respond(path: string): ResponsePlace | string;
}

/** Keeps triggers by the given clock (ms). Source: Slack's "Handling user interaction" and `views.open`. */
export function createTriggers(teamId: string, now: () => number): Triggers {
  const triggers = new Map<string, { user: string; at: number; used: boolean }>();
  const responses = new Map<string, { at: number; uses: number; place: ResponsePlace }>();

  return {
    trigger(user) {
      const id = `${triggers.size + 1}.${now()}.${randomUUID().replaceAll('-', '')}`;
      triggers.set(id, { user, at: now(), used: false });
      return id;
    },
    userOf: (id) => triggers.get(id)?.user ?? null,
    exchange(id) {
      const trigger = triggers.get(id);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (now() - trigger.at > TRIGGER_MS) return 'expired_trigger_id';
      trigger.used = true;
      return null;
    },
    responsePath(place, to = 'actions') {
      const path = `/${to}/${teamId}/${responses.size + 1}/${randomUUID().replaceAll('-', '')}`;
      responses.set(path, { at: now(), uses: 0, place });
      return path;
    },
    respond(path) {
      const response = responses.get(path);
      if (response === undefined) return 'no_such_url';
      if (now() - response.at > RESPONSE_MS) return 'expired_url';
      if (response.uses >= RESPONSE_USES) return 'used_url';
      response.uses += 1;
      return response.place;
    },
  };
}
