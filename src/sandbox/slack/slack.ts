/** The state that methods, presses and inspection share, and the lookups on it. */

import type { EventFeed } from './events.ts';
import type { RequestSender } from './http.ts';
import type { SlackChannel, SlackEphemeral, SlackMember, SlackOptions } from './options.ts';
import type { Delivery, Envelope, SocketHub } from './socket.ts';
import type { MessageStore } from './store.ts';
import type { Triggers } from './triggers.ts';

export interface Pin {
  ts: string;
  by: string;
  /** Seconds since 1970. */
  at: number;
}

export interface SlackFile {
  user: string;
  name: string;
  channel: string;
  ts: string;
  deleted: boolean;
}

export interface Slack {
  options: SlackOptions;
  store: MessageStore;
  socket: SocketHub;
  /** How the app is told without Socket Mode; null with it. */
  http: RequestSender | null;
  triggers: Triggers;
  /** Tells the app what happens in its channels. */
  feed: EventFeed;
  /** The conversations of the app with one person, by that person's id. */
  directs: Map<string, SlackChannel>;
  ephemerals: SlackEphemeral[];
  /** What is pinned in each channel, oldest first. */
  pins: Map<string, Pin[]>;
  /** Uploaded files by id: whose, and with which message they came. */
  files: Map<string, SlackFile>;
  views: Map<string, Record<string, unknown>>;
  /** For whom each view was opened, by the view's id. */
  viewers: Map<string, string>;
  /** `http://127.0.0.1:<port>`. */
  origin: string;
  now: () => number;
  /** A number that no other call gets. */
  serial: () => number;
}

export const channelOf = (slack: Slack, id: string): SlackChannel | undefined =>
  [...slack.options.channels, ...slack.directs.values()].find((channel) => channel.id === id);

/** Which kind of conversation it is, in the words of Slack's scopes. */
export function kindOf(slack: Slack, channel: SlackChannel): 'channels' | 'groups' | 'im' {
  if ([...slack.directs.values()].includes(channel)) return 'im';
  return channel.private ? 'groups' : 'channels';
}

/** The team's part of `https://….slack.com`. */
export const domainOf = ({ team }: SlackOptions): string => team.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

export const memberOf = (slack: Slack, id: string): SlackMember | undefined =>
  slack.options.members.find((member) => member.id === id);

/** The app whose connections the app token opens. */
export const appOf = ({ appTokenOf, bot }: SlackOptions): string => appTokenOf ?? bot.appId;

/** Whether somebody is here through Slack Connect: neither of this workspace nor of its organisation. */
export const isStranger = ({ teamId }: SlackMember, { team }: SlackOptions): boolean =>
  teamId !== undefined && teamId !== team.id && team.enterprise?.workspaces.includes(teamId) !== true;

/** Whether people of another company are in a channel, or may come into it. */
export const isExternal = ({ options }: Slack, channel: SlackChannel): boolean =>
  channel.shared === 'external' ||
  options.members.some((member) => isIn(channel, member.id) && isStranger(member, options));

export const isIn = (channel: SlackChannel, user: string): boolean => channel.members.includes(user);

/** Tells the app, by the one way that it has: Slack has either or. `pick` chooses the Socket Mode connection. */
export function deliver(
  { http, socket }: Slack,
  envelope: Envelope,
  pick: (count: number) => number,
): Promise<Delivery> {
  return http === null ? socket.deliver(envelope, pick) : http.deliver(envelope);
}

/** A time stamp as Slack writes them, unique here. Only for what `emulate` does not keep. */
export const newTs = (slack: Slack): string =>
  `${Math.floor(slack.now() / 1000)}.${String(900_000 + (slack.serial() % 100_000)).padStart(6, '0')}`;
