/** The debug job: proves that what it is about to run is what was approved, runs it once, and records start and end. */
import { canonicalJson } from '../log/canonical.ts';
import { containsHead } from '../log/chain.ts';
import { sameName } from '../log/names.ts';
import { resolveRunbook } from '../policy/runbook.ts';
import { type Command, decide } from '../request/decide.ts';
import type { EventOf } from '../request/events.ts';
import { type Request, requestDigest, requestId } from '../request/request.ts';
import { policyOf, refuseUnlessAllowed } from './allowed.ts';
import { append } from './append.ts';
import { proveWorkingCopy } from './checkout.ts';
import { endWithoutReport, recordDeed, WORKFLOW } from './deed.ts';
import { silencedDecider, unrecordedDenials } from './denials.ts';
import { type Desk, openDesk } from './desk.ts';
import { Fault } from './fault.ts';
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
import { type Reading, reconcile, understand, wholeSnapshot } from './reading.ts';
import { type DrawIssue, messageOf, showIssue, viewOf } from './show.ts';

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
}

/** Proves, runs, reports. A refusal is thrown as a Fault and told on the issue; then nothing ran. */
export async function run(deps: RunDeps, input: RunInput, context: RunContext): Promise<Ran> {
  let proven: Proven;
  try {
    proven = await prove(deps, input, context);
  } catch (error) {
    await tellRefusal(deps, input.issue, error);
    throw error;
  }
  const { desk, reading, argv, env, secrets } = proven;
  await showIssue(desk, deps.draw, viewOf(desk, reading));
  const windowMs = reading.state.opening.request.window * 1000;
  deps.progress.info(`Running exactly what was approved: ${JSON.stringify(argv)}`);
  const result = await deps.runner.run({ argv, cwd: context.cwd, env, windowMs, secrets, signal: deps.signal });
  const { transcriptPath, ...facts } = result;
  const ended: EventOf<'ended'> = { type: 'ended', ...facts };
  const ran: Ran = { ended, transcriptPath };
  deps.onRan(ran);
  // When this fails the job says so, and the close job records the interruption.
  await recordDeed(desk, reading, { type: 'end', ended });
  return ran;
}

interface Proven {
  desk: Desk;
  reading: Reading;
  argv: string[];
  env: Record<string, string>;
  secrets: string[];
}

/** DESIGN §4 rules 1, 2, 5, 7 and 8, in this order: who am I, is the log whole, is it approved, is it the same, am I the only one. */
async function prove(deps: RunDeps, input: RunInput, context: RunContext): Promise<Proven> {
  const { repository } = deps;
  const [job, facts] = await Promise.all([
    deps.identity(),
    repository.facts({ policyPath: input.policyPath, issue: input.issue }),
  ]);
  const { policy: current, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  refuseUnlessAllowed(job, facts, current);
  if (facts.issue === null) {
    throw new Fault('refused', `Issue #${input.issue} does not exist.`, 'Ask anew by running the workflow again.');
  }
  const desk = await openDesk({ deps, facts, job, policy: current, file, context, chat: null });
  const snapshot = await wholeSnapshot(desk, input.issue, { first: facts.issue });
  const reading = await understand(desk, snapshot);
  refuseOtherAttempt(reading, job);
  const held = containsHead(reading.log, input.head, input.length);
  if (!held.ok)
    throw new Fault('log', `The log is not the one that was approved: ${held.why}.`, 'Nothing runs. Ask anew.');
  const { argv, allowed } = proveDigest(reading, job, input, context);
  // What cannot be handed to the command is found out before the start is on record.
  const handed = context.environment(allowed);
  warnOfMissing(deps.progress, allowed, handed.env);
  await proveWorkingCopy(deps.workingCopy, job);
  const started = await start(desk, reading, job, snapshot);
  return { desk, reading: started, argv, ...handed };
}

/** A variable without a value is no reason to refuse: what was approved does not depend on it, but it may fail for it. */
function warnOfMissing(progress: Progress, allowed: readonly string[], env: Readonly<Record<string, string>>): void {
  for (const name of allowed.filter((one) => !env[one])) {
    progress.warn(
      `The runbook lists the variable ${name} under \`env\`, but ${env[name] === undefined ? 'this step does not have it' : 'it is empty in this step'}: the command runs without its value. Set ${name} under \`env:\` of the step that uses action/run, and store its secret in the environment of this job.`,
    );
  }
}

function refuseOtherAttempt({ state }: Reading, job: JobIdentity): void {
  const own = requestId(job.repositoryId, job.run);
  const { id } = state.opening.request;
  if (own === id) return;
  throw new Fault(
    'refused',
    `This job is ${own}, but the approval is for ${id}. An approval counts for one attempt of one run.`,
    'A re-run of the debug job alone is refused: choose "Re-run all jobs" or run the workflow again, which asks anew.',
  );
}

/** Computes the digest anew from what this job knows by itself, and compares it with what was approved. */
function proveDigest(
  { state, policy }: Reading,
  job: JobIdentity,
  input: RunInput,
  context: RunContext,
): { argv: string[]; allowed: readonly string[] } {
  const { request, digest } = state.opening;
  refuseOtherEnvironment(job, request);
  const asked = { runbook: request.runbook, target: request.target, inputs: request.inputs };
  const resolved = resolveRunbook(policy, asked);
  if (!resolved.ok) {
    throw new Fault('refused', `The approved runbook no longer resolves: ${resolved.problems.join(' ')}`, 'Ask anew.');
  }
  const anew: Request = {
    ...request,
    id: requestId(job.repositoryId, job.run),
    repositoryId: job.repositoryId,
    run: job.run,
    commit: job.commit,
    workflow: job.workflow.path,
    policy: { ...request.policy, path: input.policyPath },
    argv: resolved.argv,
    inputs: resolved.inputs,
    // The policy may write it in other letters than GitHub, whose name for it the request has.
    environment: sameName(resolved.environment, request.environment) ? request.environment : resolved.environment,
    version: context.version,
  };
  const mine = requestDigest(anew);
  if (mine === digest && mine === input.digest) {
    return { argv: resolved.argv, allowed: resolved.env };
  }
  throw new Fault(
    'refused',
    `What would run is not what was approved: this job computes ${mine}, the opening record says ${digest}, the ask job handed over ${input.digest} (differs in: ${differences(anew, request).join(', ') || 'the digest handed over'}).`,
    'Nothing runs. Ask anew by running the workflow again.',
  );
}

function refuseOtherEnvironment({ environment }: JobIdentity, approved: Request): void {
  if (environment !== null && sameName(environment, approved.environment)) return;
  throw new Fault(
    'refused',
    `This job runs in ${environment === null ? 'no environment' : `the environment "${environment}"`}; approved was "${approved.environment}".`,
    "Give the debug job the environment that the ask job's output `environment` names, and ask anew.",
  );
}

function differences(anew: Request, approved: Request): string[] {
  const facts = ['id', 'repositoryId', 'run', 'commit', 'workflow', 'version'] as const;
  const derived = ['policy', 'argv', 'inputs', 'environment'] as const;
  return [...facts, ...derived].filter((key) => canonicalJson(anew[key]) !== canonicalJson(approved[key]));
}

/** Records the start and makes sure that ours is the one that counts. */
async function start(desk: Desk, reading: Reading, job: JobIdentity, snapshot: IssueSnapshot): Promise<Reading> {
  const { request, digest } = reading.state.opening;
  const started: EventOf<'started'> = {
    type: 'started',
    digest,
    run: job.run,
    checkRun: job.checkRun,
    environment: job.environment ?? '',
  };
  const silenced = silencedDecider(reading, snapshot);
  if (silenced !== null) throw new Fault('refused', silenced, ASK_THEM);
  const command: Command = {
    type: 'start',
    started,
    unrecordedDenials: await unrecordedDenials(desk, reading, snapshot),
  };
  const outcome = decide(reading.policy, reading.state, command, { now: desk.clock.now() });
  if (outcome.kind === 'refuse') throw new Fault('refused', outcome.message, 'Nothing ran.');
  if (outcome.kind === 'nothing') throw new Fault('refused', outcome.why, 'Nothing ran.');
  const to = { issue: snapshot.number, request: request.id, log: reading.log };
  const written = await append(desk, to, { by: WORKFLOW, events: outcome.events, sentence: outcome.sentence });
  const after = await reconcile(desk, snapshot.number, written.commentId);
  if (after.state.status !== 'running' || after.state.start.commentId !== written.commentId) {
    throw new Fault(
      'refused',
      `This start does not count: the request is ${after.state.status}, and another record stood before ours.`,
      'A grant is used once. Ask anew by running the workflow again.',
    );
  }
  const before = after.snapshot.comments.filter(({ id }) => id < written.commentId);
  const denials = await unrecordedDenials(desk, reading, { ...after.snapshot, comments: before });
  const denied = decide(
    reading.policy,
    reading.state,
    { ...command, unrecordedDenials: denials },
    { now: desk.clock.now() },
  );
  const denial = denied.kind === 'refuse' && denied.code === 'denied' ? denied.message : null;
  const why = denial ?? silencedDecider(reading, { ...after.snapshot, comments: before });
  if (why === null) return after;
  await recordDeed(desk, after, { type: 'end', ended: endWithoutReport('refused') });
  throw new Fault('refused', why, denial === null ? ASK_THEM : 'Nothing ran.');
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
