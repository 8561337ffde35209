/** What people wrote on an issue that no record answers yet, for the jobs that look at it once: the close job and the sweep. */
import { parseDecision } from '../request/comment-decision.ts';
import { decide, type Outcome } from '../request/decide.ts';
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
 * The unedited and unanswered comments that are wanted and ask for something, oldest first. Costs one list of the comments,
 * which alone tells what an app wrote; nothing where none is wanted.
 */
export async function writtenSince(
  desk: Desk,
  reading: Reading,
  wanted: (comment: IssueComment) => boolean,
): Promise<Written[]> {
  const { snapshot, policy, state } = reading;
  const found = snapshot.comments.filter((comment) => isUnanswered(reading, comment) && wanted(comment));
  if (found.length === 0) return [];
  const bodies = new Map(found.map(({ id, body }) => [id, body]));
  const listed = (await desk.repository.poll(snapshot.number)) ?? [];
  return listed.flatMap((comment) => {
    if (bodies.get(comment.id) !== comment.body) return [];
    const asked = wishOfComment(comment, parseDecision(comment.body));
    if (asked === null) return [];
    const { texts: _, ...wish } = asked;
    const command = { ...wish, shown: null, standing: IN_GOOD_STANDING };
    return { asked, outcome: decide(policy, state, command, { now: desk.clock.now() }) };
  });
}

function isUnanswered({ state }: Reading, { author, editedAt, id }: IssueComment): boolean {
  return author !== null && editedAt === null && !state.answeredComments.includes(String(id));
}

/** The first comment of each account for each deed: who repeats themselves keeps nobody else from being heard. */
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
