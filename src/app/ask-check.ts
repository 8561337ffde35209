/** Everything that must hold before anybody is asked; nothing stands in GitHub or Slack until all of it does. */

import { formatDuration } from '../policy/duration.ts';
import { eligibleApprovers, evaluate } from '../policy/evaluate.ts';
import { formatProblems, loadPolicy } from '../policy/load.ts';
import { findByGithub } from '../policy/people.ts';
import { mayRequest, wordsProblems } from '../policy/requesters.ts';
import { resolveRunbook } from '../policy/runbook.ts';
import type { Policy } from '../policy/schema.ts';
import { maskText } from '../redact/text.ts';
import { type Request, requestId, type Urgency } from '../request/request.ts';
import { excludedPersons } from '../request/state.ts';
import { judgeEnvironment } from './environment.ts';
import { Fault } from './fault.ts';
import type { JobIdentity, PolicyFile, Repository, RepositoryFacts, RunFacts } from './ports.ts';

/** What the person asked for; durations in seconds, null where left to the policy. */
export interface AskInput {
  runbook: string;
  target: string;
  /** Parsed JSON, not yet checked against the runbook. */
  inputs: unknown;
  reason: string;
  ticket: string;
  urgency: Urgency;
  windowSeconds: number | null;
  timeoutSeconds: number | null;
  breakGlass: boolean;
  policyPath: string;
}

export interface CheckedAsk {
  policy: Policy;
  request: Request;
  /** Persons who may decide, as the policy's keys. */
  approvers: string[];
  notices: string[];
}

const APPROVAL_ENVIRONMENT = 'debug-approval';

/** The longest reason, in characters: the card and the record hold it whole. */
const LONGEST_TEXT = 2_000;
const LONGEST_INPUTS = 10_000;

/** Reads the policy from the facts, with every mistake named at once. Throws a Fault `policy`. */
export function policyOf(
  facts: RepositoryFacts,
  path: string,
  apiIsLoopback: boolean,
): { policy: Policy; file: PolicyFile } {
  const file = facts.policy;
  if (file === null) {
    throw new Fault(
      'policy',
      `There is no policy: ${path} does not exist on the branch ${facts.defaultBranch} of ${facts.name}.`,
      `Write one (docs/POLICY.md shows how) and merge it to ${facts.defaultBranch}. Without a policy nothing runs.`,
    );
  }
  const loaded = loadPolicy(file.text, { apiIsLoopback });
  if (loaded.ok) return { policy: loaded.policy, file };
  const count = loaded.problems.length;
  throw new Fault(
    'policy',
    `The policy has ${count === 1 ? 'a mistake' : `${count} mistakes`}:\n${formatProblems(path, loaded.problems)}`,
    `Mend ${path} on ${facts.defaultBranch}; \`debug-approval policy check\` finds the same mistakes locally.`,
  );
}

/** Refuses what may never ask or run: another event than workflow_dispatch, another branch, a public repository without leave. */
export function refuseUnlessAllowed(
  job: Pick<JobIdentity, 'event' | 'workflow'>,
  facts: Pick<RepositoryFacts, 'defaultBranch' | 'public' | 'name'>,
  policy: Policy,
): void {
  if (job.event !== 'workflow_dispatch') {
    throw new Fault(
      'refused',
      `This run was started by ${job.event}; only workflow_dispatch may ask or run.`,
      'Press "Run workflow" in GitHub, or start it with `gh workflow run`.',
    );
  }
  if (job.workflow.ref !== `refs/heads/${facts.defaultBranch}`) {
    throw new Fault(
      'refused',
      `This run is on ${job.workflow.ref}; only the default branch ${facts.defaultBranch} may ask or run.`,
      `Choose the branch ${facts.defaultBranch} under "Run workflow".`,
    );
  }
  if (!policy.signers.workflows.includes(job.workflow.path)) {
    throw new Fault(
      'refused',
      `The workflow ${job.workflow.path} is not among the policy's signers (${policy.signers.workflows.join(', ')}), so nobody would believe its records.`,
      'Add it under `signers.workflows` in the policy on the default branch.',
    );
  }
  if (facts.public && !policy.public) {
    throw new Fault(
      'refused',
      `${facts.name} is public, so reasons, people and record tokens would be readable by anybody.`,
      'Use a private repository, or write `public: true` into the policy if that is what you want.',
    );
  }
}

/** Checks the whole ask and builds the request. Throws a Fault that says what is wrong and what to do. */
export async function checkAsk(
  repository: Pick<Repository, 'environment'>,
  given: { input: AskInput; facts: RepositoryFacts; run: RunFacts; job: JobIdentity; policy: Policy; file: PolicyFile },
  context: { now: number; version: string; secrets: readonly string[] },
): Promise<CheckedAsk> {
  const { input, facts, run, job, policy, file } = given;
  refuseUnlessAllowed(job, facts, policy);
  refuseUnlessApprovalJob(job);
  refuseOtherAttempt(run, job);
  const requester = requesterOf(policy, run, file, input.runbook);
  const text = (value: string) => maskText(value.toWellFormed(), context.secrets);
  const inputs = maskedInputs(input.inputs, text);
  const resolved = resolveRunbook(policy, { runbook: input.runbook, target: input.target, inputs });
  const most = resolved.ok ? resolved.windowSeconds : policy.windowSeconds;
  const problems = [
    ...(resolved.ok ? [] : resolved.problems),
    ...textProblems(policy, input),
    ...boundProblems('duration', input.windowSeconds, most, 'the window of the runbook'),
    ...boundProblems('timeout', input.timeoutSeconds, policy.expirySeconds, "the policy's expiry"),
  ];
  if (!resolved.ok || problems.length > 0) {
    throw new Fault(
      'input',
      text(`This request cannot be asked:\n${problems.map((p) => `- ${p}`).join('\n')}`),
      'Mend the inputs and run the workflow again.',
    );
  }
  const windowSeconds = input.windowSeconds ?? resolved.windowSeconds;
  const waitSeconds = input.timeoutSeconds ?? policy.expirySeconds;
  // A lone surrogate is no text that JSON or GitHub could hand back unchanged.
  const request: Request = {
    type: 'debug-approval/request',
    v: 1,
    id: requestId(job.repositoryId, job.run),
    repositoryId: job.repositoryId,
    run: job.run,
    commit: job.commit,
    workflow: job.workflow.path,
    policy: { path: file.path, commit: file.commit, blob: file.blob },
    runbook: input.runbook,
    argv: resolved.argv,
    inputs: resolved.inputs,
    target: input.target,
    environment: resolved.environment,
    requester,
    actor: { id: run.actor.id, login: run.actor.login, person: findByGithub(policy, run.actor.id) },
    reason: text(input.reason.trim()),
    ticket: text(input.ticket.trim()),
    urgency: input.urgency,
    breakGlass: input.breakGlass,
    window: windowSeconds,
    expiresAt: instant(context.now + waitSeconds * 1000),
    version: context.version,
  };
  const approvers = approversOf(policy, request);
  const notices = await checkEnvironments(repository, facts, policy, resolved.environment);
  return { policy, request, approvers, notices: [...notices, ...rerunNotice(job)] };
}

/** RFC 3339 in UTC with whole seconds. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** GitHub tells of the latest attempt; who triggered that one must not be taken for who triggered this one. */
function refuseOtherAttempt(run: RunFacts, job: JobIdentity): void {
  if (run.id === job.run.id && run.attempt === job.run.attempt) return;
  throw new Fault(
    'refused',
    `This job is attempt ${job.run.attempt} of run ${job.run.id}, but GitHub has attempt ${run.attempt} of run ${run.id} already.`,
    'The newer attempt asks anew; this one asks nothing.',
  );
}

function refuseUnlessApprovalJob(job: JobIdentity): void {
  if (job.environment?.toLowerCase() === 'debug-approval') return;
  throw new Fault(
    'refused',
    `This job runs in ${job.environment === null ? 'no environment' : `the environment "${job.environment}"`}; requests are signed in the environment "debug-approval" alone.`,
    'Write `environment: debug-approval` into the ask job and create that environment, open to the default branch only.',
  );
}

function requesterOf(policy: Policy, run: RunFacts, file: PolicyFile, runbook: string): Request['requester'] {
  const { id, login, bot } = run.triggeringActor;
  if (bot) {
    throw new Fault('refused', `${login} is a bot; bots do not request.`, 'Start the workflow as yourself, in GitHub.');
  }
  const person = findByGithub(policy, id);
  if (person === null) {
    throw new Fault(
      'refused',
      `${login} (GitHub id ${id}) is nobody in the policy, so who asks is unknown.`,
      `Add an entry under \`people\` in ${file.path}, with \`github: { id: ${id}, login: ${login} }\`.`,
    );
  }
  if (policy.runbooks[runbook] !== undefined) {
    const may = mayRequest(policy, person, runbook);
    if (!may.ok) throw new Fault('refused', may.message, 'Ask somebody who may request it, or change the policy.');
  }
  return { id, login, person };
}

/** Text inputs are free text too: a secret in one becomes its mark before the runbook's patterns judge it. */
function maskedInputs(inputs: unknown, mask: (text: string) => string): unknown {
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, typeof value === 'string' ? mask(value) : value]),
  );
}

function textProblems(policy: Policy, input: AskInput): string[] {
  const reason = input.reason.trim();
  const ticket = input.ticket.trim();
  const problems = wordsProblems(policy, { reason, ticket });
  if (reason.length > LONGEST_TEXT) {
    problems.push(`The reason has ${reason.length} characters; at most ${LONGEST_TEXT} fit on a card.`);
  }
  const size = JSON.stringify(input.inputs)?.length ?? 0;
  if (size > LONGEST_INPUTS) problems.push(`inputs: ${size} characters; at most ${LONGEST_INPUTS} fit into a record.`);
  if (input.breakGlass) problems.push('break-glass: this version has no break-glass; leave it off.');
  return problems;
}

/**
 * Both environments must admit the default branch alone: the target's, which holds the debug job back, and the one
 * that holds the Slack tokens. Gives what approvers must know of the target's.
 */
async function checkEnvironments(
  repository: Pick<Repository, 'environment'>,
  { defaultBranch, public: isPublic }: RepositoryFacts,
  { adminBypass }: Policy,
  target: string,
): Promise<string[]> {
  const [targetFacts, approvalFacts] = await Promise.all([
    repository.environment(target, defaultBranch),
    repository.environment(APPROVAL_ENVIRONMENT, defaultBranch),
  ]);
  const rule = { defaultBranch, public: isPublic };
  const judged = judgeEnvironment(target, targetFacts, { ...rule, adminBypass });
  // Nobody deploys to it, so that an administrator who bypasses its rules gains nothing.
  const approval = judgeEnvironment(APPROVAL_ENVIRONMENT, approvalFacts, { ...rule, adminBypass: 'show' });
  const problems = [...judged.problems, ...approval.problems];
  if (problems.length === 0) return judged.notices;
  throw new Fault('environment', problems.join('\n'), 'Nobody was asked. Mend it and run the workflow again.');
}

function boundProblems(name: string, asked: number | null, most: number, whose: string): string[] {
  if (asked === null || (asked >= 1 && asked <= most)) return [];
  return [
    `${name}: ${asked} s is outside what is allowed, 1 s to ${most} s (${whose}). Ask for at most ${formatDuration(most)}, or leave it empty.`,
  ];
}

function approversOf(policy: Policy, request: Request): string[] {
  const ask = { runbook: request.runbook, target: request.target, excluded: excludedPersons(request) };
  const verdict = evaluate(policy, ask, []);
  if (verdict.status === 'blocked') {
    throw new Fault(
      'refused',
      `Nobody can approve this: ${verdict.sentence}`,
      'Add people or a rule for it to the policy on the default branch.',
    );
  }
  return eligibleApprovers(policy, ask);
}

function rerunNotice(job: JobIdentity): string[] {
  if (job.run.attempt === 1) return [];
  return [
    `This is attempt ${job.run.attempt} of run ${job.run.id}: a new request; what was approved for an earlier attempt does not count.`,
  ];
}
