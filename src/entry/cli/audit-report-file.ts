/** What a report tells of the requests in an export. */
import { Fault } from '../../app/fault.ts';
import { type RequestSummary, summaryOf } from '../../audit/report/summary.ts';
import type { Log } from '../../log/chain.ts';
import type { Chunks } from '../../log/export-lines.ts';
import type { ExportFault, RequestVerdict } from '../../log/export-request.ts';
import { told, verifyExport } from '../../log/export-verify.ts';
import { loadPolicy } from '../../policy/load.ts';
import type { Policy } from '../../policy/schema.ts';
import { oneLine } from '../../request/plain-text.ts';
import { onTerminal } from '../terminal-text.ts';
import { auditorFor } from './audit-open.ts';
import { rangeWords } from './audit-range.ts';
import type { Summarized } from './audit-report.ts';
import { trustedBy } from './audit-trust.ts';
import { serverFromShell } from './github.ts';

interface FileOptions {
  repository?: string;
  policy: string;
  trust?: string[];
  onWait: (seconds: number) => void;
}

/** The requests of an export, by issue, as it is verified. Throws a Fault `input` for what is none. */
export async function summarizeFile(
  chunks: Chunks,
  options: FileOptions,
  onRequest: (done: number) => void,
): Promise<Summarized> {
  const trusted =
    options.repository === undefined
      ? await trustedBy(options.trust ?? [])
      : await auditorFor(options.repository, options);
  const policies = new Map<string, Policy | null>();
  const summaries = new Map<number, RequestSummary>();
  let name = '';
  let only: string | null = null;
  const verdict = await verifyExport(chunks, {
    trusted,
    onHeader({ repository, range }) {
      name = repository.name;
      only = rangeWords(range);
    },
    onPolicy: ({ blob, text }) => void policies.set(blob, policyIn(text)),
    onRequest(one, log) {
      const url = `${serverFromShell().server.url}/${name}/issues/${one.issue}`;
      const policy = one.policy === null ? null : (policies.get(one.policy.blob) ?? null);
      // One that comes again replaces what came before.
      if (one.status === 'none') summaries.delete(one.issue);
      else summaries.set(one.issue, summaryOfLines(one, log, { url, policy }));
      onRequest(summaries.size);
    },
  });
  if (verdict.repository === null) {
    throw new Fault('input', onTerminal(verdict.why), 'Name an export: `debug-approval audit export` writes one.');
  }
  const alarms = verdict.faults.filter(({ issue }) => issue === null || !summaries.has(issue)).map(told);
  return {
    ...{ repository: verdict.repository.name, madeAt: verdict.exportedAt ?? '', status: verdict.status },
    summaries: [...summaries.values()]
      .map((one) => withLater(one, verdict.faults))
      .toSorted((a, b) => a.issue - b.issue),
    ...{ alarms, only },
  };
}

/** What other lines of the file show: that an opening names a record which the request lacks, or what it was before it went on. */
function withLater(summary: RequestSummary, faults: readonly ExportFault[]): RequestSummary {
  const { issue, detail, verification } = summary;
  const known = new Set(detail.broken.map(({ why }) => why));
  const later = faults
    .filter((fault) => fault.issue === issue)
    .map(remark)
    .filter((fault) => !known.has(fault.why));
  const [first] = later;
  if (first === undefined) return summary;
  const why = verification.status === 'broken' ? verification.why : first.why;
  return {
    ...summary,
    verification: { status: 'broken', grade: null, why },
    detail: { ...detail, broken: [...detail.broken, ...later] },
  };
}

const remark = (fault: ExportFault) => ({ commentId: fault.commentId, why: oneLine(told(fault)) });

/** A policy is shown, not believed: what its own GitHub allowed it to say does not matter here. null: it cannot be read. */
function policyIn(text: string | null): Policy | null {
  const loaded = text === null ? null : loadPolicy(text, { apiIsLoopback: true });
  return loaded?.ok === true ? loaded.policy : null;
}

function summaryOfLines(
  { issue, status, records, grading, faults, unverified }: RequestVerdict,
  log: Log,
  { url, policy }: { url: string; policy: Policy | null },
): RequestSummary {
  const broken = faults.map(remark);
  const why = broken[0]?.why ?? unverified[0]?.why ?? `All ${records} records hold.`;
  const judgement = {
    ...{ status: status === 'none' ? ('unknown' as const) : status, why, broken },
    graded: status === 'whole' ? grading : null,
    findings: log.findings,
  };
  return summaryOf({ issue, url, entries: log.entries, policy, judgement });
}
