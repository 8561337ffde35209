/** What a sweep must still put on record: people's last words, and that a request expired or its job never reported. */
import type { Command } from '../request/command.ts';
import { isOpen, isOver, type OpenedState } from '../request/state.ts';
import { endWithoutReport } from './deed.ts';
import type { Desk } from './desk.ts';
import { ASK_ANEW, type Reading } from './reading.ts';
import { endOfRun, sameRun } from './run-end.ts';
import { mayStop } from './unrecorded.ts';
import { onePerAccount, recordWritten, writtenSince } from './written.ts';

type Place = Parameters<typeof endOfRun>[0] & { desk: Desk };

/** What must still be said of a request, given that its run is or is not over. */
export async function commandFor(place: Place, state: OpenedState, text: string | null): Promise<Command | null> {
  const { request } = state.opening;
  if (state.status === 'pending' || state.status === 'approved') {
    if (text !== null) return { type: 'fail', code: 'changed', message: `${text} ${ASK_ANEW}` };
    if (isOver(request.expiresAt, place.desk.clock.now())) return { type: 'expire' };
    const end = await endOfRun(place, request.run);
    if (end === null) return null;
    if (state.status === 'approved' && end.debug === 'failure') {
      return {
        type: 'fail',
        code: 'not-started',
        message: 'The debug job refused or failed before it started the command.',
      };
    }
    return { type: 'cancel', reason: 'The workflow run ended before the request was settled.' };
  }
  if (state.status !== 'running' || (await endOfRun(place, request.run)) === null) return null;
  return { type: 'end', ended: endWithoutReport('interrupted') };
}

/** Why the debug job refused, where people took something back once nobody listened any more: what they wrote is put on record. */
export async function lastWords({ desk, job, debugResult }: Place, reading: Reading): Promise<Reading> {
  // Nobody would believe a scheduled sweep that signs decisions.
  const own = sameRun(reading.state.opening.request.run, job.run) && debugResult !== null;
  if (!own || job.event !== 'workflow_dispatch') return reading;
  let now = reading;
  const written = isOpen(reading.state) ? await writtenSince(desk, reading, (one) => mayStop(reading, one)) : [];
  for (const one of onePerAccount(written.filter(({ outcome }) => outcome.kind === 'append'))) {
    if (isOpen(now.state)) now = await recordWritten(desk, now, one);
  }
  return now;
}
