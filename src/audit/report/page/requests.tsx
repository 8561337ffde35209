/** The requests as a table: sorted as one likes, a page at a time. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ReportRow } from '../html.ts';
import { reviewStanding } from '../statistics.ts';
import { moment, span } from '../words.ts';
import { Icon, LogMark, State } from './marks.tsx';
import { usePrinted } from './printed.ts';
import { addressOfRequest, type SortKey, type View } from './route.ts';
import { sorted } from './sort.ts';

const PER_PAGE = 50;
/** On paper there is no next page to press: as many as anybody would print. */
const PRINTED = 500;

const COLUMNS: { key: SortKey; head: string; number?: true }[] = [
  { key: 'issue', head: 'Request' },
  { key: 'at', head: 'Opened' },
  { key: 'status', head: 'State' },
  { key: 'runbook', head: 'Runbook' },
  { key: 'target', head: 'Target' },
  { key: 'requester', head: 'Requester' },
  { key: 'first', head: 'First decision', number: true },
  { key: 'quorum', head: 'Quorum', number: true },
  { key: 'log', head: 'Log' },
];

export function Requests({
  rows,
  view,
  go,
  madeAt,
}: {
  rows: readonly ReportRow[];
  view: View;
  go: (view: View) => void;
  madeAt: string;
}): JSX.Element {
  const isPrinted = usePrinted();
  const { sort } = view;
  const inOrder = useMemo(() => sorted(rows, sort), [rows, sort.by, sort.down]);
  const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const page = Math.min(view.page, pages);
  const shown = isPrinted ? inOrder.slice(0, PRINTED) : inOrder.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return (
    <section class="panel requests" aria-label="Requests">
      <header class="panel-head">
        <h2>Requests</h2>
        {isPrinted && rows.length > PRINTED && (
          <p>
            The first {PRINTED} of {rows.length.toLocaleString('en')}; filter to print others.
          </p>
        )}
      </header>
      <section
        class="scrolls"
        aria-label="Table of requests"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <Head key={column.key} column={column} view={view} go={go} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Line key={row.issue} row={row} madeAt={madeAt} />
            ))}
          </tbody>
        </table>
      </section>
      {rows.length === 0 && <p class="none">No request fits the filter.</p>}
      {pages > 1 && <Pages page={page} pages={pages} onPage={(to) => go({ ...view, page: to })} />}
    </section>
  );
}

function Head({
  column: { key, head, number },
  view,
  go,
}: {
  column: (typeof COLUMNS)[number];
  view: View;
  go: (view: View) => void;
}): JSX.Element {
  const { by, down } = view.sort;
  const isSorted = by === key;
  return (
    <th scope="col" class={number ? 'number' : ''} aria-sort={isSorted ? (down ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() => go({ ...view, sort: { by: key, down: isSorted ? !down : false }, page: 1 })}
      >
        {head}
        {isSorted && <Icon name={down ? 'down' : 'up'} />}
      </button>
    </th>
  );
}

function Line({ row, madeAt }: { row: ReportRow; madeAt: string }): JSX.Element {
  const { issue, asked, verification } = row;
  const review = asked === null ? null : reviewStanding(asked, madeAt);
  return (
    <tr data-broken={verification.status === 'broken'}>
      <th scope="row">
        <a href={addressOfRequest(issue)}>#{issue}</a>
      </th>
      {asked === null ? (
        <td colSpan={7}>{verification.why}</td>
      ) : (
        <>
          <td class="when">{moment(asked.at).replace(' UTC', '')}</td>
          <td>
            <State status={asked.status} />
            {asked.breakGlass && (
              <span class="chip chip-wait">
                <Icon name="bolt" />
                break-glass
              </span>
            )}
            {review === 'overdue' && <span class="chip chip-bad">review overdue</span>}
          </td>
          <td>{asked.runbook}</td>
          <td>{asked.target}</td>
          <td>{asked.requester}</td>
          <td class="number">{asked.firstDecisionMs === null ? '–' : span(asked.firstDecisionMs)}</td>
          <td class="number">{asked.quorumMs === null ? '–' : span(asked.quorumMs)}</td>
        </>
      )}
      <td>
        <LogMark row={row} />
      </td>
    </tr>
  );
}

function Pages({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }): JSX.Element {
  const turn = (words: string, to: number): JSX.Element => (
    <button
      type="button"
      class="button button-small"
      disabled={to < 1 || to > pages || to === page}
      onClick={() => onPage(to)}
    >
      {words}
    </button>
  );
  return (
    <nav class="pages" aria-label="Pages of requests">
      {turn('First', 1)}
      {turn('Previous', page - 1)}
      <span>
        Page {page.toLocaleString('en')} of {pages.toLocaleString('en')}
      </span>
      {turn('Next', page + 1)}
      {turn('Last', pages)}
    </nav>
  );
}
