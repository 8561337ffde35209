/** What is answered to a comment that was refused: on the issue in its record, or in person where it gets none. */
import { findByGithub } from '../policy/people.ts';
import type { DecideCommand } from '../request/command.ts';
import { accountOf } from '../request/state.ts';
import type { Desk } from './desk.ts';
import { messageOf } from './fault.ts';
import type { Reading } from './reading.ts';
import type { Refusal, Refused } from './refusals.ts';

/** Far below the 2,000 of a record's sentence: nobody reads more. */
const LONGEST = 1_200;
/** What the sentence of a record may not hold, see src/log/record.ts: the policy's own names may. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<]+/gu;

/** The sentence of a refusal's record. Whoever commented reads there why, and who can; no text of theirs is in it. */
export function refusedSentence({ by, decision }: DecideCommand, { name, code, message }: Refusal): string {
  const what = `An attempt of ${name} to ${decision} this request was refused (${code}).`;
  if (by.via !== 'issue-comment') return what;
  const text = `${what} ${message.replace(FORBIDDEN, ' ')}`;
  return text.length <= LONGEST ? text.trim() : `${text.slice(0, LONGEST).toWellFormed().trim()} …`;
}

/**
 * Tells the author of a comment in person why it was refused, where the policy links their Slack account: once for each reason,
 * since nobody may be flooded. A failure is said and changes nothing.
 */
export async function answerComment(
  desk: Desk,
  reading: Reading,
  command: DecideCommand,
  { code, message }: Refused,
): Promise<void> {
  const user = awaitsAnswer(desk, reading, command, code);
  if (user === null || desk.chat === null) return;
  markAnswered(desk, reading, command, code);
  const { number, url } = reading.snapshot;
  try {
    await desk.chat.tell(user, `Your comment on request #${number} decided nothing. ${message}\n${url}`);
  } catch (error) {
    desk.progress.warn(`Why a comment on issue #${number} was refused could not be told in Slack: ${messageOf(error)}`);
  }
}

/** The Slack user to whom a refused comment is still to be answered; null: answered, written through an app, or nobody's. */
export function awaitsAnswer(
  desk: Desk,
  { policy, snapshot }: Reading,
  { by, bot }: DecideCommand,
  code: string,
): string | null {
  if (desk.chat === null || bot || by.via !== 'issue-comment' || by.github === null) return null;
  const person = findByGithub(policy, by.github.id);
  if (person === null || desk.answered.has(keyOf(snapshot.number, by, code))) return null;
  return policy.people[person]?.slack?.user ?? null;
}

/** Remembers that this account has had its answer. */
export function markAnswered(desk: Desk, { snapshot }: Reading, { by }: DecideCommand, code: string): void {
  desk.answered.add(keyOf(snapshot.number, by, code));
}

function keyOf(issue: number, by: DecideCommand['by'], code: string): string {
  return `${issue} ${code} ${accountOf({ ...by, person: null, name: '' })}`;
}
