/** Which part of the page shows what an address on GitHub names. */
import type { Tab } from './page.ts';

const LEADS: { path: RegExp; tab: Tab }[] = [
  { path: /\/issues\/\d+$/, tab: 'issue' },
  { path: /\/actions\/runs\/\d+(\/attempts\/\d+)?$/, tab: 'jobs' },
];

/** Which part of the page shows what stands at this address; null: none does. */
export function leadsTo(url: string): Tab | null {
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  return LEADS.find((lead) => lead.path.test(path))?.tab ?? null;
}
