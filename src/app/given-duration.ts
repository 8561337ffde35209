/** Durations as people hand them to the ask action (`30m`, `1h 30m`). */
import parseDuration from 'parse-duration';

/** Seconds; null where the text is none: a number without a unit too, so that nobody takes minutes for seconds. */
export function givenSeconds(text: string): number | null {
  const ms = /^(\d+(\.\d+)?\s*(s|m|h|d)\s*)+$/.test(text) ? parseDuration(text) : null;
  return ms !== null && ms > 0 ? Math.round(ms / 1000) : null;
}
