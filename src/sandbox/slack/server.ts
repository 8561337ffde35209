/** The sandbox's Slack: a local Web API and Socket Mode as strict as the real ones, with what a test needs to look inside. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  closeDialog,
  closedPayload,
  type DialogDeed,
  type DialogPress,
  type DialogSubmission,
  dialogPressPayload,
  dialogsOf,
  type SlackDialog,
  submissionPayload,
  submitted,
} from './dialog.ts';
import { createFeed, type SentEvent } from './events.ts';
import { createFaults, type SlackFault } from './faults.ts';
import { createFront } from './front.ts';
import { createRequestSender, type RequestUrls } from './http.ts';
import { type Counts, createJournal, type SlackRequest } from './journal.ts';
import type { SlackEphemeral, SlackMessage, SlackOptions } from './options.ts';
import { type ButtonPress, type ForgedPress, forgedPayload, pressPayload } from './press.ts';
import { respond } from './respond.ts';
import { appOf, deliver, type Slack } from './slack.ts';
import { answered, type SlashCommand, slashPayload } from './slash.ts';
import { createSocketHub, type Delivery, type DisconnectReason, type Envelope } from './socket.ts';
import { edit, type Said, say, unsay, type Words } from './speak.ts';
import { startStore } from './store.ts';
import { createTriggers } from './triggers.ts';

export type { SlackOptions } from './options.ts';

export interface SlackSandbox {
  /** What `SLACK_API_URL` holds; ends in `/api/`. */
  url: string;
  /** Presses a button as a member; waits up to 3 s for the acknowledgement. Throws where no such button stands. */
  press(press: ButtonPress): Promise<Delivery>;
  /** Delivers a press as an attacker would like to make it; nothing is checked. */
  pressForged(press: ForgedPress): Promise<Delivery>;
  /** The dialogs that stand open. */
  dialogs(): SlackDialog[];
  /**
   * Sends a member's dialog with its values, then does to it what the app's answer says; `trouble` is what Slack tells
   * the person where the app failed. Throws where it is not open, or would not let itself be filled in so.
   */
  submit(deed: DialogSubmission): Promise<Delivery & { trouble?: string }>;
  /** Presses or chooses something inside a member's dialog. Throws where nothing of that name stands in it. */
  pressInDialog(press: DialogPress): Promise<Delivery>;
  /**
   * Sends a slash command as a member; what Slack then shows to that person alone is among their `ephemerals`. Throws
   * where the app has no such command or the member could not send it.
   */
  slash(command: SlashCommand): Promise<Delivery>;
  /** Closes a member's dialog; null where the app did not want to be told. Throws where it is not open. */
  dismiss(deed: DialogDeed): Promise<Delivery | null>;
  /** Tells the listener after each call that may have changed something; what it gives ends that. */
  watch(listener: () => void): () => void;
  /** Writes as a member, in a channel or in a thread. Resolves once the app was told; throws where the member could not. */
  say(words: Words): Promise<Said>;
  /** Changes what a member wrote: Slack marks it as edited and tells the app (`message_changed`). */
  edit(words: { member: string; channel: string; ts: string; text: string }): Promise<Said>;
  /** Removes what a member wrote, and tells the app (`message_deleted`). */
  unsay(words: { member: string; channel: string; ts: string }): Promise<Said>;
  /** The events that the app was told of, oldest first, with what became of each attempt. */
  events(): readonly SentEvent[];
  /** Sends an event (by its place among them; -1 is the last) once more, as Slack does where an acknowledgement got lost. */
  repeatEvent(index: number): Promise<Delivery>;
  /** A channel's messages outside threads, oldest first. */
  messages(channel: string): Promise<SlackMessage[]>;
  /** A message and its replies, oldest first. */
  thread(channel: string, ts: string): Promise<SlackMessage[]>;
  /** What the app wrote to this person directly, and what they wrote to it, oldest first. */
  directMessages(user: string): Promise<SlackMessage[]>;
  /** What only this person was shown, oldest first. */
  ephemerals(user: string): SlackEphemeral[];
  /** The time stamps of what is pinned in a channel, oldest first. */
  pinned(channel: string): string[];
  /** Somebody (the bot, by its user id) uploaded a file with a message that stands; gives the file's id. */
  attach(file: { user: string; channel: string; ts: string; name: string }): string;
  /**
   * In HTTP mode, where the app wants to be told: one address, or one for each kind. Throws where it does not give
   * Slack's challenge back, or in Socket Mode. null: nowhere.
   */
  setRequestUrl(url: string | RequestUrls | null): Promise<void>;
  /** How many Socket Mode connections are open. */
  connections(): number;
  /**
   * Which of `count` connections gets what a person does next; in turn unless replaced. Events of what the app itself
   * wrote, and events sent again, go to all in a turn of their own.
   */
  pickConnection: (count: number) => number;
  counts(): Counts;
  /** Forgets counts and requests. */
  resetCounts(): void;
  /** Every call of the Web API, oldest first, tokens redacted. */
  requests: readonly SlackRequest[];
  /** Orders a failure; what it gives takes the order back. */
  fault(fault: SlackFault): () => void;
  /** How long each API call takes from now on, in ms. */
  setDelay(ms: number): void;
  /** Lets Slack's limits hold from now on, or not. */
  setLimits(on: boolean): void;
  /** Sends Slack's disconnect frame, then closes: after 10 s, or at once for `link_disabled`. */
  disconnect(index: number, reason: DisconnectReason): void;
  /** The connection's machine vanishes: Slack goes on counting it and sending it payloads. */
  ghost(index: number): void;
  /** Cuts all connections without a close frame. */
  dropSockets(): void;
  close(): Promise<void>;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('The sandbox got no TCP port to listen on.'));
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function createSlack(asked: SlackOptions): Promise<Slack> {
  const options = { ...asked };
  const now = options.now ?? Date.now;
  let last = 0;
  const slack: Slack = {
    options,
    store: await startStore(options),
    socket: createSocketHub(appOf(options), options.http === undefined, options.ackMs),
    http:
      options.http === undefined
        ? null
        : createRequestSender(options.http.signingSecret, { now, ackMs: options.ackMs }),
    feed: createFeed(() => slack),
    directs: new Map(),
    triggers: createTriggers(options.team.id, now),
    ephemerals: [],
    pins: new Map(),
    files: new Map(),
    views: new Map(),
    viewers: new Map(),
    origin: '',
    now,
    serial: () => ++last,
  };
  return slack;
}

async function setRequestUrl({ http }: Slack, url: string | RequestUrls | null): Promise<void> {
  if (http === null)
    throw new Error('The app uses Socket Mode, which takes no request URL; open the sandbox with `http`.');
  const one = (all: string): RequestUrls => ({ interactive: all, slash_commands: all, events_api: all });
  await http.setUrls(typeof url === 'string' ? one(url) : url);
}

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<unknown>;

function router(slack: Slack, api: Route): Route {
  return (request, response, url) => {
    if (url.pathname.startsWith('/api/')) return api(request, response, url);
    if (/^\/(actions|commands)\//.test(url.pathname)) return respond(slack, request, response, url.pathname);
    return Promise.resolve(response.writeHead(404).end());
  };
}

/** Answers 500 and shows the reason, so that a mistake of the sandbox is no silence. */
function broken(response: ServerResponse, error: unknown): void {
  console.error('The sandbox Slack failed:', error);
  if (response.headersSent) response.destroy();
  else response.writeHead(500).end();
}

/** Starts a Slack on loopback. Throws where the port is taken. */
export async function startSlack(options: SlackOptions): Promise<SlackSandbox> {
  const slack = await createSlack(options);
  const journal = createJournal([options.bot.token, options.appToken]);
  const faults = createFaults();
  const listeners = new Set<() => void>();
  const route = router(slack, createFront(slack, journal, faults));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    route(request, response, url)
      .catch((error: unknown) => broken(response, error))
      .finally(() => {
        for (const told of listeners) told();
      });
  });
  server.on('upgrade', (request, socket, head) => slack.socket.upgrade(request, socket, head));
  slack.origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  let turn = 0;
  const pick = (count: number) => sandbox.pickConnection(count);
  const send = async (type: Envelope['type'], payload: unknown, answerable = false): Promise<Delivery> => {
    // What is pressed on the bot's card goes to the bot's own app: connections of another one never see it.
    const own = appOf(options) === options.bot.appId;
    if (own) return deliver(slack, { type, payload, accepts_response_payload: answerable }, pick);
    return { delivered: false, acknowledged: false, afterMs: 0, connection: null };
  };

  const sandbox: SlackSandbox = {
    url: `${slack.origin}/api/`,
    pickConnection: (count) => turn++ % count,
    press: async (press) => send('interactive', await pressPayload(slack, press)),
    pressForged: async (press) => send('interactive', await forgedPayload(slack, press)),
    dialogs: () => dialogsOf(slack),
    async submit(deed) {
      const payload = submissionPayload(slack, deed);
      return submitted(slack, deed, await send('interactive', payload, true));
    },
    pressInDialog: async (press) => send('interactive', dialogPressPayload(slack, press)),
    async slash(command) {
      const delivery = await send('slash_commands', slashPayload(slack, command), true);
      await answered(slack, command, delivery);
      return delivery;
    },
    async dismiss(deed) {
      const payload = closedPayload(slack, deed);
      closeDialog(slack, deed.viewId);
      return payload === null ? null : send('interactive', payload);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    say: (words) => say(slack, words, pick),
    edit: (words) => edit(slack, words, pick),
    unsay: (words) => unsay(slack, words, pick),
    events: () => slack.feed.sent,
    repeatEvent: slack.feed.repeat,
    async directMessages(user) {
      const channel = slack.directs.get(user);
      return channel === undefined ? [] : (await slack.store.history(channel.id)).reverse();
    },
    messages: async (channel) => (await slack.store.history(channel)).reverse(),
    thread: (channel, ts) => slack.store.thread(channel, ts),
    ephemerals: (user) => slack.ephemerals.filter((message) => message.user === user),
    pinned: (channel) => (slack.pins.get(channel) ?? []).map(({ ts }) => ts),
    attach(file) {
      const id = `F0${slack.serial()}`;
      slack.files.set(id, { ...file, deleted: false });
      return id;
    },
    setRequestUrl: (url) => setRequestUrl(slack, url),
    connections: () => slack.socket.connections(),
    counts: journal.counts,
    resetCounts: journal.reset,
    requests: journal.requests,
    fault: faults.order,
    setDelay(ms) {
      slack.options.delayMs = ms;
    },
    setLimits(on) {
      slack.options.limits = on;
    },
    disconnect: (index, reason) => slack.socket.disconnect(index, reason),
    ghost: (index) => slack.socket.ghost(index),
    dropSockets: () => slack.socket.drop(),
    async close() {
      slack.feed.close();
      slack.socket.close();
      slack.http?.close();
      await closeServer(server);
      await slack.store.close();
    },
  };
  return sandbox;
}
