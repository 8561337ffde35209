/** The records of a purge as comments, signed and chained to what was read; written for ten requests at once. */
import { nextRecord } from '../log/chain.ts';
import { renderComment } from '../log/comment.ts';
import { signedRecord } from '../log/record.ts';
import { decide } from '../request/decide.ts';
import type { EventOf } from '../request/events.ts';
import { WORKFLOW } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import { refuseUnlessBelieved } from './new-keys.ts';
import type { Reading } from './reading.ts';

/** The comment's text. Throws a Fault where it cannot be signed or is too long. */
export async function purgeComment(
  desk: Desk,
  reading: Reading,
  purge: EventOf<'purge'> | EventOf<'purged'>,
): Promise<string> {
  const outcome = decide(reading.policy, reading.state, { type: 'purge', purge }, { now: desk.clock.now() });
  if (outcome.kind !== 'append') throw new Fault('refused', 'The request goes on again.', 'Nothing of it is deleted.');
  const draft = nextRecord(reading.log, {
    issue: reading.snapshot.number,
    request: reading.state.opening.request.id,
    at: new Date(desk.clock.now()).toISOString(),
    by: WORKFLOW,
    events: outcome.events,
    sentence: outcome.sentence,
    writer: desk.writer,
  });
  const token = await desk.signer.sign(draft.hash);
  const record = token === null ? draft : signedRecord(draft, token);
  await refuseUnlessBelieved(desk, record, record.at, 'before');
  const rendered = renderComment(record);
  if (!rendered.ok) throw new Fault('not-written', rendered.message, rendered.remedy);
  return rendered.body;
}
