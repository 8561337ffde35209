/** What the ask job has seen of its issue: which comments decide, which of them are dealt with, and whether the log is another. */
import { parseDecision } from '../request/comment-decision.ts';
import { wishOfComment } from './commands.ts';
import { type Asked, countKnownRefusal, recordDecision } from './decisions.ts';
import type { Desk } from './desk.ts';
import { Fault, OUTAGE } from './fault.ts';
import type { IssueComment, PolledComment } from './ports.ts';
import type { Reading } from './reading.ts';

/** What this job has seen of its issue and not yet dealt with. */
export interface Watch {
  /** A record of its own that the next reading must hold. */
  written: number | null;
  /** The latest poll that brought something. */
  polled: PolledComment[] | null;
  /** Whether a reading is newer than that poll: what is gone since need not have changed the list that was polled. */
  ahead: boolean;
  /** The latest poll, while something in it is not judged or not in any reading. */
  unread: PolledComment[] | null;
  /** Comments whose decision was recorded or refused. */
  judged: Set<number>;
  /** How many polls in a row changed and brought nothing that matters. */
  talk: number;
}

export function newWatch(): Watch {
  return { written: null, polled: null, ahead: false, unread: null, judged: new Set(), talk: 0 };
}

/** True once every comment of the poll is in the reading (it may lag behind the poll) and judged. */
export function isRead(polled: PolledComment[], { snapshot }: Reading, { judged }: Watch): boolean {
  const known = new Set(snapshot.comments.map(({ id }) => id));
  return polled.every((comment) => known.has(comment.id) && (judged.has(comment.id) || !decides(comment)));
}

/** Whether a comment is such that something is to be recorded or refused because of it. */
export function decides(comment: PolledComment): boolean {
  return wishOfComment(comment, parseDecision(comment.body)) !== null;
}

/**
 * Whether the poll shows another log than the reading: what an account of an app wrote, or what decides. Whatever else people
 * write, edit and delete costs no look at the whole, however often they do it; the next one reports it.
 */
export function differs(polled: PolledComment[], { snapshot }: Reading, { judged }: Watch): boolean {
  const matters = (comment: IssueComment): boolean =>
    comment.author?.bot === true || (!judged.has(comment.id) && parseDecision(comment.body) !== null);
  const known = new Map(snapshot.comments.map((comment) => [comment.id, comment]));
  const stillThere = new Set(polled.map(({ id }) => id));
  const changed = polled.some((comment) => {
    const before = known.get(comment.id);
    return before?.body !== comment.body && (matters(comment) || (before !== undefined && matters(before)));
  });
  return changed || snapshot.comments.some((comment) => matters(comment) && !stillThere.has(comment.id));
}

/**
 * Records what people decided by comment since, each once. `interrupted`: GitHub did not take or not confirm a record;
 * the next reading shows whether it stands, and what does not is tried again; or it does not list a comment yet, or a directory
 * does not answer, which keeps no other comment waiting.
 */
export async function judgeComments(
  desk: Desk,
  polled: PolledComment[],
  reading: Reading,
  watch: Watch,
): Promise<'recorded' | 'nothing' | 'interrupted'> {
  let result: 'recorded' | 'nothing' = 'nothing';
  let isLeft = false;
  for (const comment of polled) {
    const command = wishOfComment(comment, parseDecision(comment.body));
    if (command === null || watch.judged.has(comment.id)) continue;
    if (!isDealtWith(desk, reading, comment, command)) {
      try {
        const recorded = await recordDecision(desk, reading.snapshot.number, command);
        if (recorded.kind === 'unseen' || recorded.kind === 'later') {
          isLeft = true;
          continue;
        }
        if (recorded.kind === 'refused') desk.progress.info(recorded.message);
        if (recorded.commentId !== null) {
          watch.written = recorded.commentId;
          result = 'recorded';
        }
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        if (error.code === 'refused') {
          desk.progress.warn(
            `The decision in comment ${comment.id} was not recorded: ${error.message} ${error.remedy} Then comment again.`,
          );
        } else {
          if (!MENDS_ITSELF.includes(error.code)) throw error;
          desk.progress.warn(`The decision in comment ${comment.id} is not recorded yet: ${error.message}`);
          return 'interrupted';
        }
      }
    }
    watch.judged.add(comment.id);
  }
  return isLeft ? 'interrupted' : result;
}

function isDealtWith(desk: Desk, reading: Reading, { id }: PolledComment, command: Asked): boolean {
  return reading.state.answeredComments.includes(String(id)) || countKnownRefusal(desk, reading, command);
}

/** `log`: a list that lags looks like a broken log; the next reading is a whole one, and judges it. */
export const MENDS_ITSELF: readonly Fault['code'][] = [...OUTAGE, 'not-written', 'not-confirmed', 'oidc', 'log'];
