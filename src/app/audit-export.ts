/** What an export of a repository holds: its requests in a range, the one that changed longest ago first, each judged. */
import type { ExportContent, ExportedRequest } from '../log/export-write.ts';
import type { Status } from '../request/state.ts';
import type { Auditor, Judged } from './audit.ts';
import { auditIssue, judge } from './audit-judge.ts';
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
}

/**
 * The requests of a range, those with the label and then those that openings name and that lack it, each judged as it comes; `skip` are issues that are not wanted any more, and are not even judged.
 * Throws a Fault where one cannot be read whole, since what is left out would never be missed.
 */
export async function* judgedIn(
  auditor: Auditor,
  range: AuditRange,
  skip: ReadonlySet<number> = new Set(),
): AsyncGenerator<Judged> {
  const seen = new Set(skip);
  for await (const judged of read(auditor, range, seen)) {
    const { snapshot, verdict, opened } = judged;
    seen.add(snapshot.number);
    if (verdict.notes.some(({ code }) => code === 'unread')) throw unreadable(judged);
    if (range.states === null || (opened !== null && range.states.includes(opened.state.status))) yield judged;
  }
}

async function* read(auditor: Auditor, range: AuditRange, seen: ReadonlySet<number>): AsyncGenerator<Judged> {
  if (range.issues !== null) {
    for (const issue of range.issues) {
      if (seen.has(issue)) continue;
      const judged = await auditIssue(auditor, issue, null);
      if (isWithin(range, judged.snapshot)) yield judged;
    }
    return;
  }
  const named = new Set<number>();
  const told = (judged: Judged) => {
    for (const { issue } of openingOf(judged.log)?.earlier ?? []) named.add(issue);
    return judged;
  };
  for await (const issue of auditor.deps.source.requests({ since: range.goOnFrom ?? range.since })) {
    if (!isWithin(range, issue)) continue;
    // What changes meanwhile comes again at the end: it is left to the next export, whose cursor reaches back to here.
    if (!seen.has(issue.number)) yield told(await judge(auditor, issue));
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
  how: { exportedAt: string; skip: ReadonlySet<number>; onRequest: (judged: Judged) => void },
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
    // Records without their keys are in no line: a file that did not say so would be whole without them.
    const lost = verdict.notes.filter(({ code }) => code === 'keys');
    const beyond = [...verdict.broken, ...lost]
      .filter(({ why }) => !log.broken.some((one) => one.why === why))
      .map(({ code, comment, why }) => ({ code, commentId: comment, why }));
    yield { issue: snapshot.number, updatedAt: snapshot.updatedAt, log, beyond };
  }
}
