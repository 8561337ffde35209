/** The scheduled sweep's purge: what closed requests shared goes when its time is over, a bounded part at each sweep. */
import { jobOf } from '../log/record.ts';
import { SHARED_PARTS } from '../policy/retention.ts';
import { instant } from '../request/instant.ts';
import type { Desk } from './desk.ts';
import { purgeBatch, runsIn } from './purge-batch.ts';
import { BATCH, newBudget } from './purge-budget.ts';
import type { PurgedRequest, PurgePlace } from './purge-case.ts';
import { HOLD, PART_LABELS } from './purge-labels.ts';
import type { MarkedIssue, SharedInSlack, SharedOnGithub } from './purge-ports.ts';

export interface PurgeReport {
  requests: PurgedRequest[];
  /** Marked requests that this run did not come to. */
  left: number;
  /** There are still more marked ones, which nobody counted. */
  more: boolean;
  held: number;
  /** It ended before its end: of what is left nothing is known. */
  brokenOff: boolean;
}

/** Where requests shared; `slack` is null without its token. `onPurged` is told what became of it. */
export interface Shared {
  github: SharedOnGithub;
  slack: SharedInSlack | null;
  onPurged: (report: PurgeReport) => void;
}

/** Each read of ten costs one call of the thousand that all jobs of the repository have in an hour. */
const MOST_READ = 500;

/**
 * Purges what is due, and tells what became of it however it ends. Trouble with one request is told of it; whatever keeps all from
 * being purged is thrown, and the next sweep goes on.
 */
export async function purge(desk: Desk, { onPurged, ...shared }: Shared): Promise<void> {
  if (SHARED_PARTS.every((part) => desk.retention[part] === null)) return;
  const report: PurgeReport = { requests: [], left: 0, more: false, held: 0, brokenOff: true };
  try {
    await purgeAll(desk, shared, report);
    report.brokenOff = false;
  } finally {
    onPurged(report);
  }
}

async function purgeAll(desk: Desk, { github, slack }: Omit<Shared, 'onPurged'>, report: PurgeReport): Promise<void> {
  const { issues, more } = await github.marked(wantedBy(desk));
  const held = issues.filter(({ labels }) => labels.includes(HOLD));
  const free = issues.filter((issue) => !held.includes(issue));
  Object.assign(report, { held: held.length, left: free.length, more });
  if (held.length > 0) {
    const numbers = held.map(({ number }) => `#${number}`).join(', ');
    desk.progress.info(`On hold by the label ${HOLD}, so nothing of them is deleted: ${numbers}.`);
  }
  if (free.length === 0) return;
  const budget = newBudget(desk.clock);
  const heldRuns = runsIn(await github.held());
  const place = { desk, github, slack, retention: desk.retention, heldRuns, budget };
  for (const batch of inTurn(free, jobOf(desk.writer)?.run ?? 0).slice(0, MOST_READ / BATCH)) {
    if (budget.over() !== null) break;
    await oneBatch(place, batch, report);
    const looked = free.length - report.left;
    desk.progress.info(`Purge: looked at ${looked} of ${free.length} requests.`);
  }
  if (report.left === 0 && !more) return;
  const why = budget.over() ?? `one sweep looks at ${MOST_READ} requests`;
  desk.progress.info(`Purge: ${leftWords(report)} left for the next sweep: ${why}.`);
}

/** How many are left, as the job's log and its summary say it. */
export function leftWords({ left, more }: Pick<PurgeReport, 'left' | 'more'>): string {
  return `${left}${more ? ' or more' : ''} ${left === 1 && !more ? 'is' : 'are'}`;
}

/** Tens of neighbours, the oldest first. One that can never go must not keep those behind it waiting: each sweep begins at another. */
function inTurn(issues: readonly MarkedIssue[], run: number): MarkedIssue[][] {
  const count = Math.ceil(issues.length / BATCH);
  const batches = Array.from({ length: count }, (_, n) => issues.slice(n * BATCH, (n + 1) * BATCH));
  const start = run % count;
  return [...batches.slice(start), ...batches.slice(0, start)];
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
