/** What a report says first: whether all logs hold, and are proven. */
import { isProven } from '../../log/grade.ts';
import type { ReportRow } from './html.ts';

/** One sentence on all requests of a report. `alarms`: how many things are wrong beyond single requests. */
export function headlineOf(rows: readonly ReportRow[], alarms: number): string {
  const having = (status: ReportRow['verification']['status']): number =>
    rows.filter(({ verification }) => verification.status === status).length;
  const [all, broken, unknown] = [rows.length, having('broken'), having('unknown')];
  if (broken > 0) return `${some(broken, all)} ${broken === 1 ? 'is' : 'are'} broken.`;
  if (alarms > 0) return alarms === 1 ? 'Something does not hold.' : `${alarms} things do not hold.`;
  if (all === 0) return 'There are no requests.';
  if (unknown > 0) return `${some(unknown, all)} could not be determined.`;
  const unproven = rows.filter(({ verification: { grade } }) => grade === null || !isProven(grade)).length;
  const weak =
    unproven === 0 ? '' : unproven === all ? ', unproven' : `, ${unproven.toLocaleString('en')} of them unproven`;
  return `${all === 1 ? 'The log holds' : `All ${all.toLocaleString('en')} logs hold`}${weak}.`;
}

function some(count: number, all: number): string {
  return all === 1 ? 'The only log' : `${count.toLocaleString('en')} of ${all.toLocaleString('en')} logs`;
}
