/** What a deed in Slack needs of the ear that heard it, and how every one of them is recorded or answered. */
import type { Card } from '../request/events.ts';
import type { Remaining } from './append.ts';
import type { claimOf, Wish } from './commands.ts';
import type { Asked, Considered, Recorded } from './decisions.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf } from './fault.ts';
import { type Memory, newMemory } from './memory.ts';
import type { Chat, Reply, SlackAck } from './ports.ts';

export interface Hearing {
  desk: Desk;
  chat: Chat;
  /** This job's own request, once its card is on record. */
  own(): { issue: number; card: Card | null } | null;
  /** Records in its turn, one at a time for each issue, and shows what follows. */
  record(issue: number, asked: Asked, remaining?: Remaining): Promise<Recorded>;
  consider(issue: number, asked: Asked, remaining: Remaining): Promise<Considered>;
  /** What may happen after the acknowledgement; a failure of it is said. */
  later(work: Promise<unknown>): void;
  /** Somebody talks in a thread; `own`: in that of this job's own card. */
  talk(reply: Reply, own: boolean): void;
  known: Known;
}

export type Claim = ReturnType<typeof claimOf>;

/** What the job has learned of Slack, so that whoever repeats something costs neither calls of Slack nor of GitHub. */
export interface Known {
  /** What began a thread that is not of the own card, by channel and `ts`; also while it is being looked up. */
  claims: Memory<Promise<Claim>>;
  /** What was answered to an account below a message that is not the request's card, by place and account. */
  forged: Memory<{ issue: number; message: string }>;
  /** How many issues an account has named in vain, by account. */
  misses: Memory<number>;
  /** Replies of whose failure their authors were told; see replies.ts. */
  told: Memory<true>;
}

const MINUTE_MS = 60_000;
/** Slack brings a message again after a minute and after five (docs.slack.dev, Events API). */
const REDELIVERY_MS = 60 * MINUTE_MS;

export function nothingKnown(now: () => number): Known {
  return {
    claims: newMemory(now, MINUTE_MS),
    forged: newMemory(now, MINUTE_MS),
    misses: newMemory(now, MINUTE_MS),
    told: newMemory(now, REDELIVERY_MS),
  };
}

export const DONE: SlackAck = { kind: 'done' };
export const NONE: SlackAck = { kind: 'none' };

/** What became of a wish; a failure with the words for its author. */
export type Settled = Recorded | { kind: 'failed'; error: unknown; text: string };

/** Records. Never rejects: what could not be recorded is said in the job's log. */
export async function settle(hearing: Hearing, { issue, asked }: Wish, remaining: Remaining): Promise<Settled> {
  try {
    return await hearing.record(issue, asked, remaining);
  } catch (error) {
    return { kind: 'failed', error, text: failed(hearing, issue, error) };
  }
}

/** What a person is told of a failure, which the job's log names too. */
export function failed({ desk }: Hearing, issue: number, error: unknown): string {
  desk.progress.warn(`A decision for issue #${issue} was not recorded: ${messageOf(error)}`);
  return notRecorded(error, issueUrl(desk, issue));
}

/** What a person is told privately when what they want could not be recorded. */
function notRecorded(error: unknown, issueUrl: string): string {
  if (error instanceof Fault && error.code === 'not-confirmed') {
    return `Your decision is not confirmed: GitHub did not answer in time. Look at ${issueUrl} before you try again.`;
  }
  const why = error instanceof Fault ? `${error.message} ${error.remedy}` : 'Something unexpected went wrong.';
  return `Your decision was not recorded: ${why}`;
}

export function issueUrl(desk: Desk, issue: number): string {
  return `${issuesUrl(desk)}/${issue}`;
}

export function issuesUrl({ serverUrl, repositoryName }: Desk): string {
  return `${serverUrl}/${repositoryName}/issues`;
}

export function withoutIssue(claim: Claim): Asked['claim'] {
  if (claim === null) return null;
  const { issue: _, ...rest } = claim;
  return rest;
}
