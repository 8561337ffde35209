/** `audit report`: what the logs say as one page, or as Markdown. */
import { auditIssue } from '../../app/audit-judge.ts';
import { alarmsOf, summarize, summarizeRepository } from '../../app/audit-report.ts';
import { Fault } from '../../app/fault.ts';
import { renderReport } from '../../audit/report/html.ts';
import { renderReportMarkdown } from '../../audit/report/markdown.ts';
import type { RequestSummary } from '../../audit/report/summary.ts';
import { tableCell } from '../../github/markdown.ts';
import { instant } from '../../request/instant.ts';
import { clock } from '../clock.ts';
import { readReportPage } from '../report-page.ts';
import { onTerminal } from '../terminal-text.ts';
import type { ReportOptions } from './audit.ts';
import { openFile } from './audit-input.ts';
import { auditorFor, waiting } from './audit-open.ts';
import { fileOutput, standardOutput } from './audit-output.ts';
import { type ProgressLine, progressOn } from './audit-progress.ts';
import { summarizeFile } from './audit-report-file.ts';
import { type AuditTarget, targetOf } from './audit-target.ts';
import { count } from './audit-words.ts';
import { type ExitCode, tell } from './tell.ts';

/** What is to be shown. */
export interface Summarized {
  /** `owner/name`. */
  repository: string;
  /** When it was read, or exported. RFC 3339 UTC. */
  madeAt: string;
  status: 'whole' | 'broken' | 'unknown';
  summaries: RequestSummary[];
  alarms: string[];
  /** Which of the repository's requests it is about; null: all. */
  only: string | null;
}

/** Where the page goes unless somebody says otherwise. */
const PAGE_FILE = 'debug-approval-report.html';

/** Makes the report and tells. Throws Faults where there is nothing to show. */
export async function reportCommand(what: string | undefined, options: ReportOptions): Promise<void> {
  const file = options.output ?? (options.format === 'html' ? PAGE_FILE : undefined);
  if (options.json === true && file === undefined) {
    throw new Fault('input', '--json tells of a file.', 'Name it with --output.');
  }
  const page = options.format === 'html' ? await readReportPage() : '';
  const target = await targetOf(what, options.repository);
  const output =
    file === undefined ? standardOutput() : await fileOutput(file, { force: options.force === true, bytes: null });
  const progress = progressOn(process.stderr);
  let made: Summarized;
  try {
    made = await summarized(target, options, progress).finally(() => progress.end());
    const { repository, madeAt, alarms, summaries, only } = made;
    const of = { repository, madeAt, alarms, ...(only === null ? {} : { only }) };
    await output.put(
      options.format === 'html'
        ? renderReport(summaries, { ...of, page })
        : renderReportMarkdown(summaries, { ...of, cell: tableCell }),
    );
  } catch (error) {
    await output.drop();
    throw error;
  }
  await output.finish();
  told(made, file, options);
}

async function summarized(target: AuditTarget, options: ReportOptions, progress: ProgressLine): Promise<Summarized> {
  const where = { ...options, onWait: waiting(progress) };
  if (target.kind === 'file') {
    const stream = target.path === null ? process.stdin : await openFile(target.path);
    return summarizeFile(stream, where, (done) => progress.show(`${count(done, 'request')} verified`));
  }
  const auditor = await auditorFor(target.repository, where);
  const madeAt = instant(clock.now());
  const { name: repository } = auditor.facts;
  if (target.kind === 'issue') {
    const judged = await auditIssue(auditor, target.issue, null);
    const { status } = judged.verdict;
    const summaries = [summarize(judged)];
    return {
      repository,
      madeAt,
      status: status === 'none' ? 'unknown' : status,
      summaries,
      alarms: [],
      only: `#${target.issue}`,
    };
  }
  const { verdict, summaries } = await summarizeRepository(auditor, (done) =>
    progress.show(`${count(done, 'request')} verified`),
  );
  return { repository, madeAt, status: verdict.status, summaries, alarms: alarmsOf(verdict), only: null };
}

function told(
  { repository, madeAt, status, summaries, alarms }: Summarized,
  file: string | undefined,
  options: ReportOptions,
) {
  const code: ExitCode = ({ whole: 0, broken: 1, unknown: 2 } as const)[status];
  const broken = summaries.filter(({ verification }) => verification.status === 'broken').map(({ issue }) => issue);
  if (file === undefined) {
    // Standard output holds the report, which says it all.
    process.exitCode = code;
    return;
  }
  const what = `${count(summaries.length, 'request')} of ${repository}`;
  const wrong = [
    ...(broken.length > 0 ? [`Broken: ${broken.map((issue) => `#${issue}`).join(', ')}.`] : []),
    ...alarms.map((alarm) => `Alarm: ${onTerminal(alarm).replace(/\.$/, '')}.`),
    ...(status === 'unknown' ? ['Not all of it could be determined: the report says what.'] : []),
  ];
  const words = [`The report on ${what} stands in ${file}.`, ...wrong].join('\n');
  tell(code, words, options.json, {
    repository,
    madeAt,
    output: file,
    requests: summaries.length,
    status,
    broken,
    alarms,
  });
}
