/** What a job remembers of refused attempts, so that repeating them costs neither reads nor the time in which others wait. */
import { expandMembers, findByGithub, findBySlack } from '../policy/people.ts';
import type { DecideCommand, Outcome } from '../request/command.ts';
import { accountOf, mayDecide } from '../request/state.ts';
import { countRefusal } from './append.ts';
import type { Desk } from './desk.ts';
import type { Reading } from './reading.ts';

export type Refused = { kind: 'refused'; issue: number; code: string; message: string; commentId: number | null };
export type Refusal = Extract<Outcome, { kind: 'refuse' }>;

/** Counts a deed in Slack whose like was refused for good before, and gives what was answered; null: it must be looked at. */
export function knownRefusal(
  desk: Desk,
  issue: number,
  { by, decision, bot }: Pick<DecideCommand, 'by' | 'decision' | 'bot'>,
): Refused | null {
  const account = accountOf({ ...by, person: null, name: '' });
  const message = desk.refusedForGood.get(`${issue} ${bot ? 'bot' : decision} ${account}`);
  if (message === undefined || by.slack === null) return null;
  countRefusal(desk, issue, account);
  return { kind: 'refused', issue, code: 'known', message, commentId: null };
}

/** Remembers what was answered to a deed in Slack, where it will be refused the same again. */
export function rememberRefusal(
  desk: Desk,
  reading: Reading,
  command: DecideCommand,
  { code, message }: Refused,
): void {
  const { by, bot, decision } = command;
  if (by.slack === null || !isLasting(reading, command, code)) return;
  const account = accountOf({ ...by, person: null, name: '' });
  // Apart: what was edited or came through an app is refused whatever it says, and its author may write by hand.
  desk.refusedForGood.set(`${reading.snapshot.number} ${bot ? 'bot' : decision} ${account}`, message);
}

/** Refusals that no later look at the same request changes. */
const LASTING: readonly string[] = ['unknown-person', 'own-request', 'not-eligible', 'bot', 'not-requester'];

/** Whether the account will be refused the same again: who can never approve has nothing to withdraw, either. */
export function isLasting({ policy, state }: Reading, { by }: DecideCommand, code: string): boolean {
  if (LASTING.includes(code)) return true;
  const person = by.slack === null ? findByGithub(policy, by.github?.id ?? 0) : findBySlack(policy, by.slack);
  if (person === null) return false;
  if (code === 'nothing-to-withdraw') return !mayDecide(policy, state, person);
  return code === 'no-review' && !expandMembers(policy, policy.breakGlass?.review.by ?? []).includes(person);
}

/** Whether a refusal gets a record of its own: the first of each account. */
export function isToRecord(desk: Desk, { snapshot }: Reading, { by }: DecideCommand, refusal: Refusal): boolean {
  const account = accountOf({ ...by, person: null, name: refusal.name });
  return refusal.record !== null && !desk.refused.has(`${snapshot.number} ${account}`);
}
