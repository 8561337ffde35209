/** The order of the requests in the table. */
import { GRADES } from '../../../log/grade.ts';
import type { ReportRow } from '../html.ts';
import { REPORTED_STATUSES } from '../words.ts';
import type { SortKey, View } from './route.ts';

type Key = string | number | null;

const KEYS: { readonly [key in SortKey]: (row: ReportRow) => Key } = {
  issue: ({ issue }) => issue,
  at: ({ asked }) => asked?.at ?? null,
  status: ({ asked }) => (asked === null ? null : REPORTED_STATUSES.indexOf(asked.status)),
  runbook: ({ asked }) => asked?.runbook ?? null,
  target: ({ asked }) => asked?.target ?? null,
  requester: ({ asked }) => asked?.requester ?? null,
  first: ({ asked }) => asked?.firstDecisionMs ?? null,
  quorum: ({ asked }) => asked?.quorumMs ?? null,
  log: ({ verification: { grade } }) => (grade === null ? GRADES.length : GRADES.indexOf(grade)),
};

/** Sorted, what has no value last in either order; those whose log is broken stand before all others in any order. */
export function sorted(rows: readonly ReportRow[], { by, down }: View['sort']): ReportRow[] {
  const key = KEYS[by];
  const turn = down ? -1 : 1;
  const isWhole = ({ verification }: ReportRow): number => (verification.status === 'broken' ? 0 : 1);
  return rows.toSorted((a, b) => {
    if (isWhole(a) !== isWhole(b)) return isWhole(a) - isWhole(b);
    const [one, other] = [key(a), key(b)];
    if (one === other) return turn * (a.issue - b.issue);
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other ? -turn : turn;
  });
}
