/** Brings what newly came into a scrolled box into view, from its beginning where it is taller than the box. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * For the box that scrolls. `newest` is the element id of what came last (null: nothing did); it is brought into view again
 * whenever its `state` changes.
 */
export function useFollow(newest: string | null, state: string = ''): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = newest === null ? null : document.getElementById(newest);
    if (box.current !== null && element !== null) reveal(box.current, element);
  }, [newest, state]);
  return box;
}

const AIR = 12;

// Not scrollIntoView: that may scroll the whole page, too.
function reveal(box: HTMLElement, element: HTMLElement): void {
  const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  const bottom = top + element.offsetHeight + AIR;
  if (element.offsetHeight > box.clientHeight || top < box.scrollTop) box.scrollTop = top - AIR;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}
