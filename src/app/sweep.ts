/** The close job and the scheduled sweep: give each request whose run is over its true end, and take its buttons away. */

import { withArchive } from '../log/archive-keys.ts';
import { readLog } from '../log/chain.ts';
import { APPROVAL_ENVIRONMENT } from '../log/names.ts';
import { runInBody } from '../request/run-in-body.ts';
import { policyOf, refuseUnlessSigner } from './allowed.ts';
import type { Delivered } from './delivered.ts';
import { type Desk, openDesk, writerOf } from './desk.ts';
import { hasEnded } from './ends-here.ts';
import { Fault, whyOf } from './fault.ts';
import { archiveKeys, readKeys } from './key-archive.ts';
import type { IssueSnapshot } from './ports.ts';
import { purge } from './purge.ts';
import { openingOf, understand, wholeSnapshot } from './reading.ts';
import { type DebugResult, sameRun } from './run-end.ts';
import { deliverLeft, newPostman } from './sweep-deliveries.ts';
import type { SweepDeps } from './sweep-deps.ts';
import { awaitsReview, type Place, type Swept, settleSafely, troubled } from './sweep-request.ts';
import { claimEnvironment, refuseUnsigned } from './unsigned.ts';
import { tellVanished } from './vanished.ts';

export type { SweepDeps } from './sweep-deps.ts';

export interface SweepInput {
  /** One request: an issue, this run's own request (`own-run`), or all that are open. */
  what: { kind: 'issue'; number: number } | { kind: 'own-run' } | { kind: 'all' };
  /** How the debug job of this run ended, where the close job knows (`needs.debug.result`). */
  debugResult: DebugResult | null;
  /** How far the ask job of this run delivered its log to the policy's webhook. */
  delivered: Delivered;
  /** The end of what the command of this run printed, by the word of the debug job, which nobody trusts; empty: nothing is told. */
  lastLines: string;
  policyPath: string;
}

export interface SweepContext {
  job: string;
  serverUrl: string;
  version: string;
  apiIsLoopback: boolean;
}

/** What a sweep did. */
export interface Sweep {
  swept: Swept[];
  /** What it could not do beside the requests, one sentence each, which progress was told already. */
  undone: string[];
}

/** Sweeps. Whatever fails is reported and keeps nothing else from being done. */
export async function sweep(deps: SweepDeps, input: SweepInput, context: SweepContext): Promise<Sweep> {
  const { repository } = deps;
  const { policyPath, what } = input;
  const earlier = what.kind === 'all';
  const [facts, who] = await Promise.all([repository.facts({ policyPath, earlier }), deps.identity()]);
  const { policy, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  refuseUnsigned(who, policy, deps.progress);
  const job = claimEnvironment(who, APPROVAL_ENVIRONMENT);
  refuseUnlessSigner(job, facts.defaultBranch, policy.signers.workflows);
  const slack = (await deps.slack?.(policy.slack?.channel ?? null)) ?? null;
  const { teams, slackPeople } = deps;
  const chat = slack?.chat ?? null;
  const desk = await openDesk({
    deps,
    facts,
    writer: writerOf(job, context.job),
    policy,
    file,
    context,
    chat,
    teams,
    slackPeople,
  });
  const post = await newPostman(desk, policy, deps.webhook, what.kind === 'all');
  const { debugResult, lastLines } = input;
  const place = {
    desk,
    job,
    debugResult,
    lastLines,
    post,
    handedOver: debugResult === null ? undefined : input.delivered,
  };
  if (input.what.kind === 'issue') {
    return { swept: [await settleSafely(place, await repository.issue(input.what.number))], undone: [] };
  }
  const keys = what.kind === 'all' ? await readKeys(desk, deps.keyArchive, job) : null;
  // What a request was signed with may be published no more before it is over, and long before what it shared goes.
  if (keys !== null) desk.trust = withArchive(desk.trust, keys.read);
  const open = await repository.openRequests();
  const swept: Swept[] = [];
  const undone: string[] = [];
  const apart = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      undone.push(`The sweep could not ${what}: ${whyOf(error)}`);
      deps.progress.warn(undone.at(-1) ?? '');
    }
  };
  for (const [index, number] of open.entries()) {
    if (input.what.kind === 'all') deps.progress.info(`Request ${index + 1} of ${open.length}: issue #${number}`);
    const one = await sweepOne(place, number, input.what.kind);
    if (one !== null) swept.push(one);
  }
  if (input.what.kind === 'own-run') return { swept, undone };
  await apart('look for what broke the glass', async () => {
    const glass = await repository.brokenGlass(deps.clock.now() - LOOKED_BACK_MS);
    for (const number of glass.filter((one) => !open.includes(one))) {
      const one = await sweepOne(place, number, 'out-of-sight');
      if (one !== null) swept.push(one);
    }
  });
  await apart('deliver what the webhook lacks', async () => {
    const done = swept.map(({ issue }) => issue);
    for (const { snapshot, fault } of post === null ? [] : await deliverLeft(desk, post, done)) {
      swept.push(troubled(place, snapshot, 'unproven', fault));
    }
  });
  if (keys !== null) await archiveKeys(desk, deps.keyArchive, keys);
  await apart('delete all that requests shared', () => purge(desk, deps.shared));
  await apart('look for requests that vanished', () => tellVanished(desk, facts.earlier, swept));
  return { swept, undone };
}

/** Whoever closes an issue or takes its label away changes it: one of the sweeps of so long a time sees it. */
const LOOKED_BACK_MS = 7 * 24 * 3_600_000;

/**
 * One issue of all or, for the close job, null where it is no request of this run. What is out of sight counts where its
 * after-review is still to be signed; whether it is, its log says and no label.
 */
async function sweepOne(place: Place, number: number, what: 'all' | 'own-run' | 'out-of-sight'): Promise<Swept | null> {
  const { desk, job } = place;
  let snapshot: IssueSnapshot;
  try {
    snapshot = await desk.repository.issue(number);
  } catch (error) {
    const url = `${desk.serverUrl}/${desk.repositoryName}/issues/${number}`;
    return troubled(place, { number, url }, 'unreadable', error);
  }
  if (what === 'own-run') {
    const run = openingOf(await readLog(snapshot, desk.trust))?.request.run ?? runInBody(snapshot.body);
    if (run === null || !sameRun(run, job.run)) return null;
  }
  if (what === 'out-of-sight' && (await isDone(desk, snapshot))) return null;
  return settleSafely(place, snapshot);
}

/** Whether nothing is left to be done for an issue that broke the glass; false where nobody can tell. */
async function isDone(desk: Desk, snapshot: IssueSnapshot): Promise<boolean> {
  try {
    const reading = await understand(desk, await wholeSnapshot(desk, snapshot.number, { first: snapshot }));
    return hasEnded(reading.state) && !awaitsReview(reading);
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
