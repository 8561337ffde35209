/** The findings of `doctor` for people: as a table for a terminal, and as Markdown for a job's summary. */

import type { Finding, Health } from '../app/doctor/finding.ts';
import type { DoctorSummary } from '../app/doctor/summary.ts';
import { AREAS } from '../app/doctor.ts';
import { codeSpan } from '../github/markdown.ts';
import { onTerminal } from './terminal-text.ts';

export const MARK: Record<Health, string> = { ok: '✓', wrong: '✗', note: '•', unknown: '?' };

/** One line a finding, below its area; under what is not right how to mend it. No newline at the end. */
export function doctorTable(findings: readonly Finding[], summary: DoctorSummary): string {
  const areas = AREAS.flatMap((area) => {
    const within = findings.filter((one) => one.area === area);
    return within.length === 0 ? [] : [`${area}\n${within.map(rowOf).join('\n')}`];
  });
  return [...areas, summary.sentence].join('\n\n');
}

function rowOf({ health, what, remedy }: Finding): string {
  const row = `  ${MARK[health]} ${indented(what)}`;
  return remedy === null ? row : `${row}\n    → ${indented(remedy)}`;
}

/** Text of several lines (the mistakes of a policy) stays below its mark. */
function indented(text: string): string {
  return text.split('\n').map(onTerminal).join('\n      ');
}

/** Text for an annotation: names of others in it may hold what moves a cursor or turns the direction of writing. */
export const doctorAnnotation = (text: string): string => text.split('\n').map(onTerminal).join('\n');

/** The same for a job's summary: what holds names of others stands in code. */
export function doctorMarkdown(findings: readonly Finding[], { sentence }: DoctorSummary): string {
  const areas = AREAS.flatMap((area) => {
    const within = findings.filter((one) => one.area === area);
    return within.length === 0 ? [] : [`#### ${area}`, within.map(itemOf).join('\n')];
  });
  return ['### Debug Approval doctor', sentence, ...areas, ''].join('\n\n');
}

function itemOf({ health, what, remedy }: Finding): string {
  const item = `- ${MARK[health]} ${lines(what)}`;
  return remedy === null ? item : `${item}\n  - → ${lines(remedy)}`;
}

/** Each line in a code span of its own. */
const lines = (text: string): string => text.split('\n').map(codeSpan).join(' ');
