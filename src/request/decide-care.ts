/** What the product does of itself while a request is looked after: remind, mirror the discussion, say what is overdue. */
import type { Policy } from '../policy/schema.ts';
import { byProduct, type CommandOf, type Facts, type Outcome } from './command.ts';
import { dueReminder } from './deadlines.ts';
import { someNames } from './names.ts';
import { isOpen, type OpenedState, reviewOf } from './state.ts';

/** Records a reminder that is due by this state too: another job may have reminded just now. */
export function decideRemind(
  policy: Policy,
  state: OpenedState,
  { due }: CommandOf<'remind'>,
  { now }: Facts,
): Outcome {
  const mine = dueReminder(policy, state, now);
  if (mine === null || mine.step !== due.step || mine.escalatedTo.join() !== due.escalatedTo.join()) {
    return { kind: 'nothing', why: 'This reminder is not due, or somebody else reminded already.' };
  }
  const { step, people, escalatedTo } = mine;
  const names = someNames(policy, people);
  const sentence =
    escalatedTo.length === 0
      ? `Reminder ${step}: ${names} may still decide.`
      : `Escalated to ${someNames(policy, escalatedTo)}: ${names} may still decide.`;
  return byProduct([{ type: 'reminded', step, people, escalatedTo }], sentence);
}

/**
 * So much of a discussion is put on record. Whoever decides waits until the log is read, hence it must stay short: GitHub gives
 * a hundred comments at a time (docs.github.com, GraphQL pagination).
 */
const MOST_RECORDS = 50;
const MOST_CHARACTERS = 100_000;

/** Puts messages of the card's thread on record, each once, while the request is open or runs, until it is enough. */
export function decideDiscuss(policy: Policy, state: OpenedState, { messages }: CommandOf<'discuss'>): Outcome {
  if (policy.slack?.mirror !== true) return { kind: 'nothing', why: 'The policy does not mirror the discussion.' };
  if (!isOpen(state) && state.status !== 'running') {
    return { kind: 'nothing', why: `The request is ${state.status}; its discussion is no longer mirrored.` };
  }
  const fresh = messages.filter(({ ts }) => !state.mirrored.includes(ts));
  if (fresh.length === 0) return { kind: 'nothing', why: 'These messages are on record already.' };
  const { records, characters } = state.discussed;
  if (records >= MOST_RECORDS || characters >= MOST_CHARACTERS) {
    return { kind: 'nothing', why: 'So much of the discussion is on record that the rest stays in Slack.' };
  }
  const what = fresh.length === 1 ? '1 message' : `${fresh.length} messages`;
  const after = fresh.reduce((sum, { text }) => sum + text.length, characters);
  const isLast = records + 1 >= MOST_RECORDS || after >= MOST_CHARACTERS;
  const sentence = `${what} of the thread in Slack put on record.${isLast ? ENOUGH : ''}`;
  return byProduct([{ type: 'discussed', messages: fresh }], sentence);
}

const ENOUGH = ' That is as much as a request holds; read the rest in Slack.';

/** Says once that the after-review was not signed in time. */
export function decideOverdue(policy: Policy, state: OpenedState, { now }: Facts): Outcome {
  const review = reviewOf(policy, state);
  if (review === null) return { kind: 'nothing', why: 'No after-review is due.' };
  if (review.signed !== null) return { kind: 'nothing', why: 'The after-review is signed.' };
  if (review.overdue) return { kind: 'nothing', why: 'That it is overdue is on record already.' };
  if (now <= review.dueAt) return { kind: 'nothing', why: 'There is still time for the after-review.' };
  const names = someNames(policy, review.by) || 'nobody';
  const sentence = `The after-review of this break-glass is overdue; to be signed by one of: ${names}.`;
  return byProduct([{ type: 'review-overdue' }], sentence);
}
