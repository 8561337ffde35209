/** The whole report: its head, and the overview or one request's page. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ReportHead } from '../html.ts';
import { moment } from '../words.ts';
import { Mark } from './marks.tsx';
import { Overview } from './overview.tsx';
import { RequestPage } from './request-page.tsx';
import { addressOf, useRoute } from './route.ts';

export function App({ head }: { head: ReportHead }): JSX.Element {
  const [{ issue, view }, go] = useRoute();
  // From a request one comes back to what one was looking at.
  const overview = useRef('#/');
  if (issue === null) overview.current = addressOf(view);
  const row = head.rows.findIndex((one) => one.issue === issue);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title =
      issue === null ? `Audit report: ${head.of.repository}` : `Request #${issue}: ${head.of.repository}`;
    if (!first.current) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [issue, head]);
  return (
    <>
      {/* No link: what stands behind # in the address says where one is in the report. */}
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the report’s content
      </button>
      <header class="top">
        <Mark />
        <div class="top-names">
          <p class="top-title">Audit report</p>
          <p class="top-repository">{head.of.repository}</p>
        </div>
        <p class="top-made">
          As of <time dateTime={head.of.madeAt}>{moment(head.of.madeAt)}</time>
          {head.of.only !== undefined && `, only ${head.of.only}`}
        </p>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {issue === null ? (
          <Overview head={head} view={view} go={go} />
        ) : (
          <RequestPage key={issue} head={head} issue={issue} row={row} back={overview.current} />
        )}
      </main>
    </>
  );
}
