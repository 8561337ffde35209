/** An envelope counts once: no other request that was opened since it was written may have used it. */
import type { Desk } from './desk.ts';
import type { AskedInSlack } from './envelope.ts';
import { Fault } from './fault.ts';
import { closeOpen } from './open.ts';
import { logOf, openingOf, type Reading, wholeSnapshot } from './reading.ts';

/** A request that an envelope began, and the comment of its opening: the lowest one keeps it. */
interface Use {
  issue: number;
  commentId: number;
}

/** So many issues of bots are looked through; where there are more, nobody can tell. */
const MOST = 50;

/** Throws a Fault `refused` where a request has used it, or where nobody can tell. */
export async function refuseUsed(desk: Desk, { jti, unusedBefore }: AskedInSlack): Promise<void> {
  const [use] = await usesAmong(desk, await desk.repository.openedSince(unusedBefore), jti);
  if (use === undefined) return;
  throw new Fault('refused', usedBy(use), ANEW);
}

/**
 * Looks again once the own opening stands, since of two at the same moment neither saw the other: the one whose opening is the
 * earlier comment keeps the envelope, any other ends as an error. Gives the reading after it.
 */
export async function keepOrEnd(desk: Desk, opened: Reading, { jti, unusedBefore }: AskedInSlack): Promise<Reading> {
  const own = opened.log.entries[0]?.commentId ?? Number.POSITIVE_INFINITY;
  const why = await usedBefore(desk, opened.snapshot.number, own, jti, unusedBefore);
  if (why === null) return opened;
  return closeOpen(desk, opened, { type: 'fail', code: 'envelope', message: `${why} ${ANEW}` });
}

const ANEW = 'Nothing runs by it again. Ask anew with /debug in Slack.';

async function usedBefore(desk: Desk, issue: number, own: number, jti: string, since: number): Promise<string | null> {
  try {
    const others = (await listedWith(desk, issue, since)).filter((one) => one !== issue);
    const use = (await usesAmong(desk, others, jti)).find(({ commentId }) => commentId < own);
    return use === undefined ? null : usedBy(use);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `Whether another request used the same envelope could not be told: ${error.message}`;
  }
}

/** GitHub's lists lag: so long, in ms, the own issue is waited for, behind which older ones show. */
const TRIES = [0, 500, 1_000, 2_000, 4_000, 8_000];

async function listedWith(desk: Desk, issue: number, since: number): Promise<number[]> {
  for (const wait of TRIES) {
    if (wait > 0) await desk.clock.sleep(wait);
    const listed = await desk.repository.openedSince(since);
    if (listed.includes(issue)) return listed;
  }
  throw new Fault('unavailable', `GitHub's list of issues did not show #${issue}.`, 'Try again later.');
}

async function usesAmong(desk: Desk, issues: readonly number[], jti: string): Promise<Use[]> {
  if (issues.length > MOST) {
    const why = `Bots opened ${issues.length} issues since the envelope was written: whether one of them used it cannot be told.`;
    throw new Fault('refused', why, ANEW);
  }
  const found = await Promise.all(issues.map((issue) => useIn(desk, issue, jti)));
  return found.filter((one) => one !== null).toSorted((a, b) => a.commentId - b.commentId);
}

/** null: it did not use it. Throws a Fault `refused` where somebody changed what would tell. */
async function useIn(desk: Desk, issue: number, jti: string): Promise<Use | null> {
  const log = await logOf(desk, await wholeSnapshot(desk, issue, {}));
  const opening = openingOf(log);
  const [first] = log.entries;
  if (opening !== null && first !== undefined) {
    return opening.envelope?.jti === jti ? { issue, commentId: first.commentId } : null;
  }
  const touched = [...log.broken, ...log.findings].find(({ code }) => code === 'edited' || code === 'deleted');
  // What another job is just opening has nothing yet; it looks for this one in its turn.
  if (touched === undefined) return null;
  const why = `Whether issue #${issue} used the envelope cannot be told: ${touched.why}.`;
  throw new Fault('refused', why, ANEW);
}

function usedBy({ issue }: Use): string {
  return `The envelope began #${issue} already, and counts once.`;
}
