/** Where one is in the report: the part of the address behind `#`, so that back, forward and bookmarks work in a file. */
import { useEffect, useState } from 'preact/hooks';
import { type Filter, NO_FILTER } from './filter.ts';

export type SortKey = 'issue' | 'at' | 'status' | 'runbook' | 'target' | 'requester' | 'first' | 'quorum' | 'log';

export interface View {
  filter: Filter;
  sort: { by: SortKey; down: boolean };
  page: number;
}

/** `issue`: the request whose page is shown; null: the overview. */
export interface Route {
  issue: number | null;
  view: View;
}

const NEWEST_FIRST: View['sort'] = { by: 'at', down: true };
const SORT_KEYS: readonly SortKey[] = [
  'issue',
  'at',
  'status',
  'runbook',
  'target',
  'requester',
  'first',
  'quorum',
  'log',
];
const FILTER_KEYS = ['search', 'state', 'runbook', 'target', 'person', 'mark', 'from', 'to'] as const;

/** What an address says; whatever it says wrongly counts as not said. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const said = new URLSearchParams(query);
  const filter = { ...NO_FILTER };
  for (const key of FILTER_KEYS) filter[key] = said.get(key) ?? '';
  const by = SORT_KEYS.find((key) => key === said.get('sort'));
  const issue = /^\/request\/(\d+)$/.exec(path)?.[1];
  return {
    issue: issue === undefined ? null : Number(issue),
    view: {
      filter,
      sort: by === undefined ? NEWEST_FIRST : { by, down: said.get('order') === 'down' },
      page: Math.max(1, Number.parseInt(said.get('page') ?? '1', 10) || 1),
    },
  };
}

/** The address of a view of the overview. */
export function addressOf({ filter, sort, page }: View): string {
  const said = new URLSearchParams();
  for (const key of FILTER_KEYS) if (filter[key] !== '') said.set(key, filter[key]);
  if (sort.by !== NEWEST_FIRST.by || sort.down !== NEWEST_FIRST.down) {
    said.set('sort', sort.by);
    said.set('order', sort.down ? 'down' : 'up');
  }
  if (page > 1) said.set('page', String(page));
  const query = said.toString();
  return query === '' ? '#/' : `#/?${query}`;
}

export const addressOfRequest = (issue: number): string => `#/request/${issue}`;

/** The route, and a way to another view: `replace` leaves no trace in the history, for what changes with each letter typed. */
export function useRoute(): [Route, (view: View, how?: 'replace') => void] {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const go = (view: View, how?: 'replace'): void => {
    const address = addressOf(view);
    if (how === 'replace') history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    setRoute(routeOf(address));
  };
  return [route, go];
}
