/** A chart with its title, its legend and the same figures as a table, for whoever cannot or would rather not see it drawn. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export type Drawing = SVGSVGElement | HTMLElement;

export function Chart({
  title,
  about,
  draw,
  legend,
  table,
  none,
}: {
  title: string;
  about: string;
  /** Draws it so many CSS pixels wide. A new function means a new drawing. */
  draw: (width: number) => Drawing;
  legend: ComponentChildren;
  table: ComponentChildren;
  /** What stands there instead where there is nothing to draw; null: there is. */
  none: string | null;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    let drawn = 0;
    const fit = (): void => {
      const width = Math.floor(current.clientWidth);
      if (width === 0 || width === drawn) return;
      drawn = width;
      current.replaceChildren(fitted(draw(width)));
    };
    const observer = new ResizeObserver(fit);
    observer.observe(current);
    return () => observer.disconnect();
  }, [draw]);
  if (none !== null) {
    return (
      <section class="panel chart" aria-label={title}>
        <h2>{title}</h2>
        <p class="none">{none}</p>
      </section>
    );
  }
  return (
    <section class="panel chart" aria-label={title}>
      <header class="panel-head">
        <h2>{title}</h2>
        <p>{about}</p>
      </header>
      {legend}
      <div class="chart-drawing" ref={place} role="img" aria-label={`${title}. ${about}`} />
      <details class="chart-table">
        <summary>As a table</summary>
        <section
          class="scrolls"
          aria-label={`${title}, as a table`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
          tabIndex={0}
        >
          {table}
        </section>
      </details>
    </section>
  );
}

/**
 * The drawing as the page can have it: its place says to a screen reader what it is, and its table says the rest; the library's
 * own sheet goes, since the page's sheet has all of it and its policy admits no other.
 */
function fitted(drawing: Drawing): Drawing {
  for (const sheet of drawing.querySelectorAll('style')) sheet.remove();
  drawing.setAttribute('aria-hidden', 'true');
  return drawing;
}
