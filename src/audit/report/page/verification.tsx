/** What the verification says of all logs: loud where any does not hold. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isProven } from '../../../log/grade.ts';
import { headlineOf } from '../headline.ts';
import type { ReportHead } from '../html.ts';
import { judgementsOf } from '../statistics.ts';
import type { Filter } from './filter.ts';
import { Icon } from './marks.tsx';
import { addressOfRequest } from './route.ts';

/** More than these are a list to be looked at on its own. */
const MOST = 8;

export function Verification({
  head,
  look,
}: {
  head: ReportHead;
  look: (change: Partial<Filter>) => void;
}): JSX.Element {
  const { rows, of } = head;
  const { broken, unknown, weak, judgements } = useMemo(
    () => ({
      broken: rows.filter(({ verification }) => verification.status === 'broken'),
      unknown: rows.filter(({ verification }) => verification.status === 'unknown'),
      weak: rows.some(({ verification: { grade } }) => grade !== null && !isProven(grade)),
      judgements: judgementsOf(rows),
    }),
    [head],
  );
  const wrong = [...broken, ...unknown];
  const loud = broken.length + of.alarms.length > 0;
  const tone = loud ? 'bad' : unknown.length > 0 || weak ? 'wait' : 'good';
  return (
    <section class={`verdict tone-${tone}`} aria-labelledby="verdict">
      <Icon name={tone === 'good' ? 'shield' : 'warning'} />
      <div class="verdict-text">
        <h2 id="verdict">{headlineOf(rows, of.alarms.length)}</h2>
        <p>{judgements.map(({ name, count }) => `${count.toLocaleString('en')} ${name}`).join(' · ')}</p>
        {weak && (
          <p>
            Not proven is what nobody signed, and what only the repository or the file itself vouches for. With an
            export that was kept elsewhere (--trust) it may be.
          </p>
        )}
        {of.alarms.length > 0 && (
          <ul class="verdict-list">
            {of.alarms.map((alarm) => (
              <li key={alarm}>{alarm}</li>
            ))}
          </ul>
        )}
        {wrong.length > 0 && (
          <ul class="verdict-list">
            {wrong.slice(0, MOST).map(({ issue, verification: { status, why } }) => (
              <li key={issue}>
                <a href={addressOfRequest(issue)}>Request #{issue}</a>
                {status === 'broken' ? ' is broken: ' : ' could not be determined: '}
                {why}
              </li>
            ))}
          </ul>
        )}
        {wrong.length > MOST && (
          <button type="button" class="link" onClick={() => look({ mark: 'broken' })}>
            Show all {wrong.length.toLocaleString('en')}
          </button>
        )}
      </div>
    </section>
  );
}
