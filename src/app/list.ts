/** `list`: the requests that are open, each as its verified log says. */
import type { Verdict } from '../policy/evaluate.ts';
import { nameOf } from '../policy/people.ts';
import { instant } from '../request/instant.ts';
import { outcomeOf, outcomeText } from '../request/present.ts';
import { type DueReview, type OpenedState, reviewOf } from '../request/state.ts';
import { policyOf } from './allowed.ts';
import { policyShelf } from './desk.ts';
import { Fault, whyOf } from './fault.ts';
import type { Clock, IssueSnapshot, Repository, TrustSource } from './ports.ts';
import { type Reading, unchanged, understand, wholeSnapshot } from './reading.ts';
import type { DrawIssue } from './show.ts';

export interface ListDeps {
  repository: Pick<Repository, 'facts' | 'openRequests' | 'issue' | 'blob'>;
  trust: TrustSource;
  clock: Clock;
  draw: DrawIssue;
}

/** A request as its log proves it. */
export interface ProvenRequest {
  kind: 'proven';
  issue: number;
  url: string;
  status: OpenedState['status'];
  verdict: Verdict;
  /** How it ended, where the issue is not closed yet; null while it goes on. */
  outcome: string | null;
  /** The requester's name for people. */
  requester: string;
  runbook: string;
  target: string;
  /** Whether it starts, or started, without approval. */
  breakGlass: boolean;
  /** The after-review that somebody must still sign, by these names; null: none is due. `overdue`: by now it should be. */
  review: { dueAt: string; by: string[]; overdue: boolean } | null;
  /**
   * When its time is over, RFC 3339: the approval's, once it runs the job's, once it has ended the after-review's. null: nothing
   * is waited for.
   */
  ends: string | null;
  /** Until then, never below 0. */
  secondsLeft: number | null;
}

/** `broken`: its log, or what its issue says was asked, cannot be believed. `unknown`: it could not be read now. */
export interface UnprovenRequest {
  kind: 'broken' | 'unknown';
  issue: number;
  why: string;
}

export type ListedRequest = ProvenRequest | UnprovenRequest;

/** All open requests, oldest first. Throws Faults where not even their list, the policy or the keys can be had. */
export async function listRequests(
  deps: ListDeps,
  input: { policyPath: string; apiIsLoopback: boolean; version: string },
): Promise<ListedRequest[]> {
  const { repository } = deps;
  const [facts, numbers] = await Promise.all([
    repository.facts({ policyPath: input.policyPath }),
    repository.openRequests(),
  ]);
  const { policy, file } = policyOf(facts, input.policyPath, input.apiIsLoopback);
  const trust = await deps.trust.trust(facts, policy.signers);
  const policies = policyShelf(repository, { blob: file.blob, policy }, input.apiIsLoopback);
  // The keys are those of this moment.
  const desk = { trust, renewKeys: async () => {}, policies, draw: deps.draw, version: input.version };
  return judgeOpen(deps, desk, numbers);
}

/** These of the open requests, each as its log proves it; without those that were closed since. */
export async function judgeOpen(
  deps: Pick<ListDeps, 'repository' | 'clock'>,
  desk: Parameters<typeof judge>[0],
  numbers: readonly number[],
): Promise<ListedRequest[]> {
  const { clock } = deps;
  const listed: ListedRequest[] = [];
  for (const number of numbers) {
    const found = await look(deps, number);
    if ('kind' in found) listed.push(found);
    // Closed since the list was made: over.
    else if (found.open) listed.push(await judge(desk, found, clock.now()));
  }
  return listed;
}

async function look(
  deps: Pick<ListDeps, 'repository' | 'clock'>,
  issue: number,
): Promise<IssueSnapshot | UnprovenRequest> {
  try {
    return await wholeSnapshot(deps, issue, {});
  } catch (error) {
    return { kind: 'unknown', issue, why: whyOf(error) };
  }
}

async function judge(
  desk: Parameters<typeof understand>[0] & Parameters<typeof unchanged>[0],
  snapshot: IssueSnapshot,
  now: number,
): Promise<ListedRequest> {
  try {
    return described(unchanged(desk, await understand(desk, snapshot)), now);
  } catch (error) {
    const broken = error instanceof Fault && ['log', 'changed', 'policy'].includes(error.code);
    return { kind: broken ? 'broken' : 'unknown', issue: snapshot.number, why: whyOf(error) };
  }
}

function described(reading: Reading, now: number): ProvenRequest {
  const { policy, snapshot, state } = reading;
  const { request } = state.opening;
  const ends = endsOf(reading);
  return {
    kind: 'proven',
    issue: snapshot.number,
    url: snapshot.url,
    status: state.status,
    verdict: state.verdict,
    outcome: state.status === 'running' ? null : outcomeText(outcomeOf(state)),
    requester: nameOf(policy, request.requester.person),
    runbook: request.runbook,
    target: request.target,
    breakGlass: request.breakGlass,
    review: reviewDue(reading, now),
    ends,
    secondsLeft: ends === null ? null : Math.max(0, Math.floor((Date.parse(ends) - now) / 1000)),
  };
}

function reviewDue(reading: Reading, now: number): ProvenRequest['review'] {
  const review = openReview(reading);
  if (review === null) return null;
  const by = review.by.map((person) => nameOf(reading.policy, person));
  return { dueAt: instant(review.dueAt), by, overdue: now > review.dueAt };
}

function openReview({ policy, state }: Reading): DueReview | null {
  const review = reviewOf(policy, state);
  return review?.signed === null ? review : null;
}

function endsOf(reading: Reading): string | null {
  const { state } = reading;
  const { request } = state.opening;
  if (state.status === 'pending' || state.status === 'approved') return request.expiresAt;
  if (state.status === 'running') return instant(Date.parse(state.start.at) + request.window * 1000);
  const review = openReview(reading);
  return review === null ? null : instant(review.dueAt);
}
