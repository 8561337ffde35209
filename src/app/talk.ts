/** What people say in the threads of requests' cards, until it is put on record: masked, and a few times a minute at most. */
import { spaceOf } from '../log/comment.ts';
import { findBySlack, nameOf } from '../policy/people.ts';
import { redactText } from '../redact/text.ts';
import type { Card, EventOf } from '../request/events.ts';
import type { Written } from './append.ts';
import { claimOf } from './commands.ts';
import { recordDeed } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault, OUTAGE } from './fault.ts';
import type { Reply } from './ports.ts';
import { type Reading, read } from './reading.ts';

export type Message = EventOf<'discussed'>['messages'][number];

/** Replies that are heard and not on record yet. */
export interface Talk {
  /** `own`: in the thread of this job's own card. Slack gives each message to one listener only, whosever card it is about. */
  hear(reply: Reply, own: boolean): void;
  /** Those in the own card's thread, oldest first; they stay until they are `done`. */
  waiting(): Reply[];
  /** The same of each other thread, those first in which somebody spoke first. */
  elsewhere(): Reply[][];
  done(replies: readonly Reply[]): void;
}

/** A comment on GitHub holds 65,536 characters; so many are for messages as the record renders them. */
const MOST_SPACE = 32_000;
/** Each of its characters takes twelve at most, so that any message fits: in words and in the block, each time escaped to six. */
const LONGEST_MESSAGE = 2_000;
/** More is no discussion of a request; whoever floods the thread fills no memory. */
const MOST_MESSAGES = 500;
/** The same of one thread elsewhere: chatter in one must not keep out what is said in the others. */
const MOST_IN_THREAD = 100;
/** So many other threads are looked after at a time: the own request must not wait for them long. */
const MOST_THREADS = 3;

export function newTalk(): Talk {
  // Apart, so that talk elsewhere takes no room from that about the own request.
  let here: Reply[] = [];
  let others: Reply[] = [];
  const hasRoom = (reply: Reply): boolean =>
    others.length < MOST_MESSAGES && others.filter((one) => placeOf(one) === placeOf(reply)).length < MOST_IN_THREAD;
  return {
    hear(reply, own) {
      if ([...here, ...others].some((one) => one.ts === reply.ts && placeOf(one) === placeOf(reply))) return;
      if (own && here.length < MOST_MESSAGES) here.push(reply);
      if (!own && hasRoom(reply)) others.push(reply);
    },
    waiting: () => [...here],
    elsewhere: () => [...Map.groupBy(others, placeOf).values()].slice(0, MOST_THREADS),
    done(written) {
      here = here.filter((reply) => !written.includes(reply));
      others = others.filter((reply) => !written.includes(reply));
    },
  };
}

function placeOf({ thread }: Reply): string {
  return `${thread.channel} ${thread.ts}`;
}

/** The first of the messages that fit into one record, one at least. */
function fitting(messages: readonly Message[]): Message[] {
  let room = MOST_SPACE;
  const end = messages.findIndex((message, index) => {
    room -= spaceOf({ type: 'discussed', messages: [message] });
    return room < 0 && index > 0;
  });
  return messages.slice(0, end === -1 ? messages.length : end);
}

/** Puts what was said in the own card's thread on record. null: there is nothing to write. Throws as `append`. */
export async function mirror(desk: Desk, reading: Reading, talk: Talk): Promise<Written | null> {
  const { written, done } = await putOnRecord(desk, reading, talk.waiting());
  talk.done(done);
  return written;
}

/**
 * Puts on record what was said in the threads of other requests' cards, whose own jobs did not hear it. A Fault is said; `failed`:
 * whether what it kept from being recorded is tried again `later`, where that mends it.
 */
export async function mirrorElsewhere(desk: Desk, talk: Talk, failed: 'dropped' | 'later' = 'dropped'): Promise<void> {
  for (const replies of talk.elsewhere()) {
    let done = replies;
    try {
      const reading = await readingOf(desk, replies[0]?.thread ?? null);
      if (reading !== null) done = (await putOnRecord(desk, reading, replies)).done;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (failed === 'later' && [...OUTAGE, 'not-written'].includes(error.code)) done = [];
      desk.progress.warn(`What was said in another request's thread is not on record: ${error.message}`);
    }
    talk.done(done);
  }
}

/** The request whose card began this thread, by its verified log; null: another conversation. */
async function readingOf(desk: Desk, thread: Card | null): Promise<Reading | null> {
  const value = thread === null ? null : ((await desk.chat?.valueOf(thread)) ?? null);
  const claim = value === null ? null : claimOf(value, desk.trust.repositoryId);
  if (claim === null || thread === null) return null;
  const reading = await read(desk, claim.issue, claim.policyBlob);
  const { card } = reading.state.opening;
  return card?.channel === thread.channel && card.ts === thread.ts ? reading : null;
}

/** One record with as many as fit. `done`: those of which nothing is left to do; the others are for the next record. */
async function putOnRecord(
  desk: Desk,
  reading: Reading,
  replies: Reply[],
): Promise<{ written: Written | null; done: Reply[] }> {
  const { policy, state } = reading;
  if (policy.slack?.mirror !== true) return { written: null, done: replies };
  const fresh = replies.filter(({ ts }) => !state.mirrored.includes(ts));
  const messages = fitting(fresh.map((reply) => messageOf(desk, reading, reply)));
  const written = messages.length === 0 ? null : await recordDeed(desk, reading, { type: 'discuss', messages });
  const later = fresh.slice(messages.length);
  return { written, done: replies.filter((reply) => !later.includes(reply)) };
}

function messageOf(desk: Desk, { policy }: Reading, { slack, ts, text }: Reply): Message {
  const person = findBySlack(policy, slack);
  const whole = redactText(text.toWellFormed(), desk.redaction).text;
  const short = whole.length <= LONGEST_MESSAGE ? whole : `${whole.slice(0, LONGEST_MESSAGE).toWellFormed()} …`;
  return { name: person === null ? slack.user : nameOf(policy, person), slack, ts, text: short };
}
