/** What follows from each deed in Slack: recorded before it is acknowledged, and every attempt answered, to that person alone. */
import { redactText } from '../redact/text.ts';
import { dialogOf } from '../request/dialog.ts';
import { modeOf } from '../request/manner.ts';
import { accountOf } from '../request/state.ts';
import type { Remaining } from './append.ts';
import { claimOf, parseSlashText, type Wish, wishOfPress } from './commands.ts';
import { type Asked, PRESS_DEADLINE_MS, type Recorded } from './decisions.ts';
import type { Desk } from './desk.ts';
import { type Carried, decodeCarried, encodeCarried } from './dialogs.ts';
import { messageOf } from './fault.ts';
import { DONE, failed, type Hearing, issuesUrl, issueUrl, NONE, settle, withoutIssue } from './hearing.ts';
import type { DialogContent, Press, SlackAck, SlackDeed, SlashCommand, Submission } from './ports.ts';
import { knownRefusal } from './refusals.ts';
import { takeReply } from './replies.ts';

/** Deals with a deed that came at `received` (ms since 1970). Never rejects: what could not be done is told to the person, and in the job's log. */
export async function takeDeed(hearing: Hearing, deed: SlackDeed, received: number): Promise<SlackAck> {
  const remaining = () => PRESS_DEADLINE_MS - (hearing.desk.clock.now() - received);
  switch (deed.kind) {
    case 'press':
      return press(hearing, deed, remaining);
    case 'submission':
      return submission(hearing, deed, remaining);
    case 'reply':
      return takeReply(hearing, deed, remaining);
    case 'slash':
      return slash(hearing, deed, remaining);
    case 'debug':
      return { kind: 'told', text: ONLY_GATEWAY };
    case 'form':
    case 'form-choice':
      return NONE;
  }
}

const ONLY_GATEWAY =
  'Requests are asked in Slack where a gateway runs, and this app belongs to jobs of a repository. Nothing was asked: press "Run workflow" in GitHub.';

async function press(hearing: Hearing, deed: Press, remaining: Remaining): Promise<SlackAck> {
  const wish = wishOfPress(deed, hearing.desk.trust.repositoryId);
  if (wish === null) return NONE;
  const tell = (text: string) => hearing.later(hearing.chat.answer(deed.card, deed.slack.user, text));
  if (deed.decision === 'approve' && deed.dialog) return dialogPress(hearing, deed, wish, tell);
  const settled = await settle(hearing, wish, remaining);
  if (settled.kind === 'refused') tell(settled.message);
  if (settled.kind !== 'failed') return DONE;
  // Unacknowledged, Slack marks the button: the private answer may not arrive, and nobody shall believe that it counts.
  tell(settled.text);
  return NONE;
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
  const repository = hearing.desk.trust.repositoryId;
  const carried: Carried = { repository, issue, value: deed.value, card: deed.card };
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

/** A directory that does not answer must keep neither the person nor the end of the job waiting for long. */
const FILL_DEADLINE_MS = 5_000;

async function contentOf(hearing: Hearing, asked: Asked, carried: Carried): Promise<DialogContent> {
  const { issue } = carried;
  const { clock } = hearing.desk;
  const begun = clock.now();
  const remaining = () => FILL_DEADLINE_MS - (clock.now() - begun);
  try {
    const considered = await hearing.consider(issue, asked, remaining);
    if (considered.kind === 'refused') return { kind: 'message', text: considered.message };
    const { policy, state } = considered.reading;
    namedWell(hearing, asked.by);
    const typed = asked.by.via === 'slash-command' && modeOf(policy, state.opening) === 'one-click';
    if (typed) return { kind: 'message', text: said(issue, await hearing.record(issue, asked, remaining)) };
    const comment = redactText(asked.comment, hearing.desk.redaction).text;
    return { kind: 'approval', dialog: dialogOf(policy, state.opening), comment, metadata: encodeCarried(carried) };
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
  if (carried.repository !== desk.trust.repositoryId) return null;
  const { issue, value, card } = carried;
  const claim = value === null ? null : claimOf(value, desk.trust.repositoryId);
  if (value !== null && claim?.issue !== issue) return null;
  const by = { github: null, slack: deed.slack, via: 'slack-dialog' as const, evidence: deed.evidence };
  const comment = deed.comment.trim().toWellFormed();
  const asked: Asked = {
    ...{ type: 'decide', decision: 'approve', comment, by, bot: false, card, claim: withoutIssue(claim) },
    ...{ texts: deed.shown, checklist: deed.ticked },
  };
  return { issue, asked };
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
  const { issue } = found;
  const known = knownRefusal(desk, issue, asked);
  if (known !== null) return { kind: 'told', text: known.message };
  if (!mayLook(hearing, issue, by)) return { kind: 'told', text: tooMany(desk) };
  if (deed.decision === 'approve' && !isOneClick(desk, issue)) {
    const why = await openDialog(hearing, deed.trigger, asked, {
      repository: desk.trust.repositoryId,
      ...{ issue, value: null, card: null },
    });
    return why === null ? DONE : { kind: 'told', text: why };
  }
  const settled = await settle(hearing, { issue, asked }, remaining);
  if (settled.kind === 'failed') return { kind: 'told', text: settled.text };
  if (settled.kind === 'recorded') namedWell(hearing, by);
  return { kind: 'told', text: said(issue, settled) };
}

/** So many issues an account may name in vain a minute: each costs one of the calls that all jobs of the repository share. */
const MOST_MISSES = 5;

/** Counts a look at an issue that this job has not read yet, until something comes of it. */
function mayLook({ desk, known: { misses } }: Hearing, issue: number, by: Asked['by']): boolean {
  if (desk.opened.has(issue)) return true;
  const account = accountOf({ ...by, person: null, name: '' });
  const before = misses.get(account) ?? 0;
  if (before >= MOST_MISSES) return false;
  misses.set(account, before + 1);
  return true;
}

/** Whoever named a request on which they may decide has not named it in vain. */
function namedWell({ known: { misses } }: Hearing, by: Asked['by']): void {
  misses.delete(accountOf({ ...by, person: null, name: '' }));
}

function tooMany(desk: Desk): string {
  return `You have just named ${MOST_MISSES} issues of ${desk.repositoryName} on which you decide nothing. Nothing was recorded. Look up the number of the request's issue on ${issuesUrl(desk)}, and try again in a minute.`;
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
