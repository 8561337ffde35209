/** What follows from each deed in Slack: recorded before it is acknowledged, and every attempt answered, to that person alone. */
import { dialogOf } from '../request/dialog.ts';
import type { Card } from '../request/events.ts';
import { modeOf } from '../request/manner.ts';
import { parseReply } from '../request/reply.ts';
import { inTime, type Remaining } from './append.ts';
import { claimOf, parseSlashText, type Wish, wishOfPress, wishOfReply } from './commands.ts';
import {
  type Asked,
  type Considered,
  knownRefusal,
  notRecorded,
  PRESS_DEADLINE_MS,
  type Recorded,
} from './decisions.ts';
import type { Desk } from './desk.ts';
import { type Carried, decodeCarried, encodeCarried } from './dialogs.ts';
import { Fault } from './fault.ts';
import type { Chat, DialogContent, Press, Reply, SlackAck, SlackDeed, SlashCommand, Submission } from './ports.ts';
import { messageOf } from './show.ts';

/** What a deed needs of the ear that heard it. */
export interface Hearing {
  desk: Desk;
  chat: Chat;
  /** This job's own request, once its card is on record. */
  own(): { issue: number; card: Card | null } | null;
  /** Records in its turn, one at a time for each issue, and shows what follows. */
  record(issue: number, asked: Asked, remaining?: Remaining): Promise<Recorded>;
  consider(issue: number, asked: Asked): Promise<Considered>;
  /** What may happen after the acknowledgement; a failure of it is said. */
  later(work: Promise<unknown>): void;
  /** Somebody talks in a thread; `own`: in that of this job's own card. */
  talk(reply: Reply, own: boolean): void;
  /** Threads that began with no card of ours, and when that was looked up (ms). */
  elsewhere: Map<string, number>;
}

/** So long a thread stays none of ours: whoever chats there costs one call of Slack a minute. */
const ELSEWHERE_MS = 60_000;

const DONE: SlackAck = { kind: 'done' };
const NONE: SlackAck = { kind: 'none' };

/** Deals with a deed. Never rejects: what could not be done is told to the person, and in the job's log. */
export async function takeDeed(hearing: Hearing, deed: SlackDeed): Promise<SlackAck> {
  const received = hearing.desk.clock.now();
  const remaining = () => PRESS_DEADLINE_MS - (hearing.desk.clock.now() - received);
  switch (deed.kind) {
    case 'press':
      return press(hearing, deed, remaining);
    case 'submission':
      return submission(hearing, deed, remaining);
    case 'reply':
      return reply(hearing, deed, remaining);
    case 'slash':
      return slash(hearing, deed, remaining);
  }
}

async function press(hearing: Hearing, deed: Press, remaining: Remaining): Promise<SlackAck> {
  const wish = wishOfPress(deed, hearing.desk.trust.repositoryId);
  if (wish === null) return NONE;
  const tell = (text: string) => hearing.later(hearing.chat.answer(deed.card, deed.slack.user, text));
  if (deed.decision === 'approve' && deed.dialog) return dialogPress(hearing, deed, wish, tell);
  return settle(hearing, wish, remaining, tell);
}

/** Records, and tells the person where that failed or was refused. */
async function settle(
  hearing: Hearing,
  { issue, asked }: Wish,
  remaining: Remaining,
  tell: (text: string) => void,
): Promise<SlackAck> {
  try {
    const recorded = await hearing.record(issue, asked, remaining);
    if (recorded.kind === 'refused') tell(recorded.message);
    return DONE;
  } catch (error) {
    tell(failed(hearing, issue, error));
    // What is refused for now is taken all the same: Slack need not bring it again.
    return error instanceof Fault && error.code === 'refused' ? DONE : NONE;
  }
}

function failed({ desk }: Hearing, issue: number, error: unknown): string {
  desk.progress.warn(`A decision for issue #${issue} was not recorded: ${messageOf(error)}`);
  return notRecorded(error, issueUrl(desk, issue));
}

function issueUrl(desk: Desk, issue: number): string {
  return `${issuesUrl(desk)}/${issue}`;
}

function issuesUrl({ serverUrl, repositoryName }: Desk): string {
  return `${serverUrl}/${repositoryName}/issues`;
}

/** The dialog opens before anything is looked up, since its trigger lives 3 s; what it shows comes after. */
async function dialogPress(
  hearing: Hearing,
  deed: Press,
  { issue, asked }: Wish,
  tell: (text: string) => void,
): Promise<SlackAck> {
  const known = knownRefusal(hearing.desk, issue, asked);
  if (known !== null) {
    tell(known.message);
    return DONE;
  }
  const carried: Carried = { issue, value: deed.value, card: deed.card, comment: '' };
  const why = await openDialog(hearing, deed.trigger, asked, carried);
  if (why === null) return DONE;
  tell(why);
  return NONE;
}

/** null: the dialog is open, and is being filled. Else what the person is told. */
async function openDialog(
  hearing: Hearing,
  trigger: string | null,
  asked: Asked,
  carried: Carried,
): Promise<string | null> {
  const { chat, desk, later } = hearing;
  const instead = `Try again, or comment /approve on ${issueUrl(desk, carried.issue)}.`;
  if (trigger === null) return `Slack let no dialog be opened, so nothing was recorded. ${instead}`;
  try {
    const { view } = await chat.openDialog(trigger);
    later(fill(hearing, view, asked, carried));
    return null;
  } catch (error) {
    desk.progress.warn(`A dialog for issue #${carried.issue} could not be opened: ${messageOf(error)}`);
    return `The dialog could not be opened, so nothing was recorded. ${instead}`;
  }
}

async function fill(hearing: Hearing, view: string, asked: Asked, carried: Carried): Promise<void> {
  const content = await contentOf(hearing, asked, carried);
  try {
    await hearing.chat.fillDialog(view, content);
  } catch (error) {
    const why = messageOf(error);
    hearing.desk.progress.warn(`A dialog for issue #${carried.issue} could not be filled: ${why}`);
    const text = content.kind === 'message' ? content.text : `The dialog could not show the request. ${INSTEAD}`;
    const user = asked.by.slack?.user;
    if (user !== undefined) await hearing.chat.tell(user, `${text} ${issueUrl(hearing.desk, carried.issue)}`);
  }
}

const INSTEAD = 'Close it and try again, or comment /approve on';

async function contentOf(hearing: Hearing, asked: Asked, carried: Carried): Promise<DialogContent> {
  const { issue } = carried;
  try {
    const considered = await hearing.consider(issue, asked);
    if (considered.kind === 'refused') return { kind: 'message', text: considered.message };
    const { policy, state } = considered.reading;
    const typed = asked.by.via === 'slash-command' && modeOf(policy, state.opening) === 'one-click';
    if (typed) return { kind: 'message', text: said(issue, await hearing.record(issue, asked)) };
    return { kind: 'approval', dialog: dialogOf(policy, state.opening), metadata: encodeCarried(carried) };
  } catch (error) {
    return { kind: 'message', text: failed(hearing, issue, error) };
  }
}

/** What became of a wish, for the person alone. */
function said(issue: number, recorded: Recorded): string {
  if (recorded.kind === 'recorded') return `On record in #${issue}: ${recorded.sentence}`;
  return recorded.kind === 'again' ? `It is on record in #${issue} already.` : recorded.message;
}

async function submission(hearing: Hearing, deed: Submission, remaining: Remaining): Promise<SlackAck> {
  const carried = decodeCarried(deed.metadata);
  const wish = carried === null ? null : wishOfSubmission(hearing.desk, deed, carried);
  if (wish === null) return { kind: 'kept', field: 'comment', text: NOT_OURS };
  try {
    const recorded = await hearing.record(wish.issue, wish.asked, remaining);
    if (recorded.kind !== 'refused') return DONE;
    return { kind: 'kept', field: recorded.code === 'checklist' ? 'checklist' : 'comment', text: recorded.message };
  } catch (error) {
    return { kind: 'kept', field: 'comment', text: failed(hearing, wish.issue, error) };
  }
}

const NOT_OURS =
  "This dialog belongs to no request of this repository, so nothing was recorded. Close it, and press the button on the request's own card.";

function wishOfSubmission(desk: Desk, deed: Submission, carried: Carried): Wish | null {
  const { issue, value, card } = carried;
  const claim = value === null ? null : claimOf(value, desk.trust.repositoryId);
  if (value !== null && claim?.issue !== issue) return null;
  const by = { github: null, slack: deed.slack, via: 'slack-dialog' as const, evidence: deed.evidence };
  const comment = deed.comment.trim() === '' ? carried.comment : deed.comment.toWellFormed();
  const asked: Asked = {
    ...{ type: 'decide', decision: 'approve', comment, by, bot: false, card, claim: withoutIssue(claim) },
    ...{ texts: deed.shown, checklist: deed.ticked },
  };
  return { issue, asked };
}

function withoutIssue(claim: ReturnType<typeof claimOf>): Asked['claim'] {
  if (claim === null) return null;
  const { issue: _, ...rest } = claim;
  return rest;
}

async function reply(hearing: Hearing, deed: Reply, remaining: Remaining): Promise<SlackAck> {
  const own = hearing.own();
  const isOwn = own !== null && own.card !== null && sameCard(own.card, deed.thread);
  const words = parseReply(deed.text);
  if (words === null) {
    if (!deed.bot) hearing.talk(deed, isOwn);
    return DONE;
  }
  const { thread, slack } = deed;
  const tell = (text: string) => hearing.later(hearing.chat.answer(thread, slack.user, text, thread.ts));
  if (isOwn) return settle(hearing, { issue: own.issue, asked: wishOfReply(deed, words, null) }, remaining, tell);
  // What bots say elsewhere is no business of ours, and shall cost nothing.
  if (deed.bot) return DONE;
  const claim = await claimIn(hearing, deed, remaining);
  // Another conversation; or nobody could tell, and Slack brings it again.
  if (claim === null || claim === 'unknown') return claim === null ? DONE : NONE;
  const asked = wishOfReply(deed, words, withoutIssue(claim));
  return settle(hearing, { issue: claim.issue, asked }, remaining, tell);
}

function sameCard(a: Card, b: Card): boolean {
  return a.team === b.team && a.channel === b.channel && a.ts === b.ts;
}

/** Which request the message that began the thread speaks of; the verified log says whether it is its card. */
async function claimIn(
  { desk, chat, elsewhere }: Hearing,
  { thread }: Reply,
  remaining: Remaining,
): Promise<ReturnType<typeof claimOf> | 'unknown'> {
  const place = `${thread.channel} ${thread.ts}`;
  if (desk.clock.now() - (elsewhere.get(place) ?? Number.NEGATIVE_INFINITY) < ELSEWHERE_MS) return null;
  try {
    const value = await inTime(desk, remaining, chat.valueOf(thread));
    const claim = value === null ? null : claimOf(value, desk.trust.repositoryId);
    if (claim === null) elsewhere.set(place, desk.clock.now());
    return claim;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    desk.progress.warn(`A reply in a thread could not be judged: ${error.message}`);
    return 'unknown';
  }
}

async function slash(hearing: Hearing, deed: SlashCommand, remaining: Remaining): Promise<SlackAck> {
  const { desk } = hearing;
  const found = parseSlashText(deed.text, issuesUrl(desk));
  if (found === null) return { kind: 'told', text: usage(desk, deed) };
  const by = { github: null, slack: deed.slack, via: 'slash-command' as const, evidence: deed.evidence };
  const asked: Asked = {
    ...{ type: 'decide', decision: deed.decision, comment: found.comment, by, bot: false },
    ...{ claim: null, card: null, texts: null, checklist: [] },
  };
  const { issue, comment } = found;
  const known = knownRefusal(desk, issue, asked);
  if (known !== null) return { kind: 'told', text: known.message };
  if (deed.decision === 'approve' && !isOneClick(desk, issue)) {
    const why = await openDialog(hearing, deed.trigger, asked, { issue, value: null, card: null, comment });
    return why === null ? DONE : { kind: 'told', text: why };
  }
  try {
    return { kind: 'told', text: said(issue, await hearing.record(issue, asked, remaining)) };
  } catch (error) {
    return { kind: 'told', text: failed(hearing, issue, error) };
  }
}

/** Known only of requests that this job has read before: the dialog of any other opens first. */
function isOneClick(desk: Desk, issue: number): boolean {
  const known = desk.opened.get(issue);
  return known !== undefined && modeOf(known.policy, known.opening) === 'one-click';
}

function usage(desk: Desk, { decision }: SlashCommand): string {
  const example = decision === 'approve' ? '/approve-debug 12 looks right' : '/reject-debug 12 not during the sale';
  return `Name the request by the number or address of its issue in ${desk.repositoryName}, as in ${example}. Nothing was recorded.`;
}
