/** The ask job, whole: check, open, wait, show, and hand over what the debug job needs. */
import { isOpen } from '../request/state.ts';
import type { RequestView } from '../request/view.ts';
import { type AskInput, checkAsk, policyOf } from './ask-check.ts';
import { type Desk, policyShelf } from './desk.ts';
import { openRequest, showSettled } from './open.ts';
import type { Chat, Clock, JobIdentity, Listener, Progress, Repository, Signer, TrustSource } from './ports.ts';
import { newEar } from './presses.ts';
import type { Reading } from './reading.ts';
import { type DrawIssue, viewOf } from './show.ts';
import { waitForVerdict } from './wait.ts';

export interface AskDeps {
  repository: Repository;
  trust: TrustSource;
  signer: Signer;
  /** This job's own identity, as GitHub's OIDC token states it. */
  identity: () => Promise<JobIdentity>;
  /** Made once the policy is known, since it names the channel; null without Slack tokens. */
  slack: ((channel: string | null) => Promise<{ chat: Chat; listener: Listener | null }>) | null;
  clock: Clock;
  progress: Progress;
  draw: DrawIssue;
  /** Told as soon as the issue exists, so that the outputs name it whatever happens next. */
  onIssue: (issue: { number: number; url: string }) => void;
  signal: AbortSignal;
}

export interface AskContext {
  runId: number;
  job: string;
  serverUrl: string;
  version: string;
  apiIsLoopback: boolean;
  /** Values that must never be shown, masked in all free text of the request. */
  secrets: readonly string[];
}

export interface Asked {
  reading: Reading;
  view: RequestView;
  approved: boolean;
}

/** Asks, waits and tells the end. Throws a Fault when nothing could be asked or when the log broke. */
export async function ask(deps: AskDeps, input: AskInput, context: AskContext): Promise<Asked> {
  const { repository, clock, progress } = deps;
  const [facts, run, job] = await Promise.all([
    repository.facts({ policyPath: input.policyPath, earlier: true }),
    repository.run(context.runId),
    deps.identity(),
  ]);
  const { policy, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  const given = { input, facts, run, job, policy, file };
  const checked = await checkAsk(repository, given, { ...context, now: clock.now() });
  const slack = (await deps.slack?.(policy.slack?.channel ?? null)) ?? null;
  const desk: Desk = {
    ...{ repository, clock, progress, signer: deps.signer, chat: slack?.chat ?? null },
    trust: await deps.trust.trust(facts, policy.signers),
    writer: { run: job.run.id, attempt: job.run.attempt, job: context.job, environment: job.environment },
    repositoryName: facts.name,
    serverUrl: context.serverUrl,
    policies: policyShelf(repository, { blob: file.blob, policy }, context.apiIsLoopback),
    uncounted: new Map(),
    refused: new Set(),
  };
  progress.info(`This request can be approved by ${checked.approvers.length} people other than you.`);
  // Listening begins before anybody has a button, so that no press finds nobody.
  const ear = newEar(desk, slack?.listener ?? null, deps.signal);
  const onIssue: AskDeps['onIssue'] = (issue) => {
    ear.own(issue.number);
    deps.onIssue(issue);
  };
  let reading: Reading;
  try {
    await ear.open();
    const opened = await openRequest(desk, deps.draw, checked, facts.earlier, onIssue);
    progress.info(`Asked in ${opened.snapshot.url}; waiting until ${checked.request.expiresAt}.`);
    reading = await waitForVerdict(desk, deps.draw, ear, opened, deps.signal);
  } finally {
    await ear.close();
  }
  await showSettled(desk, deps.draw, reading);
  return {
    reading,
    view: viewOf(desk, reading),
    approved: isOpen(reading.state) && reading.state.status === 'approved',
  };
}
