/** The small signs of the report: the product's mark, icons, a state, how a log was judged. */
import type { JSX } from 'preact';
import { isProven } from '../../../log/grade.ts';
import type { ReportRow } from '../html.ts';
import { verificationWords } from '../statistics.ts';

export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#3d42c4" />
      <path d="m9 16.5 5 5 9.5-11" class="mark-tick" />
    </svg>
  );
}

const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  shield: 'M8 1.5l5.5 2v4c0 3.5-2.5 5.5-5.5 7-3-1.5-5.5-3.5-5.5-7v-4z',
  warning: 'M8 2L1.5 13.5h13zM8 6.5v3.5M8 12h.01',
  bolt: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  back: 'M13 8H3M7 4L3 8l4 4',
  print: 'M4.5 6V2h7v4M4.5 11.5h-2v-5h11v5h-2M4.5 9.5h7V14h-7z',
} as const;
export type IconName = keyof typeof PATHS;

/** Hidden from screen readers: the text beside it says the same. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function State({ status }: { status: string }): JSX.Element {
  return (
    <span class="state">
      <span class={`dot is-${status}`} aria-hidden="true" />
      {status}
    </span>
  );
}

/** How the request's log was judged, loud where it does not hold. */
export function LogMark({ row }: { row: ReportRow }): JSX.Element {
  const { status, grade } = row.verification;
  const tone = status === 'broken' ? 'bad' : grade !== null && isProven(grade) ? 'good' : 'wait';
  return (
    <span class={`log-mark tone-${tone}`}>
      <Icon name={tone === 'good' ? 'check' : tone === 'bad' ? 'cross' : 'warning'} />
      {verificationWords(row)}
    </span>
  );
}
