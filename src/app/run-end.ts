/** How the workflow run of a request ended, for the jobs that come after it. */
import type { Run } from '../request/run-in-body.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { JobIdentity, RunFacts } from './ports.ts';

/** GitHub's `needs.debug.result`. */
export type DebugResult = 'success' | 'failure' | 'cancelled' | 'skipped';

export function sameRun(a: Run, b: Run): boolean {
  return a.id === b.id && a.attempt === b.attempt;
}

/** How the request's run ended; null while it goes on. The close job of the same attempt runs after the debug job. */
export async function endOfRun(
  { desk, job, debugResult }: { desk: Pick<Desk, 'repository'>; job: JobIdentity; debugResult: DebugResult | null },
  run: Run,
): Promise<{ debug: DebugResult | null } | null> {
  if (sameRun(run, job.run) && debugResult !== null) return { debug: debugResult };
  const facts = await runIfAny(desk, run.id);
  // Somebody deleted it, or it never was: GitHub deletes no run that goes on.
  if (facts === null) return { debug: null };
  if (facts.attempt === run.attempt && facts.status !== 'completed') return null;
  return { debug: facts.conclusion === 'failure' ? 'failure' : null };
}

async function runIfAny({ repository }: Pick<Desk, 'repository'>, id: number): Promise<RunFacts | null> {
  try {
    return await repository.run(id);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return null;
    throw error;
  }
}
