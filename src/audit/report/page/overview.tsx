/** The overview: what is wrong first, then the figures and charts of the requests that the filter leaves, then the requests. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ReportHead } from '../html.ts';
import { statisticsOf } from '../statistics.ts';
import { Charts } from './charts.tsx';
import { Figures } from './figures.tsx';
import { type Filter, filtered } from './filter.ts';
import { Filters } from './filters.tsx';
import { Lists } from './lists.tsx';
import { Requests } from './requests.tsx';
import { Reviews } from './reviews.tsx';
import type { View } from './route.ts';
import { Verification } from './verification.tsx';

export function Overview({
  head,
  view,
  go,
}: {
  head: ReportHead;
  view: View;
  go: (view: View, how?: 'replace') => void;
}): JSX.Element {
  const { madeAt } = head.of;
  const { filter } = view;
  const address = JSON.stringify(filter);
  const rows = useMemo(() => filtered(head.rows, filter, madeAt), [head, address]);
  const found = useMemo(() => statisticsOf(rows, madeAt), [rows]);
  const look = (change: Partial<Filter>, how?: 'replace'): void =>
    go({ ...view, filter: { ...filter, ...change }, page: 1 }, how);
  return (
    <>
      <h1 class="unseen">Audit report of {head.of.repository}</h1>
      <Verification head={head} look={look} />
      <Filters head={head} filter={filter} shown={rows.length} look={look} />
      <Figures found={found} look={look} />
      <Charts found={found} />
      <Lists found={found} look={look} />
      <Reviews rows={rows} madeAt={madeAt} look={look} />
      <Requests rows={rows} view={view} go={go} madeAt={madeAt} />
    </>
  );
}
