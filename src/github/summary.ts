/** The job summaries of a request and of its run: the page that GitHub shows under the workflow run. */
import { formatDuration } from '../policy/duration.ts';
import type { EventOf } from '../request/events.ts';
import { UNSIGNED_NOTICE } from '../request/unsigned.ts';
import type { RequestView } from '../request/view.ts';
import { DID, statusLine, table } from './issue.ts';
import { codeSpan, link, words } from './markdown.ts';

/** The summary as Markdown, well below GitHub's 1 MiB a step. */
export function jobSummary(view: RequestView): string {
  const decided = view.decisions.map(({ name, decision, at }) => `- ${DID[decision]} by ${words(name)} at ${at}`);
  return [
    `## Debug request ${link(`#${view.issue.number}`, view.issue.url)}`,
    statusLine(view),
    table(view),
    decided.join('\n'),
    view.notices.includes(UNSIGNED_NOTICE) ? `⚠️ ${UNSIGNED_NOTICE}` : '',
    `Digest ${codeSpan(view.digest)}. The issue holds the whole log.`,
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

/** How the command ended and what was masked, by detector and count, as Markdown. Of what it printed it holds nothing. */
export function runSummary(ended: EventOf<'ended'>): string {
  const { outcome, reason, exitCode, signal, durationMs, bytes, transcript, redactions } = ended;
  const masked = Object.entries(redactions).map(([detector, count]) => `${codeSpan(detector)} ${count}`);
  const rows: [string, string][] = [
    ['Outcome', reason === 'exit' ? outcome : `${outcome} (${reason})`],
    ['Exit code', exitCode === null ? 'none' : String(exitCode)],
    ...(signal === null ? [] : [['Signal', signal] satisfies [string, string]]),
    ['Duration', durationMs === null ? 'not known' : durationText(durationMs)],
    ['Printed', bytes === null ? 'not known' : `${bytes} bytes`],
    ['Masked', masked.length === 0 ? 'nothing' : masked.join(', ')],
    ['Transcript', transcript === null ? 'none' : codeSpan(transcript)],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`);
  return ['## Debug run', '', '| | |', '| --- | --- |', ...lines, '', ''].join('\n');
}

/** In whole seconds; below ten of them in milliseconds. */
function durationText(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : formatDuration(Math.round(ms / 1000));
}
