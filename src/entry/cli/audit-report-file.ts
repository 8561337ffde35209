/** What a report tells of the requests in an export. */

import { Fault } from '../../app/fault.ts';
import type { RequestSummary } from '../../audit/report/summary.ts';
import { summaryOf } from '../../audit/report/summary.ts';
import type { Log } from '../../log/chain.ts';
import type { Chunks } from '../../log/export-lines.ts';
import type { RequestVerdict } from '../../log/export-request.ts';
import { told, verifyExport } from '../../log/export-verify.ts';
import { loadPolicy } from '../../policy/load.ts';
import type { Policy } from '../../policy/schema.ts';
import { auditorFor } from './audit-open.ts';
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
  const summaries: RequestSummary[] = [];
  let name = '';
  const verdict = await verifyExport(chunks, {
    ...(trusted === null ? {} : { trusted: { trust: trusted.trust, known: trusted.known } }),
    onHeader({ repository }) {
      name = repository.name;
    },
    onPolicy: ({ blob, text }) => void policies.set(blob, policyIn(text)),
    onRequest(one, log) {
      const url = `${serverFromShell().server.url}/${name}/issues/${one.issue}`;
      const policy = one.policy === null ? null : (policies.get(one.policy.blob) ?? null);
      if (one.status !== 'none') summaries.push(summaryOfLines(one, log, { url, policy }));
      onRequest(summaries.length);
    },
  });
  if (verdict.repository === null) {
    throw new Fault('input', verdict.why, 'Name an export: `debug-approval audit export` writes one.');
  }
  const within = new Set(summaries.map(({ issue }) => issue));
  const alarms = verdict.faults.filter(({ issue }) => issue === null || !within.has(issue)).map(told);
  return {
    ...{ repository: verdict.repository.name, madeAt: verdict.exportedAt ?? '', status: verdict.status },
    ...{ summaries: summaries.toSorted((a, b) => a.issue - b.issue), alarms },
  };
}

/** A policy is shown, not believed: what its own GitHub allowed it to say does not matter here. null: it cannot be read. */
function policyIn(text: string | null): Policy | null {
  const loaded = text === null ? null : loadPolicy(text, { apiIsLoopback: true });
  return loaded?.ok === true ? loaded.policy : null;
}

function summaryOfLines(
  { issue, status, records, grading, faults }: RequestVerdict,
  log: Log,
  { url, policy }: { url: string; policy: Policy | null },
): RequestSummary {
  const broken = faults.map(({ commentId, why }) => ({ commentId, why }));
  const why = broken[0]?.why ?? `All ${records} records hold.`;
  const judgement = {
    ...{ status: status === 'none' ? ('unknown' as const) : status, why, broken },
    graded: status === 'whole' ? grading : null,
    findings: log.findings,
  };
  return summaryOf({ issue, url, entries: log.entries, policy, judgement });
}
