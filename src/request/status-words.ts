/** How a request stands, as words for the middle of a sentence. */
import type { Status } from './state.ts';

/** `it is running`, `it ended in an error`. */
export function statusWords({ status }: { status: Status }): string {
  if (status === 'error') return 'it ended in an error';
  return status === 'failed' ? 'it ran and failed' : `it is ${status}`;
}
