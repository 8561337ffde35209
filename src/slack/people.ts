/** What decisions need to know of people in Slack: whether an account may decide, who is in a user group, whose address it is. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { Clock, MemberFacts, SlackPeople } from '../app/ports.ts';
import { repeatedly, slackClient } from './calls.ts';
import { factsOf, Member } from './directory.ts';
import { slackErrorCode } from './slack-fault.ts';

export interface SlackPeopleOptions {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  clock: Clock;
}

/** Somebody waits for their decision: a look-up that takes longer is none. */
const CLICK_MS = 2000;
const CALL_MS = 10_000;
/** The longest `Retry-After` that is waited for: while somebody waits, and while a request is being opened. */
const CLICK_PATIENCE_MS = 0;
const PATIENCE_MS = 60_000;
/** How long what was found of an account is believed. */
const FRESH_MS = 60_000;

const entries = {
  ...Member.entries,
  profile: v.looseObject({ ...Member.entries.profile.entries, email: v.optional(v.string(), '') }),
  is_email_confirmed: v.optional(v.boolean(), false),
  enterprise_user: v.optional(
    v.looseObject({ enterprise_id: v.optional(v.string()), teams: v.optional(v.array(v.string()), []) }),
  ),
};
/** Of whoever may decide Slack must say all that would bar them; of a deactivated account it says little else. */
const Account = v.variant('deleted', [
  v.looseObject({ ...entries, deleted: v.literal(true) }),
  v.looseObject({
    ...entries,
    deleted: v.literal(false),
    is_bot: v.boolean(),
    is_restricted: v.boolean(),
    is_ultra_restricted: v.boolean(),
  }),
]);
type Account = v.InferOutput<typeof Account>;
const One = v.looseObject({ user: Account });
const Group = v.looseObject({ users: v.array(v.string()) });
const Identity = v.looseObject({ team_id: v.string(), enterprise_id: v.nullish(v.string()) });
type Home = v.InferOutput<typeof Identity>;

/**
 * {@link SlackPeople} of the bot's workspace. Needs users:read for accounts, usergroups:read for groups, and
 * users:read.email for addresses. What it finds of an account holds for a minute; failures are never kept.
 */
export function slackPeople({ token, apiUrl, clock }: SlackPeopleOptions): SlackPeople {
  const quick = slackClient(token, apiUrl, CLICK_MS);
  const patient = slackClient(token, apiUrl, CALL_MS);
  const own = kept(clock, Number.POSITIVE_INFINITY, () =>
    asked(clock, 'ask for the workspace', Identity, CLICK_PATIENCE_MS, () => quick.auth.test()),
  );
  const account = kept(clock, FRESH_MS, (user: string) => lookUp(clock, user, () => quick.users.info({ user })));

  return {
    async barred({ team, user }) {
      const [found, ours] = await Promise.all([account(user), own('')]);
      return found === null ? `Slack knows no member ${user} in this workspace` : barrier(found, ours, team);
    },

    async home() {
      const { team_id, enterprise_id } = await own('');
      return enterprise_id == null ? [team_id] : [team_id, enterprise_id];
    },

    async members(usergroup) {
      const doing = `ask who is in the user group ${usergroup}`;
      const ask = () => patient.usergroups.users.list({ usergroup });
      return (await asked(clock, doing, Group, PATIENCE_MS, ask)).users;
    },

    async byEmail(email) {
      const [user, ours] = await Promise.all([byAddress(email), own('')]);
      if (user === null || user.profile.email.toLowerCase() !== email.toLowerCase()) return null;
      if (!user.is_email_confirmed || barrier(user, ours, user.team_id) !== null) return null;
      return { team: user.team_id, user: user.id };
    },
  };

  async function byAddress(email: string): Promise<Account | null> {
    // An address is personal: no message repeats it.
    const doing = 'find a member by their e-mail address';
    const ask = () => orNull('users_not_found', patient.users.lookupByEmail({ email }));
    const found = await asked(clock, doing, v.nullable(One), PATIENCE_MS, ask);
    return found?.user ?? null;
  }
}

/** Why this account decides nothing; null: it may. `team` is the workspace that Slack named for whoever did something. */
function barrier(account: Account, own: Home, team: string): string | null {
  const facts: MemberFacts = factsOf(account);
  if (facts.deleted) return 'this Slack account is deactivated';
  if (facts.bot) return 'this Slack account is a bot';
  const organisation = own.enterprise_id ?? null;
  const sister = organisation !== null && account.enterprise_user?.enterprise_id === organisation;
  if (facts.stranger || (facts.team !== own.team_id && !sister)) {
    return 'this Slack account is of another workspace, here through Slack Connect';
  }
  if (facts.guest) return 'this Slack account is a guest';
  const homes = [facts.team, own.team_id, organisation, ...(account.enterprise_user?.teams ?? [])];
  return homes.includes(team)
    ? null
    : `Slack says that this account is of ${facts.team}, and of ${team} where it decided`;
}

async function lookUp(clock: Clock, user: string, ask: () => Promise<unknown>): Promise<Account | null> {
  const doing = `look up the account ${user}`;
  const orNobody = () => orNull('user_not_found', orNull('user_not_visible', ask()));
  const found = await asked(clock, doing, v.nullable(One), CLICK_PATIENCE_MS, orNobody);
  if (found === null || found.user.id === user) return found?.user ?? null;
  throw new Fault('slack', `Slack: asked about the account ${user}, it answered about ${found.user.id}.`, 'Try again.');
}

/** The answer, or null where Slack refuses with this code. */
async function orNull(code: string, answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (slackErrorCode(error) === code) return null;
    throw error;
  }
}

async function asked<S extends v.GenericSchema>(
  clock: Clock,
  doing: string,
  schema: S,
  patienceMs: number,
  ask: () => Promise<unknown>,
): Promise<v.InferOutput<S>> {
  const answer = v.safeParse(schema, await repeatedly(clock, { doing, channel: '' }, patienceMs, ask));
  if (answer.success) return answer.output;
  const place = v.getDotPath(answer.issues[0]) ?? 'the whole';
  throw new Fault(
    'slack',
    `Slack: could not ${doing}: its answer is not what its API documents (${place}).`,
    'Try again.',
  );
}

/** Asks once for several who want to know at the same time, and again once the answer is `freshMs` old; never keeps a failure. */
function kept<T>(clock: Clock, freshMs: number, ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, { at: number; answer: Promise<T> }>();
  return (key) => {
    const standing = answers.get(key);
    const now = clock.now();
    if (standing !== undefined && now - standing.at < freshMs) return standing.answer;
    const entry = { at: now, answer: ask(key) };
    answers.set(key, entry);
    entry.answer.catch(() => {
      if (answers.get(key) === entry) answers.delete(key);
    });
    return entry.answer;
  };
}
