/** What people wrote on an issue that no record answers yet, for the jobs that look at it once: the close job and the sweep. */
import { parseDecision } from '../request/comment-decision.ts';
import { decide, type Outcome } from '../request/decide.ts';
import type { Deed } from '../request/events.ts';
import { accountOf } from '../request/state.ts';
import { wishOfComment } from './commands.ts';
import { type Asked, recordDecision } from './decisions.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { IssueComment } from './ports.ts';
import { type Reading, reconcile } from './reading.ts';
import { IN_GOOD_STANDING } from './standing.ts';

/** A comment that asks for something. */
export interface Written {
  asked: Asked;
  /** What would follow, as long as no directory says that the person has left. */
  outcome: Outcome;
}

/**
 * The unedited comments that ask for one of these deeds, oldest first. Costs one list of the comments, which alone tells what
 * an app wrote; nothing where nobody asks.
 */
export async function writtenSince(desk: Desk, reading: Reading, deeds: readonly Deed[]): Promise<Written[]> {
  const { snapshot, policy, state } = reading;
  const wanted = snapshot.comments.filter((comment) => isUnanswered(reading, comment, deeds)).map(({ id }) => id);
  if (wanted.length === 0) return [];
  const listed = (await desk.repository.poll(snapshot.number)) ?? [];
  return listed.flatMap((comment) => {
    const said = wanted.includes(comment.id) ? parseDecision(comment.body) : null;
    const asked = said !== null && deeds.includes(said.decision) ? wishOfComment(comment, said) : null;
    if (asked === null) return [];
    const { texts: _, ...wish } = asked;
    const command = { ...wish, shown: null, standing: IN_GOOD_STANDING };
    return { asked, outcome: decide(policy, state, command, { now: desk.clock.now() }) };
  });
}

function isUnanswered(
  { state }: Reading,
  { author, editedAt, body, id }: IssueComment,
  deeds: readonly Deed[],
): boolean {
  if (author === null || editedAt !== null || state.answeredComments.includes(String(id))) return false;
  const deed = parseDecision(body)?.decision;
  return deed !== undefined && deeds.includes(deed);
}

/** The first comment of each account: who repeats themselves keeps nobody else from being heard. */
export function onePerAccount(written: readonly Written[]): Written[] {
  const seen = new Set<string>();
  return written.filter(({ asked: { by, decision } }) => {
    const which = `${decision} ${accountOf({ ...by, person: null, name: '' })}`;
    const fresh = !seen.has(which);
    seen.add(which);
    return fresh;
  });
}

/**
 * Records a comment and gives the reading after it; the same reading where there is nothing to record, or where GitHub or a
 * directory keep it from being recorded, which the job's log says. Throws the Fault of a log that cannot be believed.
 */
export async function recordWritten(desk: Desk, reading: Reading, { asked }: Written): Promise<Reading> {
  const { number } = reading.snapshot;
  try {
    const recorded = await recordDecision(desk, number, asked);
    if (recorded.kind === 'refused') desk.progress.info(recorded.message);
    return recorded.commentId === null ? reading : await reconcile(desk, number, recorded.commentId);
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'log') throw error;
    const which = `What comment ${asked.by.evidence['comment']} of issue #${number} asks for`;
    desk.progress.warn(`${which} is not recorded: ${error.message} ${error.remedy}`);
    return reading;
  }
}
