/** Slack's Socket Mode: single-use addresses, ten connections, one payload to one of them, and its disconnect frames. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { type WebSocket, WebSocketServer } from 'ws';
import { parseJson } from './body.ts';

const MOST = 10;
/** How long Slack waits for an acknowledgement. Source: PLATFORM §4. */
export const ACK_MS = 3_000;
const PING_MS = 10_000;
/** How long Slack leaves a connection open after it announced the end, in ms. */
const GRACE_MS = { warning: 10_000, refresh_requested: 10_000, link_disabled: 0 };

const Ack = v.looseObject({ envelope_id: v.string(), payload: v.optional(v.unknown()) });

export type DisconnectReason = keyof typeof GRACE_MS;

export interface Delivery {
  delivered: boolean;
  acknowledged: boolean;
  /** From sending to the acknowledgement, or to giving up. */
  afterMs: number;
  /** Index of the connection among those open, in the order they opened. */
  connection: number | null;
  /** What the app sent along with its acknowledgement, where it may. */
  answer?: unknown;
  /** In HTTP mode, why it was not acknowledged, in the words of Slack's retries. */
  failure?: 'http_timeout' | 'http_error' | 'connection_failed';
  /** In HTTP mode, that the app wants no event again. */
  noRetry?: boolean;
}

/** What is sent; Slack's `accepts_response_payload` says whether the acknowledgement may carry an answer. */
export interface Envelope {
  type: 'interactive' | 'slash_commands' | 'events_api';
  payload: unknown;
  accepts_response_payload: boolean;
  /** Of events alone: 0 the first time. */
  retry_attempt?: number;
  retry_reason?: string;
}

export interface SocketHub {
  /** A path with a ticket for one connection. */
  open(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  /** Sends one envelope to one connection, chosen by `pick` from their number; never again. */
  deliver(envelope: Envelope, pick: (count: number) => number): Promise<Delivery>;
  disconnect(index: number, reason: DisconnectReason): void;
  /** Its machine vanishes without a word: Slack goes on counting it and sends it its share of payloads. */
  ghost(index: number): void;
  /** Cuts every connection without a word. */
  drop(): void;
  close(): void;
}

const send = (socket: WebSocket, frame: unknown) => socket.send(JSON.stringify(frame));
const debugInfo = { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 };

type Acknowledged = Pick<Delivery, 'acknowledged' | 'answer'>;

function acknowledgement(socket: WebSocket, envelope: string, withinMs: number): Promise<Acknowledged> {
  return new Promise((resolve) => {
    const finish = (acknowledged: Acknowledged) => {
      clearTimeout(timer);
      socket.off('message', onMessage);
      socket.off('close', onClose);
      resolve(acknowledged);
    };
    const onClose = () => finish({ acknowledged: false });
    const onMessage = (data: unknown) => {
      const ack = v.safeParse(Ack, parseJson(String(data)));
      if (!ack.success || ack.output.envelope_id !== envelope) return;
      const { payload } = ack.output;
      finish({ acknowledged: true, ...(payload === undefined ? {} : { answer: payload }) });
    };
    const timer = setTimeout(() => finish({ acknowledged: false }), withinMs);
    socket.on('message', onMessage);
    socket.on('close', onClose);
  });
}

/**
 * Starts Socket Mode for one app; the HTTP server hands its upgrades to it. `ackMs` is how long an acknowledgement is
 * waited for. Where Socket Mode is not `enabled`, every connection ends at once. Source: PLATFORM §4.
 */
export function createSocketHub(appId: string, enabled: boolean, ackMs = ACK_MS): SocketHub {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const ghosts = new Set<WebSocket>();
  let sockets: WebSocket[] = [];

  const admit = (socket: WebSocket) => {
    socket.on('error', () => socket.terminate());
    const refused = !enabled ? 'link_disabled' : sockets.length >= MOST ? 'too_many_websockets' : null;
    if (refused !== null) {
      send(socket, { type: 'disconnect', reason: refused, debug_info: { host: debugInfo.host } });
      socket.close(1000);
      return;
    }
    sockets.push(socket);
    const pinging = setInterval(() => socket.ping(), PING_MS);
    socket.on('close', () => {
      clearInterval(pinging);
      sockets = sockets.filter((other) => other !== socket || ghosts.has(other));
    });
    send(socket, {
      type: 'hello',
      num_connections: sockets.length,
      debug_info: debugInfo,
      connection_info: { app_id: appId },
    });
  };
  const at = (index: number): WebSocket => {
    const socket = sockets[index];
    if (socket === undefined) throw new RangeError(`There is no connection ${index}; ${sockets.length} are open.`);
    return socket;
  };
  const closeAfter = (socket: WebSocket, ms: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      socket.close(1000);
    }, ms);
    timers.add(timer);
  };

  return {
    open() {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade(request, socket, head) {
      // Node gives an upgraded socket no error handler; a client that resets it must not end the sandbox.
      socket.on('error', () => socket.destroy());
      const url = new URL(request.url ?? '/', 'http://sandbox');
      if (url.pathname !== '/link/' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, admit);
    },
    connections: () => sockets.length,
    async deliver(sent, pick) {
      const open = sockets.filter((socket) => socket.readyState === socket.OPEN || ghosts.has(socket));
      const from = performance.now();
      if (open.length === 0) return { delivered: false, acknowledged: false, afterMs: 0, connection: null };
      const connection = pick(open.length);
      const socket = open[connection];
      if (socket === undefined) throw new RangeError(`pickConnection gave ${connection}, but ${open.length} are open.`);
      const envelope = randomUUID();
      const acknowledged = acknowledgement(socket, envelope, ackMs);
      send(socket, { envelope_id: envelope, ...sent });
      const said = await acknowledged;
      return { delivered: true, ...said, afterMs: performance.now() - from, connection };
    },
    disconnect(index, reason) {
      const socket = at(index);
      send(socket, { type: 'disconnect', reason, debug_info: { host: debugInfo.host } });
      closeAfter(socket, GRACE_MS[reason]);
    },
    ghost(index) {
      const socket = at(index);
      ghosts.add(socket);
      socket.terminate();
    },
    drop() {
      for (const socket of sockets) socket.terminate();
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
