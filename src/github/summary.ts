/** The job summary of a request: the page that GitHub shows under the workflow run. */
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
