/** Everything that must hold before anybody is asked; nothing stands in GitHub or Slack until all of it does. */
import { APPROVAL_ENVIRONMENT, sameName } from '../log/names.ts';
import { formatDuration } from '../policy/duration.ts';
import { evaluate } from '../policy/evaluate.ts';
import { findByGithub } from '../policy/people.ts';
import { wordsProblems } from '../policy/requesters.ts';
import { resolveRunbook } from '../policy/runbook.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { redactText } from '../redact/text.ts';
import { instant } from '../request/instant.ts';
import { type Request, requestId, type Urgency } from '../request/request.ts';
import { askOf } from '../request/state.ts';
import { refuseUnlessAllowed } from './allowed.ts';
import {
  approversOf,
  refuseUnlessPlaced,
  refuseUnlessRequester,
  refuseUnlessReviewable,
  refuseUnresolved,
  requesterOf,
} from './ask-people.ts';
import { maskedTexts } from './ask-texts.ts';
import { groupsNeeded, namedBy, type Resolved, resolveGroups, type Sources } from './directory.ts';
import type { AskedInSlack } from './envelope.ts';
import { judgeEnvironment, judgeGate } from './environment.ts';
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
  /** Who waits for the decision: the ask job, or the gateway while nothing waits on a runner. */
  wait: 'runner' | 'gateway';
  /** By which the gateway asks for somebody; empty: whoever started the run asks. */
  envelope: string;
}

export interface CheckedAsk {
  /** With the members that its directories name now. */
  policy: Policy;
  request: Request;
  /** Persons who may decide, as the policy's keys. */
  approvers: string[];
  /** Who is in the groups that come from a directory, and the Slack accounts found by e-mail. */
  directory: Pick<Resolved, 'members' | 'links' | 'unresolved'>;
  /** False for what is pre-approved or breaks the glass: it goes on at once. */
  waits: boolean;
  wait: AskInput['wait'];
  /** Who asked in Slack; null: whoever started the run asks. */
  inSlack: AskedInSlack | null;
  notices: string[];
  /** What was masked in the request's texts, for whoever asks; null: nothing was. */
  masked: string | null;
}

/** The longest reason, in characters: the card and the record hold it whole. */
export const LONGEST_TEXT = 2_000;
/** The longest JSON of a runbook's inputs, in characters. */
export const LONGEST_INPUTS = 10_000;

/** What an ask is judged by. */
export interface AskGiven {
  input: AskInput;
  facts: RepositoryFacts;
  run: RunFacts;
  job: JobIdentity;
  policy: Policy;
  file: PolicyFile;
  inSlack: AskedInSlack | null;
}

/** Checks the whole ask and builds the request. Throws a Fault that says what is wrong and what to do. */
export async function checkAsk(
  sources: Sources & { repository: Pick<Repository, 'environment' | 'gates'> },
  given: AskGiven,
  context: { now: number; version: string; secrets: readonly string[] },
): Promise<CheckedAsk> {
  const { facts, job, policy, inSlack } = given;
  const { request: asked, masked } = requestOf(given, context);
  const needed = groupsNeeded(policy, askOf(asked), asked.breakGlass);
  // What is certain without any directory is said at once.
  const unaided = needed.deciding.length + needed.others.length === 0;
  if (unaided) approversOf(policy, asked);
  const [target, found] = await Promise.all([
    checkEnvironments(sources.repository, facts, policy, { target: asked.environment, wait: given.input.wait }),
    resolveGroups(sources, policy, needed, peopleOf(policy, asked)),
  ]);
  refuseUnresolved(found.unresolved, needed.deciding);
  const known = policyAsOf(policy, found);
  refuseUnlessRequester(known, asked);
  refuseUnlessPlaced(known, asked, found.inSlack);
  refuseUnlessReviewable(known, asked, found.gaps);
  const notices = [...target.notices, ...rerunNotice(job), ...found.gaps];
  const { members, links, unresolved } = found;
  const request = { ...asked, environment: target.name };
  const approvers = approversOf(known, asked, found.gaps);
  const waits = !asked.breakGlass && evaluate(known, askOf(asked), []).status !== 'met';
  const { wait } = given.input;
  const directory = { members, links, unresolved };
  return { policy: known, request, approvers, directory, waits, wait, inSlack, notices, masked };
}

/** Whom this ask may want to reach in Slack: who asks, and whom any rule that could apply names. */
function peopleOf(policy: Policy, { requester }: Request): string[] {
  return [requester.person, ...namedBy(policy.rules), ...(policy.slack?.quiet ?? []), ...(policy.escalation?.to ?? [])];
}

/** Builds the request from what is certain without a look at environments and directories. */
function requestOf(
  given: AskGiven,
  context: { now: number; version: string; secrets: readonly string[] },
): { request: Request; masked: string | null } {
  const { input, facts, run, job, policy, file, inSlack } = given;
  refuseUnlessAllowed(job, facts, policy);
  refuseUnlessApprovalJob(job);
  refuseOtherAttempt(run, job);
  const requester = requesterOf(policy, inSlack ?? run, file, input);
  const redaction = { secrets: context.secrets, choice: policy.redaction };
  const { reason, ticket, inputs, masked } = maskedTexts(input, redaction);
  const resolved = resolveRunbook(policy, { runbook: input.runbook, target: input.target, inputs });
  const most = resolved.ok ? resolved.windowSeconds : policy.windowSeconds;
  const problems = [
    ...(resolved.ok ? [] : resolved.problems),
    // As the record will hold it: every reader judges that.
    ...textProblems(policy, { ...input, reason, ticket }),
    ...boundProblems('duration', input.windowSeconds, most, 'the window of the runbook'),
    ...boundProblems('timeout', input.timeoutSeconds, policy.expirySeconds, "the policy's expiry"),
  ];
  if (!resolved.ok || problems.length > 0) {
    const lines = [...problems.map((p) => `- ${p}`), ...(masked === null ? [] : [masked])];
    throw new Fault(
      'input',
      redactText(`This request cannot be asked:\n${lines.join('\n')}`, redaction).text,
      'Mend the inputs and run the workflow again.',
    );
  }
  const windowSeconds = input.windowSeconds ?? resolved.windowSeconds;
  const waitSeconds = input.timeoutSeconds ?? policy.expirySeconds;
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
    reason,
    ticket,
    urgency: input.urgency,
    breakGlass: input.breakGlass,
    window: windowSeconds,
    askedAt: instant(context.now),
    expiresAt: instant(context.now + waitSeconds * 1000),
    version: context.version,
  };
  return { request, masked };
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
  if (job.environment !== null && sameName(job.environment, APPROVAL_ENVIRONMENT)) return;
  throw new Fault(
    'refused',
    `This job runs in ${job.environment === null ? 'no environment' : `the environment "${job.environment}"`}; requests are signed in the environment "${APPROVAL_ENVIRONMENT}" alone.`,
    `Write \`environment: ${APPROVAL_ENVIRONMENT}\` into the ask job and create that environment, open to the default branch only.`,
  );
}

function textProblems(policy: Policy, input: AskInput): string[] {
  const reason = input.reason.trim();
  const ticket = input.ticket.trim();
  const problems = wordsProblems(policy, { reason, ticket, breakGlass: input.breakGlass });
  if (reason.length > LONGEST_TEXT) {
    problems.push(`The reason has ${reason.length} characters; at most ${LONGEST_TEXT} fit on a card.`);
  }
  const size = JSON.stringify(input.inputs)?.length ?? 0;
  if (size > LONGEST_INPUTS) problems.push(`inputs: ${size} characters; at most ${LONGEST_INPUTS} fit into a record.`);
  return problems;
}

/**
 * Both environments must admit the default branch alone: the target's, which holds the debug job back, and the one
 * that holds the Slack tokens. Gives the target's name as GitHub writes it, and what approvers must know of it.
 */
async function checkEnvironments(
  repository: Pick<Repository, 'environment' | 'gates'>,
  { defaultBranch, public: isPublic }: RepositoryFacts,
  { adminBypass, gateway }: Policy,
  { target, wait }: { target: string; wait: AskInput['wait'] },
): Promise<{ name: string; notices: string[] }> {
  const [targetFacts, approvalFacts, gates] = await Promise.all([
    repository.environment(target, defaultBranch),
    repository.environment(APPROVAL_ENVIRONMENT, defaultBranch),
    wait === 'gateway' && gateway !== null ? repository.gates(target) : [],
  ]);
  const rule = { defaultBranch, public: isPublic };
  const judged = judgeEnvironment(target, targetFacts, { ...rule, adminBypass });
  // Nobody deploys to it, so that an administrator who bypasses its rules gains nothing.
  const approval = judgeEnvironment(APPROVAL_ENVIRONMENT, approvalFacts, { ...rule, adminBypass: 'show' });
  const gate = wait === 'gateway' ? judgeGate(target, gateway?.app ?? null, gates, isPublic) : [];
  const problems = [...judged.problems, ...approval.problems, ...gate];
  if (problems.length === 0) return { name: targetFacts?.name ?? target, notices: judged.notices };
  throw new Fault('environment', problems.join('\n'), 'Nobody was asked. Mend it and run the workflow again.');
}

/** What is wrong with a time of so many seconds, of which at most `most` may be asked for. */
export function boundProblems(name: string, asked: number | null, most: number, whose: string): string[] {
  if (asked === null || (asked >= 1 && asked <= most)) return [];
  return [
    `${name}: ${asked} s is outside what is allowed, 1 s to ${most} s (${whose}). Ask for at most ${formatDuration(most)}, or leave it empty.`,
  ];
}

function rerunNotice(job: JobIdentity): string[] {
  if (job.run.attempt === 1) return [];
  return [
    `This is attempt ${job.run.attempt} of run ${job.run.id}: a new request; what was approved for an earlier attempt does not count.`,
  ];
}
