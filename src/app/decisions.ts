/** Records what a person wants, from whatever channel, before anybody is told that it counts. */
import { redactText } from '../redact/text.ts';
import type { DecideCommand, Outcome, Standing } from '../request/command.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { decide } from '../request/decide.ts';
import { dialogOf, shownHash } from '../request/dialog.ts';
import { accountOf } from '../request/state.ts';
import { answerComment, awaitsAnswer, markAnswered, refusedSentence } from './answers.ts';
import { append, countRefusal, inTime, type Remaining, tooLate } from './append.ts';
import type { Desk } from './desk.ts';
import { sameTexts } from './dialogs.ts';
import { Fault, OUTAGE } from './fault.ts';
import { type Reading, read } from './reading.ts';
import { isLasting, isToRecord, knownRefusal, type Refusal, type Refused, rememberRefusal } from './refusals.ts';
import { settlesWithin } from './settles.ts';
import { type Asking, askStanding, IN_GOOD_STANDING, NOTHING_ASKED, standingOf } from './standing.ts';
import { writeMarked } from './undelivered.ts';

/** How long a press may take from its arrival to its record; Slack itself waits 3 s. */
export const PRESS_DEADLINE_MS = 2_000;

/** What a person asks for, before the log and the directories are looked at. */
export interface Asked extends Omit<DecideCommand, 'standing' | 'shown'> {
  /** What Slack says that a dialog showed; null where there was none. */
  texts: readonly string[] | null;
}

export type Recorded =
  | { kind: 'recorded'; commentId: number; issue: number; sentence: string }
  | Refused
  /** The comment that decides is not in GitHub's list of the issue yet; nothing is said of it. */
  | { kind: 'unseen'; issue: number; message: string; commentId: null }
  /** A directory does not say now whether the author of a comment still may; it is to be tried again. */
  | { kind: 'later'; issue: number; message: string; commentId: null }
  /** Slack brought the same message once more: it is on record. */
  | { kind: 'again'; issue: number; commentId: null };

/** So long a deed waits in its turn for directories; after that others come first. */
const PATIENCE_MS = 100;

/** A turn among the deeds in Slack for one issue. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Brings a wish to its request's log, or says why it was refused. `inTurn`: others wait meanwhile, so that a directory that takes
 * its time is waited for out of turn, and the log read anew. Throws Faults when it could not be recorded.
 */
export async function recordDecision(
  desk: Desk,
  issue: number,
  asked: Asked,
  remaining?: Remaining,
  inTurn?: Turn,
): Promise<Recorded> {
  let standing: Promise<Standing> | null = null;
  for (;;) {
    const hurried = inTurn !== undefined && standing === null;
    const once: () => Promise<Recorded | Waits> = () => attempt(desk, issue, asked, { remaining, standing, hurried });
    const tried = inTurn === undefined ? await once() : await inTurn(once);
    if (tried.kind !== 'waits') return tried;
    standing = tried.standing;
    await inTime(desk, remaining, standing);
  }
}

/** The log is read, and only what the directories say is missing. */
type Waits = { kind: 'waits'; standing: Promise<Standing> };

async function attempt(
  desk: Desk,
  issue: number,
  asked: Asked,
  given: { remaining: Remaining | undefined; standing: Promise<Standing> | null; hurried: boolean },
): Promise<Recorded | Waits> {
  const { remaining, hurried } = given;
  const known = knownRefusal(desk, issue, asked);
  if (known !== null) return known;
  // Whoever waited too long for their turn costs no look.
  if (remaining !== undefined && remaining() <= 0) throw tooLate();
  const { reading, asking } = await look(desk, issue, asked, remaining);
  if (isOnRecord(reading, asked)) return { kind: 'again', issue, commentId: null };
  const doubt = asked.by.via === 'issue-comment' ? doubtfulComment(reading, asked) : null;
  if (doubt !== null) return { ...doubt, issue, commentId: null };
  const judged = judge(desk, reading, asked);
  if (judged.outcome.kind !== 'append') return record(desk, reading, judged, remaining);
  const standing = given.standing ?? standingOf(desk, reading, asked.by, asked.decision, asking);
  if (hurried && !(await settlesWithin(desk.clock, PATIENCE_MS, standing))) return { kind: 'waits', standing };
  const found = await orLater(desk, issue, asked, inTime(desk, remaining, standing));
  if ('kind' in found) return found;
  return record(desk, reading, judgeStanding(desk, reading, judged, found), remaining);
}

/** Nobody waits for the answer to a comment; other people's comments shall not wait for this one's directory. */
async function orLater(
  desk: Desk,
  issue: number,
  { by }: Asked,
  standing: Promise<Standing>,
): Promise<Standing | Extract<Recorded, { kind: 'later' }>> {
  try {
    return await standing;
  } catch (error) {
    if (!(error instanceof Fault) || !OUTAGE.includes(error.code) || by.via !== 'issue-comment') throw error;
    const { message } = error;
    desk.progress.warn(`The decision in comment ${by.evidence['comment']} is not recorded yet: ${message}`);
    return { kind: 'later', issue, message, commentId: null };
  }
}

/** Writes what follows. Throws Faults when it could not be written. */
async function record(
  desk: Desk,
  reading: Reading,
  { command, outcome }: Judged,
  remaining: Remaining | undefined,
): Promise<Recorded> {
  const issue = reading.snapshot.number;
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
 * other refusal. Only that takes a turn (`inTurn`) among the deeds for the issue: looking everything up may take long, and must
 * keep nobody's decision waiting. Throws Faults when the log or the directories could not be read.
 */
export async function considerApproval(
  desk: Desk,
  issue: number,
  asked: Asked,
  remaining: Remaining,
  inTurn: Turn,
): Promise<Considered> {
  const known = knownRefusal(desk, issue, asked);
  if (known !== null) return known;
  const { reading, asking } = await look(desk, issue, asked, remaining);
  const dialog = dialogOf(reading.policy, reading.state.opening);
  const all = { checklist: dialog.checklist, by: { ...asked.by, via: 'slack-dialog' as const } };
  const first = judge(desk, reading, { ...asked, ...all }, shownHash(dialog));
  const standing = first.outcome.kind === 'append' ? standingOf(desk, reading, asked.by, asked.decision, asking) : null;
  const now = standing === null ? IN_GOOD_STANDING : await inTime(desk, remaining, standing);
  const { outcome } = judgeStanding(desk, reading, first, now);
  if (outcome.kind === 'append') return { kind: 'may', reading };
  if (outcome.kind === 'nothing') {
    return { kind: 'refused', issue, code: 'nothing', message: outcome.why, commentId: null };
  }
  const command = commandOf(desk, asked, null);
  if (!isToRecord(desk, reading, command, outcome)) return refuse(desk, reading, command, outcome, remaining);
  return inTurn(async () => {
    const latest = await inTime(desk, remaining, read(desk, issue));
    return refuse(desk, latest, command, outcome, remaining);
  });
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

interface Judged {
  command: DecideCommand;
  outcome: Outcome;
}

/** What follows if the directories have nothing against it: they are waited for only where all else is well. */
function judge(desk: Desk, reading: Reading, asked: Asked, shown: string | null = shownOf(reading, asked)): Judged {
  const command = commandOf(desk, asked, shown);
  return { command, outcome: decide(reading.policy, reading.state, command, { now: desk.clock.now() }) };
}

function judgeStanding(desk: Desk, reading: Reading, judged: Judged, standing: Standing): Judged {
  if (standing.barred === null && standing.left.length === 0) return judged;
  const command = { ...judged.command, standing };
  return { command, outcome: decide(reading.policy, reading.state, command, { now: desk.clock.now() }) };
}

function commandOf(desk: Desk, { texts: _, ...asked }: Asked, shown: string | null): DecideCommand {
  // Masked before it is cut: a part of a secret would be none that anybody knows.
  const comment = asked.comment === '' ? '' : shortened(redactText(asked.comment, desk.redaction).text);
  return { ...asked, comment, shown, standing: IN_GOOD_STANDING };
}

/** The longest comment that a record holds; the whole text stands in the comment that the record names. */
const LONGEST_COMMENT = 2_000;

function shortened(text: string): string {
  return text.length <= LONGEST_COMMENT ? text : `${text.slice(0, LONGEST_COMMENT).toWellFormed()} …`;
}

/** The hash of the dialog that the log makes, where Slack says that this is what was shown; null for any other. */
function shownOf({ policy, state }: Reading, { texts }: Asked): string | null {
  if (texts === null) return null;
  const dialog = dialogOf(policy, state.opening);
  return sameTexts(texts, dialog) ? shownHash(dialog) : null;
}

/**
 * Slack brings a message again until it is acknowledged, to whoever listens: only the first record of it counts. Of a dialog only
 * one that counted: it stays open where it was refused, to be sent off again.
 */
function isOnRecord({ log }: Reading, { by }: Asked): boolean {
  if (by.via !== 'slack-thread' && by.via !== 'slack-dialog') return false;
  const names = by.via === 'slack-thread' ? ['channel', 'message_ts'] : ['view'];
  return log.entries.some(
    ({ record }) =>
      record.by.via === by.via &&
      record.by.slack?.user === by.slack?.user &&
      names.every((name) => record.by.evidence[name] === by.evidence[name]) &&
      (by.via === 'slack-thread' || record.events.some(({ type }) => type === 'decided')),
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

/**
 * Counts an attempt that is refused for good and whose account is on record already, so that a flood of such comments
 * costs neither reads nor the time in which others wait. False: it must be looked at properly.
 */
export function countKnownRefusal(desk: Desk, reading: Reading, asked: Asked): boolean {
  const command = commandOf(desk, asked, null);
  const outcome = decide(reading.policy, reading.state, command, { now: desk.clock.now() });
  if (outcome.kind !== 'refuse' || !isLasting(reading, command, outcome.code)) return false;
  if (isToRecord(desk, reading, command, outcome) || awaitsAnswer(desk, reading, command, outcome.code) !== null)
    return false;
  countRefusal(desk, reading.snapshot.number, accountOf({ ...command.by, person: null, name: outcome.name }));
  return true;
}

async function refuse(
  desk: Desk,
  reading: Reading,
  command: DecideCommand,
  outcome: Refusal,
  remaining: Remaining | undefined,
): Promise<Refused> {
  const issue = reading.snapshot.number;
  const account = accountOf({ ...command.by, person: null, name: outcome.name });
  const { code, message } = outcome;
  const refused: Refused = { kind: 'refused', issue, code, message, commentId: null };
  if (outcome.record === null || !isToRecord(desk, reading, command, outcome)) {
    countRefusal(desk, issue, account);
    rememberRefusal(desk, reading, command, refused);
    await answerComment(desk, reading, command, refused);
    return refused;
  }
  const sentence = refusedSentence(command, outcome);
  const who = { person: null, name: outcome.name };
  const { commentId } = await write(desk, reading, command, who, [outcome.record], sentence, remaining);
  desk.refused.add(`${issue} ${account}`);
  markAnswered(desk, reading, command, code);
  rememberRefusal(desk, reading, command, refused);
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
  return writeMarked(desk, reading, () => append(desk, to, { by, events, sentence }, remaining));
}
