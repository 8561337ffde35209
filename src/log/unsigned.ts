/**
 * Records without a signature, for jobs that cannot have an ID token, where the policy says `signers.unsigned: accept`.
 * Such a record counts by its own word: its comment must be a bot's, and run, attempt and environment that its `writer`
 * names must fit the role table as a signer's would. What started that run nobody says, so that column is not asked.
 * Whoever may write comments as a bot in the repository could have written it: the grade of its log is `unsigned`.
 */
import type { Event } from '../request/events.ts';
import type { Record } from './record.ts';
import type { Signer } from './roles.ts';

/** Who an unsigned record says that it is from, for the role table. The gateway's word without its signature is nobody's. */
export function writerOf({ writer }: Record): Signer {
  if ('gateway' in writer) return { run: 0, attempt: 0, environment: null, event: null };
  const { run, attempt, environment } = writer;
  return { run, attempt, environment, event: null };
}

/** What people say and decide. Jobs of `debug-approval` write it, as they wrote the opening. */
const BY_PEOPLE: ReadonlySet<Event['type']> = new Set([
  ...(['decided', 'withdrawn', 'reviewed', 'discussed'] as const),
  ...(['refused', 'refusals-counted'] as const),
]);

/**
 * Where the opening is signed its ask job can sign, and what people say is written by such jobs: an unsigned word of theirs
 * in that log is no loss of means but somebody else's. What only ends a request, or tells of the debug job, may be unsigned.
 */
export function mustBeSigned({ events }: Record): boolean {
  return events.some(({ type }) => BY_PEOPLE.has(type));
}
