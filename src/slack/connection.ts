/** One Socket Mode connection: opened, watched, and closed so that no ghost of it stays registered at Slack. */
import { SocketModeClient } from '@slack/socket-mode';
import * as v from 'valibot';
import { settled, within } from './deadline.ts';
import type { AckAnswer, EnvelopeKind } from './deed.ts';
import { quietLogger } from './quiet.ts';

/**
 * Why a connection is not to be relied on any more: Slack renews it (`renewal`: it still works for some seconds), it has
 * too many of them, Socket Mode was switched off, or it broke.
 */
export type Leaving = 'renewal' | 'too-many' | 'disabled' | 'lost';

/** An envelope. `ack` resolves to false where the acknowledgement could not be sent. */
export interface Envelope {
  kind: EnvelopeKind;
  payload: unknown;
  /** The Slack app that the connection belongs to; null where Slack did not say. */
  appId: string | null;
  ack(answer?: AckAnswer): Promise<boolean>;
}

export interface Connection {
  /** How many connections the app has, this one among them, and whose they are, as Slack's `hello` said; null: it did not. */
  hello: { connections: number | null; appId: string | null };
  /** Resolves once, as soon as a successor is needed. Never rejects. */
  leaving: Promise<Leaving>;
  /** Resolves when the socket is closed. Never rejects. */
  closed: Promise<void>;
  /** Closes it; after two seconds without Slack's answer the socket is torn down. Never rejects. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  appToken: string;
  apiUrl: string;
  onEnvelope(envelope: Envelope): void;
}

const OPEN_MS = 5000;
const HELLO_MS = 10_000;
const CLOSE_MS = 2000;
/** A busy runner may answer a ping late; the SDK's own five seconds cut healthy connections. */
const PONG_MS = 15_000;

const Frame = v.variant('type', [
  v.object({
    type: v.literal('hello'),
    num_connections: v.optional(v.number()),
    connection_info: v.optional(v.object({ app_id: v.optional(v.string()) })),
  }),
  v.object({ type: v.literal('disconnect'), reason: v.optional(v.string(), '') }),
  v.object({ type: v.picklist(['interactive', 'slash_commands']), envelope_id: v.string() }),
  v.object({ type: v.literal('events_api'), envelope_id: v.string(), payload: v.optional(v.unknown()) }),
]);
/** Under what name the SDK reports an events_api envelope: by itself it would take the name from the payload. */
const EVENT = 'debug_approval_event';
const KINDS = new Map<string, EnvelopeKind>([
  ['interactive', 'interactive'],
  ['slash_commands', 'slash_commands'],
  [EVENT, 'events_api'],
]);
const TextFrame = v.pipe(v.string(), v.parseJson(), Frame);
const Body = v.object({ body: v.optional(v.unknown()), ack: v.function() });

/** Slack closed the connection before it said hello; `leaving` is why. */
export class Refused extends Error {
  readonly leaving: Leaving;
  constructor(leaving: Leaving) {
    super(`Slack closed the connection at once: ${leaving}.`);
    this.leaving = leaving;
  }
}

/** Opens a connection and resolves when Slack said hello. Throws what the SDK throws, or {@link Refused}. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const client = newClient(options);
  const leaving = Promise.withResolvers<Leaving>();
  const closed = Promise.withResolvers<void>();
  let reason: Leaving | null = null;
  let hello: Connection['hello'] = { connections: null, appId: null };
  const leave = (why: Leaving): void => {
    reason ??= why;
    leaving.resolve(reason);
  };

  filterFrames(client, {
    hello: (said) => {
      hello = said;
    },
    leave,
  });
  for (const [name, kind] of KINDS) {
    client.on(name, (event: unknown) => {
      const parsed = v.safeParse(Body, event);
      if (!parsed.success) return;
      const { body, ack } = parsed.output;
      options.onEnvelope({ kind, payload: body, appId: hello.appId, ack: (answer) => sent(ack, answer) });
    });
  }
  client.on('disconnected', () => {
    leave('lost');
    closed.resolve();
  });

  const close = (): Promise<void> => closeClient(client, closed.promise);
  const started = client.start();
  try {
    await within(HELLO_MS + OPEN_MS, started);
  } catch (error) {
    // A start that comes through after all must not leave a connection behind that nobody listens to.
    started.then(close, () => {});
    await close();
    throw reason === null || reason === 'lost' ? (error ?? new Refused('lost')) : new Refused(reason);
  }
  return { hello, leaving: leaving.promise, closed: closed.promise, close };
}

function newClient({ appToken, apiUrl }: ConnectionOptions): SocketModeClient {
  return new SocketModeClient({
    appToken,
    // The SDK's own reconnecting leaves a gap of 5 to 12 s and throws where nobody can catch.
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_MS,
    logger: quietLogger,
    clientOptions: {
      slackApiUrl: apiUrl,
      timeout: OPEN_MS,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
    },
  });
}

/**
 * Stands between the socket and the SDK's reading of it, which closes on every `disconnect` frame at once and rejects
 * unseen on frames it does not expect: only hello and what people do pass, and a renewal keeps the connection for now.
 */
function filterFrames(
  client: SocketModeClient,
  on: { hello(said: Connection['hello']): void; leave(why: Leaving): void },
): void {
  const readers = client.listeners('ws_message');
  const pass = (...args: unknown[]): void => {
    for (const reader of readers) reader.apply(client, args);
  };
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    const parsed = v.safeParse(TextFrame, data);
    if (!parsed.success) return;
    const frame = parsed.output;
    if (frame.type === 'hello') {
      on.hello({ connections: frame.num_connections ?? null, appId: frame.connection_info?.app_id ?? null });
    }
    if (frame.type === 'events_api') return pass(JSON.stringify({ ...frame, type: EVENT }), false);
    if (frame.type !== 'disconnect') return pass(data, isBinary);
    const why = leavingReason(frame.reason);
    on.leave(why);
    if (why !== 'renewal') pass(data, isBinary);
  });
}

function leavingReason(reason: string): Leaving {
  if (reason === 'warning' || reason === 'refresh_requested') return 'renewal';
  if (reason === 'too_many_websockets') return 'too-many';
  return reason === 'link_disabled' ? 'disabled' : 'lost';
}

async function sent(ack: (...args: unknown[]) => unknown, answer: AckAnswer = {}): Promise<boolean> {
  try {
    await ack(answer);
    return true;
  } catch {
    // The socket closed meanwhile: Slack shows the person a warning, and the card shows the decision.
    return false;
  }
}

async function closeClient(client: SocketModeClient, closed: Promise<void>): Promise<void> {
  const polite = client.disconnect();
  if (await settled(CLOSE_MS, Promise.race([polite, closed]))) return;
  // A second call tears the socket down without waiting for Slack's close frame.
  await settled(CLOSE_MS, client.disconnect());
}
