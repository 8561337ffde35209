/** Records what a person wants, from whatever channel, before anybody is told that it counts. */
import { maskText } from '../redact/text.ts';
import type { DecideCommand, Outcome } from '../request/command.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { decide } from '../request/decide.ts';
import { dialogOf, shownHash } from '../request/dialog.ts';
import { accountOf } from '../request/state.ts';
import { append, countRefusal, inTime, type Remaining } from './append.ts';
import type { Desk } from './desk.ts';
import { sameTexts } from './dialogs.ts';
import { Fault } from './fault.ts';
import { type Reading, read } from './reading.ts';
import { type Asking, askStanding, IN_GOOD_STANDING, NOTHING_ASKED, standingOf } from './standing.ts';

/** How long a press may take from its arrival to its record; Slack itself waits 3 s. */
export const PRESS_DEADLINE_MS = 2_000;

/** What a person asks for, before the log and the directories are looked at. */
export interface Asked extends Omit<DecideCommand, 'standing' | 'shown'> {
  /** What Slack says that a dialog showed; null where there was none. */
  texts: readonly string[] | null;
}

export type Refused = { kind: 'refused'; issue: number; code: string; message: string; commentId: number | null };

export type Recorded =
  | { kind: 'recorded'; commentId: number; issue: number; sentence: string }
  | Refused
  /** The comment that decides is not in GitHub's list of the issue yet; nothing is said of it. */
  | { kind: 'unseen'; issue: number; message: string; commentId: null }
  /** Slack brought the same message once more: it is on record. */
  | { kind: 'again'; issue: number; commentId: null };

/** Brings a wish to its request's log, or says why it was refused. Throws Faults when it could not be recorded. */
export async function recordDecision(
  desk: Desk,
  issue: number,
  asked: Asked,
  remaining?: Remaining,
): Promise<Recorded> {
  const known = knownRefusal(desk, issue, asked);
  if (known !== null) return known;
  const looked = await look(desk, issue, asked, remaining);
  const { reading } = looked;
  if (isOnRecord(reading, asked)) return { kind: 'again', issue, commentId: null };
  const doubt = asked.by.via === 'issue-comment' ? doubtfulComment(reading, asked) : null;
  if (doubt !== null) return { ...doubt, issue, commentId: null };
  const judged = await judge(desk, looked, asked, remaining);
  const { command, outcome } = judged;
  switch (outcome.kind) {
    case 'append': {
      const { commentId } = await write(desk, reading, command, outcome, outcome.events, outcome.sentence, remaining);
      return { kind: 'recorded', commentId, issue, sentence: outcome.sentence };
    }
    case 'refuse':
      return refuse(desk, reading, command, outcome, remaining);
    case 'nothing':
      return { kind: 'refused', issue, code: 'nothing', message: outcome.why, commentId: null };
  }
}

export type Considered = Refused | { kind: 'may'; reading: Reading };

/**
 * Whether this person could approve by a dialog that shows all and in which all is ticked; what is refused is recorded as any
 * other refusal. Throws Faults when the log or the directories could not be read.
 */
export async function considerApproval(desk: Desk, issue: number, asked: Asked): Promise<Considered> {
  const known = knownRefusal(desk, issue, asked);
  if (known !== null) return known;
  const looked = await look(desk, issue, asked);
  const { reading } = looked;
  const dialog = dialogOf(reading.policy, reading.state.opening);
  const all = { checklist: dialog.checklist, by: { ...asked.by, via: 'slack-dialog' as const } };
  const { outcome } = await judge(desk, looked, { ...asked, ...all }, undefined, shownHash(dialog));
  if (outcome.kind === 'append') return { kind: 'may', reading };
  if (outcome.kind === 'nothing') {
    return { kind: 'refused', issue, code: 'nothing', message: outcome.why, commentId: null };
  }
  return refuse(desk, reading, commandOf(desk, asked, null), outcome, undefined);
}

interface Looked {
  reading: Reading;
  asking: Asking;
}

/** Reads the log. Where somebody waits for it, what the directories are asked goes out at the same time. */
async function look(desk: Desk, issue: number, asked: Asked, remaining?: Remaining): Promise<Looked> {
  const asking = asked.by.slack === null ? NOTHING_ASKED : askStanding(desk, issue, asked.by, asked.decision);
  return { reading: await inTime(desk, remaining, read(desk, issue, asked.claim?.policyBlob)), asking };
}

/** Directories are waited for only where all else is well. */
async function judge(
  desk: Desk,
  { reading, asking }: Looked,
  asked: Asked,
  remaining: Remaining | undefined,
  shown: string | null = shownOf(reading, asked),
): Promise<{ command: DecideCommand; outcome: Outcome }> {
  const facts = { now: desk.clock.now() };
  const command = commandOf(desk, asked, shown);
  const outcome = decide(reading.policy, reading.state, command, facts);
  if (outcome.kind !== 'append') return { command, outcome };
  const { by, decision } = asked;
  const standing = await inTime(desk, remaining, standingOf(desk, reading, by, decision, asking));
  if (standing.barred === null && standing.left.length === 0) return { command, outcome };
  const whole = { ...command, standing };
  return { command: whole, outcome: decide(reading.policy, reading.state, whole, facts) };
}

function commandOf(desk: Desk, { texts: _, ...asked }: Asked, shown: string | null): DecideCommand {
  return { ...asked, comment: maskText(asked.comment, desk.secrets), shown, standing: IN_GOOD_STANDING };
}

/** The hash of the dialog that the log makes, where Slack says that this is what was shown; null for any other. */
function shownOf({ policy, state }: Reading, { texts }: Asked): string | null {
  if (texts === null) return null;
  const dialog = dialogOf(policy, state.opening);
  return sameTexts(texts, dialog) ? shownHash(dialog) : null;
}

/** Slack brings a message again until it is acknowledged, to whoever listens: only the first record of it counts. */
function isOnRecord({ log }: Reading, { by }: Asked): boolean {
  if (by.via !== 'slack-thread') return false;
  return log.entries.some(
    ({ record }) =>
      record.by.via === 'slack-thread' &&
      record.by.slack?.user === by.slack?.user &&
      record.by.evidence['channel'] === by.evidence['channel'] &&
      record.by.evidence['message_ts'] === by.evidence['message_ts'],
  );
}

/**
 * Why a comment does not decide what the poll said. The polled list (REST) does not show an edit within the comment's
 * first second, by its author or by anybody else who may write; the snapshot's edit history does. `unseen` is no Fault:
 * one comment that the snapshot never lists must not keep the later ones waiting.
 */
function doubtfulComment(
  { snapshot }: Reading,
  { by, decision }: Asked,
): { kind: 'unseen'; message: string } | { kind: 'refused'; code: string; message: string } | null {
  const id = by.evidence['comment'];
  const comment = snapshot.comments.find((one) => String(one.id) === id);
  if (comment === undefined) return { kind: 'unseen', message: `GitHub does not show comment ${id} yet.` };
  const same = comment.author?.id === by.github?.id && parseDecision(comment.body)?.decision === decision;
  if (comment.editedAt === null && same) return null;
  return { kind: 'refused', code: 'edited', message: `Comment ${id} was edited, so it decides nothing.` };
}

/** Counts a deed in Slack whose like was refused for good before, and gives what was answered; null: it must be looked at. */
export function knownRefusal(
  desk: Desk,
  issue: number,
  { by, decision }: Pick<Asked, 'by' | 'decision'>,
): Refused | null {
  const account = accountOf({ ...by, person: null, name: '' });
  const message = desk.refusedForGood.get(`${issue} ${decision} ${account}`);
  if (message === undefined || by.slack === null) return null;
  countRefusal(desk, issue, account);
  return { kind: 'refused', issue, code: 'known', message, commentId: null };
}

/** Refusals that no later look at the same request changes. */
const LASTING: readonly string[] = ['unknown-person', 'own-request', 'not-eligible', 'bot'];

/**
 * Counts an attempt that is refused for good and whose account is on record already, so that a flood of such comments
 * costs neither reads nor the time in which others wait. False: it must be looked at properly.
 */
export function countKnownRefusal(desk: Desk, reading: Reading, asked: Asked): boolean {
  const command = commandOf(desk, asked, null);
  const outcome = decide(reading.policy, reading.state, command, { now: desk.clock.now() });
  if (outcome.kind !== 'refuse' || !LASTING.includes(outcome.code)) return false;
  const account = accountOf({ ...command.by, person: null, name: outcome.name });
  const { number } = reading.snapshot;
  if (outcome.record !== null && !desk.refused.has(`${number} ${account}`)) return false;
  countRefusal(desk, number, account);
  return true;
}

async function refuse(
  desk: Desk,
  reading: Reading,
  command: DecideCommand,
  outcome: Extract<Outcome, { kind: 'refuse' }>,
  remaining: Remaining | undefined,
): Promise<Refused> {
  const issue = reading.snapshot.number;
  const account = accountOf({ ...command.by, person: null, name: outcome.name });
  const known = `${issue} ${account}`;
  const { code, message } = outcome;
  const remember = (): void => {
    // Who edited one message may write another: that refusal is about the message, not about the account.
    if (command.by.slack === null || code === 'bot' || !LASTING.includes(code)) return;
    desk.refusedForGood.set(`${issue} ${command.decision} ${account}`, message);
  };
  const refused: Refused = { kind: 'refused', issue, code, message, commentId: null };
  if (outcome.record === null || desk.refused.has(known)) {
    countRefusal(desk, issue, account);
    remember();
    return refused;
  }
  const sentence = `An attempt of ${outcome.name} to ${command.decision} this request was refused (${code}).`;
  const who = { person: null, name: outcome.name };
  const { commentId } = await write(desk, reading, command, who, [outcome.record], sentence, remaining);
  desk.refused.add(known);
  remember();
  return { ...refused, commentId };
}

function write(
  desk: Desk,
  reading: Reading,
  command: DecideCommand,
  who: { person: string | null; name: string },
  events: Parameters<typeof append>[2]['events'],
  sentence: string,
  remaining: Remaining | undefined,
) {
  const to = { issue: reading.snapshot.number, request: reading.state.opening.request.id, log: reading.log };
  const by = { ...command.by, person: who.person, name: who.name };
  return append(desk, to, { by, events, sentence }, remaining);
}

/** What a person is told privately when what they want could not be recorded. */
export function notRecorded(error: unknown, issueUrl: string): string {
  if (error instanceof Fault && error.code === 'not-confirmed') {
    return `Your decision is not confirmed: GitHub did not answer in time. Look at ${issueUrl} before you try again.`;
  }
  const why = error instanceof Fault ? `${error.message} ${error.remedy}` : 'Something unexpected went wrong.';
  return `Your decision was not recorded: ${why}`;
}
