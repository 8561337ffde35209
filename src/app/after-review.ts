/** The after-review of a break-glass: records who signed it on the issue, and once that nobody did in time. */
import { findByGithub } from '../policy/people.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { instant } from '../request/instant.ts';
import { oneOfNames, someNames } from '../request/names.ts';
import { type DueReview, reviewOf } from '../request/state.ts';
import { recordDeed } from './deed.ts';
import type { Desk } from './desk.ts';
import { messageOf } from './fault.ts';
import type { IssueComment } from './ports.ts';
import { type Reading, reconcile } from './reading.ts';
import { onePerAccount, recordWritten, type Written, writtenSince } from './written.ts';

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

/**
 * Judges what people wrote. Where somebody signs, people of the policy who may not are answered before, since nobody is
 * afterwards; strangers, however many, hold up no signature.
 */
async function judgeReviews(desk: Desk, reading: Reading): Promise<Reading> {
  const end = endOf(reading);
  // What somebody wrote before there was anything to see says nothing of it.
  const inTime = (id: number) => end !== null && id > end;
  const wanted = ({ id, body }: IssueComment) => inTime(id) && parseDecision(body)?.decision === 'review';
  const written = await writtenSince(desk, reading, wanted);
  const signing = onePerAccount(written.filter(({ outcome }) => outcome.kind === 'append'));
  const refused = written.filter(({ outcome }) => outcome.kind === 'refuse' && outcome.record !== null);
  const wrong = onePerAccount(refused);
  const people = wrong.filter((one) => isKnown(reading, one));
  const strangers = signing.length === 0 ? wrong.filter((one) => !isKnown(reading, one)) : [];
  let now = reading;
  for (const one of [...[...people, ...strangers].slice(0, MOST_REFUSED), ...signing]) {
    now = await recordWritten(desk, now, one);
    if (openReview(now) === null) return now;
  }
  for (const { outcome } of written) {
    if (outcome.kind === 'refuse' && outcome.record === null) desk.progress.info(outcome.message);
  }
  return now;
}

function isKnown({ policy }: Reading, { asked: { by } }: Written): boolean {
  return by.github !== null && findByGithub(policy, by.github.id) !== null;
}

/** The comment that holds the end of the job; null: it has none. */
function endOf({ log, state }: Reading): number | null {
  const start = 'start' in state ? state.start.commentId : Number.POSITIVE_INFINITY;
  const ended = log.entries.find(
    ({ commentId, record }) => commentId > start && record.events.some(({ type }) => type === 'ended'),
  );
  return ended?.commentId ?? null;
}

/** The after-review that should have been signed by now, as one sentence for whoever sweeps; null: there is none. */
export function overdueWords(reading: Reading): string | null {
  const review = openReview(reading);
  if (review === null) return null;
  const { number } = reading.snapshot;
  const who =
    review.by.length === 0
      ? 'the policy leaves nobody who could sign it: look at what was done, and close the issue by hand'
      : `${oneOfNames(reading.policy, review.by)} signs it with /review and what was found, as a comment on the issue`;
  return `The after-review of #${number} was due by ${instant(review.dueAt)} and is not signed; ${who}.`;
}

async function pingReviewers(desk: Desk, { policy, state, snapshot }: Reading, { by }: DueReview): Promise<void> {
  const { card } = state.opening;
  if (card === null || desk.chat === null) return;
  const users = by.flatMap((person) => policy.people[person]?.slack?.user ?? []);
  const who =
    by.length === 0
      ? 'The policy leaves nobody who could sign it: see'
      : `${by.length > 1 ? 'One of ' : ''}${someNames(policy, by)} writes /review and what they found as a comment on`;
  const text = `The after-review of this break-glass is overdue. ${who} ${snapshot.url}`;
  try {
    await desk.chat.say(card, text, users);
  } catch (error) {
    desk.progress.warn(`Nobody was pinged about the overdue after-review of ${snapshot.url}: ${messageOf(error)}`);
  }
}
