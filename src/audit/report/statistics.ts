/** What the requests of a report come to: how many, how quickly they were decided, by whom, and what stands out. */
import type { ReportRow } from './html.ts';
import type { Asked, Decision, Refusal, ReportedStatus } from './summary.ts';
import { CODE_WORDS, GRADE_WORDS, REPORTED_STATUSES, VIA_WORDS } from './words.ts';

/**
 * How long something took, in ms, over those requests where it happened. Median and p95 are by nearest rank: the smallest
 * value that at least half, or 95 %, of the values do not exceed; so each is a time that some request really took.
 */
export interface Spread {
  count: number;
  median: number;
  p95: number;
}

export interface Count {
  name: string;
  count: number;
}

/** How quickly a group or an approver decided: their own first decision, and the quorum of the requests on which they decided. */
export interface Pace {
  name: string;
  /** Requests on which they decided. */
  requests: number;
  approvals: number;
  denials: number;
  firstDecision: Spread | null;
  quorum: Spread | null;
}

export type Unit = 'day' | 'week' | 'month';

/** The requests that were opened within one day, week (from Monday) or month, in UTC. */
export interface Period {
  /** Its first day, `2026-03-02`. */
  start: string;
  counts: Partial<Record<ReportedStatus, number>>;
}

export interface Statistics {
  requests: number;
  verification: Count[];
  statuses: { status: ReportedStatus; count: number }[];
  time: { unit: Unit; periods: Period[] };
  firstDecision: Spread | null;
  quorum: Spread | null;
  groups: Pace[];
  approvers: Pace[];
  runbooks: Count[];
  targets: Count[];
  channels: Count[];
  refusals: { attempts: number; byReason: Count[]; byPerson: Count[] };
  breakGlass: { requests: number; signed: number; due: number; overdue: number; unknown: number };
}

/** How an after-review stands at `madeAt` (RFC 3339); null: none is due. Without its policy nobody can tell. */
export function reviewStanding(
  { review, status, breakGlass }: Asked,
  madeAt: string,
): 'signed' | 'signed late' | 'due' | 'overdue' | 'unknown' | null {
  if (review === null) return breakGlass && status === 'unknown' ? 'unknown' : null;
  const late = review.overdue || Date.parse(review.signed?.at ?? madeAt) > Date.parse(review.dueAt);
  if (review.signed !== null) return late ? 'signed late' : 'signed';
  return late ? 'overdue' : 'due';
}

/**
 * The statistics of these requests. The time to the first decision is that of the first decision's comment less the opening's;
 * the time to quorum that of the record after which the policy was met, less the opening's, by GitHub's clock. Groups are
 * those that a rule which applied counts, as they were when the request was opened. `madeAt`: RFC 3339, when they are looked at.
 */
export function statisticsOf(rows: readonly ReportRow[], madeAt: string): Statistics {
  const asked = rows.flatMap((row) => row.asked ?? []);
  const times = (pick: (one: Asked) => number | null) => spread(asked.flatMap((one) => pick(one) ?? []));
  const standings = asked.map((one) => reviewStanding(one, madeAt));
  const standing = (...wanted: string[]) => standings.filter((one) => one !== null && wanted.includes(one)).length;
  return {
    requests: rows.length,
    verification: judgementsOf(rows),
    statuses: REPORTED_STATUSES.flatMap((status) => {
      const count = asked.filter((one) => one.status === status).length;
      return count === 0 ? [] : [{ status, count }];
    }),
    time: periodsOf(asked),
    firstDecision: times(({ firstDecisionMs }) => firstDecisionMs),
    quorum: times(({ quorumMs }) => quorumMs),
    groups: pacesOf(asked, ({ groups }) => groups),
    approvers: pacesOf(asked, ({ name }) => [name]),
    runbooks: counted(asked, ({ runbook }) => runbook),
    targets: counted(asked, ({ target }) => target),
    channels: counted(
      asked.flatMap(({ decisions }) => decisions),
      ({ via }) => VIA_WORDS[via],
    ),
    refusals: refusalsOf(asked.flatMap(({ refusals }) => refusals)),
    breakGlass: {
      requests: asked.filter(({ breakGlass }) => breakGlass).length,
      signed: standing('signed', 'signed late'),
      due: standing('due'),
      overdue: standing('overdue'),
      unknown: standing('unknown'),
    },
  };
}

/** How many logs were judged how, in words, the most first. */
export function judgementsOf(rows: readonly ReportRow[]): Count[] {
  return counted(rows, verificationWords);
}

/** How a request's log was judged, in one or two words. */
export function verificationWords({ verification: { status, grade } }: ReportRow): string {
  if (status === 'broken') return 'broken';
  return status === 'unknown' || grade === null ? 'not determined' : GRADE_WORDS[grade];
}

/** The value that at least this share (above 0, at most 1) of the values do not exceed; null for no values. */
export function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
}

function spread(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [median, p95] = [nearestRank(sorted, 0.5), nearestRank(sorted, 0.95)];
  return median === null || p95 === null ? null : { count: sorted.length, median, p95 };
}

/** The most first, then by name. */
function counted<T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  weight: (thing: T) => number = () => 1,
): Count[] {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(nameOf(thing), (counts.get(nameOf(thing)) ?? 0) + weight(thing));
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function pacesOf(asked: readonly Asked[], namesOf: (decision: Decision) => readonly string[]): Pace[] {
  const byName = new Map<string, { own: Decision[][]; quorum: number[] }>();
  for (const { decisions, quorumMs } of asked) {
    const said = decisions.filter(({ decision }) => decision !== 'withdraw');
    for (const name of new Set(said.flatMap(namesOf))) {
      const pace = byName.get(name) ?? { own: [], quorum: [] };
      pace.own.push(said.filter((one) => namesOf(one).includes(name)));
      if (quorumMs !== null) pace.quorum.push(quorumMs);
      byName.set(name, pace);
    }
  }
  const paces = [...byName].map(([name, { own, quorum }]): Pace => {
    const all = own.flat();
    return {
      name,
      requests: own.length,
      approvals: all.filter(({ decision }) => decision === 'approve').length,
      denials: all.filter(({ decision }) => decision === 'deny').length,
      firstDecision: spread(own.map((decisions) => Math.min(...decisions.map(({ afterMs }) => afterMs)))),
      quorum: spread(quorum),
    };
  });
  return paces.sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1));
}

function refusalsOf(refusals: readonly Refusal[]): Statistics['refusals'] {
  const further = refusals.reduce((sum, one) => sum + one.further, 0);
  const firsts = counted(refusals, ({ code }) => CODE_WORDS[code]);
  return {
    attempts: refusals.length + further,
    byReason: further === 0 ? firsts : [...firsts, { name: 'again, after the first refusal', count: further }],
    byPerson: counted(
      refusals,
      ({ name }) => name,
      (one) => 1 + one.further,
    ),
  };
}

const DAY = 86_400_000;
const MOST_DAYS = 45;
const MOST_WEEKS = 53;

/** Days, weeks or months, whichever are few enough to be drawn side by side; those without a request stand among them. */
function periodsOf(asked: readonly Asked[]): Statistics['time'] {
  const times = asked.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return { unit: 'day', periods: [] };
  const days = (last - first) / DAY;
  const unit = days <= MOST_DAYS ? 'day' : days <= MOST_WEEKS * 7 ? 'week' : 'month';
  const periods = new Map<string, Period>();
  for (let at = startOf(first, unit); at <= last; at = next(at, unit)) {
    const start = new Date(at).toISOString().slice(0, 10);
    periods.set(start, { start, counts: {} });
  }
  for (const { at, status } of asked) {
    const counts = periods.get(new Date(startOf(Date.parse(at), unit)).toISOString().slice(0, 10))?.counts;
    if (counts !== undefined) counts[status] = (counts[status] ?? 0) + 1;
  }
  return { unit, periods: [...periods.values()] };
}

function startOf(time: number, unit: Unit): number {
  const at = new Date(time);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (unit === 'month') return Date.UTC(year, month, 1);
  // getUTCDay counts from Sunday.
  return Date.UTC(year, month, unit === 'week' ? day - ((at.getUTCDay() + 6) % 7) : day);
}

function next(start: number, unit: Unit): number {
  const at = new Date(start);
  if (unit === 'month') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  return start + (unit === 'week' ? 7 : 1) * DAY;
}
