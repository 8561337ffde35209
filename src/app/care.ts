/** What the ask job does of itself while it waits: reminds, escalates, puts the discussion on record, tells the requester how it ended. */
import { namesOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { dueReminder, nextReminderAt } from '../request/deadlines.ts';
import type { DueReminder } from '../request/decide.ts';
import type { Written } from './append.ts';
import { recordDeed } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf } from './fault.ts';
import type { Reading } from './reading.ts';
import { settlesWithin } from './settles.ts';
import { mirror, mirrorElsewhere, type Talk } from './talk.ts';
import { MENDS_ITSELF } from './watch.ts';

export interface Care {
  /** Does what is due by now; its record's comment id, null where nothing was. A failure that mends itself is said. */
  due(reading: Reading): Promise<number | null>;
  /** How long nothing can be due, in ms. */
  pause(reading: Reading): number;
  /** Puts the rest of the discussion on record; its comment's id, null where there is none. Never throws a Fault. */
  last(reading: Reading): Promise<number | null>;
}

/** How often the discussion is put on record at most, and how long after a failure either is tried again. */
const PAUSE_MS = 30_000;
/** The pause grows with every so many records of the discussion: each is a comment that whoever decides waits for. */
const RECORDS_A_STEP = 10;
/** So long the end of the wait is held up by talk in the threads of other requests. */
const LAST_MS = 1_500;
/** What should have happened by now is looked at this often. */
const SOON_MS = 1_000;

export function newCare(desk: Desk, talk: Talk): Care {
  let remindFrom = 0;
  let mirrorFrom = 0;
  let elsewhere: Promise<void> | null = null;
  const again = (times = 1) => desk.clock.now() + PAUSE_MS * times;
  /** Beside the wait: a slow Slack must not keep anybody's decision waiting. Where the policy mirrors nothing, nobody looks. */
  const lookElsewhere = ({ policy }: Reading): void => {
    if (policy.slack?.mirror !== true) return;
    elsewhere ??= mirrorElsewhere(desk, talk)
      .catch((error: unknown) => desk.progress.warn(messageOf(error)))
      .finally(() => {
        elsewhere = null;
      });
  };
  return {
    async due(reading) {
      if (desk.clock.now() >= remindFrom) {
        const after = await orSay(desk, 'Nobody could be reminded yet', () => remind(desk, reading));
        if (after === 'failed') remindFrom = again();
        else if (after !== null) return after.commentId;
      }
      const silent = talk.waiting().length + talk.elsewhere().length === 0;
      if (silent || desk.clock.now() < mirrorFrom) return null;
      mirrorFrom = again(1 + Math.floor(reading.state.discussed.records / RECORDS_A_STEP));
      lookElsewhere(reading);
      const written = await orSay(desk, 'The discussion is not on record yet', () => mirror(desk, reading, talk));
      return written === null || written === 'failed' ? null : written.commentId;
    },
    pause({ policy, state }) {
      const next = nextReminderAt(policy, state);
      if (next === null) return Number.POSITIVE_INFINITY;
      return Math.max(Math.max(next, remindFrom) - desk.clock.now(), SOON_MS);
    },
    async last(reading) {
      lookElsewhere(reading);
      const [written] = await Promise.all([
        orSay(desk, 'The discussion is not on record', () => mirror(desk, reading, talk)),
        elsewhere === null ? null : settlesWithin(desk.clock, LAST_MS, elsewhere),
      ]);
      return written === null || written === 'failed' ? null : written.commentId;
    },
  };
}

async function orSay<T>(desk: Desk, what: string, work: () => Promise<T>): Promise<T | 'failed'> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || !MENDS_ITSELF.includes(error.code)) throw error;
    desk.progress.warn(`${what}: ${error.message}`);
    return 'failed';
  }
}

/** Records who is reminded, then pings them in the card's thread: whoever is pinged twice stops to look. */
export async function remind(desk: Desk, reading: Reading): Promise<Written | null> {
  const { policy, state } = reading;
  const due = dueReminder(policy, state, desk.clock.now());
  const written = due === null ? null : await recordDeed(desk, reading, { type: 'remind', due });
  if (due === null || written === null) return null;
  await ping(desk, reading, due);
  return written;
}

async function ping(desk: Desk, { policy, state, snapshot }: Reading, due: DueReminder): Promise<void> {
  const { card, request } = state.opening;
  if (card === null || desk.chat === null) return;
  const users = due.people.flatMap((person) => policy.people[person]?.slack?.user ?? []);
  try {
    await desk.chat.say(card, reminderText(policy, due, { issue: snapshot.number, until: request.expiresAt }), users);
  } catch (error) {
    desk.progress.warn(`The reminder could not be said in Slack: ${messageOf(error)}`);
  }
}

function reminderText(policy: Policy, due: DueReminder, { issue, until }: { issue: number; until: string }): string {
  const head = due.escalatedTo.length === 0 ? `Reminder ${due.step}` : `Escalated to ${due.escalatedTo.join(', ')}`;
  return `${head}: request #${issue} still waits, until ${until}. It can be decided by ${namesOf(policy, due.people)}.`;
}

/** Tells the requester in person how it ended. A failure is said and changes nothing. */
export async function tellRequester(
  desk: Desk,
  { policy, state, snapshot }: Reading,
  outcome: string | null,
): Promise<void> {
  const { request } = state.opening;
  const slack = policy.people[request.requester.person]?.slack;
  if (desk.chat === null || slack === undefined || outcome === null) return;
  const title = policy.runbooks[request.runbook]?.title ?? request.runbook;
  try {
    await desk.chat.tell(
      slack.user,
      `Your request #${snapshot.number} (${title} on ${request.target}): ${outcome}\n${snapshot.url}`,
    );
  } catch (error) {
    desk.progress.warn(`The requester could not be told in Slack: ${messageOf(error)}`);
  }
}
