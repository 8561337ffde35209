/** Looks at a Slack set-up for `doctor`: reads what Slack says of tokens, app, channel and members, and changes nothing. */
import { WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import * as v from 'valibot';
import type { Clock, SlackAnswer, SlackFailure, SlackInspector } from '../app/ports.ts';
import { openConnection, Refused } from './connection.ts';
import { lookUpAddress, lookUpGroup } from './inspect-people.ts';
import { ChannelInfo, channelFacts, Identity, membersPage } from './inspect-shapes.ts';
import { lookUpMembers } from './look-up.ts';
import { quietLogger } from './quiet.ts';
import { ambiguous, slackErrorCode, slackFault } from './slack-fault.ts';
import { tokenKind } from './token-kind.ts';

export interface SlackInspectorOptions {
  /** The bot token (`xoxb-…`); null: none was given. */
  botToken: string | null;
  /** The app-level token (`xapp-…`); null: none was given. */
  appToken: string | null;
  /** From `slackApiAddress`. */
  apiUrl: string;
  clock: Clock;
}

const CALL_MS = 5000;
/** The longest `Retry-After` that is waited for: somebody sits before the table. */
const PATIENCE_S = 5;
const PAUSE_MS = 300;
const MEMBERS_PAGE = 200;
/** Slack's error codes that another time may not give again, besides those that are ambiguous. */
const PASSING = new Set(['ratelimited', 'request_timeout', 'team_added_to_org', 'fetch_members_failed']);

/** A question to Slack's Web API: what was asked for the message, how its answer must look, and the call itself. */
export interface Question<S extends v.GenericSchema> {
  doing: string;
  schema: S;
  ask: () => Promise<unknown>;
}

/** Puts a question, once more where that may help. */
export type Put = <S extends v.GenericSchema>(question: Question<S>) => Promise<SlackAnswer<v.InferOutput<S>>>;

/** The {@link SlackInspector} over Slack's Web API and Socket Mode. */
export function slackInspector({ botToken, appToken, apiUrl, clock }: SlackInspectorOptions): SlackInspector {
  const bot = client(botToken, apiUrl);
  const app = client(appToken, apiUrl);
  const put: Put = (question) => putTo(clock, question);
  return {
    tokens: { bot: tokenKind(botToken), app: tokenKind(appToken) },

    bot: () => put({ doing: 'ask whose bot token it is', schema: Identity, ask: () => bot.auth.test() }),

    async appOfBot(id) {
      const answer = await put({
        doing: 'ask which Slack app the bot belongs to',
        schema: v.looseObject({ bot: v.looseObject({ app_id: v.optional(v.string()) }) }),
        ask: () => bot.bots.info({ bot: id }),
      });
      return mapped(answer, (value) => value.bot.app_id ?? null);
    },

    async mayListen() {
      const opened = await put({
        doing: 'ask for a Socket Mode connection',
        schema: v.looseObject({ url: v.string() }),
        ask: () => app.apps.connections.open({}),
      });
      if (!opened.ok) return opened;
      const known = await put({
        doing: 'ask whose app token it is',
        schema: v.looseObject({ app_id: v.optional(v.string()) }),
        ask: () => app.auth.test(),
      });
      return { ok: true, value: { app: (known.ok ? known.value.app_id : undefined) ?? appInToken(appToken) } };
    },

    countConnections: () => count(appToken ?? '', apiUrl),

    async channel(id) {
      const ask = () => bot.conversations.info({ channel: id });
      return mapped(await put({ doing: `look at the channel ${id}`, schema: ChannelInfo, ask }), channelFacts);
    },

    channelMembers: (id) =>
      membersPage(put, `ask who is in the channel ${id}`, (cursor) =>
        bot.conversations.members({ channel: id, limit: MEMBERS_PAGE, ...cursor }),
      ),

    members: (ids) => lookUpMembers(put, bot, ids),
    userGroup: (id) => lookUpGroup(put, bot, id),
    memberByEmail: (email) => lookUpAddress(put, bot, email),
  };
}

function client(token: string | null, apiUrl: string): WebClient {
  return new WebClient(token ?? undefined, {
    slackApiUrl: apiUrl,
    timeout: CALL_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: quietLogger,
  });
}

/** Slack writes the app's id, which is no secret, into the app-level token. */
function appInToken(token: string | null): string | null {
  return /^xapp-\d+-(A[A-Z0-9]{6,20})-/.exec(token ?? '')?.[1] ?? null;
}

function mapped<T, U>(answer: SlackAnswer<T>, change: (value: T) => U): SlackAnswer<U> {
  return answer.ok ? { ok: true, value: change(answer.value) } : answer;
}

async function putTo<S extends v.GenericSchema>(
  clock: Clock,
  { doing, schema, ask }: Question<S>,
): Promise<SlackAnswer<v.InferOutput<S>>> {
  for (let tries = 0; ; tries += 1) {
    try {
      const parsed = v.safeParse(schema, await ask());
      return parsed.success ? { ok: true, value: parsed.output } : { ok: false, failure: unreadable(doing) };
    } catch (error) {
      const pause = tries === 0 ? pauseAfter(error) : null;
      if (pause === null) return { ok: false, failure: failureOf(error, doing) };
      await clock.sleep(pause);
    }
  }
}

function pauseAfter(error: unknown): number | null {
  if (!(error instanceof WebAPIRateLimitedError)) return ambiguous(error) ? PAUSE_MS : null;
  return error.retryAfter <= PATIENCE_S ? Math.max(1, error.retryAfter) * 1000 : null;
}

function failureOf(error: unknown, doing: string): SlackFailure {
  const { message: what, remedy } = slackFault(error, { doing, channel: '', byHand: 'users:read' });
  const code = slackErrorCode(error);
  if (code === 'missing_scope') return { kind: 'scope', code, scope: neededScope(error), what, remedy };
  const passing = code === null || PASSING.has(code) || ambiguous(error);
  return { kind: passing ? 'unanswered' : 'refused', code, scope: null, what, remedy };
}

/** What Slack says is needed; of alternatives all, as it lists them. */
function neededScope(error: unknown): string | null {
  const Needed = v.looseObject({
    data: v.looseObject({ needed: v.pipe(v.string(), v.regex(/^[a-z0-9:._, -]{1,200}$/)) }),
  });
  const parsed = v.safeParse(Needed, error);
  return parsed.success ? parsed.output.data.needed : null;
}

function unreadable(doing: string): SlackFailure {
  const what = `Slack: could not ${doing}: its answer is not what its API documents.`;
  return { kind: 'unanswered', code: null, scope: null, what, remedy: 'Try again.' };
}

/** Presses that arrive are dropped unread: Slack then tells the person that it failed, and nothing was decided. */
async function count(appToken: string, apiUrl: string): ReturnType<SlackInspector['countConnections']> {
  try {
    const connection = await openConnection({ appToken, apiUrl, onEnvelope() {} });
    await connection.close();
    return { ok: true, value: { connections: connection.hello.connections, app: connection.hello.appId } };
  } catch (error) {
    return { ok: false, failure: connectFailure(error) };
  }
}

function connectFailure(error: unknown): SlackFailure {
  const doing = 'open a Socket Mode connection';
  if (!(error instanceof Refused)) return failureOf(error, doing);
  const code = { 'too-many': 'too_many_websockets', disabled: 'link_disabled', renewal: null, lost: null }[
    error.leaving
  ];
  return {
    kind: code === null ? 'unanswered' : 'refused',
    code,
    scope: null,
    what: `Slack: could not ${doing}: ${code ?? 'it closed the connection before it was ready'}.`,
    remedy: 'Try again.',
  };
}
