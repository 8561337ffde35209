/** The filter: search and choices that everything below follows. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ReportHead } from '../html.ts';
import { REPORTED_STATUSES } from '../words.ts';
import { type Filter, MARKS, NO_FILTER, peopleOf } from './filter.ts';
import { Icon } from './marks.tsx';

type Look = (change: Partial<Filter>, how?: 'replace') => void;

export function Filters({
  head,
  filter,
  shown,
  look,
}: {
  head: ReportHead;
  filter: Filter;
  shown: number;
  look: Look;
}): JSX.Element {
  const choices = useMemo(() => choicesOf(head), [head]);
  const all = head.rows.length;
  const isFiltered = Object.values(filter).some((value) => value !== '');
  return (
    <search class="filters" aria-label="Which requests">
      <label class="field field-search" data-set={filter.search !== ''}>
        <span>Search</span>
        <input
          type="search"
          placeholder="Issue, ticket, reason, person …"
          value={filter.search}
          onInput={(event) => look({ search: event.currentTarget.value }, 'replace')}
        />
      </label>
      <Choice name="State" value={filter.state} of={choices.states} onChoose={(state) => look({ state })} />
      <Choice name="Runbook" value={filter.runbook} of={choices.runbooks} onChoose={(runbook) => look({ runbook })} />
      <Choice name="Target" value={filter.target} of={choices.targets} onChoose={(target) => look({ target })} />
      <Choice name="Person" value={filter.person} of={choices.people} onChoose={(person) => look({ person })} />
      <Choice
        name="Standing out"
        kind="field-mark"
        value={filter.mark}
        of={Object.keys(MARKS)}
        words={MARKS}
        onChoose={(mark) => look({ mark })}
      />
      <Day name="From" value={filter.from} onChoose={(from) => look({ from })} />
      <Day name="To" value={filter.to} onChoose={(to) => look({ to })} />
      <div class="filters-end">
        <p class="filters-shown" role="status">
          {isFiltered
            ? `${shown.toLocaleString('en')} of ${all.toLocaleString('en')} requests`
            : `${all.toLocaleString('en')} ${all === 1 ? 'request' : 'requests'}`}
        </p>
        {isFiltered && (
          <button type="button" class="button button-small" onClick={() => look(NO_FILTER)}>
            Clear
          </button>
        )}
        <button type="button" class="button button-small button-print" onClick={() => print()}>
          <Icon name="print" /> Print
        </button>
      </div>
    </search>
  );
}

function Choice({
  name,
  value,
  of,
  words = {},
  kind = '',
  onChoose,
}: {
  name: string;
  value: string;
  of: readonly string[];
  words?: { readonly [value in string]: string };
  kind?: string;
  onChoose: (value: string) => void;
}): JSX.Element {
  // What an address names and nobody has is shown all the same: it is why nothing is found.
  const all = value === '' || of.includes(value) ? of : [...of, value];
  return (
    <label class={`field ${kind}`} data-set={value !== ''}>
      <span>{name}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">All</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {words[one] ?? one}
          </option>
        ))}
      </select>
    </label>
  );
}

function Day({
  name,
  value,
  onChoose,
}: {
  name: string;
  value: string;
  onChoose: (value: string) => void;
}): JSX.Element {
  return (
    <label class="field field-day" data-set={value !== ''}>
      <span>{name}</span>
      <input type="date" value={value} onChange={(event) => onChoose(event.currentTarget.value)} />
    </label>
  );
}

function choicesOf({ rows }: ReportHead) {
  const asked = rows.flatMap((row) => row.asked ?? []);
  const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
  const statuses = new Set(asked.map(({ status }) => status));
  return {
    states: REPORTED_STATUSES.filter((status) => statuses.has(status)),
    runbooks: sorted(asked.map(({ runbook }) => runbook)),
    targets: sorted(asked.map(({ target }) => target)),
    people: sorted(rows.flatMap(peopleOf)),
  };
}
