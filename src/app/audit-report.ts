/** What a report tells of requests that were audited on GitHub. */
import { type Judgement, type RequestSummary, summaryOf } from '../audit/report/summary.ts';
import type { Auditor, Judged, RequestVerdict, Trouble } from './audit.ts';
import { auditRepository, type OnJudged, type RepositoryVerdict } from './audit-repository.ts';

/** A repository's requests as a report shows them, by issue, and its verdict. Throws as `auditRepository`. */
export async function summarizeRepository(
  auditor: Auditor,
  onJudged: OnJudged,
): Promise<{ verdict: RepositoryVerdict; summaries: RequestSummary[] }> {
  const summaries = new Map<number, RequestSummary>();
  const verdict = await auditRepository(auditor, (done, judged) => {
    if (judged !== null && judged.verdict.status !== 'none') summaries.set(judged.verdict.issue, summarize(judged));
    onJudged(done, judged);
  });
  return { verdict, summaries: verdict.requests.flatMap((one) => withVerdict(summaries.get(one.issue), one)) };
}

/** One request as a report shows it. */
export function summarize({ snapshot, log, opened, verdict }: Judged): RequestSummary {
  const { number: issue, url } = snapshot;
  const policy = opened?.policy ?? null;
  return summaryOf({ issue, url, entries: log.entries, policy, judgement: judgementOf(verdict) });
}

/** What the audit as a whole found out later: that a later opening names a record which is not there. */
function withVerdict(summary: RequestSummary | undefined, verdict: RequestVerdict): RequestSummary[] {
  if (summary === undefined) return [];
  const { status, why } = judgementOf(verdict);
  const broken = verdict.broken.map(remark);
  if (summary.detail.broken.length === broken.length) return [summary];
  return [{ ...summary, verification: { status, grade: null, why }, detail: { ...summary.detail, broken } }];
}

function judgementOf({ status, records, grading, broken, notes }: RequestVerdict): Judgement {
  const [first] = broken;
  const why =
    first?.why ?? (status === 'whole' ? `All ${records} records hold.` : (notes[0]?.why ?? 'It holds no request.'));
  return {
    status: status === 'none' ? 'unknown' : status,
    why,
    graded: status === 'whole' ? grading : null,
    broken: broken.map(remark),
    findings: notes.map(remark),
  };
}

const remark = ({ comment, why }: Trouble) => ({ commentId: comment, why });

/** What is wrong beyond single requests: issues that are gone, the archive of keys. */
export function alarmsOf({ requests, archive }: RepositoryVerdict): string[] {
  const gone = requests.flatMap(({ broken }) => broken.filter(({ code }) => code === 'gone' || code === 'head'));
  return [...gone.map(({ why }) => why), ...archive.broken.map(({ why }) => `the archive of keys: ${why}`)];
}
