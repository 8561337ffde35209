/** The break-glass requests, those first whose after-review somebody still has to sign. */
import type { JSX } from 'preact';
import type { ReportRow } from '../html.ts';
import { reviewStanding } from '../statistics.ts';
import { moment } from '../words.ts';
import type { Filter } from './filter.ts';
import { State } from './marks.tsx';
import { addressOfRequest } from './route.ts';

const MOST = 8;
/** The later in this list, the more there is to do. */
const ORDER = ['unknown', 'due', 'overdue'];

export function Reviews({
  rows,
  madeAt,
  look,
}: {
  rows: readonly ReportRow[];
  madeAt: string;
  look: (change: Partial<Filter>) => void;
}): JSX.Element | null {
  const all = rows.flatMap(({ issue, asked }) => {
    if (asked === null || !asked.breakGlass) return [];
    return [{ issue, asked, standing: reviewStanding(asked, madeAt) }];
  });
  if (all.length === 0) return null;
  const rank = ({ standing }: (typeof all)[number]): number => ORDER.indexOf(standing ?? '');
  const first = all.toSorted((a, b) => rank(b) - rank(a) || (a.asked.at < b.asked.at ? 1 : -1)).slice(0, MOST);
  return (
    <section class="panel" aria-label="Break-glass and after-reviews">
      <h2>Break-glass and after-reviews</h2>
      <section
        class="scrolls"
        aria-label="Table of break-glass requests"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              {['Request', 'Opened', 'State', 'Runbook', 'Requester', 'After-review', 'To be signed by', 'Signed'].map(
                (name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {first.map(({ issue, asked, standing }) => (
              <tr key={issue}>
                <th scope="row">
                  <a href={addressOfRequest(issue)}>#{issue}</a>
                </th>
                <td class="when">{moment(asked.at)}</td>
                <td>
                  <State status={asked.status} />
                </td>
                <td>{asked.runbook}</td>
                <td>{asked.requester}</td>
                <td>
                  <span class={`chip ${standing === 'overdue' ? 'chip-bad' : standing === 'due' ? 'chip-wait' : ''}`}>
                    {standing ?? 'none due'}
                  </span>
                </td>
                <td class="when">{asked.review === null ? '–' : moment(asked.review.dueAt)}</td>
                <td class="when">
                  {asked.review?.signed == null
                    ? '–'
                    : `${asked.review.signed.name}, ${moment(asked.review.signed.at)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {all.length > MOST && (
        <button type="button" class="link more" onClick={() => look({ mark: 'break-glass' })}>
          Show all {all.length.toLocaleString('en')}
        </button>
      )}
    </section>
  );
}
