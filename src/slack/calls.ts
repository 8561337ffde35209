/** Calls of Slack's Web API: how long they may take, what is tried again, and what a failure means. */
import { WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { Fault } from '../app/fault.ts';
import type { Clock } from '../app/ports.ts';
import { quietLogger } from './quiet.ts';
import { type Attempt, ambiguous, neverSent, slackFault } from './slack-fault.ts';

/** How often a call is repeated that did surely not arrive, or may be made twice. */
const REPEATS = 2;
const PAUSE_MS = 300;

/** A client whose calls take at most `timeout` ms each; it repeats none by itself. */
export function slackClient(token: string, slackApiUrl: string, timeout: number): WebClient {
  // Repeating is decided here per call: the SDK's own policy repeats a post after an ambiguous error for half an hour.
  return new WebClient(token, {
    slackApiUrl,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: quietLogger,
  });
}

/** Calls what may be done twice, a few times. */
export function repeatedly<T>(clock: Clock, attempt: Attempt, patienceMs: number, call: () => Promise<T>): Promise<T> {
  return tryCall(clock, attempt, patienceMs, call, ambiguous);
}

/** Calls what must not be done twice: repeated only where the first try surely did nothing. */
export async function once<T>(clock: Clock, attempt: Attempt, patienceMs: number, call: () => Promise<T>): Promise<T> {
  return tryCall(clock, attempt, patienceMs, call, () => false);
}

async function tryCall<T>(
  clock: Clock,
  attempt: Attempt,
  patienceMs: number,
  call: () => Promise<T>,
  repeatable: (error: unknown) => boolean,
): Promise<T> {
  let patience = patienceMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const pause = pauseAfter(error, tries, patience, repeatable);
      if (pause === null) throw explained(error, attempt, repeatable(error));
      if (error instanceof WebAPIRateLimitedError) patience -= pause;
      await clock.sleep(pause);
    }
  }
}

/** How long to wait before the next try, in ms; null: no further try. */
function pauseAfter(
  error: unknown,
  tries: number,
  patience: number,
  repeatable: (error: unknown) => boolean,
): number | null {
  if (error instanceof WebAPIRateLimitedError) {
    const wanted = Math.max(1, error.retryAfter) * 1000;
    return wanted <= patience ? wanted : null;
  }
  const again = tries < REPEATS && (neverSent(error) || repeatable(error));
  return again ? PAUSE_MS * 2 ** tries : null;
}

function explained(error: unknown, attempt: Attempt, repeated: boolean): Fault {
  const fault = slackFault(error, attempt);
  if (repeated || !ambiguous(error)) return fault;
  return new Fault('slack', `${fault.message} It may have arrived all the same; it was not sent twice.`, fault.remedy);
}
