/** Reminders that come too late for the policy's expiry; and after-reviews that nobody could sign. */
import { formatDuration } from '../../policy/duration.ts';
import { expandMembers, nameOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { atBest, type Filled } from './filled.ts';
import type { Finding } from './finding.ts';
import { counted, judgeOf, listed } from './judge.ts';

const { wrong, note } = judgeOf('Policy');

/** Findings about what never comes; nothing where all of it does. That the first of it comes in time the policy's own check says. */
export function examineDeadlines(filled: Filled, path: string): Finding[] {
  return [...reminders(filled.policy, path), ...reviews(filled, path)];
}

function reminders({ reminders: wanted, expirySeconds }: Policy, path: string): Finding[] {
  if (wanted === null) return [];
  const { afterSeconds, times } = wanted;
  // The n-th is due after a pause, twice that, and so on: after `afterSeconds` times 2^n - 1 in all.
  const due = Array.from({ length: times }, (_, at) => afterSeconds * (2 ** (at + 1) - 1));
  const inTime = due.filter((seconds) => seconds < expirySeconds).length;
  if (inTime === times) return [];
  const what = `Of ${times} reminders ${inTime} ${inTime === 1 ? 'comes' : 'come'} before requests expire after ${formatDuration(expirySeconds)}: each pause is twice as long as the one before.`;
  const remedy = `In ${path} write \`times: ${inTime}\`, shorten \`reminders.after\`, or lengthen \`expiry\`.`;
  return [note('policy.reminders', what, remedy)];
}

/** Whoever breaks the glass does not sign the review of that. */
function reviews(filled: Filled, path: string): Finding[] {
  const best = atBest(filled);
  const glass = best.breakGlass;
  if (glass === null) return [];
  const signers = expandMembers(best, glass.review.by);
  const alone = expandMembers(filled.policy, glass.who).filter((person) => signers.every((one) => one === person));
  if (alone.length === 0) return [];
  const names = listed(alone.map((person) => nameOf(best, person)));
  const what = `${counted(alone.length, 'person', 'people')} may break the glass (${names}) whose after-review nobody else could sign: the issue would stay open for good.`;
  return [wrong('policy.break-glass', what, `Name somebody else under \`break-glass.review.by\` in ${path}.`)];
}
