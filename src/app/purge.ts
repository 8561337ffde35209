/** The scheduled sweep's purge: what closed requests shared goes when its time is over, a bounded part at each sweep. */
import { SHARED_PARTS } from '../policy/retention.ts';
import { instant } from '../request/instant.ts';
import type { Desk } from './desk.ts';
import { whyOf } from './fault.ts';
import { purgeBatch, runsIn } from './purge-batch.ts';
import type { PurgedRequest, PurgePlace } from './purge-case.ts';
import { HOLD, PART_LABELS } from './purge-labels.ts';
import type { MarkedIssue, SharedInSlack, SharedOnGithub } from './purge-ports.ts';

export interface PurgeReport {
  requests: PurgedRequest[];
  /** Marked requests that this run did not come to. */
  left: number;
  held: number;
}

const BATCH = 10;
/** Two records each: half of what GitHub lets all jobs of the repository write in an hour is left to people's decisions. */
const MOST = 100;
/** Comments a minute: GitHub takes 80 of all jobs, and somebody may wait for theirs. */
const A_MINUTE = 40;
const MINUTE_MS = 60_000;
/** The sweep's job has other work and a time limit. */
const LONGEST_MS = 5 * MINUTE_MS;

/** Purges what is due, the oldest first. Trouble is told and never thrown: the next sweep goes on. null: nothing is ever to go. */
export async function purge(
  desk: Desk,
  github: SharedOnGithub,
  slack: SharedInSlack | null,
): Promise<PurgeReport | null> {
  if (SHARED_PARTS.every((part) => desk.retention[part] === null)) return null;
  const report: PurgeReport = { requests: [], left: 0, held: 0 };
  try {
    await purgeAll(desk, github, slack, report);
  } catch (error) {
    desk.progress.warn(`What requests shared was not all deleted; the next sweep goes on. ${whyOf(error)}`);
  }
  return report;
}

async function purgeAll(
  desk: Desk,
  github: SharedOnGithub,
  slack: SharedInSlack | null,
  report: PurgeReport,
): Promise<void> {
  const marked = await github.marked(wantedBy(desk));
  const held = marked.filter(({ labels }) => labels.includes(HOLD));
  const free = marked.filter((issue) => !held.includes(issue));
  report.held = held.length;
  report.left = free.length;
  if (held.length > 0) {
    const numbers = held.map(({ number }) => `#${number}`).join(', ');
    desk.progress.info(`On hold by the label ${HOLD}, so nothing of them is deleted: ${numbers}.`);
  }
  if (free.length === 0) return;
  const place = {
    desk,
    github,
    slack,
    retention: desk.retention,
    heldRuns: runsIn(await github.held()),
    room: pace(desk),
  };
  const until = desk.clock.now() + LONGEST_MS;
  const turn = free.slice(0, MOST);
  for (let from = 0; from < turn.length && desk.clock.now() < until; from += BATCH) {
    await oneBatch(place, turn.slice(from, from + BATCH), report);
    desk.progress.info(`Purge: looked at ${Math.min(from + BATCH, turn.length)} of ${free.length} requests.`);
  }
  if (report.left > 0) desk.progress.info(`Purge: ${report.left} are left for the next sweep.`);
}

async function oneBatch(place: PurgePlace, batch: readonly MarkedIssue[], report: PurgeReport): Promise<void> {
  const told = await purgeBatch(
    place,
    batch.map(({ id }) => id),
  );
  report.requests.push(...told);
  report.left -= batch.length;
  for (const { issue, note, done } of told) if (!done) place.desk.progress.warn(`Purge of #${issue}: ${note}`);
}

/** What was opened later than its time ago cannot be due. */
function wantedBy({ retention, clock }: Desk): { label: string; openedBy: string }[] {
  return SHARED_PARTS.flatMap((part) => {
    const seconds = retention[part];
    return seconds === null ? [] : [{ label: PART_LABELS[part], openedBy: instant(clock.now() - seconds * 1000) }];
  });
}

/** Lets no more comments through in a minute than its share. */
function pace({ clock }: Desk): PurgePlace['room'] {
  let written: number[] = [];
  const start = clock.now();
  return async (comments) => {
    for (;;) {
      const now = clock.now();
      written = written.filter((at) => now - at < MINUTE_MS);
      if (written.length === 0 || written.length + comments <= A_MINUTE) break;
      const next = MINUTE_MS - (now - (written[0] ?? now));
      if (now + next - start > LONGEST_MS) return false;
      await clock.sleep(next);
    }
    written.push(...Array.from({ length: comments }, () => clock.now()));
    return true;
  };
}
