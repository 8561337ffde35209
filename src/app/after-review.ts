/** The after-review of a break-glass: records who signed it on the issue, and once that nobody did in time. */
import { parseDecision } from '../request/comment-decision.ts';
import { decide, type Outcome } from '../request/decide.ts';
import { someNames } from '../request/names.ts';
import { accountOf, type DueReview, reviewOf } from '../request/state.ts';
import { wishOfComment } from './commands.ts';
import { type Asked, recordDecision } from './decisions.ts';
import { recordDeed } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { IssueComment, PolledComment } from './ports.ts';
import { type Reading, reconcile } from './reading.ts';
import { messageOf } from './show.ts';
import { IN_GOOD_STANDING } from './standing.ts';

/** So many accounts that may not sign are put on record at one look: a flood of them must not use up GitHub's limit. */
const MOST_REFUSED = 10;

/** GitHub's times are whole seconds, and the record that says so must be later than the time that is over. */
const LATE_MS = 2_000;

/** The after-review that somebody must still sign; null: none is due, or it is signed. */
export function openReview({ policy, state }: Reading): DueReview | null {
  const review = reviewOf(policy, state);
  return review === null || review.signed !== null ? null : review;
}

/**
 * Looks after the after-review of a job that has ended, and gives the reading after it: signed by a comment, overdue for the
 * first time, or as before.
 */
export async function lookAfterReview(desk: Desk, reading: Reading): Promise<Reading> {
  if (reading.state.status === 'running' || openReview(reading) === null) return reading;
  const judged = await judgeReviews(desk, reading);
  const left = openReview(judged);
  if (left === null || left.overdue || desk.clock.now() < left.dueAt + LATE_MS) return judged;
  const written = await recordDeed(desk, judged, { type: 'overdue' });
  if (written === null) return judged;
  const after = await reconcile(desk, judged.snapshot.number, written.commentId);
  // Of two sweeps at once the one whose record stands first pings.
  if (firstOverdue(after) === written.commentId) await pingReviewers(desk, after, left);
  return after;
}

function firstOverdue({ log }: Reading): number | null {
  const said = log.entries.find(({ record }) => record.events.some(({ type }) => type === 'review-overdue'));
  return said?.commentId ?? null;
}

/** Judges what people wrote, those first who may sign: however many others write, they keep nobody from signing. */
async function judgeReviews(desk: Desk, reading: Reading): Promise<Reading> {
  const wishes = await wishesOf(desk, reading);
  const signing = onePerAccount(wishes.filter(({ outcome }) => outcome.kind === 'append'));
  const refused = wishes.filter(({ outcome }) => outcome.kind === 'refuse' && outcome.record !== null);
  let now = reading;
  for (const { asked } of [...signing, ...onePerAccount(refused).slice(0, MOST_REFUSED)]) {
    const written = await recordOrSay(desk, now, asked);
    if (written !== null) now = await reconcile(desk, now.snapshot.number, written);
    if (openReview(now) === null) return now;
  }
  for (const { outcome } of wishes) {
    if (outcome.kind === 'refuse' && outcome.record === null) desk.progress.info(outcome.message);
  }
  return now;
}

interface Wish {
  asked: Asked;
  /** What would follow, as long as no directory says that the person has left. */
  outcome: Outcome;
}

/** What asks to be signed and is neither edited nor answered. The list alone tells what an app wrote. */
async function wishesOf(desk: Desk, reading: Reading): Promise<Wish[]> {
  const { snapshot, policy, state } = reading;
  const written = snapshot.comments.filter((comment) => wantsReview(reading, comment)).map(({ id }) => id);
  if (written.length === 0) return [];
  const listed = (await desk.repository.poll(snapshot.number)) ?? [];
  return listed.flatMap((comment) => {
    const asked = written.includes(comment.id) ? reviewIn(comment) : null;
    if (asked === null) return [];
    const { texts: _, ...wish } = asked;
    const command = { ...wish, shown: null, standing: IN_GOOD_STANDING };
    return { asked, outcome: decide(policy, state, command, { now: desk.clock.now() }) };
  });
}

function wantsReview({ state }: Reading, { author, editedAt, body, id }: IssueComment): boolean {
  if (author === null || editedAt !== null || state.answeredComments.includes(String(id))) return false;
  return parseDecision(body)?.decision === 'review';
}

function reviewIn(comment: PolledComment): Asked | null {
  const asked = wishOfComment(comment, parseDecision(comment.body));
  return asked?.decision === 'review' ? asked : null;
}

function onePerAccount(wishes: readonly Wish[]): Wish[] {
  const accounts = new Map(
    wishes.toReversed().map((wish) => [accountOf({ ...wish.asked.by, person: null, name: '' }), wish]),
  );
  return [...accounts.values()].toReversed();
}

/** The record's comment id; null: there is none, and the job's log says why. What mends itself is looked at by the next sweep. */
async function recordOrSay(desk: Desk, { snapshot }: Reading, asked: Asked): Promise<number | null> {
  try {
    const recorded = await recordDecision(desk, snapshot.number, asked);
    if (recorded.kind === 'refused') desk.progress.info(recorded.message);
    return recorded.commentId;
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'log') throw error;
    const which = `The after-review in comment ${asked.by.evidence['comment']} of issue #${snapshot.number}`;
    desk.progress.warn(`${which} is not recorded: ${error.message} ${error.remedy}`);
    return null;
  }
}

async function pingReviewers(desk: Desk, { policy, state, snapshot }: Reading, { by }: DueReview): Promise<void> {
  const { card } = state.opening;
  if (card === null || desk.chat === null) return;
  const users = by.flatMap((person) => policy.people[person]?.slack?.user ?? []);
  const who =
    by.length === 0
      ? 'The policy leaves nobody who could sign it: see'
      : `One of ${someNames(policy, by)} writes /review and what they found as a comment on`;
  const text = `The after-review of this break-glass is overdue. ${who} ${snapshot.url}`;
  try {
    await desk.chat.say(card, text, users);
  } catch (error) {
    desk.progress.warn(`Nobody was pinged about the overdue after-review of ${snapshot.url}: ${messageOf(error)}`);
  }
}
