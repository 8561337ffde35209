/** Who is in the workspace: looks members up for people who write policies. Needs the scope users:read. */
import { WebAPIRateLimitedError } from '@slack/web-api';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { Clock, Directory, MemberFacts } from '../app/ports.ts';
import { slackClient } from './calls.ts';
import { ambiguous, slackErrorCode, slackFault } from './slack-fault.ts';

export interface DirectoryOptions {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  clock: Clock;
}

const CALL_MS = 15_000;
/** Slack recommends no more; it is far below what makes it refuse. */
const PAGE = 200;
/** The longest `Retry-After` that is waited for: limits are counted by the minute. */
const PATIENCE_S = 60;
const REPEATS = 2;
const PAUSE_MS = 500;

const flag = v.optional(v.boolean(), false);
/** A member as users.info and users.list describe one. */
export const Member = v.looseObject({
  id: v.string(),
  team_id: v.string(),
  name: v.string(),
  deleted: flag,
  real_name: v.optional(v.string(), ''),
  profile: v.looseObject({ display_name: v.optional(v.string(), ''), real_name: v.optional(v.string(), '') }),
  is_bot: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
});
const Identity = v.looseObject({ team_id: v.string() });
const One = v.looseObject({ user: Member });
const Page = v.looseObject({
  members: v.array(Member),
  response_metadata: v.optional(v.looseObject({ next_cursor: v.optional(v.string(), '') })),
});

/** The {@link Directory} of the bot's workspace. */
export function slackDirectory({ token, apiUrl, clock }: DirectoryOptions): Directory {
  const web = slackClient(token, apiUrl, CALL_MS);
  return {
    async team() {
      return (await call(clock, 'ask for the workspace', Identity, () => web.auth.test())).team_id;
    },

    async member(id) {
      try {
        return factsOf((await call(clock, `look up the member ${id}`, One, () => web.users.info({ user: id }))).user);
      } catch (error) {
        const code = error instanceof Fault ? slackErrorCode(error.cause) : null;
        if (code === 'user_not_found' || code === 'user_not_visible') return null;
        throw error;
      }
    },

    async everybody() {
      const all: MemberFacts[] = [];
      let cursor = '';
      do {
        const next = cursor === '' ? {} : { cursor };
        const page = await call(clock, 'list the members', Page, () => web.users.list({ limit: PAGE, ...next }));
        all.push(...page.members.map(factsOf));
        cursor = page.response_metadata?.next_cursor ?? '';
      } while (cursor !== '');
      return all;
    },
  };
}

/** What {@link Member} says, in the product's words. */
export function factsOf(member: v.InferOutput<typeof Member>): MemberFacts {
  return {
    id: member.id,
    team: member.team_id,
    handle: member.name,
    displayName: member.profile.display_name,
    realName: member.profile.real_name || member.real_name,
    deleted: member.deleted,
    // Slackbot says of itself that it is none.
    bot: member.is_bot || member.id === 'USLACKBOT',
    guest: member.is_restricted || member.is_ultra_restricted,
    stranger: member.is_stranger,
  };
}

/** Calls what only reads, again where Slack asks to wait or gave no answer. The Fault's cause is Slack's own error. */
async function call<S extends v.GenericSchema>(
  clock: Clock,
  doing: string,
  schema: S,
  question: () => Promise<unknown>,
): Promise<v.InferOutput<S>> {
  for (let tries = 0; ; tries += 1) {
    try {
      return parsed(schema, await question(), doing);
    } catch (error) {
      const pause = tries < REPEATS ? pauseAfter(error) : null;
      if (pause === null) throw explained(error, doing);
      await clock.sleep(pause);
    }
  }
}

function pauseAfter(error: unknown): number | null {
  if (error instanceof Fault) return null;
  if (!(error instanceof WebAPIRateLimitedError)) return ambiguous(error) ? PAUSE_MS : null;
  return error.retryAfter <= PATIENCE_S ? Math.max(1, error.retryAfter) * 1000 : null;
}

function parsed<S extends v.GenericSchema>(schema: S, answer: unknown, doing: string): v.InferOutput<S> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  const place = v.getDotPath(result.issues[0]) ?? 'the whole';
  throw new Fault(
    'slack',
    `Slack: could not ${doing}: its answer is not what its API documents (${place}).`,
    'Try again.',
  );
}

function explained(error: unknown, doing: string): Fault {
  const { message, remedy } = slackFault(error, { doing, channel: '', byHand: 'users:read' });
  const scope = slackErrorCode(error) === 'missing_scope';
  return new Fault('slack', message, scope ? SCOPE : remedy, { cause: error });
}

const SCOPE =
  'Give users:read to a Slack app of this workspace (the app that asks for approvals needs it, too), reinstall it, and put its bot token into SLACK_BOT_TOKEN; or leave the Slack handle out and add the ids by hand.';
