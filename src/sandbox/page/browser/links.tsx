/** Links of cards and issues: to what the page shows itself; nothing leads away from it. */
import type { ComponentChildren, JSX } from 'preact';
import { leadsTo } from './leads-to.ts';
import { usePage } from './page.ts';

/** A link to an issue or a run goes there on the page; any other shows where it would lead, and leads nowhere. */
export function PageLink({ url, children }: { url: string; children: ComponentChildren }): JSX.Element {
  const { show } = usePage();
  const tab = leadsTo(url);
  if (tab === null) {
    return (
      <span class="link-off" title={`On GitHub this leads to ${url}`}>
        {children}
      </span>
    );
  }
  return (
    <button type="button" class="link" onClick={() => show(tab)}>
      {children}
    </button>
  );
}
