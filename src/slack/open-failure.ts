/** Why no Socket Mode connection could be opened, whether that may pass, and how long to wait before the next try. */
import { WebAPIRateLimitedError } from '@slack/web-api';
import { Fault } from '../app/fault.ts';
import { type Leaving, Refused } from './connection.ts';
import { slackErrorCode, socketFault } from './slack-fault.ts';

export interface OpenFailure {
  why: Leaving;
  /** It will not pass by waiting. */
  final: boolean;
  state: 'reconnecting' | 'waiting for a free socket' | 'stopped';
  fault: Fault;
  /** What Slack asked us to wait, in ms; null: it did not say. */
  retryAfterMs: number | null;
}

/** Errors of apps.connections.open that no waiting mends (docs.slack.dev/reference/methods/apps.connections.open). */
const FINAL = new Set([
  'access_denied',
  'account_inactive',
  'enterprise_is_restricted',
  'forbidden_team',
  'invalid_auth',
  'link_disabled',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'socket_mode_disabled',
  'team_access_not_granted',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
  'user_removed_from_team',
]);

/** Reads what {@link openConnection} threw, or why a connection ended. */
export function openFailure(error: unknown): OpenFailure {
  const why = error === 'disabled' ? 'disabled' : error instanceof Refused ? error.leaving : null;
  const code = slackErrorCode(error);
  if (why === 'too-many' || code === 'too_many_websockets') return temporary('too-many', tooMany(), null);
  if (why === 'disabled') return { ...temporary('disabled', disabled(), null), final: true, state: 'stopped' };
  if (why !== null) return temporary('lost', closedAtOnce(), null);
  const fault = socketFault(error);
  if (code !== null && FINAL.has(code)) {
    return { why: 'lost', final: true, state: 'stopped', fault, retryAfterMs: null };
  }
  const retryAfter = error instanceof WebAPIRateLimitedError ? Math.max(1, error.retryAfter) * 1000 : null;
  return temporary('lost', fault, retryAfter);
}

function temporary(why: Leaving, fault: Fault, retryAfterMs: number | null): OpenFailure {
  const state = why === 'too-many' ? 'waiting for a free socket' : 'reconnecting';
  return { why, final: false, state, fault, retryAfterMs };
}

function tooMany(): Fault {
  return new Fault(
    'slack',
    "Slack: all ten of the app's Socket Mode connections are in use (too_many_websockets), so other runs wait for a decision too.",
    'Presses may still be recorded by another run. This run tries again every 15 s; a comment on the issue (/approve or /deny) works at once.',
  );
}

function disabled(): Fault {
  return new Fault(
    'slack',
    'Slack: Socket Mode was switched off for this Slack app (link_disabled), so presses of buttons do not arrive.',
    'Switch it on under "Socket Mode" of your Slack app and run the workflow again; a comment on the issue (/approve or /deny) works meanwhile.',
  );
}

function closedAtOnce(): Fault {
  return new Fault(
    'slack',
    'Slack: the connection for presses of buttons was closed before it was ready.',
    'It is opened again by itself; a comment on the issue (/approve or /deny) works meanwhile.',
  );
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
/** apps.connections.open is tier 3, about 50 calls a minute for all runs of the app together: fifty may wait like this. */
const FREE_SOCKET_MS = 60_000;

/**
 * How long to wait before the next try, in ms: about a minute while all sockets are taken, else doubling from 1 s to 30 s;
 * a third up or down at `random`.
 */
export function retryPause(why: Leaving, failures: number, random: () => number): number {
  const base = why === 'too-many' ? FREE_SOCKET_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(base * (2 / 3 + (2 / 3) * random()));
}
