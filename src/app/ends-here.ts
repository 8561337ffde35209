/** Whether a request ended by what this job wrote, or by what the job wrote that this one looks after. */
import { jobOf, type Writer } from '../log/record.ts';
import { fold, isOpen, type State } from '../request/state.ts';
import type { Desk } from './desk.ts';
import type { Reading } from './reading.ts';
import { sameRun } from './run-end.ts';

/** Types of events that may end a request. */
const ENDS: readonly string[] = ['decided', 'cancelled', 'expired', 'errored', 'ended'];

/** Whether nothing can be decided, started or run any more. */
export function hasEnded(state: State): boolean {
  return state.status !== 'none' && !isOpen(state) && state.status !== 'running';
}

/**
 * Whether the requester learns the end from this job: it wrote the record that ended the request or, as the close job of
 * `closes`, its run's debug job did, which has no Slack. An end is one record of one job, hence nobody is told twice.
 */
export function endsHere(
  { writer: own }: Pick<Desk, 'writer'>,
  { policy, log: { entries } }: Pick<Reading, 'policy' | 'log'>,
  closes: { id: number; attempt: number } | null,
): boolean {
  return entries.some(({ record: { writer, events } }, index) => {
    const types = events.map(({ type }) => type);
    const job = jobOf(writer);
    const byOwn = sameWriter(writer, own) && types.some((type) => ENDS.includes(type));
    const byDebug =
      closes !== null &&
      job !== null &&
      sameRun({ id: job.run, attempt: job.attempt }, closes) &&
      types.includes('ended');
    // Twice the fold of a long log is dear: only for what may have ended it.
    if (!byOwn && !byDebug) return false;
    return !hasEnded(fold(policy, entries.slice(0, index))) && hasEnded(fold(policy, entries.slice(0, index + 1)));
  });
}

/** When the last thing happened to the request itself, in ms since 1970: its end, or its review. */
export function endedAt({ log }: Pick<Reading, 'log'>): number {
  const times = log.entries.flatMap(({ createdAt, record }) =>
    record.events.every(({ type }) => type === 'purge' || type === 'purged') ? [] : [Date.parse(createdAt)],
  );
  return Math.max(...times);
}

function sameWriter(a: Writer, b: Writer): boolean {
  if ('gateway' in a || 'gateway' in b) return 'gateway' in a && 'gateway' in b;
  return a.run === b.run && a.attempt === b.attempt && a.job === b.job;
}
