/** What the gateway does of itself for one request: the waiting of the ask job, a step at a time, each from the log alone. */
import type { Policy } from '../../policy/schema.ts';
import { nextReminderAt } from '../../request/deadlines.ts';
import type { EventOf } from '../../request/events.ts';
import { outcomeOf, outcomeText } from '../../request/present.ts';
import { isOpen, isOver } from '../../request/state.ts';
import { remind, tellRequester } from '../care.ts';
import { recordDeed } from '../deed.ts';
import type { Desk } from '../desk.ts';
import { Fault, whyOf } from '../fault.ts';
import { showFailed, showSettled } from '../open.ts';
import type { PolledComment } from '../ports.ts';
import { ASK_ANEW, type Reading, remembered, textFault, understand, wholeSnapshot } from '../reading.ts';
import { showCard, showIssue, viewOf } from '../show.ts';
import { decides, judgeComments, MENDS_ITSELF, newWatch, type Watch } from '../watch.ts';
import { answerFor, refuseFor } from './hold.ts';
import type { Place } from './places.ts';

/** What is remembered of a request between two steps; nothing of it must be. */
export interface Tended {
  watch: Watch;
  /** What people were shown last. */
  shown: string | null;
  /** How often GitHub or Slack did not take that; 0: both took it. */
  unshown: number;
  /** The comments of records that this gateway wrote. */
  own: Set<number>;
  /** The comments of which GitHub told this replica: it judges them at once. */
  heard: Set<number>;
  /** Its opening, for what must be said where its log cannot be believed any more; null: not read yet. */
  known: { policy: Policy; opening: EventOf<'requested'> } | null;
  /** Before this time nobody is reminded, since that failed just now (ms since 1970). */
  remindFrom: number;
}

/** `heard`: the comment of which GitHub told. */
export function newTended(heard?: number): Tended {
  const told = heard === undefined ? [] : [heard];
  return {
    watch: newWatch(),
    shown: null,
    unshown: 0,
    own: new Set(),
    heard: new Set(told),
    known: null,
    remindFrom: 0,
  };
}

/** So long, in ms, nothing is looked at without a reason: a webhook that was lost is made good then. */
const REPAIR_MS = 600_000;
/** So old, in ms, a comment must be before a replica judges it that GitHub told nothing of it: the one that it told is quicker. */
const OTHERS_MS = 10_000;
/** When a comment is looked at again that GitHub or a directory kept from being judged, in ms. */
const SOON_MS = 5_000;
/** What GitHub or Slack did not take is shown again after so long, in ms, so often; then it is left to the request's own jobs. */
const SHOW_AGAIN_MS = 60_000;
const SHOW_TRIES = 5;
/** A reminder that failed is tried again after so long, in ms: what keeps one from being written is a limit, mostly. */
const REMIND_AGAIN_MS = 60_000;

/**
 * Takes one step: records what is due, shows what is new, answers GitHub's gate. `written`: a record that the reading must hold. Gives
 * when the next step is due (ms since 1970); null: there is nothing left to do. Throws the Fault of an outage.
 */
export async function tend(
  place: Place,
  issue: number,
  tended: Tended,
  written: number | null,
): Promise<number | null> {
  const { desk } = place;
  if (written !== null) tended.own.add(written);
  const first = await readBelieved(place, issue, tended, written);
  if (first === null) return null;
  if (first.state.opening.wait !== 'gateway') {
    // The ask job of that request waits for itself; its card is shown at once all the same.
    if (written !== null) await showCard(desk, first, viewOf(desk, first));
    return null;
  }
  let reading = first;
  let step = await due(place, reading, tended);
  while (step.kind === 'wrote') {
    tended.own.add(step.commentId);
    const next = await readBelieved(place, issue, tended, step.commentId);
    if (next === null) return null;
    reading = next;
    step = await due(place, reading, tended);
  }
  await show(place, reading, tended);
  return step.kind === 'soon' ? desk.clock.now() + SOON_MS : nextAt(place, reading, tended);
}

/** null: the log cannot be believed, and issue, card and gate say so. */
async function readBelieved(
  place: Place,
  issue: number,
  tended: Tended,
  written: number | null,
): Promise<Reading | null> {
  const { desk } = place;
  try {
    const reading = remembered(desk, await readWith(desk, issue, written));
    tended.known = { policy: reading.policy, opening: reading.state.opening };
    return reading;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'log') throw error;
    const known = tended.known ?? desk.opened.get(issue);
    desk.progress.warn(`Issue #${issue}: ${whyOf(error)}`);
    if (known === undefined || known.opening.wait !== 'gateway') return null;
    const snapshot = await desk.repository.issue(issue);
    await showFailed(desk, desk.draw, { policy: known.policy, opening: known.opening, snapshot }, error);
    await refuseFor(place, known.opening.request, { text: whyOf(error), issue: snapshot.url });
    return null;
  }
}

/** Throws a Fault `unavailable` where the record does not show and nothing is broken: a list that lags is nobody's doing. */
async function readWith(desk: Desk, issue: number, written: number | null): Promise<Reading> {
  const whole = async (until: { commentId?: number }) => understand(desk, await wholeSnapshot(desk, issue, until));
  if (written === null) return whole({});
  try {
    return await whole({ commentId: written });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'log') throw error;
    await whole({});
    throw new Fault('unavailable', error.message, error.remedy, { cause: error });
  }
}

type Step = { kind: 'wrote'; commentId: number } | { kind: 'soon' } | { kind: 'nothing' };

const NOTHING: Step = { kind: 'nothing' };

function wrote(written: { commentId: number } | null): Step {
  return written === null ? NOTHING : { kind: 'wrote', commentId: written.commentId };
}

/** Records the first thing that is due. */
async function due({ desk }: Place, reading: Reading, tended: Tended): Promise<Step> {
  if (!isOpen(reading.state)) return NOTHING;
  const why = textFault(desk, reading);
  if (why !== null) {
    return wrote(await recordDeed(desk, reading, { type: 'fail', code: 'changed', message: `${why} ${ASK_ANEW}` }));
  }
  if (isOver(reading.state.opening.request.expiresAt, desk.clock.now())) {
    return wrote(await recordDeed(desk, reading, { type: 'expire' }));
  }
  const { watch } = tended;
  watch.polled = (await desk.repository.poll(reading.snapshot.number)) ?? watch.polled;
  const polled = watch.polled ?? [];
  const others = polled.filter((comment) => isAnothers(desk, reading, tended, comment));
  const mine = polled.filter((comment) => !others.includes(comment));
  const judged = await judgeComments(desk, mine, reading, watch);
  const commentId = watch.written;
  watch.written = null;
  if (commentId !== null) return { kind: 'wrote', commentId };
  if (judged === 'interrupted' || others.length > 0) return { kind: 'soon' };
  return reading.state.status === 'pending' ? wrote(await remindedOrLater(desk, reading, tended)) : NOTHING;
}

/** A decision that the replica is about to record which GitHub told of it: one that two record stands there twice. */
function isAnothers(desk: Desk, { state }: Reading, { heard, watch }: Tended, comment: PolledComment): boolean {
  if (heard.has(comment.id) || watch.judged.has(comment.id)) return false;
  if (desk.clock.now() - Date.parse(comment.createdAt) >= OTHERS_MS) return false;
  return decides(comment) && !state.answeredComments.includes(String(comment.id));
}

/** null: nobody is to be reminded, or that has to wait: what is new is shown all the same. */
async function remindedOrLater(desk: Desk, reading: Reading, tended: Tended) {
  if (desk.clock.now() < tended.remindFrom) return null;
  try {
    return await remind(desk, reading);
  } catch (error) {
    if (!(error instanceof Fault) || !MENDS_ITSELF.includes(error.code)) throw error;
    tended.remindFrom = desk.clock.now() + REMIND_AGAIN_MS;
    desk.progress.warn(`Nobody could be reminded yet: ${error.message}`);
    return null;
  }
}

/** Shows what is new in it, or was not taken before: on the card, the issue, at the gate and, once, to the requester. */
async function show(place: Place, reading: Reading, tended: Tended): Promise<void> {
  const { desk } = place;
  const now = factsShown(reading);
  const isNew = tended.shown !== now;
  if (!isNew && (tended.unshown === 0 || tended.unshown > SHOW_TRIES)) return;
  const last = reading.log.entries.at(-1)?.commentId ?? 0;
  // Whoever closed it has shown how it ended: what its jobs and the sweep did since (marks, a purge) stays as it is.
  if (!isOpen(reading.state) && !reading.snapshot.open && isNew && !tended.own.has(last)) return;
  let taken = true;
  if (reading.state.status === 'pending') {
    taken = await showPending(place, reading, tended);
  } else if (!HAS_JOBS.includes(reading.state.status)) {
    if (isNew) await answerFor(place, reading);
    taken = await showSettled(desk, desk.draw, reading);
    if (isNew && tended.own.has(last)) await tellRequester(desk, reading, outcomeText(outcomeOf(reading.state)));
  }
  tended.shown = now;
  tended.unshown = taken ? 0 : (isNew ? 0 : tended.unshown) + 1;
}

async function showPending({ desk }: Place, reading: Reading, { shown, own }: Tended): Promise<boolean> {
  const view = viewOf(desk, reading);
  // Issue and card are drawn together. A service that starts finds most as they should be: to draw a thousand would use the limits up.
  if (shown === null && own.size === 0 && desk.draw(view).body === reading.snapshot.body) return true;
  const taken = await Promise.all([
    showCard(desk, reading, view),
    showIssue(desk, desk.draw, view, { labels: reading.snapshot.labels }),
  ]);
  return taken.every((one) => one);
}

/** Once the debug job has started, it and the close job show how that goes on. */
const HAS_JOBS: readonly Reading['state']['status'][] = ['running', 'finished', 'failed'];

function factsShown({ state: { status, decisions, withdrawals, reminders } }: Reading): string {
  return JSON.stringify([status, decisions.map(({ commentId }) => commentId), withdrawals.length, reminders.length]);
}

function nextAt({ desk }: Place, { policy, state }: Reading, { remindFrom, unshown }: Tended): number | null {
  const again = unshown > 0 && unshown <= SHOW_TRIES ? desk.clock.now() + SHOW_AGAIN_MS : Number.POSITIVE_INFINITY;
  if (!isOpen(state)) return Number.isFinite(again) ? again : null;
  const { expiresAt } = state.opening.request;
  const reminder = Math.max(nextReminderAt(policy, state) ?? Number.POSITIVE_INFINITY, remindFrom);
  return Math.min(Date.parse(expiresAt), reminder, again, desk.clock.now() + REPAIR_MS);
}
