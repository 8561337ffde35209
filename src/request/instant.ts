/** A moment as text, the way requests, records and messages have it. */

/** RFC 3339 in UTC with whole seconds, of ms since 1970. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
