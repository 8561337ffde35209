/** What an export of a repository holds: its requests in a range, the one that changed longest ago first, each judged. */
import { parseComment } from '../log/comment.ts';
import type { ExportContent, ExportedRequest, Unverified } from '../log/export-write.ts';
import { enterRequest, headBook, missingHeads } from '../log/heads.ts';
import type { Status } from '../request/state.ts';
import type { Auditor, Judged } from './audit.ts';
import { auditIssue, judge, withNamed } from './audit-judge.ts';
import { Fault } from './fault.ts';
import type { AuditedIssue } from './ports.ts';
import { openingOf } from './reading.ts';

/** Which requests; null: no bound. Times are RFC 3339 UTC and mean the latest change of an issue, both included. */
export interface AuditRange {
  since: string | null;
  until: string | null;
  states: readonly Status[] | null;
  issues: readonly number[] | null;
  /** Where in the list of labelled issues an export that was cut goes on. */
  goOnFrom?: string | null;
  /** Issues that openings in what is there of it name, and that it lacks. */
  named?: readonly number[];
}

/** Whether an issue that changed then is not wanted, since what is to be gone on with has it. */
export type Skip = (issue: number, updatedAt: string) => boolean;

/**
 * The requests of a range, those with the label and then those that openings name and that lack it, each judged as it comes; what
 * `skip` says is not even judged. One that goes on meanwhile comes again, whole: what openings name must be found in what came
 * last. Throws a Fault where one cannot be read whole, since what is left out would never be missed.
 */
export async function* judgedIn(auditor: Auditor, range: AuditRange, skip: Skip = () => false): AsyncGenerator<Judged> {
  const book = headBook();
  const wanted = (judged: Judged) => {
    const { snapshot, log, verdict, opened } = judged;
    if (verdict.notes.some(({ code }) => code === 'unread')) throw unreadable(judged);
    // How one stands whose policy or opening is not to be had, nobody can tell: it is not left out for that.
    if (range.states !== null && opened === null && verdict.status === 'none') return false;
    if (range.states !== null && opened !== null && !range.states.includes(opened.state.status)) return false;
    const hashes = log.entries.map(({ record }) => record.hash);
    // One that cannot be judged may hold what its log does not.
    if (verdict.status !== 'unknown') enterRequest(book, snapshot.number, hashes, log.entries);
    return true;
  };
  for await (const judged of read(auditor, range, skip)) if (wanted(judged)) yield judged;
  for (const [issue, heads] of Map.groupBy(missingHeads(book), (one) => one.issue)) {
    const found = await auditor.deps.source.issue(issue);
    const named = heads.map(({ head }) => head);
    const judged = found === null ? null : withNamed(await judge(auditor, found), named);
    if (judged !== null && wanted(judged)) yield judged;
  }
}

async function* read(auditor: Auditor, range: AuditRange, skip: Skip): AsyncGenerator<Judged> {
  if (range.issues !== null) {
    for (const issue of range.issues) {
      const judged = await auditIssue(auditor, issue, null);
      if (isWithin(range, judged.snapshot) && !skip(issue, judged.snapshot.updatedAt)) yield judged;
    }
    return;
  }
  const named = new Set(range.named);
  const seen = new Set<number>();
  const told = (judged: Judged) => {
    for (const { issue } of openingOf(judged.log)?.earlier ?? []) named.add(issue);
    return judged;
  };
  for await (const issue of auditor.deps.source.requests({ since: range.goOnFrom ?? range.since })) {
    if (!isWithin(range, issue)) continue;
    seen.add(issue.number);
    if (!skip(issue.number, issue.updatedAt)) yield told(await judge(auditor, issue));
  }
  // Whoever took the label away takes nothing out of the evidence. What is added here is looked through, too.
  for (const number of named) {
    const issue = seen.has(number) ? null : await auditor.deps.source.issue(number);
    if (issue !== null && isWithin(range, issue)) yield told(await judge(auditor, issue));
  }
}

function isWithin({ since, until }: AuditRange, { updatedAt }: AuditedIssue): boolean {
  const at = Date.parse(updatedAt);
  return (since === null || at >= Date.parse(since)) && (until === null || at <= Date.parse(until));
}

function unreadable({ verdict }: Judged): Fault {
  const [note] = verdict.notes;
  return new Fault(
    'unavailable',
    `Issue #${verdict.issue} could not be read whole: ${note?.why ?? 'GitHub did not say why.'}`,
    note?.remedy ?? 'Try again later.',
  );
}

/** What the export's writer needs; `onRequest` is told of each request before it is written. */
export function exportOf(
  auditor: Auditor,
  range: AuditRange,
  how: { exportedAt: string; skip: Skip; onRequest: (judged: Judged) => void },
): ExportContent {
  return {
    trust: auditor.trust,
    live: auditor.known.live,
    archive: auditor.archive.lines,
    range: {
      ...{ since: range.since, until: range.until },
      states: range.states === null ? null : [...range.states],
      issues: range.issues === null ? null : [...range.issues],
    },
    exportedAt: how.exportedAt,
    requests: exported(judgedIn(auditor, range, how.skip), how.onRequest),
    policyText: auditor.policyText,
  };
}

async function* exported(
  all: AsyncIterable<Judged>,
  onRequest: (judged: Judged) => void,
): AsyncGenerator<ExportedRequest> {
  for await (const judged of all) {
    onRequest(judged);
    const { snapshot, log, verdict } = judged;
    const beyond = verdict.broken
      .filter(({ why }) => !log.broken.some((one) => one.why === why))
      .map(({ code, comment, why }) => ({ code, commentId: comment, why }));
    yield { issue: snapshot.number, updatedAt: snapshot.updatedAt, log, beyond, unverified: unverifiedIn(judged) };
  }
}

/** The records that nobody can verify now: with their keys somebody may, years later. */
function unverifiedIn({ snapshot, unverified }: Judged): Unverified[] {
  return unverified.flatMap(({ code, commentId, why }) => {
    const comment = snapshot.comments.find(({ id }) => id === commentId);
    const parsed = parseComment(comment?.body ?? '');
    // What an edited comment holds now, nobody wrote then.
    if (comment === undefined || comment.editedAt !== null) return [];
    return parsed.kind === 'record' ? [{ code, why, comment, record: parsed.record }] : [];
  });
}
