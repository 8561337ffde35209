/** How far the policy's webhook has a request's log, as one job hands it to another. */

/** How far the webhook has a log: its first `count` records, the last of which has the hash `last`. null: not even the first. */
export type Delivered = { count: number; last: string } | null;

/** How a job hands it to another one: `5 sha256:…`; empty for null. */
export function deliveredText(delivered: Delivered): string {
  return delivered === null ? '' : `${delivered.count} ${delivered.last}`;
}

/** The same, read back; null in `delivered` where the ask job ended before it could tell, undefined for any other text. */
export function deliveredOf(text: string): { delivered: Delivered } | undefined {
  if (text === '') return { delivered: null };
  const [, count, last] = /^([1-9]\d{0,8}) (sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  return last === undefined ? undefined : { delivered: { count: Number(count), last } };
}
