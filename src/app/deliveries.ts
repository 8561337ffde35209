/** Telling the policy's webhook of records: in the order of the log, with a few tries, and never twice at once. */
import { CLOUD_EVENT_MEDIA_TYPE, toCloudEvent } from '../audit/cloud-events.ts';
import { type AuditedRecord, auditedRecords } from '../audit/record.ts';
import type { Desk } from './desk.ts';
import type { Answer, Clock, OutgoingEvent, Receiver } from './ports.ts';
import type { Reading } from './reading.ts';

/** The records of a request as they are told, oldest first. */
export function recordsToTell(
  desk: Pick<Desk, 'trust' | 'repositoryName' | 'serverUrl'>,
  reading: Reading,
): AuditedRecord[] {
  const repository = { id: desk.trust.repositoryId, name: desk.repositoryName };
  const place = { repository, serverUrl: desk.serverUrl, issue: reading.snapshot.number };
  return auditedRecords(place, reading.log.entries, reading.policy);
}

/** A record as it is sent. */
export function eventOf(record: AuditedRecord): OutgoingEvent {
  const event = toCloudEvent(record);
  return { id: event.id, contentType: CLOUD_EVENT_MEDIA_TYPE, body: JSON.stringify(event) };
}

/** How often and how long a job tries. */
export interface Patience {
  /** Waits between the tries of one record, in ms. */
  pauses: readonly number[];
  /** The longest `Retry-After` that is waited for, in ms. */
  longest: number;
}

/** Why a record was not taken, in words that end a sentence; `what`: whether others may be taken all the same. */
export interface NotTaken {
  why: string;
  what: 'all' | 'this';
}

/**
 * Sends one record, with as many tries as the patience has. null: the receiver has it. `onTrouble` is told before each pause; the signal ends everything at once.
 */
export async function send(
  { receiver, clock, patience }: { receiver: Receiver; clock: Clock; patience: Patience },
  event: OutgoingEvent,
  signal: AbortSignal,
  onTrouble: (why: string) => void = () => {},
): Promise<NotTaken | null> {
  let answer: Answer = await receiver.deliver(event, signal);
  for (const pause of patience.pauses) {
    if (answer.kind !== 'busy' || signal.aborted) break;
    const { why, afterMs } = answer;
    if (afterMs !== null && afterMs > patience.longest)
      return { why: `${why}, and wants to be left alone for ${Math.ceil(afterMs / 1000)} s`, what: 'all' };
    onTrouble(why);
    await clock.sleep(Math.max(pause, afterMs ?? 0), signal);
    if (signal.aborted) break;
    answer = await receiver.deliver(event, signal);
  }
  if (answer.kind === 'taken') return null;
  return { why: answer.why, what: answer.kind === 'refused' ? answer.what : 'all' };
}
