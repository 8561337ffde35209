/** What the issue of a request says whose log cannot be believed. */

import { readLog } from '../log/chain.ts';
import { parseComment } from '../log/comment.ts';
import { runInBody } from '../request/run-in-body.ts';
import type { Desk } from './desk.ts';
import type { Fault } from './fault.ts';
import { showFailed } from './open.ts';
import type { IssueSnapshot, JobIdentity } from './ports.ts';
import { openingOf } from './reading.ts';
import { type DebugResult, endOfRun } from './run-end.ts';
import { type DrawIssue, isOurs, labelsNow } from './show.ts';

interface Place {
  desk: Desk;
  draw: DrawIssue;
  job: JobIdentity;
  debugResult: DebugResult | null;
}

/**
 * Closes the issue as an error that says which record, with the card if one is known. That of a break-glass stays open, or is
 * opened again: whoever breaks the log must not get around the after-review.
 */
export async function showUnproven(place: Place, snapshot: IssueSnapshot, fault: Fault): Promise<void> {
  const { desk, draw } = place;
  const log = await readLog(snapshot, desk.trust);
  const opening = openingOf(log);
  const untouched = log.broken.length === 0 && log.findings.length === 0;
  const stays = opening?.request.breakGlass ?? (!untouched && seemsBreakGlass(snapshot));
  if (stays) {
    desk.progress.warn(
      `Issue #${snapshot.number} broke the glass, so it stays open although nobody can sign it any more. Whoever has looked at what was done takes the label debug:break-glass off and closes it.`,
    );
  }
  if (opening !== null) {
    const policy = await desk.policies.get(opening.request.policy.blob);
    const labels = await labelsNow(desk, snapshot.number);
    await showFailed(desk, draw, { policy, opening, snapshot: { ...snapshot, labels } }, fault, !stays);
    return;
  }
  // An ask job that is just opening this request has not written its record yet.
  const run = untouched ? runInBody(snapshot.body) : null;
  if (run !== null && (await endOfRun(place, run)) === null) return;
  const theirs = (await labelsNow(desk, snapshot.number)).filter((label) => !isOurs(label));
  const labels = ['debug-request', 'debug:error', ...theirs];
  const change = stays
    ? { labels: [...labels, 'debug:break-glass', 'debug:review-due'], open: true }
    : { labels, open: false, completed: false };
  await desk.repository.updateIssue(snapshot.number, change);
}

/**
 * Whether an issue without an opening record broke the glass, by whatever is left that says so: its label, its title, or a
 * record of the start. Whoever forges one of these only keeps an issue open.
 */
function seemsBreakGlass({ labels, title, comments }: IssueSnapshot): boolean {
  if (labels.includes('debug:break-glass') || title.startsWith('BREAK-GLASS ')) return true;
  return comments.some(({ body }) => {
    const parsed = parseComment(body);
    return parsed.kind === 'record' && parsed.record.sentence.startsWith('BREAK-GLASS');
  });
}
