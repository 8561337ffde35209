/** The debug job's proof: that this job is the one that was approved, and that what it would run is what was approved. */
import { canonicalJson } from '../log/canonical.ts';
import { containsHead } from '../log/chain.ts';
import { sameName } from '../log/names.ts';
import { resolveRunbook } from '../policy/runbook.ts';
import { type Request, requestDigest, requestId } from '../request/request.ts';
import { policyOf, refuseUnlessAllowed } from './allowed.ts';
import { proveWorkingCopy } from './checkout.ts';
import { type Desk, openDesk, writerOf } from './desk.ts';
import { Fault } from './fault.ts';
import type { JobIdentity, Progress } from './ports.ts';
import { type Reading, unchanged, understand, wholeSnapshot } from './reading.ts';
import type { RunContext, RunDeps, RunInput } from './run.ts';
import { claimEnvironment, refuseUnsigned } from './unsigned.ts';

/** What this job may do once its start is on record. */
export interface Proven {
  desk: Desk;
  reading: Reading;
  job: JobIdentity;
  /** Empty for a manual runbook: the job's own next steps are what was approved. */
  argv: string[];
  manual: boolean;
  env: Record<string, string>;
  secrets: string[];
}

/** DESIGN §4 rules 1, 2, 5, 7 and 8, in this order: who am I, is the log whole, is it approved, is it the same, and did people see the same, am I the only one. */
export async function prove(deps: RunDeps, input: RunInput, context: RunContext): Promise<Proven> {
  const { repository } = deps;
  const [who, facts] = await Promise.all([
    deps.identity(),
    repository.facts({ policyPath: input.policyPath, issue: input.issue }),
  ]);
  const { policy: current, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  refuseUnsigned(who, current, deps.progress);
  refuseUnlessAllowed(who, facts, current);
  if (facts.issue === null) {
    throw new Fault('refused', `Issue #${input.issue} does not exist.`, 'Ask anew by running the workflow again.');
  }
  const desk = await openDesk({
    deps,
    facts,
    writer: writerOf(who, context.job),
    policy: current,
    file,
    context,
    chat: null,
  });
  const snapshot = await wholeSnapshot(desk, input.issue, { first: facts.issue });
  const reading = await understand(desk, snapshot);
  const job = claimEnvironment(who, reading.state.opening.request.environment);
  desk.writer = writerOf(job, context.job);
  refuseOtherAttempt(reading, job);
  const held = containsHead(reading.log, input.head, input.length);
  if (!held.ok)
    throw new Fault('log', `The log is not the one that was approved: ${held.why}.`, 'Nothing runs. Ask anew.');
  const { argv, manual, allowed } = proveDigest(reading, job, input, context);
  unchanged(desk, reading);
  // What cannot be handed to the command is found out before the start is on record.
  const handed = context.environment(allowed);
  warnOfMissing(deps.progress, allowed, handed.env);
  await proveWorkingCopy(deps.workingCopy, job);
  return { desk, reading, job, argv, manual, ...handed };
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
): { argv: string[]; manual: boolean; allowed: readonly string[] } {
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
    return { argv: resolved.argv, manual: resolved.runbook.manual, allowed: resolved.env };
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
