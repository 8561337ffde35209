/** The debug job: proves that what it is about to run is what was approved, runs it once, and records start and end. */
import { retentionDays } from '../policy/retention.ts';
import { decide } from '../request/decide.ts';
import type { EventOf } from '../request/events.ts';
import { lastOf } from '../request/last-lines.ts';
import type { Request } from '../request/request.ts';
import { fold } from '../request/state.ts';
import { append } from './append.ts';
import { endWithoutReport, recordDeed, WORKFLOW } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf } from './fault.ts';
import type {
  Clock,
  IssueSnapshot,
  JobIdentity,
  Progress,
  Repository,
  Runner,
  Signer,
  TrustSource,
  WorkingCopy,
} from './ports.ts';
import { type Proven, prove } from './prove.ts';
import { type Reading, reconcile } from './reading.ts';
import { type DrawIssue, showIssue, viewOf } from './show.ts';
import { silenced, unrecorded } from './unrecorded.ts';

export interface RunDeps {
  repository: Repository;
  trust: TrustSource;
  signer: Signer;
  identity: () => Promise<JobIdentity>;
  runner: Runner;
  workingCopy: WorkingCopy;
  clock: Clock;
  progress: Progress;
  draw: DrawIssue;
  /** Told once the start is on record: the inputs that were approved, for the job's own next steps. */
  onProven: (inputs: Request['inputs']) => void;
  /** Told as soon as the command has ended, so that the outputs name its transcript whatever happens next. */
  onRan: (ran: Ran) => void;
  signal: AbortSignal;
}

/** What the ask job handed over, from this job's inputs. */
export interface RunInput {
  issue: number;
  digest: string;
  head: string;
  length: number;
  policyPath: string;
}

export interface RunContext {
  job: string;
  serverUrl: string;
  version: string;
  apiIsLoopback: boolean;
  cwd: string;
  /** The environment for the command and the values to mask, for the names that the runbook lists. */
  environment: (allowed: readonly string[]) => { env: Record<string, string>; secrets: string[] };
}

export interface Ran {
  ended: EventOf<'ended'>;
  transcriptPath: string;
  /** The end of what it printed, masked; empty unless the policy lets it be said in Slack. */
  lastLines: string;
  /** For how many whole days GitHub is to keep the transcript; null: as long as it does by itself. */
  retentionDays: number | null;
}

/**
 * Proves, runs, reports. A refusal is thrown as a Fault and told on the issue; then nothing ran. null: a manual runbook
 * was started, whose end `finishManual` records when the job's own steps are over.
 */
export async function run(deps: RunDeps, input: RunInput, context: RunContext): Promise<Ran | null> {
  let proven: Proven;
  try {
    proven = await prove(deps, input, context);
    proven = { ...proven, reading: await start(proven) };
  } catch (error) {
    await tellRefusal(deps, input.issue, error);
    throw error;
  }
  const { desk, reading, argv, env, secrets } = proven;
  deps.onProven(reading.state.opening.request.inputs);
  await showIssue(desk, deps.draw, viewOf(desk, reading), { labels: reading.snapshot.labels });
  if (proven.manual) {
    deps.progress.info('The request is approved, exactly as it stands: the next steps of this job are what was asked.');
    return null;
  }
  const windowMs = reading.state.opening.request.window * 1000;
  deps.progress.info(`Running exactly what was approved: ${JSON.stringify(argv)}`);
  const { choice } = desk.redaction;
  const command = { argv, cwd: context.cwd, env, windowMs, secrets, choice, signal: deps.signal };
  const result = await deps.runner.run(command).catch((error: unknown) => endUnkept(proven, error));
  const { transcriptPath, lastLines, ...facts } = result;
  const ended: EventOf<'ended'> = { type: 'ended', ...facts };
  const ran: Ran = {
    ended,
    transcriptPath,
    lastLines: lastOf(lastLines, reading.policy.slack?.lastLines ?? 0),
    retentionDays: retentionDays(desk.retention.transcript),
  };
  deps.onRan(ran);
  // When this fails the job says so, and the close job records the interruption.
  await recordDeed(desk, reading, { type: 'end', ended });
  return ran;
}

/** The end of a command whose output could not be kept: the runner ended it. Throws a Fault that says so, once it is on record. */
async function endUnkept({ desk, reading }: Pick<Proven, 'desk' | 'reading'>, error: unknown): Promise<never> {
  try {
    await recordDeed(desk, reading, { type: 'end', ended: endWithoutReport('interrupted') });
  } catch (problem) {
    desk.progress.warn(`The end is not on record, the close job will say it: ${messageOf(problem)}`);
  }
  throw new Fault(
    'unavailable',
    `The command was ended, since what it prints could not be kept: ${messageOf(error)}`,
    "Look at the runner's disk and at the log above, and ask anew by running the workflow again.",
    { cause: error },
  );
}

/** Records the start and makes sure that ours is the one that counts, and that nobody stopped the request meanwhile. */
async function start({ desk, reading, job }: Proven): Promise<Reading> {
  const { snapshot } = reading;
  const { request, digest } = reading.state.opening;
  const started: EventOf<'started'> = {
    type: 'started',
    digest,
    run: job.run,
    checkRun: job.checkRun,
    environment: job.environment ?? '',
  };
  const before = await judgeStart(desk, reading, started, snapshot);
  if (!before.ok) throw before.error;
  const to = { issue: snapshot.number, request: request.id, log: reading.log };
  const written = await append(desk, to, { by: WORKFLOW, events: before.events, sentence: before.sentence });
  const after = await reconcile(desk, snapshot.number, written.commentId);
  if (after.state.status !== 'running' || after.state.start.commentId !== written.commentId) {
    throw new Fault(
      'refused',
      `This start does not count: the request is ${after.state.status}, and another record stood before ours.`,
      'A grant is used once. Ask anew by running the workflow again.',
    );
  }
  const last = await judgeOnceMore(desk, after, started, written.commentId);
  // The time may just be over, which is no reason to stop what has started.
  if (last.ok || last.code === 'expired') return after;
  await recordDeed(desk, after, { type: 'end', ended: endWithoutReport('refused') });
  throw last.error;
}

/** What was recorded and written while the start was on its way stands before it, and stops it. */
async function judgeOnceMore(
  desk: Desk,
  after: Reading,
  started: EventOf<'started'>,
  start: number,
): Promise<StartJudged> {
  const earlier = after.log.entries.filter(({ commentId }) => commentId < start);
  const state = fold(after.policy, earlier);
  const comments = after.snapshot.comments.filter(({ id }) => id < start);
  try {
    if (state.status === 'none') throw new TypeError('What runs was opened.');
    return await judgeStart(desk, { ...after, state }, started, { ...after.snapshot, comments });
  } catch (error) {
    return { ok: false, code: 'trouble', error };
  }
}

type StartJudged =
  | { ok: true; events: Parameters<typeof append>[2]['events']; sentence: string }
  | { ok: false; code: string; error: unknown };

/** Whether the job may start, as the request stood in `reading` and with what people wrote on the issue since. */
async function judgeStart(
  desk: Desk,
  reading: Reading,
  started: EventOf<'started'>,
  snapshot: IssueSnapshot,
): Promise<StartJudged> {
  const { denials, withdrawals, cancels } = await unrecorded(desk, reading, snapshot);
  const said = { unrecordedDenials: denials, unrecordedWithdrawals: withdrawals, unrecordedCancels: cancels };
  const outcome = decide(reading.policy, reading.state, { type: 'start', started, ...said }, { now: desk.clock.now() });
  if (outcome.kind === 'nothing') return refused('nothing', outcome.why);
  // Of two reasons the one that has nothing to do with the time is told: `start` asks once more when the time may be over.
  const whose = outcome.kind === 'append' || outcome.code === 'expired' ? silenced(reading, snapshot) : null;
  if (whose !== null) return refused('silenced', whose, ASK_THEM);
  if (outcome.kind === 'refuse') return refused(outcome.code, outcome.message);
  return { ok: true, events: outcome.events, sentence: outcome.sentence };
}

function refused(code: string, why: string, remedy = 'Nothing ran.'): StartJudged {
  return { ok: false, code, error: new Fault('refused', why, remedy) };
}

const ASK_THEM = 'Nothing ran. Ask them what it said, find out who did it, and run the workflow again.';

/** Tells a refusal on the issue, as a plain comment: what this job may sign is start and end alone. */
async function tellRefusal(deps: RunDeps, issue: number, error: unknown): Promise<void> {
  const why = error instanceof Fault ? `${error.message}\n${error.remedy}` : 'Something unexpected went wrong.';
  try {
    await deps.repository.comment(issue, `The debug job refused to run.\n\n${fence(why)}`);
  } catch (problem) {
    deps.progress.warn(`The refusal could not be written to issue #${issue}: ${messageOf(problem)}`);
  }
}

/** Text in a fence longer than any in it: nothing in there is active in Markdown (CommonMark §4.5). */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}text\n${text}\n${marks}`;
}
