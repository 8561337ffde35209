/** Opens a request: the issue, the card, the signed opening record; and ends it again where nobody decided. */
import { readLog } from '../log/chain.ts';
import { type Command, decide } from '../request/decide.ts';
import type { Actor, Card, Event, EventOf } from '../request/events.ts';
import { instant } from '../request/instant.ts';
import { requestDigest } from '../request/request.ts';
import { fold, initialState, isOpen, type OpenedState } from '../request/state.ts';
import { append } from './append.ts';
import type { CheckedAsk } from './ask-check.ts';
import { recordDeed, WORKFLOW } from './deed.ts';
import type { Desk } from './desk.ts';
import type { EarlierLog } from './earlier.ts';
import { Fault } from './fault.ts';
import { namedEarlier } from './named-earlier.ts';
import { type Reading, reconcile } from './reading.ts';
import { refuseTooLarge } from './room.ts';
import { type DrawIssue, drawn, showCard, showIssue, viewOf, viewWithoutButtons } from './show.ts';

/** Opens the issue, posts the card, writes the opening record and gives the card its buttons. */
export async function openRequest(
  desk: Desk,
  draw: DrawIssue,
  checked: CheckedAsk,
  earlier: readonly EarlierLog[],
  onIssue: (issue: { number: number; url: string }) => void,
): Promise<Reading> {
  const { policy, request } = checked;
  const digest = requestDigest(request);
  const opening: EventOf<'requested'> = {
    type: 'requested',
    digest,
    request,
    approvers: checked.approvers,
    members: checked.directory.members,
    links: checked.directory.links,
    card: null,
    earlier: namedEarlier(earlier),
    notices: checked.notices,
    ...(checked.wait === 'gateway' ? { wait: 'gateway' } : {}),
    ...(checked.inSlack === null ? {} : { envelope: { jti: checked.inSlack.jti } }),
  };
  await refuseTooLarge(desk, opening);
  const before = previewOf(desk, policy, [opening]);
  const issue = await desk.repository.createIssue(
    drawn(desk, draw, viewWithoutButtons(desk, { policy, state: before, snapshot: { number: 0, url: '' } })),
  );
  onIssue(issue);
  const posted = await postCard(desk, checked, before, issue);
  const card = posted.kind === 'posted' ? posted.card : null;
  const notices = posted.kind === 'missing' ? [...opening.notices, posted.notice] : opening.notices;
  try {
    const reading = await writeOpening(desk, checked, { ...opening, card, notices }, posted, issue.number);
    if (posted.kind === 'failed') throw posted.fault;
    // What needs nobody gets no buttons: it goes on at once, and this job hears nobody press them.
    if (reading.state.status === 'pending') await showCard(desk, reading, viewOf(desk, reading));
    return reading;
  } catch (error) {
    await showFailed(desk, draw, { policy, opening: { ...opening, card }, snapshot: issue }, error);
    throw error;
  }
}

async function writeOpening(
  desk: Desk,
  { policy, request, inSlack }: CheckedAsk,
  opening: EventOf<'requested'>,
  posted: Posted,
  issue: number,
): Promise<Reading> {
  const by: Actor = {
    person: request.requester.person,
    name: policy.people[request.requester.person]?.name ?? request.requester.login,
    github: { id: request.requester.id, login: request.requester.login },
    ...(inSlack === null
      ? { slack: null, via: 'workflow', evidence: { run: `${request.run.id}/${request.run.attempt}` } }
      : askedBy(inSlack, request)),
  };
  const first = decide(policy, initialState, { type: 'open', opening }, { now: desk.clock.now() });
  if (first.kind !== 'append') throw new Fault('log', 'The opening was refused.', 'Report this as a defect.');
  const events = posted.kind === 'failed' ? [...first.events, posted.event] : first.events;
  const log = await readLog({ number: issue, comments: [], deletions: [] }, desk.trust);
  const written = await append(desk, { issue, request: request.id, log }, { by, events, sentence: first.sentence });
  return reconcile(desk, issue, written.commentId);
}

/** The form in Slack is where the person asked; the envelope leads there, the run to the app that began it. */
function askedBy({ slack, jti }: NonNullable<CheckedAsk['inSlack']>, { run }: CheckedAsk['request']) {
  return { slack, via: 'slack-dialog' as const, evidence: { run: `${run.id}/${run.attempt}`, envelope: jti } };
}

/** Shows a failure that could not be read from the log: the card loses its buttons, the issue is closed as an error or, where `close` is false, stays open. */
export async function showFailed(
  desk: Desk,
  draw: DrawIssue,
  last: {
    policy: CheckedAsk['policy'];
    opening: EventOf<'requested'>;
    snapshot: { number: number; url: string; labels?: readonly string[] };
  },
  error: unknown,
  close = true,
): Promise<void> {
  const fault = error instanceof Fault ? error : null;
  const message = fault === null ? 'Something unexpected went wrong.' : `${fault.message} ${fault.remedy}`;
  const errored: Event = { type: 'errored', code: fault?.code ?? 'unexpected', message };
  const { policy, opening, snapshot } = last;
  const state = previewOf(desk, policy, [opening, errored]);
  const view = viewOf(desk, { policy, state, snapshot });
  await Promise.all([
    showCard(desk, { state }, view),
    showIssue(desk, draw, view, { close, reopen: !close, labels: snapshot.labels ?? [] }),
  ]);
}

type Posted =
  | { kind: 'none' }
  | { kind: 'posted'; card: Card }
  /** Slack did not take it, and the request goes on all the same. */
  | { kind: 'missing'; notice: string }
  | { kind: 'failed'; fault: Fault; event: EventOf<'errored'> };

async function postCard(
  desk: Desk,
  { policy, waits }: CheckedAsk,
  before: OpenedState,
  issue: { number: number; url: string },
): Promise<Posted> {
  if (desk.chat === null) return { kind: 'none' };
  const view = viewWithoutButtons(desk, { policy, state: before, snapshot: issue });
  try {
    return { kind: 'posted', card: await desk.chat.post(view) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const message = `${error.message} ${error.remedy}`;
    if (!waits) return { kind: 'missing', notice: withoutSlack(desk, error) };
    return { kind: 'failed', fault: error, event: { type: 'errored', code: error.code, message } };
  }
}

/** What waits for nobody does not need Slack, which is down in many an incident: it says so and goes on, on the issue alone. */
function withoutSlack({ progress }: Desk, { message, remedy }: Fault): string {
  progress.warn(`Nobody is told in Slack, and the request goes on without: ${message} ${remedy}`);
  return `Nobody was told of this in Slack: ${message}`;
}

/** The state that these events would have, for drawing issue and card where no record stands. */
function previewOf(desk: Desk, policy: CheckedAsk['policy'], events: Event[]): OpenedState {
  const record = { by: WORKFLOW, events, sentence: '' };
  const state = fold(policy, [{ commentId: 0, createdAt: instant(desk.clock.now()), record }]);
  if (state.status === 'none') throw new TypeError('These events open no request.');
  return state;
}

/** Appends the end of an open request that nobody decided: expiry, cancellation, error. Gives the reading after it. */
export async function closeOpen(
  desk: Desk,
  reading: Reading,
  command: Extract<Command, { type: 'expire' | 'cancel' | 'fail' }>,
): Promise<Reading> {
  const written = await recordDeed(desk, reading, command);
  if (written === null) return reading;
  return reconcile(desk, reading.snapshot.number, written.commentId);
}

/** Shows the settled request everywhere at once; the issue stays open for the debug job when it was approved. false: not all of it was taken. */
export async function showSettled(desk: Desk, draw: DrawIssue, reading: Reading): Promise<boolean> {
  const view = viewWithoutButtons(desk, reading);
  const shown = await Promise.all([
    showCard(desk, reading, view),
    showIssue(desk, draw, view, {
      close: !isOpen(reading.state) && reading.state.status !== 'running',
      labels: reading.snapshot.labels,
    }),
  ]);
  return shown.every((one) => one);
}
