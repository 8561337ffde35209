/** What may be asked of a request's log, and what can follow from it. */
import type { Actor, Card, Deed, Event, EventOf, RefusalCode } from './events.ts';

/** How the account of somebody who wants to decide stands with its directories at this moment. */
export interface Standing {
  /** Groups from a directory (keys of the policy) that the person has left since the request was opened. */
  left: readonly string[];
  /** Why the Slack account decides nothing, as words to follow a colon; null: it may. */
  barred: string | null;
}

/** Somebody's wish to do something, from whichever channel; who it was is looked up in the policy, not believed. */
export interface DecideCommand {
  type: 'decide';
  decision: Deed;
  comment: string;
  by: Omit<Actor, 'person' | 'name'>;
  /** True for bots and for what was written through an app. */
  bot: boolean;
  /** What the button carried; null for channels without one. */
  claim: { request: string; digest: string; policyBlob: string } | null;
  /** The message that was pressed or whose thread it was written in; null for channels without one. */
  card: Card | null;
  /** Hash of the dialog that was shown (see dialog.ts); null where there was none. */
  shown: string | null;
  /** Checklist items that were ticked, in the person's own spelling. */
  checklist: readonly string[];
  standing: Standing;
}

/** Who is to be reminded now (see deadlines.ts). */
export interface DueReminder {
  /** The how manieth reminder; that of the reminder before where only the escalation is due, 0 where none was. */
  step: number;
  /** Keys of the people to ping. */
  people: string[];
  /** Groups and people who are asked from now on too; empty where nothing is escalated. */
  escalatedTo: string[];
}

export type Command =
  | { type: 'open'; opening: EventOf<'requested'> }
  | DecideCommand
  | {
      type: 'start';
      started: EventOf<'started'>;
      /** Persons whose unedited /deny, /withdraw or /cancel stands on the issue and in no record. */
      unrecordedDenials: readonly string[];
      unrecordedWithdrawals: readonly string[];
      unrecordedCancels: readonly string[];
    }
  | { type: 'end'; ended: EventOf<'ended'> }
  | { type: 'expire' }
  | { type: 'cancel'; reason: string }
  | { type: 'fail'; code: string; message: string }
  | { type: 'remind'; due: DueReminder }
  | { type: 'discuss'; messages: EventOf<'discussed'>['messages'] }
  | { type: 'overdue' }
  | { type: 'purge'; purge: EventOf<'purge'> | EventOf<'purged'> };

export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** Facts that are not in the log: the time (ms since 1970). */
export interface Facts {
  now: number;
}

/** Events to append with the sentence that people read, a refusal to tell, or nothing. */
export type Outcome =
  | { kind: 'append'; events: Event[]; sentence: string; person: string | null; name: string }
  | {
      kind: 'refuse';
      code: RefusalCode | StartRefusal;
      message: string;
      name: string;
      record: Event | null;
    }
  | { kind: 'nothing'; why: string };

/** Why the debug job may not start. */
export type StartRefusal = 'not-approved' | 'denied' | 'withdrawn' | 'cancelled' | 'expired';

/** The outcome of what the product itself does. */
export function byProduct(events: Event[], sentence: string): Outcome {
  return { kind: 'append', events, sentence, person: null, name: 'Debug Approval' };
}
