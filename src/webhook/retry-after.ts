/** What a receiver says about when to come again: the header `Retry-After` (RFC 9110 §10.2.3). */

/** In ms from `now` (ms since 1970), for seconds as for a date; null where it says nothing that can be read. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
