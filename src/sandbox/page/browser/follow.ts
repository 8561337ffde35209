/** Brings what newly came into a scrolled box into view, from its beginning where it is taller than the box. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface Newest {
  /** The element's id; null: nothing came yet. */
  id: string | null;
  /** It is brought into view again whenever this changes. */
  state: string;
  /** Whether it is also brought into view later, where it came while the box was hidden, as on a phone's other tab. */
  evenLate: boolean;
}

/** For the box that scrolls. */
export function useFollow({ id, state, evenLate }: Newest): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current: scrolled } = box;
    if (scrolled === null || id === null) return;
    if (reveal(scrolled, id) || !evenLate) return;
    const observer = new ResizeObserver(() => {
      if (reveal(scrolled, id)) observer.disconnect();
    });
    observer.observe(scrolled);
    return () => observer.disconnect();
  }, [id, state, evenLate]);
  return box;
}

const AIR = 12;

/** Whether it could be done: not while the box is hidden. Not by scrollIntoView, which may scroll the whole page, too. */
function reveal(box: HTMLElement, id: string): boolean {
  const element = document.getElementById(id);
  if (element === null || box.clientHeight === 0) return false;
  const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  const bottom = top + element.offsetHeight + AIR;
  if (element.offsetHeight > box.clientHeight || top < box.scrollTop) box.scrollTop = top - AIR;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  return true;
}
