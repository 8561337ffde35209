/** Slack's pages: a limit, and a cursor that is opaque to whoever calls. */

import * as v from 'valibot';
import { count } from './answer.ts';

/** The arguments of every method that gives pages. */
export const paged = { limit: count(100), cursor: v.optional(v.string()) };

/** One page of a list; `next` is empty on the last one. null: no such cursor was ever given. */
export function page<T>(items: T[], limit: number, cursor: string | undefined): { items: T[]; next: string } | null {
  const from = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isSafeInteger(from) || from < 0 || from > items.length) return null;
  const next = from + limit < items.length ? Buffer.from(String(from + limit)).toString('base64url') : '';
  return { items: items.slice(from, from + limit), next };
}
