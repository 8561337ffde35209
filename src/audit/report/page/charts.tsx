/** The charts: requests over time by state, and how quickly they were decided. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Statistics } from '../statistics.ts';
import { linesOf, SpreadChart } from './spread-chart.tsx';
import { TimeChart } from './time-chart.tsx';

export function Charts({ found }: { found: Statistics }): JSX.Element {
  const paces = useMemo(
    () => [...found.groups.slice(0, MOST_GROUPS), ...found.approvers.slice(0, MOST_APPROVERS)],
    [found],
  );
  return (
    <div class="charts">
      <TimeChart found={found} />
      <SpreadChart
        title="Time to first decision"
        about={`From opening to the first decision, by group and approver${few(found)}.`}
        lines={linesOf(found.firstDecision, paces, ({ firstDecision }) => firstDecision)}
        found={found}
      />
      <SpreadChart
        title="Time to quorum"
        about={`From opening until the policy was met, of the requests they decided on${few(found)}.`}
        lines={linesOf(found.quorum, paces, ({ quorum }) => quorum)}
        found={found}
      />
    </div>
  );
}

/** As many as can be read side by side; the tables of approvers and groups have all. */
const MOST_GROUPS = 6;
const MOST_APPROVERS = 10;

function few({ groups, approvers }: Statistics): string {
  return groups.length > MOST_GROUPS || approvers.length > MOST_APPROVERS ? ' (those who decided most)' : '';
}
