/** The end of a manual runbook: the job's own steps are over, and GitHub has said how. */
import { formatDuration } from '../policy/duration.ts';
import type { EventOf } from '../request/events.ts';
import { requestId } from '../request/request.ts';
import type { Start } from '../request/state.ts';
import { policyOf } from './allowed.ts';
import { recordDeed } from './deed.ts';
import { openDesk, writerOf } from './desk.ts';
import { Fault } from './fault.ts';
import type { JobIdentity, Progress } from './ports.ts';
import { type Reading, understand, wholeSnapshot } from './reading.ts';
import type { RunContext, RunDeps } from './run.ts';
import { claimEnvironment, refuseUnsigned } from './unsigned.ts';

/** GitHub's `job.status` when the post steps run. */
export type JobStatus = 'success' | 'failure' | 'cancelled';

/**
 * Records how the job's own steps ended. Throws Faults where that cannot be recorded: the close job then records the
 * interruption. What the steps printed is no transcript of ours: nothing of it is on record.
 */
export async function finishManual(
  deps: Pick<RunDeps, 'repository' | 'trust' | 'signer' | 'identity' | 'clock' | 'progress' | 'draw'>,
  input: { issue: number; policyPath: string; status: JobStatus },
  context: Pick<RunContext, 'job' | 'serverUrl' | 'version' | 'apiIsLoopback'>,
): Promise<EventOf<'ended'>> {
  const [job, facts] = await Promise.all([
    deps.identity(),
    deps.repository.facts({ policyPath: input.policyPath, issue: input.issue }),
  ]);
  const { policy, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  refuseUnsigned(job, policy, deps.progress);
  if (facts.issue === null) throw new Fault('refused', `Issue #${input.issue} does not exist.`, 'Nothing is recorded.');
  const desk = await openDesk({ deps, facts, writer: writerOf(job, context.job), policy, file, context, chat: null });
  const reading = await understand(desk, await wholeSnapshot(desk, input.issue, { first: facts.issue }));
  const start = ownStart(reading, job);
  desk.writer = writerOf(claimEnvironment(job, reading.state.opening.request.environment), context.job);
  const ended: EventOf<'ended'> = {
    type: 'ended',
    outcome: input.status === 'success' ? 'finished' : 'failed',
    reason: input.status === 'cancelled' ? 'cancelled' : 'steps',
    exitCode: null,
    signal: null,
    durationMs: Math.max(0, deps.clock.now() - Date.parse(start.at)),
    bytes: null,
    transcript: null,
    redactions: {},
  };
  await recordDeed(desk, reading, { type: 'end', ended });
  warnOfWindow(deps.progress, reading.state.opening.request.window, ended);
  return ended;
}

/** Nothing of ours ends the steps of a job when the window is over: the job's `timeout-minutes` does. */
function warnOfWindow(progress: Progress, window: number, { durationMs }: EventOf<'ended'>): void {
  const seconds = Math.floor((durationMs ?? 0) / 1000);
  if (seconds <= window) return;
  progress.warn(
    `The steps took ${seconds} s; approved was a window of ${formatDuration(window)}. Give the debug job \`timeout-minutes\` that end it in time.`,
  );
}

/** The start that this very job recorded, of a runbook without a command. Throws a Fault for any other. */
function ownStart({ state, snapshot }: Reading, job: JobIdentity): Start {
  const own = requestId(job.repositoryId, job.run);
  const { id, argv } = state.opening.request;
  const refused = (why: string) =>
    new Fault('refused', `${why}, so this job records no end.`, 'The close job says how the request ended.');
  if (own !== id) throw refused(`Issue #${snapshot.number} holds the request ${id} and this job is ${own}`);
  if (state.status !== 'running') throw refused(`The request of issue #${snapshot.number} is ${state.status}`);
  if (argv.length > 0) throw refused(`The runbook of issue #${snapshot.number} is a command, not the steps of a job`);
  return state.start;
}
