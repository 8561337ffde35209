/** The sandbox's Slack: a local Web API and Socket Mode as strict as the real ones, with what a test needs to look inside. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  closeDialog,
  closedPayload,
  type DialogDeed,
  dialogsOf,
  type SlackDialog,
  submissionPayload,
  submitted,
} from './dialog.ts';
import { createFaults, type SlackFault } from './faults.ts';
import { createFront } from './front.ts';
import { type Counts, createJournal, type SlackRequest } from './journal.ts';
import type { SlackEphemeral, SlackMessage, SlackOptions } from './options.ts';
import { type ButtonPress, type ForgedPress, forgedPayload, pressPayload } from './press.ts';
import { respond } from './respond.ts';
import { appOf, type Slack } from './slack.ts';
import { createSocketHub, type Delivery, type DisconnectReason } from './socket.ts';
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
  /** Sends a member's dialog with its values; closes it unless the app's answer keeps it open. Throws where it is not open. */
  submit(deed: DialogDeed & { values: Record<string, Record<string, unknown>> }): Promise<Delivery>;
  /** Closes a member's dialog; null where the app did not want to be told. Throws where it is not open. */
  dismiss(deed: DialogDeed): Promise<Delivery | null>;
  /** Tells the listener after each call that may have changed something; what it gives ends that. */
  watch(listener: () => void): () => void;
  /** Writes as a member, in a channel or in a thread. */
  say(words: { member: string; channel: string; text: string; threadTs?: string }): Promise<{ ts: string }>;
  /** A channel's messages outside threads, oldest first. */
  messages(channel: string): Promise<SlackMessage[]>;
  /** A message and its replies, oldest first. */
  thread(channel: string, ts: string): Promise<SlackMessage[]>;
  /** What only this person was shown, oldest first. */
  ephemerals(user: string): SlackEphemeral[];
  /** The time stamps of what is pinned in a channel, oldest first. */
  pinned(channel: string): string[];
  /** How many Socket Mode connections are open. */
  connections(): number;
  /** Which of `count` connections gets the next payload; in turn unless replaced. */
  pickConnection: (count: number) => number;
  counts(): Counts;
  /** Forgets counts and requests. */
  resetCounts(): void;
  /** Every call of the Web API, oldest first, tokens redacted. */
  requests: readonly SlackRequest[];
  /** Orders a failure; what it gives takes the order back. */
  fault(fault: SlackFault): () => void;
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

async function createSlack(options: SlackOptions): Promise<Slack> {
  const now = options.now ?? Date.now;
  let last = 0;
  return {
    options,
    store: await startStore(options),
    socket: createSocketHub(appOf(options)),
    triggers: createTriggers(options.team.id, now),
    ephemerals: [],
    pins: new Map(),
    views: new Map(),
    viewers: new Map(),
    origin: '',
    now,
    serial: () => ++last,
  };
}

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<unknown>;

function router(slack: Slack, api: Route): Route {
  return (request, response, url) => {
    if (url.pathname.startsWith('/api/')) return api(request, response, url);
    if (url.pathname.startsWith('/actions/')) return respond(slack, request, response, url.pathname);
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
  const deliver = async (payload: unknown): Promise<Delivery> => {
    // What is pressed on the bot's card goes to the bot's own app: connections of another one never see it.
    if (appOf(options) === options.bot.appId) return slack.socket.deliver(payload, (n) => sandbox.pickConnection(n));
    return { delivered: false, acknowledged: false, afterMs: 0, connection: null };
  };

  const sandbox: SlackSandbox = {
    url: `${slack.origin}/api/`,
    pickConnection: (count) => turn++ % count,
    press: async (press) => deliver(await pressPayload(slack, press)),
    pressForged: async (press) => deliver(await forgedPayload(slack, press)),
    dialogs: () => dialogsOf(slack),
    async submit({ values, ...deed }) {
      const payload = submissionPayload(slack, deed, values);
      const delivery = await slack.socket.deliver(payload, (n) => sandbox.pickConnection(n), 'answerable');
      submitted(slack, deed.viewId, delivery);
      return delivery;
    },
    async dismiss(deed) {
      const payload = closedPayload(slack, deed);
      closeDialog(slack, deed.viewId);
      return payload === null ? null : slack.socket.deliver(payload, (n) => sandbox.pickConnection(n));
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async say({ member, channel, text, threadTs }) {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      const answer = await slack.store.post(member, channel, { text, ...thread });
      if (!answer.ok) throw new Error(`${member} could not write in ${channel}: ${answer.error}.`);
      return { ts: String(answer['ts']) };
    },
    messages: async (channel) => (await slack.store.history(channel)).reverse(),
    thread: (channel, ts) => slack.store.thread(channel, ts),
    ephemerals: (user) => slack.ephemerals.filter((message) => message.user === user),
    pinned: (channel) => (slack.pins.get(channel) ?? []).map(({ ts }) => ts),
    connections: () => slack.socket.connections(),
    counts: journal.counts,
    resetCounts: journal.reset,
    requests: journal.requests,
    fault: faults.order,
    disconnect: (index, reason) => slack.socket.disconnect(index, reason),
    ghost: (index) => slack.socket.ghost(index),
    dropSockets: () => slack.socket.drop(),
    async close() {
      slack.socket.close();
      await closeServer(server);
      await slack.store.close();
    },
  };
  return sandbox;
}
