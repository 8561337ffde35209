/** How long something took, by group and approver: a line from the median to the time within which 95 % came. */
import * as Plot from '@observablehq/plot';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Pace, Spread, Statistics } from '../statistics.ts';
import { span } from '../words.ts';
import { Chart, type Drawing } from './chart.tsx';

export interface Line extends Spread {
  name: string;
}

/** All requests first, then each of these groups and approvers that has such times. */
export function linesOf(all: Spread | null, paces: readonly Pace[], pick: (pace: Pace) => Spread | null): Line[] {
  const named = paces.flatMap((pace): Line[] => {
    const spread = pick(pace);
    return spread === null ? [] : [{ name: pace.name, ...spread }];
  });
  return all === null ? [] : [{ name: 'All requests', ...all }, ...named];
}

export function SpreadChart({
  title,
  about,
  lines,
  found,
}: {
  title: string;
  about: string;
  lines: readonly Line[];
  found: Statistics;
}): JSX.Element {
  const draw = useMemo(() => (width: number) => drawSpreads(lines, width), [found]);
  return (
    <Chart
      title={title}
      about={about}
      none={lines.length === 0 ? 'None of these requests came so far.' : null}
      draw={draw}
      legend={
        <ul class="legend">
          <li>
            <span class="dot is-median" aria-hidden="true" /> Median
          </li>
          <li>
            <span class="dot is-p95" aria-hidden="true" /> 95 % within
          </li>
        </ul>
      }
      table={
        <table>
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col" class="number">
                Requests
              </th>
              <th scope="col" class="number">
                Median
              </th>
              <th scope="col" class="number">
                95 % within
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ name, count, median, p95 }, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td class="number">{count.toLocaleString('en')}</td>
                <td class="number">{span(median)}</td>
                <td class="number">{span(p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

const SECOND = 1000;
const TICKS = [
  1, 3, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 259_200, 604_800,
].map((seconds) => seconds * SECOND);

/** On a scale of ratios: seconds and days are seen side by side. */
function drawSpreads(lines: readonly Line[], width: number): Drawing {
  const longest = Math.max(...lines.map(({ p95 }) => p95), SECOND);
  const shortest = Math.max(SECOND, Math.min(...lines.map(({ median }) => median), longest));
  const from = TICKS.findLast((tick) => tick <= shortest) ?? SECOND;
  // Where all took as long as a tick says, there is a next one to be drawn from.
  const to = TICKS.find((tick) => tick >= longest && tick > from) ?? Math.max(longest, 2 * from);
  const shown = lines.map((line, index) => ({
    // Two may have the same name; a group may be called as a person.
    row: String(index),
    median: Math.max(SECOND, line.median),
    p95: Math.max(SECOND, line.p95),
    words: `${line.name}\nmedian ${span(line.median)}\n95 % within ${span(line.p95)}\n${line.count} requests`,
  }));
  return Plot.plot({
    width,
    height: 44 + lines.length * 26,
    marginLeft: 104,
    marginRight: 16,
    marginTop: 8,
    marginBottom: 26,
    x: {
      type: 'log',
      label: null,
      domain: [from, to],
      ticks: fitting(
        TICKS.filter((tick) => tick >= from && tick <= to),
        width,
      ),
      tickFormat: (ms: number) => span(ms),
      grid: true,
    },
    y: {
      label: null,
      domain: shown.map(({ row }) => row),
      tickSize: 0,
      tickFormat: (row: string) => shortened(lines[Number(row)]?.name ?? ''),
    },
    marks: [
      Plot.ruleY(shown, { y: 'row', x1: 'median', x2: 'p95', stroke: 'var(--spread)', strokeWidth: 4 }),
      Plot.dot(shown, { y: 'row', x: 'p95', r: 5, fill: 'var(--sheet)', stroke: 'var(--accent)', strokeWidth: 2 }),
      Plot.dot(shown, { y: 'row', x: 'median', r: 5.5, fill: 'var(--accent)' }),
      Plot.tip(shown, Plot.pointerY({ y: 'row', x: 'p95', title: 'words' })),
    ],
  });
}

/** Where there is little room, every second one. */
function fitting(ticks: number[], width: number): number[] {
  return width / ticks.length > 62 ? ticks : ticks.filter((_, index) => index % 2 === 0);
}

const LONGEST_NAME = 15;

function shortened(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${[...name].slice(0, LONGEST_NAME - 1).join('')}…`;
}
