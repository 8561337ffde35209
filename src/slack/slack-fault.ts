/** What Slack's errors mean for the person who set this up: what happened, why, and what to do about it. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { Fault } from '../app/fault.ts';
import { oneLine } from '../request/plain-text.ts';
import { cut } from './inert.ts';

/** What was tried, for the message: `post the card`; and the channel as configured. */
export interface Attempt {
  doing: string;
  channel: string;
  /** Without this call nobody is asked: the request ends, and nothing can be decided on the issue meanwhile. */
  ends?: true;
  /** The scopes that serve, where Slack names more than are needed. */
  needs?: string;
  /** It concerns one member, whose id stands in the place of the channel. */
  person?: true;
  /** A person at a terminal asked for it: no request hangs on it, and the token in SLACK_BOT_TOKEN needs this scope. */
  byHand?: string;
}

interface Explanation {
  why: string;
  remedy: string;
  /** The mistake is Slack's or the network's, so that the remedy tells how to go on without it. */
  passes?: true;
}

/** The Fault `slack` for whatever the Slack SDK threw. It holds neither token nor payload. */
export function slackFault(error: unknown, attempt: Attempt): Fault {
  if (error instanceof Fault) return error;
  const { why, remedy, passes } = explain(error, attempt);
  if (attempt.byHand !== undefined) return byHand(attempt, why, remedy);
  const way = attempt.ends === true ? ASK_AGAIN : BY_ISSUE;
  return new Fault('slack', `Slack: could not ${attempt.doing}: ${why}`, passes === true ? `${remedy} ${way}` : remedy);
}

function byHand({ doing, byHand: scope }: Attempt, why: string, remedy: string): Fault {
  const token = `Put a bot token (xoxb-…) with the scope ${scope} into SLACK_BOT_TOKEN.`;
  return new Fault('slack', `Slack: could not ${doing}: ${why}`, remedy === NEW_BOT_TOKEN ? token : remedy);
}

/** Slack's error code of a refused call, such as `not_in_channel`; null for every other failure. */
export function slackErrorCode(error: unknown): string | null {
  if (!(error instanceof WebAPIPlatformError)) return null;
  const code: unknown = error.data.error;
  // The SDK puts a body that is no JSON here: such a text is nothing to repeat.
  return typeof code === 'string' && /^[a-z0-9_]{1,64}$/.test(code) ? code : null;
}

function explain(error: unknown, attempt: Attempt): Explanation {
  if (error instanceof WebAPIPlatformError) return explainCode(slackErrorCode(error), error, attempt);
  if (error instanceof WebAPIRateLimitedError) {
    return {
      why: `it asks us to wait ${error.retryAfter} s (ratelimited), longer than may be waited here.`,
      remedy: 'Slack limits how often an app may call.',
      passes: true,
    };
  }
  if (error instanceof WebAPIHTTPError) {
    return {
      why: `Slack answered with HTTP status ${error.statusCode}.`,
      remedy: `Slack has trouble: see https://slack-status.com.`,
      passes: true,
    };
  }
  const reason = networkReason(error instanceof WebAPIRequestError ? error.original : error);
  return { why: `no answer from Slack (${reason}).`, remedy: `${REACH}`, passes: true };
}

const ASK_AGAIN =
  'The request was ended: run the workflow again, without the Slack tokens to decide on the issue alone.';
const BY_ISSUE = 'Decisions by a comment on the issue work meanwhile (/approve or /deny).';
const REACH = 'Check that the runner reaches slack.com (proxy, firewall) and https://slack-status.com.';
const NEW_BOT_TOKEN =
  'Copy the Bot User OAuth Token (xoxb-…) from your Slack app, "OAuth & Permissions", into the secret that feeds slack-bot-token.';
const NEW_APP_TOKEN =
  'Create an app-level token (xapp-…) with connections:write under "Basic Information" of your Slack app and store it in the secret that feeds slack-app-token.';

function explainCode(code: string | null, error: WebAPIPlatformError, attempt: Attempt): Explanation {
  if (code === null) return { why: 'its answer could not be read.', remedy: `${REACH}`, passes: true };
  const channel = cut(oneLine(attempt.channel), 80);
  const known = (attempt.person === true ? byPerson(channel)[code] : undefined) ?? byCode(channel)[code];
  if (known !== undefined) return { ...known, why: `${known.why} (${code}).` };
  if (code === 'missing_scope') return missingScope(error, attempt.needs);
  if (code === 'invalid_blocks' || code === 'invalid_blocks_format') return invalidBlocks(code, error);
  return { why: `Slack refused (${code}).`, remedy: `Look up "${code}" at https://docs.slack.dev.`, passes: true };
}

/** What an error means where one member was meant. */
function byPerson(user: string): Record<string, Explanation | undefined> {
  const gone = {
    why: `there is no member ${user} in this workspace`,
    remedy: "Correct the Slack id under the policy's people.",
  };
  return {
    channel_not_found: gone,
    user_not_found: gone,
    user_not_visible: gone,
    is_archived: { why: `the account ${user} is deactivated`, remedy: "Take it out of the policy's people." },
    user_disabled: { why: `the account ${user} is deactivated`, remedy: "Take it out of the policy's people." },
    cannot_dm_bot: { why: `${user} is a bot`, remedy: "Correct the Slack id under the policy's people." },
    messages_tab_disabled: {
      why: 'the Slack app may write to nobody in person',
      remedy: 'Switch on "Messages Tab" under "App Home" of your Slack app (see slack-app-manifest.yml).',
    },
  };
}

function byCode(channel: string): Record<string, Explanation | undefined> {
  const token = (why: string): Explanation => ({ why, remedy: NEW_BOT_TOKEN });
  return {
    not_in_channel: {
      why: `the bot is not in the channel ${channel}`,
      remedy: `Invite the bot: open ${channel} in Slack and send /invite @Debug Approval (or whatever your app's bot is called).`,
    },
    channel_not_found: {
      why: `there is no channel ${channel} that the bot can see`,
      remedy: `Set the policy's Slack channel to the channel's id (C…, at the end of "View channel details"), and in a private channel send /invite @Debug Approval.`,
    },
    is_archived: { why: `the channel ${channel} is archived`, remedy: 'Name another channel in the policy.' },
    invalid_auth: token('the token is not valid'),
    not_authed: token('no token was sent'),
    token_revoked: token('the token was revoked'),
    token_expired: token('the token has expired'),
    account_inactive: token('the token belongs to a removed app or user'),
    not_allowed_token_type: {
      why: 'this kind of token is not allowed here',
      remedy:
        'slack-bot-token takes a bot token (xoxb-…), slack-app-token an app-level token (xapp-…): are they swapped?',
    },
    expired_trigger_id: trigger('the press was more than three seconds ago'),
    exchanged_trigger_id: trigger('the press has opened a dialog already'),
    trigger_exchanged: trigger('the press has opened a dialog already'),
    invalid_trigger_id: trigger('what the press brought along opens no dialog'),
    invalid_trigger: trigger('what the press brought along opens no dialog'),
    not_found: trigger('the dialog was closed'),
    view_too_large: defect('the dialog is too long'),
    thread_not_found: {
      why: 'the card is gone',
      remedy: 'Somebody deleted it in Slack. The issue still holds the request; decide there (/approve or /deny).',
    },
    user_not_in_channel: {
      why: `the person is not in the channel ${channel}`,
      remedy: `Invite them there, or let them decide by a comment on the issue (/approve or /deny).`,
    },
    no_such_subteam: {
      why: 'there is no such user group in this workspace, or it is switched off',
      remedy: `Correct its id (S…) in the policy: it stands at the end of the group's address in Slack.`,
    },
    msg_too_long: defect('the message is too long'),
    msg_blocks_too_long: defect('the card is too long'),
    message_not_found: {
      why: 'the card is gone',
      remedy: 'Somebody deleted it in Slack. The issue still holds the request; decide there (/approve or /deny).',
    },
    cant_update_message: {
      why: 'the card was posted by another Slack app',
      remedy: 'Use the bot token of the app that posted the card.',
    },
    restricted_action: {
      why: `your workspace does not let the bot post in ${channel}`,
      remedy: `Ask a workspace admin to let apps post in ${channel}, or name another channel in the policy.`,
    },
    ratelimited: { why: 'too many calls', remedy: `Try again in a minute.`, passes: true },
    link_disabled: {
      why: 'Socket Mode is switched off for this Slack app',
      remedy: 'Switch it on under "Socket Mode" of your Slack app (see slack-app-manifest.yml).',
    },
    internal_error: { why: 'Slack has trouble', remedy: `See https://slack-status.com.`, passes: true },
    fatal_error: { why: 'Slack has trouble', remedy: `See https://slack-status.com.`, passes: true },
    service_unavailable: { why: 'Slack has trouble', remedy: `See https://slack-status.com.`, passes: true },
  };
}

function trigger(why: string): Explanation {
  return { why, remedy: 'Press the button again, or decide by a comment on the issue (/approve or /deny).' };
}

function defect(why: string): Explanation {
  return { why, remedy: `This is a defect of the action: please report it.`, passes: true };
}

function missingScope(error: WebAPIPlatformError, needs: string | undefined): Explanation {
  const needed = needs ?? scopes(error, 'needed');
  const provided = scopes(error, 'provided');
  return {
    why: `the token lacks a scope (missing_scope): needed ${needed}, provided ${provided}.`,
    remedy: `Add ${needed} to your Slack app (see slack-app-manifest.yml), reinstall it to the workspace, and store its new token.`,
  };
}

function scopes(error: WebAPIPlatformError, field: string): string {
  const value: unknown = Object.entries(error.data).find(([name]) => name === field)?.[1];
  const text = typeof value === 'string' ? value.replace(/[^a-z0-9:._, -]/g, '').slice(0, 200) : '';
  return text === '' ? '(Slack does not say)' : text;
}

function invalidBlocks(code: string, error: WebAPIPlatformError): Explanation {
  const messages = error.data.response_metadata?.messages ?? [];
  // Only the place of the mistake: the rest of such a message may quote the payload.
  const places = messages.flatMap((text) => text.match(/json-pointer:[/A-Za-z0-9_]+/) ?? []);
  const told = defect(`Slack does not take the card's layout${places.length > 0 ? ` at ${places[0]}` : ''}`);
  return { ...told, why: `${told.why} (${code}).` };
}

/** Why a request got no answer: the system's code such as `ECONNREFUSED`, or `timeout`. */
function networkReason(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === 'TimeoutError') return 'timeout';
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(at.code)) return at.code;
  }
  return 'the connection failed';
}

/** True where the request surely never reached Slack, so that sending it again cannot post twice. */
export function neverSent(error: unknown): boolean {
  if (!(error instanceof WebAPIRequestError)) return false;
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(networkReason(error.original));
}

/** True where nobody can tell whether Slack did what was asked: no answer, or an error of its front. */
export function ambiguous(error: unknown): boolean {
  if (error instanceof WebAPIRateLimitedError || neverSent(error)) return false;
  if (!(error instanceof WebAPIPlatformError)) return true;
  return ['internal_error', 'fatal_error', 'service_unavailable', null].includes(slackErrorCode(error));
}

/** The same for the app-level token, whose remedies are others. */
export function socketFault(error: unknown): Fault {
  const fault = slackFault(error, { doing: 'open the connection that brings button presses', channel: '' });
  return fault.remedy === NEW_BOT_TOKEN ? new Fault('slack', fault.message, NEW_APP_TOKEN) : fault;
}
