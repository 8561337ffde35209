/** The figures that one looks at first. */
import type { JSX } from 'preact';
import type { Spread, Statistics } from '../statistics.ts';
import { span } from '../words.ts';
import type { Filter } from './filter.ts';

export function Figures({ found, look }: { found: Statistics; look: (change: Partial<Filter>) => void }): JSX.Element {
  const { breakGlass, refusals } = found;
  return (
    <section class="figures" aria-label="Figures">
      <Figure name="Requests" value={found.requests.toLocaleString('en')} note={ran(found)} />
      <Figure name="Time to first decision" value={median(found.firstDecision)} note={within(found.firstDecision)} />
      <Figure name="Time to quorum" value={median(found.quorum)} note={within(found.quorum)} />
      <Figure
        name="Break-glass"
        value={breakGlass.requests.toLocaleString('en')}
        note={reviewed(breakGlass)}
        onLook={() => look({ mark: 'break-glass' })}
      />
      <Figure
        name="Overdue after-reviews"
        value={breakGlass.overdue.toLocaleString('en')}
        note={breakGlass.overdue === 0 ? 'all were signed, or still may be' : 'nobody signed them in time'}
        tone={breakGlass.overdue > 0 ? 'bad' : 'calm'}
        onLook={() => look({ mark: 'overdue' })}
      />
      <Figure
        name="Refused attempts"
        value={refusals.attempts.toLocaleString('en')}
        note={refusals.attempts === 0 ? 'nobody was refused' : `by ${people(refusals.byPerson.length)}`}
        onLook={() => look({ mark: 'refused' })}
      />
    </section>
  );
}

function reviewed({ signed, due, unknown }: Statistics['breakGlass']): string {
  const known = `${signed.toLocaleString('en')} reviewed, ${due.toLocaleString('en')} due`;
  return unknown === 0 ? known : `${known}, ${unknown.toLocaleString('en')} unknown`;
}

function Figure({
  name,
  value,
  note,
  tone = 'calm',
  onLook,
}: {
  name: string;
  value: string;
  note: string;
  tone?: 'calm' | 'bad';
  onLook?: () => void;
}): JSX.Element {
  return (
    <div class="figure" data-tone={tone}>
      <h2>
        {onLook === undefined ? (
          name
        ) : (
          <button type="button" class="link" onClick={onLook}>
            {name}
          </button>
        )}
      </h2>
      <p class="figure-value">{value}</p>
      <p class="figure-note">{note}</p>
    </div>
  );
}

function ran({ statuses }: Statistics): string {
  const started = statuses.filter(({ status }) => ['running', 'finished', 'failed'].includes(status));
  return `${started.reduce((sum, { count }) => sum + count, 0).toLocaleString('en')} ran`;
}

function median(of: Spread | null): string {
  return of === null ? '–' : span(of.median);
}

function within(of: Spread | null): string {
  return of === null ? 'nobody decided' : `median; 95 % within ${span(of.p95)}`;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`;
}
