/** Durations as people write them in policy and inputs (`30m`, `1h30m`), in seconds. */
import parse from 'parse-duration';

/** What a duration looks like: whole numbers with `s`, `m`, `h` or `d`, largest first or not. */
export const DURATION = /^(?:[1-9][0-9]{0,5}[smhd]){1,4}$/;

/** A duration in seconds; null where the text is none. The library alone would also read "about 2 hours, maybe". */
export function durationSeconds(text: string): number | null {
  if (!DURATION.test(text)) return null;
  const seconds = parse(text, 's');
  return seconds !== null && Number.isSafeInteger(seconds) ? seconds : null;
}

/** Seconds as the shortest text that {@link durationSeconds} reads back: 5400 is `1h30m`. */
export function formatDuration(seconds: number): string {
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ];
  let rest = seconds;
  let text = '';
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text || '0s';
}
