/** Deeds of a job itself, which no person did: start, end, expiry, cancellation, failure. */
import { type Command, decide } from '../request/decide.ts';
import type { Actor, EventOf } from '../request/events.ts';
import { append, type Written } from './append.ts';
import type { Desk } from './desk.ts';
import type { Reading } from './reading.ts';
import { writeMarked } from './undelivered.ts';

/** Who a job is in the records of what it does by itself. */
export const WORKFLOW: Actor = {
  person: null,
  name: 'Debug Approval',
  github: null,
  slack: null,
  via: 'workflow',
  evidence: {},
};

/** The end of a job whose command reported nothing: it never ran, or nobody was left to say how it ended. */
export function endWithoutReport(reason: 'refused' | 'interrupted'): EventOf<'ended'> {
  const nothing = { exitCode: null, signal: null, durationMs: null, bytes: null, transcript: null, redactions: {} };
  return { type: 'ended', outcome: 'failed', reason, ...nothing };
}

/** Decides and appends. null: nothing follows from the command in this state, and nothing was written. */
export async function recordDeed(desk: Desk, reading: Reading, command: Command): Promise<Written | null> {
  const outcome = decide(reading.policy, reading.state, command, { now: desk.clock.now() });
  if (outcome.kind !== 'append') return null;
  const to = { issue: reading.snapshot.number, request: reading.state.opening.request.id, log: reading.log };
  const what = { by: WORKFLOW, events: outcome.events, sentence: outcome.sentence };
  return writeMarked(desk, reading, () => append(desk, to, what));
}
