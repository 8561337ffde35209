/** The mark of a request of which the policy's webhook may lack a record: by it the sweep finds what it still has to deliver. */
import type { Desk } from './desk.ts';
import { hasEnded } from './ends-here.ts';
import { Fault } from './fault.ts';
import type { Reading } from './reading.ts';

/** The label of an issue some of whose records the webhook may not have. It stands from the issue's creation to its end. */
export const UNDELIVERED = 'debug:undelivered';

/**
 * Looks once more at a request whose mark was just taken away: what another job wrote while this one delivered was marked
 * before, so it is marked again. Whoever writes later marks it later.
 */
export async function markIfWrittenTo(desk: Desk, { snapshot }: Pick<Reading, 'snapshot'>): Promise<void> {
  const seen = new Set(snapshot.comments.map(({ id }) => id));
  if (await isWrittenTo(desk, snapshot.number, seen)) await mark(desk, snapshot.number);
}

async function isWrittenTo(desk: Desk, number: number, seen: ReadonlySet<number>): Promise<boolean> {
  try {
    const { comments } = await desk.repository.issue(number);
    return comments.some(({ id, author }) => !seen.has(id) && author?.bot === true);
  } catch (error) {
    if (error instanceof Fault) return true;
    throw error;
  }
}

/** Never throws a Fault: a mark that fails is said and changes nothing. */
async function mark(desk: Desk, number: number): Promise<void> {
  try {
    await desk.repository.addLabel(number, UNDELIVERED);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    desk.progress.warn(`Issue #${number} could not be marked for the webhook: ${error.message}`);
  }
}

/**
 * Writes a record. Where the request was over before, its own jobs tell nobody of it any more, and its mark may be gone: it is
 * marked before, since a write may turn out to have succeeded though it seemed to fail, and in a job where somebody waits
 * once more behind it, since the request's close job may have taken the mark away between. A failed mark is said and
 * changes nothing.
 */
export async function writeMarked<T>(desk: Desk, reading: Reading, write: () => Promise<T>): Promise<T> {
  if (!desk.hasWebhook || !hasEnded(reading.state)) return write();
  const { number } = reading.snapshot;
  const marked = mark(desk, number);
  // Nobody who decides waits for the webhook's sake.
  if (desk.deliveries === null) await marked;
  try {
    return await write();
  } finally {
    desk.deliveries?.beside(marked.then(() => mark(desk, number)));
  }
}
