/** Records a person's decision, from a button or a comment, before anybody is told that it counts. */

import { maskText } from '../redact/text.ts';
import { decodeButton } from '../request/button.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { type DecideCommand, decide, type Outcome } from '../request/decide.ts';
import { accountOf } from '../request/state.ts';
import { append, countRefusal, inTime, type Remaining } from './append.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { PolledComment, Press } from './ports.ts';
import { type Reading, read } from './reading.ts';

/** How long a press may take from its arrival to its record; Slack itself waits 3 s. */
export const PRESS_DEADLINE_MS = 2_000;

export type Recorded =
  | { kind: 'recorded'; commentId: number; issue: number }
  | { kind: 'refused'; issue: number; message: string; commentId: number | null }
  /** The comment that decides is not in GitHub's list of the issue yet; nothing is said of it. */
  | { kind: 'unseen'; issue: number; message: string; commentId: null };

/** Brings a decision to its request's log, or says why it was refused. Throws Faults when it could not be recorded. */
export async function recordDecision(
  desk: Desk,
  issue: number,
  asked: DecideCommand,
  remaining?: Remaining,
): Promise<Recorded> {
  const known = knownPress(desk, issue, asked);
  if (known !== null) return { kind: 'refused', issue, message: known, commentId: null };
  const reading = await inTime(desk, remaining, read(desk, issue, asked.claim?.policyBlob));
  const command = { ...asked, comment: maskText(asked.comment, desk.secrets) };
  const doubt = command.by.via === 'issue-comment' ? doubtfulComment(reading, command) : null;
  if (doubt !== null) return { ...doubt, issue, commentId: null };
  const outcome = decide(reading.policy, reading.state, command, { now: desk.clock.now() });
  switch (outcome.kind) {
    case 'append': {
      const { commentId } = await write(desk, reading, command, outcome, outcome.events, outcome.sentence, remaining);
      return { kind: 'recorded', commentId, issue };
    }
    case 'refuse':
      return {
        kind: 'refused',
        issue,
        message: outcome.message,
        ...(await refuse(desk, reading, command, outcome, remaining)),
      };
    case 'nothing':
      return { kind: 'refused', issue, message: outcome.why, commentId: null };
  }
}

/**
 * Why a comment does not decide what the poll said. The polled list (REST) does not show an edit within the comment's
 * first second, by its author or by anybody else who may write; the snapshot's edit history does. `unseen` is no Fault:
 * one comment that the snapshot never lists must not keep the later ones waiting.
 */
function doubtfulComment(
  { snapshot }: Reading,
  { by, decision }: DecideCommand,
): { kind: 'refused' | 'unseen'; message: string } | null {
  const id = by.evidence['comment'];
  const comment = snapshot.comments.find((one) => String(one.id) === id);
  if (comment === undefined) return { kind: 'unseen', message: `GitHub does not show comment ${id} yet.` };
  const same = comment.author?.id === by.github?.id && parseDecision(comment.body)?.decision === decision;
  if (comment.editedAt === null && same) return null;
  return { kind: 'refused', message: `Comment ${id} was edited, so it decides nothing.` };
}

/** Counts a press whose like was refused for good before, and gives what was answered; null: it must be looked at. */
function knownPress(desk: Desk, issue: number, { by, card }: DecideCommand): string | null {
  const account = accountOf({ ...by, person: null, name: '' });
  const message = card === null ? undefined : desk.refusedForGood.get(`${issue} ${account}`);
  if (message === undefined) return null;
  countRefusal(desk, issue, account);
  return message;
}

/** Refusals that no later look at the same request changes. */
const LASTING: readonly string[] = ['unknown-person', 'own-request', 'not-eligible', 'bot'];

/**
 * Counts an attempt that is refused for good and whose account is on record already, so that a flood of such comments
 * costs neither reads nor the time in which others wait. False: it must be looked at properly.
 */
export function countKnownRefusal(desk: Desk, reading: Reading, command: DecideCommand): boolean {
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
): Promise<{ commentId: number | null }> {
  const account = accountOf({ ...command.by, person: null, name: outcome.name });
  const known = `${reading.snapshot.number} ${account}`;
  const remember = (): void => {
    if (command.card !== null && LASTING.includes(outcome.code)) desk.refusedForGood.set(known, outcome.message);
  };
  if (outcome.record === null || desk.refused.has(known)) {
    countRefusal(desk, reading.snapshot.number, account);
    remember();
    return { commentId: null };
  }
  const sentence = `An attempt of ${outcome.name} to ${command.decision} this request was refused (${outcome.code}).`;
  const { commentId } = await write(
    desk,
    reading,
    command,
    { person: null, name: outcome.name },
    [outcome.record],
    sentence,
    remaining,
  );
  desk.refused.add(known);
  remember();
  return { commentId };
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

/** What the press of a button asks for; null when the button's value is not one of this repository's. */
export function commandOfPress(press: Press, repositoryId: number): { issue: number; command: DecideCommand } | null {
  const claim = decodeButton(press.value);
  if (claim === null || !claim.request.startsWith(`${repositoryId}/`)) return null;
  const command: DecideCommand = {
    type: 'decide',
    decision: press.decision,
    comment: press.comment,
    by: { github: null, slack: press.slack, via: press.via, evidence: press.evidence },
    bot: false,
    claim: { request: claim.request, digest: claim.digest, policyBlob: claim.policyBlob },
    card: press.card,
  };
  return { issue: claim.issue, command };
}

/** What a comment on the issue asks for; null when it asks for nothing or was edited. */
export function commandOfComment(
  comment: PolledComment,
  asked: { decision: 'approve' | 'deny'; comment: string } | null,
): DecideCommand | null {
  if (asked === null || comment.editedAt !== null || comment.author === null) return null;
  return {
    type: 'decide',
    decision: asked.decision,
    comment: shortened(asked.comment.toWellFormed()),
    by: {
      github: { id: comment.author.id, login: comment.author.login },
      slack: null,
      via: 'issue-comment',
      evidence: { comment: String(comment.id) },
    },
    bot: comment.author.bot || comment.throughApp,
    claim: null,
    card: null,
  };
}

/** The longest comment that a record holds; the whole text stands in the comment that the record names. */
const LONGEST_COMMENT = 2_000;

function shortened(text: string): string {
  return text.length <= LONGEST_COMMENT ? text : `${text.slice(0, LONGEST_COMMENT).toWellFormed()} …`;
}

/** What a person is told privately when a press could not be recorded. */
export function notRecorded(error: unknown, issueUrl: string): string {
  if (error instanceof Fault && error.code === 'not-confirmed') {
    return `Your decision is not confirmed: GitHub did not answer in time. Look at ${issueUrl} before you press again.`;
  }
  const why = error instanceof Fault ? `${error.message} ${error.remedy}` : 'Something unexpected went wrong.';
  return `Your decision was not recorded: ${why}`;
}
