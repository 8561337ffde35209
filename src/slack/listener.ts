/**
 * Receives what people do in Slack over Socket Mode for as long as a request waits. One connection is kept open; its successor is opened
 * before it goes, and the loss of one is mended without anything being thrown where nobody can catch it.
 */
import { Fault } from '../app/fault.ts';
import type { Clock, Listener, OnSlack, SlackDeed } from '../app/ports.ts';
import { type Connection, type Envelope, openConnection } from './connection.ts';
import { settled } from './deadline.ts';
import { acknowledgement, readDeed } from './deed.ts';
import { type OpenFailure, openFailure, retryPause } from './open-failure.ts';

/** What the connection is doing: `stopped` means that nothing arrives any more, and the Fault says why. */
export type ListenerState = 'connected' | 'reconnecting' | 'waiting for a free socket' | 'stopped';

export interface SocketListenerOptions {
  /** The app-level token (`xapp-…`). */
  appToken: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  /** Told once per change of state, with the failure behind it. */
  onState(state: ListenerState, fault: Fault | null): void;
  clock: Clock;
  /** From 0 to below 1, so that listeners do not all retry at once. */
  random?: () => number;
}

/** How long `stop` waits for deeds that are being recorded: Slack waits no longer for the acknowledgement. */
const FINISH_MS = 3000;
/** How long `stop` waits for a connection that is just being opened, to close it. */
const OPENING_MS = 6000;
/** A connection that lasted so long was a good one: the next failure is the first again. */
const GOOD_MS = 60_000;

interface Supervisor {
  options: SocketListenerOptions;
  onSlack: OnSlack;
  stopping: AbortController;
  /** Deeds that are being recorded. */
  pending: Set<Promise<void>>;
  open: Set<Connection>;
  state: ListenerState | null;
}

/**
 * A {@link Listener} over Socket Mode. `start` resolves after the first attempt: a failure that may pass is told by
 * `onState` and mended in the background; one that cannot pass (a wrong token, Socket Mode switched off) is thrown as
 * a Fault `slack`. A deed is acknowledged only as `onSlack` says, once that has resolved. `stop` leaves no connection.
 */
export function socketListener(options: SocketListenerOptions): Listener {
  let running: { supervisor: Supervisor; done: Promise<void> } | null = null;
  return {
    async start(onSlack) {
      if (running !== null) throw new Fault('invalid', 'The listener was started twice.', 'Start it once.');
      const supervisor = newSupervisor(options, onSlack);
      const first = tryOpen(supervisor, true);
      running = { supervisor, done: first.then((attempt) => supervise(supervisor, attempt)) };
      const attempt = await first;
      if ('final' in attempt && attempt.final) throw attempt.fault;
    },
    async stop() {
      if (running !== null) await stop(running.supervisor, running.done);
    },
  };
}

function newSupervisor(options: SocketListenerOptions, onSlack: OnSlack): Supervisor {
  return { options, onSlack, stopping: new AbortController(), pending: new Set(), open: new Set(), state: null };
}

/** `first`: a failure that cannot pass is thrown by `start`, hence not told twice. */
async function tryOpen(supervisor: Supervisor, first = false): Promise<Connection | OpenFailure> {
  const { appToken, apiUrl } = supervisor.options;
  try {
    const connection = await openConnection({
      appToken,
      apiUrl,
      onEnvelope: (envelope) => receive(supervisor, envelope),
    });
    supervisor.open.add(connection);
    connection.closed.then(() => supervisor.open.delete(connection));
    if (supervisor.stopping.signal.aborted) await connection.close();
    else tell(supervisor, 'connected', null);
    return connection;
  } catch (error) {
    const failure = openFailure(error);
    const thrown = first && failure.final;
    if (!thrown && !supervisor.stopping.signal.aborted) tell(supervisor, failure.state, failure.fault);
    return failure;
  }
}

/** Keeps one connection until the listener is stopped or Slack refuses for good. Never rejects. */
async function supervise(supervisor: Supervisor, first: Connection | OpenFailure): Promise<void> {
  const { clock, random = Math.random } = supervisor.options;
  const { signal } = supervisor.stopping;
  let attempt = first;
  let going: Connection | null = null;
  let failures = 0;
  for (;;) {
    if ('leaving' in attempt) {
      if (going !== null) retire(supervisor, going);
      const since = clock.now();
      const why = await Promise.race([attempt.leaving, aborted(signal)]);
      if (why === null) return;
      going = attempt;
      failures = clock.now() - since >= GOOD_MS ? 0 : failures + 1;
      if (why === 'disabled') {
        tell(supervisor, 'stopped', openFailure(why).fault);
        return;
      }
      if (why !== 'renewal') tell(supervisor, why === 'too-many' ? 'waiting for a free socket' : 'reconnecting', null);
      // The first successor is opened at once: people may be pressing right now.
      if (failures > 1 || why === 'too-many') await pause(clock, retryPause(why, failures, random), signal);
    } else {
      if (attempt.final) return;
      failures += 1;
      const wait = attempt.retryAfterMs ?? retryPause(attempt.why, failures, random);
      // When the old connection goes meanwhile, nothing receives any more and its socket has become free: try at once.
      const early = going !== null && supervisor.open.has(going) ? going.closed : undefined;
      await pause(clock, wait, signal, early);
    }
    if (signal.aborted) return;
    attempt = await tryOpen(supervisor);
  }
}

/** Lets a connection finish the deeds that it brought, then closes it. */
function retire(supervisor: Supervisor, connection: Connection): void {
  const finished = Promise.allSettled(supervisor.pending);
  settled(FINISH_MS, finished).then(() => connection.close());
}

function receive(supervisor: Supervisor, envelope: Envelope): void {
  const work = handle(supervisor, envelope);
  supervisor.pending.add(work);
  work.then(() => supervisor.pending.delete(work));
}

/** Records, then acknowledges. Never rejects: a deed that could not be recorded stays unacknowledged, and Slack says so. */
async function handle(supervisor: Supervisor, envelope: Envelope): Promise<void> {
  const read = readDeed(envelope.kind, envelope.payload, envelope.appId);
  if ('ignored' in read) {
    // What is not ours and not forwardable stays unacknowledged, so that the person sees that nothing happened.
    if (read.settled) await envelope.ack();
    return;
  }
  const { deed } = read;
  try {
    const answer = acknowledgement(deed, await supervisor.onSlack(deed));
    if (answer !== null) await envelope.ack(answer);
  } catch (error) {
    const fault = error instanceof Fault ? error : unrecorded(deed, error);
    supervisor.options.onState(supervisor.state ?? 'connected', fault);
  }
}

const DEEDS: Record<SlackDeed['kind'], string> = {
  press: 'A press of a button was not recorded',
  submission: 'An approval given in the dialog was not recorded',
  reply: 'A reply in a thread was not recorded',
  slash: 'A slash command was not recorded',
  debug: 'A slash command was not answered',
  form: 'A form was not taken',
  'form-choice': 'A form was not changed',
};

function unrecorded({ kind }: SlackDeed, error: unknown): Fault {
  const name = error instanceof Error ? error.name : typeof error;
  const told = kind === 'reply' ? 'Slack will bring it again' : 'Slack told the person that it failed';
  return new Fault(
    'not-written',
    `${DEEDS[kind]} (${name}); ${told}.`,
    'Try again, or decide by a comment on the issue (/approve or /deny).',
    { cause: error },
  );
}

async function stop(supervisor: Supervisor, done: Promise<void>): Promise<void> {
  supervisor.stopping.abort();
  const until = Date.now() + FINISH_MS;
  const finish = async (): Promise<void> => {
    const left = until - Date.now();
    if (left > 0) await settled(left, Promise.allSettled(supervisor.pending));
  };
  // An acknowledgement needs the socket, so what was received is finished first; and once more what came meanwhile.
  await finish();
  // A connection that was just being opened shows up only when the supervisor is done.
  await settled(OPENING_MS, done);
  await Promise.all([...supervisor.open].map((connection) => connection.close()));
  await finish();
}

function tell(supervisor: Supervisor, state: ListenerState, fault: Fault | null): void {
  if (supervisor.state === state) return;
  supervisor.state = state;
  supervisor.options.onState(state, fault);
}

/** Waits by the clock; ends early when stopped, or when `early` resolves (a socket of ours has become free). */
async function pause(clock: Clock, ms: number, signal: AbortSignal, early?: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const sleep = clock.sleep(ms, AbortSignal.any([signal, enough.signal]));
  await (early === undefined ? sleep : Promise.race([sleep, early]));
  enough.abort();
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
