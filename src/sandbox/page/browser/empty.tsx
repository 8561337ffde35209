/** What a part of the page will show, while there is nothing in it yet: together the four steps of the story. */
import type { ComponentChildren, JSX } from 'preact';

export function Empty({
  step,
  title,
  children,
}: {
  step: number;
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-step">{step}</span>
      <p class="empty-title">{title}</p>
      <p>{children}</p>
    </div>
  );
}
