/** Which requests are looked at: a filter that stands in the page's address, so that a view can be kept and handed on. */
import { isProven } from '../../../log/grade.ts';
import type { ReportRow } from '../html.ts';
import { reviewStanding } from '../statistics.ts';

export interface Filter {
  /** Words that must all be found in issue, ticket, reason, names, runbook, target or state. */
  search: string;
  state: string;
  runbook: string;
  target: string;
  /** A name: who asked, decided or was refused. */
  person: string;
  /** What stands out: `broken`, `break-glass`, `overdue`, `refused`, `unproven`. */
  mark: string;
  /** Days, `2026-03-02`, both included. */
  from: string;
  to: string;
}

export const NO_FILTER: Filter = {
  search: '',
  state: '',
  runbook: '',
  target: '',
  person: '',
  mark: '',
  from: '',
  to: '',
};

/** What stands out, in words. */
export const MARKS: { readonly [mark in string]: string } = {
  broken: 'Broken logs',
  unproven: 'Not proven',
  'break-glass': 'Break-glass',
  overdue: 'Overdue after-reviews',
  refused: 'Refused attempts',
};

/** The rows that fit. */
export function filtered(rows: readonly ReportRow[], filter: Filter, madeAt: string): ReportRow[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => fits(row, filter, madeAt) && words.every((word) => textOf(row).includes(word)));
}

function fits(row: ReportRow, { state, runbook, target, person, mark, from, to }: Filter, madeAt: string): boolean {
  if (mark !== '' && !isMarked(row, mark, madeAt)) return false;
  if (state === '' && runbook === '' && target === '' && person === '' && from === '' && to === '') return true;
  const { asked } = row;
  if (asked === null) return false;
  const day = asked.at.slice(0, 10);
  return (
    (state === '' || asked.status === state) &&
    (runbook === '' || asked.runbook === runbook) &&
    (target === '' || asked.target === target) &&
    (person === '' || peopleOf(row).includes(person)) &&
    (from === '' || day >= from) &&
    (to === '' || day <= to)
  );
}

function isMarked(row: ReportRow, mark: string, madeAt: string): boolean {
  const { asked, verification } = row;
  if (mark === 'broken') return verification.status !== 'whole';
  if (mark === 'unproven') return verification.grade === null || !isProven(verification.grade);
  if (asked === null) return false;
  if (mark === 'break-glass') return asked.breakGlass;
  return mark === 'overdue' ? reviewStanding(asked, madeAt) === 'overdue' : asked.refusals.length > 0;
}

/** The names of all who asked, decided or were refused, each once. */
export function peopleOf({ asked }: ReportRow): string[] {
  if (asked === null) return [];
  const { requester, decisions, refusals } = asked;
  return [...new Set([requester, ...decisions.map(({ name }) => name), ...refusals.map(({ name }) => name)])];
}

const texts = new WeakMap<ReportRow, string>();

function textOf(row: ReportRow): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const { asked, issue } = row;
  const said = asked === null ? [] : [asked.ticket, asked.reason, asked.runbook, asked.target, asked.status];
  const text = [`#${issue}`, ...said, ...peopleOf(row)].join('\n').toLowerCase();
  texts.set(row, text);
  return text;
}
