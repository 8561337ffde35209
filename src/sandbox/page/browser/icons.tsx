/** The page's pictures: one line weight, drawn in the colour of the text beside them, and never without that text. */
import type { JSX } from 'preact';

const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  dash: 'M4 8h8',
  clock: 'M8 4.5V8l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  arrow: 'M3 8h10M9 4l4 4-4 4',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  play: 'M5 3.5l7 4.5-7 4.5z',
  chat: 'M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z',
  issue: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 8h.01',
  jobs: 'M2 5h4v6H2zM10 5h4v6h-4zM6 8h4',
  book: 'M8 4C6.5 3 4.5 3 2.5 3.5v9C4.5 12 6.5 12 8 13c1.5-1 3.5-1 5.5-.5v-9C11.5 3 9.5 3 8 4zM8 4v9',
  sun: 'M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.5 3.5l1 1M11.5 11.5l1 1M12.5 3.5l-1 1M4.5 11.5l-1 1M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0z',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z',
  bolt: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  shield: 'M8 1.5l5.5 2v4c0 3.5-2.5 5.5-5.5 7-3-1.5-5.5-3.5-5.5-7v-4z',
  link: 'M6.5 9.5l3-3M7 5l1.5-1.5a2.5 2.5 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.5 2.5 0 0 1-4-4L5 7',
} as const;
export type IconName = keyof typeof PATHS;

/** Hidden from screen readers: the text beside it says the same. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The picture of a person: their first letter on their own colour. */
export function Avatar({ name, bot = false }: { name: string; bot?: boolean }): JSX.Element {
  if (bot) {
    return (
      <span class="avatar avatar-bot" aria-hidden="true">
        <Icon name="check" />
      </span>
    );
  }
  return (
    <span class={`avatar hue-${name.slice(0, 1).toLowerCase()}`} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}
