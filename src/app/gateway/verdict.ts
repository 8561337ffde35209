/** Whether a job that GitHub holds back may start: by the request of its run alone, and by nothing else. */
import { sameName } from '../../log/names.ts';
import { isOver } from '../../request/asked.ts';
import { outcomeOf } from '../../request/present.ts';
import type { OpenedState } from '../../request/state.ts';
import type { RepositoryFacts, RunFacts } from '../ports.ts';
import type { GateComment, Held } from './ports.ts';

export interface GateVerdict {
  kind: 'approved' | 'rejected' | 'waits';
  comment: GateComment;
}

/** A request as its verified log has it. */
export interface Found {
  issue: { number: number; url: string };
  state: OpenedState;
}

/**
 * Judges a held job. `found`: the request that this very attempt opened; null where there is none. `earlier`: the newest request of an
 * earlier attempt of the same run. `now` in ms since 1970.
 */
export function gateVerdict(
  held: Held,
  run: RunFacts,
  { defaultBranch }: Pick<RepositoryFacts, 'defaultBranch'>,
  { found, earlier }: { found: Found | null; earlier: Found | null },
  now: number,
): GateVerdict {
  if (found === null) return noRequest(run, earlier);
  const { issue, state } = found;
  const say = (kind: GateVerdict['kind'], text: string): GateVerdict => ({ kind, comment: { text, issue: issue.url } });
  const other = difference(held, run, defaultBranch, found);
  if (other !== null) return say('rejected', other);
  const over = isOver(state.opening.request.expiresAt, now);
  if (state.status === 'pending' && !over) return say('waits', `Waits for approval: ${state.verdict.sentence}`);
  // What others wrote (a denial's reason) stands on the issue alone.
  if (state.status === 'approved' && !over) return say('approved', outcomeOf(state).outcome ?? 'Approved.');
  return say('rejected', ended(state, over));
}

function noRequest({ id, attempt }: RunFacts, earlier: Found | null): GateVerdict {
  const text =
    earlier === null
      ? `There is no debug request of run ${id}, attempt ${attempt}: nobody was asked, so nothing may start here. Jobs in this environment start by the debug workflow alone.`
      : `Attempt ${attempt} of run ${id} asked for no approval, and what an earlier attempt asked for does not count for it. Use "Re-run all jobs", which asks anew.`;
  return { kind: 'rejected', comment: { text, issue: earlier?.issue.url ?? null } };
}

/** How the run differs from what was asked for; null: it does not. */
function difference(held: Held, run: RunFacts, defaultBranch: string, { state }: Found): string | null {
  const { request } = state.opening;
  if (!sameName(held.environment, request.environment)) {
    return `The job waits for the environment ${held.environment}; asked for was ${request.environment}.`;
  }
  if (run.event !== 'workflow_dispatch') return `The run was started by ${run.event}, not by workflow_dispatch.`;
  if (run.branch !== defaultBranch) return `The run is on ${run.branch ?? 'no branch'}, not on ${defaultBranch}.`;
  if (run.commit !== request.commit) return `The run is at commit ${run.commit}; asked for was ${request.commit}.`;
  if (run.workflow !== request.workflow) return `The run is of ${run.workflow}; asked for was ${request.workflow}.`;
  return null;
}

function ended(state: OpenedState, over: boolean): string {
  if (state.status === 'running' || state.status === 'finished' || state.status === 'failed') {
    return 'A grant is used once, and this one was: its debug job has started already.';
  }
  const open = state.status === 'pending' || state.status === 'approved';
  if (open && over) return 'Expired before it was decided or started; nothing runs.';
  return outcomeOf(state).outcome ?? `The request is ${state.status}.`;
}
