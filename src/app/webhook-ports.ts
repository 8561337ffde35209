/** What the application needs of the policy's webhook: an adapter (src/webhook) fills it in. */

/** One record, ready to be sent. */
export interface OutgoingEvent {
  /** The record's hash: the same however often it is sent, so that a receiver takes it once. */
  id: string;
  /** The media type of `body`. */
  contentType: string;
  body: string;
}

export type Answer =
  | { kind: 'taken' }
  /** It may take it later; `afterMs`: not before, null: it does not say. */
  | { kind: 'busy'; why: string; afterMs: number | null }
  /** Trying again would not help: a wrong address or secret, a redirect, or it is gone; or it cannot take just this record. */
  | { kind: 'refused'; why: string; what: 'all' | 'this' };

/** Who is told of each record. It never throws: why it did not take something is its answer. */
export interface Receiver {
  /** One try, of a few seconds at most; less where the signal fires. */
  deliver(event: OutgoingEvent, signal: AbortSignal): Promise<Answer>;
}

/** Makes the receiver at the policy's address; throws a Fault `input` for a secret that cannot be used. null: there is no secret. */
export type ReceiverAt = ((url: string) => Promise<Receiver>) | null;
