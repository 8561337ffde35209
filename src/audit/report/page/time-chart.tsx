/** The requests over time: a bar for each day, week or month, its parts the states. */
import * as Plot from '@observablehq/plot';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Period, Statistics, Unit } from '../statistics.ts';
import type { ReportedStatus } from '../summary.ts';
import { REPORTED_STATUSES } from '../words.ts';
import { Chart, type Drawing } from './chart.tsx';
import { State } from './marks.tsx';

const UNIT_WORDS: { readonly [unit in Unit]: string } = {
  day: 'By the day on which they were opened (UTC).',
  week: 'By the week in which they were opened (from Monday, UTC).',
  month: 'By the month in which they were opened (UTC).',
};

export function TimeChart({ found }: { found: Statistics }): JSX.Element {
  const { time, statuses } = found;
  const draw = useMemo(() => (width: number) => drawPeriods(time, width), [found]);
  return (
    <Chart
      title="Requests over time"
      about={UNIT_WORDS[time.unit]}
      none={time.periods.length === 0 ? nothing(found) : null}
      draw={draw}
      legend={
        <ul class="legend">
          {statuses.map(({ status, count }) => (
            <li key={status}>
              <State status={status} /> <span class="legend-count">{count.toLocaleString('en')}</span>
            </li>
          ))}
        </ul>
      }
      table={
        <table>
          <thead>
            <tr>
              <th scope="col">{time.unit === 'day' ? 'Day' : time.unit === 'week' ? 'Week from' : 'Month from'}</th>
              {statuses.map(({ status }) => (
                <th key={status} scope="col" class="number">
                  {status}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {time.periods.map(({ start, counts }) => (
              <tr key={start}>
                <th scope="row">{start}</th>
                {statuses.map(({ status }) => (
                  <td key={status} class="number">
                    {counts[status] ?? 0}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

function nothing({ requests }: Statistics): string {
  return requests === 0 ? 'No request fits the filter.' : 'Of none of these requests the state can be told.';
}

const DAY = 86_400_000;

interface Bar {
  from: Date;
  to: Date;
  status: ReportedStatus;
  count: number;
}

function drawPeriods({ periods, unit }: Statistics['time'], width: number): Drawing {
  const bars = periods.flatMap((period): Bar[] =>
    REPORTED_STATUSES.flatMap((status) => {
      const count = period.counts[status] ?? 0;
      return count === 0 ? [] : [{ from: new Date(period.start), to: endOf(period, unit), status, count }];
    }),
  );
  const totals = periods.map((period) => ({
    middle: new Date((Date.parse(period.start) + endOf(period, unit).getTime()) / 2),
    total: Object.values(period.counts).reduce((sum, count) => sum + count, 0),
    words: [`${unit === 'day' ? '' : `${unit} from `}${period.start}`, ...countsOf(period)].join('\n'),
  }));
  // Requests are whole: no line between one and the next.
  const most = Math.max(1, ...totals.map(({ total }) => total));
  return Plot.plot({
    width,
    height: 260,
    marginLeft: 36,
    marginRight: 8,
    marginBottom: 26,
    x: { type: 'utc', label: null, domain: domainOf(bars) },
    y: { label: null, grid: true, tickFormat: 'd', ticks: Math.min(5, most) },
    color: { domain: [...REPORTED_STATUSES], range: REPORTED_STATUSES.map((status) => `var(--is-${status})`) },
    marks: [
      Plot.rectY(
        bars,
        Plot.stackY({
          x1: 'from',
          x2: 'to',
          y: 'count',
          fill: 'status',
          order: [...REPORTED_STATUSES],
          insetLeft: 0.5,
          insetRight: 0.5,
        }),
      ),
      Plot.ruleY([0]),
      Plot.tip(totals, Plot.pointerX({ x: 'middle', y: 'total', title: 'words' })),
    ],
  });
}

/** At least two weeks: where all was asked on one day, its bar is that of a day among others, not of its hours. */
function domainOf(bars: readonly Bar[]): [Date, Date] {
  const to = Math.max(...bars.map((bar) => bar.to.getTime()));
  const from = Math.min(to - 14 * DAY, ...bars.map((bar) => bar.from.getTime()));
  return [new Date(from), new Date(to)];
}

function endOf({ start }: Period, unit: Unit): Date {
  const end = new Date(start);
  if (unit === 'month') end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCDate(end.getUTCDate() + (unit === 'week' ? 7 : 1));
  return end;
}

function countsOf({ counts }: Period): string[] {
  return REPORTED_STATUSES.flatMap((status) => (counts[status] === undefined ? [] : [`${counts[status]} ${status}`]));
}
