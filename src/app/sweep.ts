/** The close job and the scheduled sweep: give each request whose run is over its true end, and take its buttons away. */
import { withArchive } from '../log/archive-keys.ts';
import { readLog } from '../log/chain.ts';
import { APPROVAL_ENVIRONMENT } from '../log/names.ts';
import type { Command } from '../request/command.ts';
import { oneOfNames } from '../request/names.ts';
import { outcomeText } from '../request/present.ts';
import { isOpen } from '../request/state.ts';
import { lookAfterReview, openReview } from './after-review.ts';
import { policyOf, refuseUnlessSigner } from './allowed.ts';
import { instant } from './ask-check.ts';
import { bodyFindings, ignored } from './body.ts';
import { tellRequester } from './care.ts';
import { recordDeed } from './deed.ts';
import type { Delivered } from './delivered.ts';
import { type Desk, openDesk } from './desk.ts';
import { endsHere, hasEnded } from './ends-here.ts';
import { Fault } from './fault.ts';
import { archiveKeys, readKeys } from './key-archive.ts';
import type {
  Chat,
  Clock,
  IssueSnapshot,
  JobIdentity,
  KeyArchive,
  Progress,
  ReceiverAt,
  Repository,
  Signer,
  SlackPeople,
  Teams,
  TrustSource,
} from './ports.ts';
import { openingOf, type Reading, textFault, understand, wholeSnapshot } from './reading.ts';
import { type DebugResult, runInBody, sameRun } from './run-end.ts';
import { type DrawIssue, showCard, showIssue, viewOf } from './show.ts';
import { commandFor, lastWords } from './sweep-command.ts';
import { deliverLeft, lackingOf, newPostman, type Postman } from './sweep-deliveries.ts';
import { type Sweep, type Swept, troubled, whyOf } from './swept.ts';
import { markIfWrittenTo } from './undelivered.ts';
import { showUnproven } from './unproven.ts';
import { claimEnvironment, refuseUnsigned } from './unsigned.ts';
import { tellVanished } from './vanished.ts';

export interface SweepDeps {
  repository: Repository;
  trust: TrustSource;
  signer: Signer;
  identity: () => Promise<JobIdentity>;
  slack: ((channel: string | null) => Promise<{ chat: Chat }>) | null;
  /** null without Slack's token. */
  slackPeople: SlackPeople | null;
  /** Who is in GitHub's teams; null without a `directory-token`. */
  teams: Teams | null;
  keyArchive: KeyArchive;
  /** The receiver at the policy's webhook; null without a `webhook-secret`. */
  webhook: ReceiverAt;
  clock: Clock;
  progress: Progress;
  draw: DrawIssue;
}

export interface SweepInput {
  /** One request: an issue, this run's own request (`own-run`), or all that are open. */
  what: { kind: 'issue'; number: number } | { kind: 'own-run' } | { kind: 'all' };
  /** How the debug job of this run ended, where the close job knows (`needs.debug.result`). */
  debugResult: DebugResult | null;
  /** How far the ask job of this run delivered its log to the policy's webhook. */
  delivered: Delivered;
  policyPath: string;
}

export interface SweepContext {
  job: string;
  serverUrl: string;
  version: string;
  apiIsLoopback: boolean;
}

export type { Sweep, Swept } from './swept.ts';

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
  const desk = await openDesk({ deps, facts, job, policy, file, context, chat, teams, slackPeople });
  const post = await newPostman(desk, policy, deps.webhook, what.kind === 'all');
  const { debugResult } = input;
  const place = { desk, deps, job, debugResult, post, handedOver: debugResult === null ? undefined : input.delivered };
  if (input.what.kind === 'issue') {
    return { swept: [await settleSafely(place, await repository.issue(input.what.number))], undone: [] };
  }
  const keys = what.kind === 'all' ? await readKeys(desk, deps.keyArchive, job) : null;
  // What a request was signed with may be published no more before it is over.
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
  await apart('look for requests that vanished', () => tellVanished(desk, facts.earlier, swept));
  return { swept, undone };
}

/** Whoever closes an issue or takes its label away changes it: one of the sweeps of so long a time sees it. */
const LOOKED_BACK_MS = 7 * 24 * 3_600_000;

interface Place {
  desk: Desk;
  deps: SweepDeps;
  job: JobIdentity;
  debugResult: SweepInput['debugResult'];
  /** null: the policy has no webhook. */
  post: Postman | null;
  /** How far the ask job of this run delivered; undefined where this is not its close job. */
  handedOver: Delivered | undefined;
}

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

/** Whether somebody must and can still sign. */
function awaitsReview(reading: Reading): boolean {
  return (openReview(reading)?.by.length ?? 0) > 0;
}

async function settleSafely(place: Place, snapshot: IssueSnapshot): Promise<Swept> {
  try {
    return await settle(place, snapshot);
  } catch (error) {
    return troubled(place, snapshot, 'unreadable', error);
  }
}

async function settle(place: Place, snapshot: IssueSnapshot): Promise<Swept> {
  const { desk, deps, job, debugResult } = place;
  const whole = await wholeSnapshot(desk, snapshot.number, { first: snapshot });
  let reading = await believed(place, whole);
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  const text = textFault(desk, reading);
  // By a text that somebody changed nobody decides any more.
  if (text === null || !isOpen(reading.state)) reading = await orBroken(place, reading, lastWords);
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  const command = await commandFor(place, reading.state, text);
  if (command !== null) reading = await record(place, reading, command);
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  reading = await orBroken(place, reading, ({ desk: at }, found) => lookAfterReview(at, found));
  if (reading instanceof Fault) return troubled(place, snapshot, 'unproven', reading);
  const { status } = reading.state;
  const over = hasEnded(reading.state);
  const review = openReview(reading);
  const view = viewOf(desk, reading);
  if (over) {
    // Whoever signs the after-review writes on the issue: it stays open until then.
    // Where somebody closed it all the same, it is opened again.
    const change = { close: review === null, reopen: awaitsReview(reading) };
    const [delivered] = await Promise.all([deliver(place, reading, whole), showCard(desk, reading, view)]);
    await showIssue(desk, deps.draw, view, { ...change, delivered, labels: reading.snapshot.labels });
    if (place.post !== null && delivered) await markIfWrittenTo(desk, reading);
    if (endsHere(desk, reading, debugResult === null ? null : job.run))
      await tellRequester(desk, reading, outcomeText(view));
  }
  const overdue = over && review !== null && desk.clock.now() > review.dueAt;
  const told = outcomeText(view) ?? `Still ${status}: ${reading.state.verdict.sentence}`;
  const changed = text === null || told.includes(text) ? [] : [text];
  const beside = [...bodyFindings(whole, reading.log.entries), ...ignored(whole.number, reading.log.findings)];
  for (const why of [...changed, ...beside]) desk.progress.warn(why);
  const note = [told, ...changed, ...reviewNote(reading)];
  return { issue: snapshot.number, url: snapshot.url, status, note: note.join(' '), reading, overdue };
}

/** Whether the policy's webhook has all records of a request that is over. What `seen` holds was there before this job wrote. */
async function deliver({ post, handedOver }: Place, reading: Reading, seen: IssueSnapshot): Promise<boolean> {
  if (post === null) return true;
  const before = new Set(seen.comments.map(({ id }) => id));
  return post.deliver(reading, lackingOf(reading.log.entries, { handedOver, labels: seen.labels, before }));
}

function reviewNote(reading: Reading): string[] {
  const review = openReview(reading);
  if (review === null) return [];
  const who = oneOfNames(reading.policy, review.by) || 'nobody, since the policy leaves nobody to sign it';
  return [`The after-review is due by ${instant(review.dueAt)}, from ${who}.`];
}

/** The reading of a whole snapshot; the Fault of a log that cannot be believed, once issue and card say so. */
async function believed(place: Place, whole: IssueSnapshot): Promise<Reading | Fault> {
  try {
    return await understand(place.desk, whole);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'log')) throw error;
    await showUnproven({ ...place, draw: place.deps.draw }, whole, error);
    return error;
  }
}

async function record(place: Place, reading: Reading, command: Command): Promise<Reading | Fault> {
  const { desk } = place;
  const written = await recordDeed(desk, reading, command);
  if (written === null) return reading;
  return believed(place, await wholeSnapshot(desk, reading.snapshot.number, { commentId: written.commentId }));
}

/** The reading after some work on it; the Fault of a log that broke meanwhile. */
async function orBroken(
  place: Place,
  reading: Reading,
  work: (place: Place, reading: Reading) => Promise<Reading>,
): Promise<Reading | Fault> {
  const { number } = reading.snapshot;
  try {
    return await work(place, reading);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'log')) throw error;
    return believed(place, await wholeSnapshot(place.desk, number, {}));
  }
}
