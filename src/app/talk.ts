/** What people say in the threads of requests' cards, until it is put on record: masked, and a few times a minute at most. */
import { findBySlack, nameOf } from '../policy/people.ts';
import { maskText } from '../redact/text.ts';
import type { Card, EventOf } from '../request/events.ts';
import type { Written } from './append.ts';
import { claimOf } from './commands.ts';
import { recordDeed } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { Reply } from './ports.ts';
import { type Reading, read } from './reading.ts';

export type Message = EventOf<'discussed'>['messages'][number];

/** Replies that are heard and not on record yet. */
export interface Talk {
  /** `own`: in the thread of this job's own card. Slack gives each message to one listener only, whosever card it is about. */
  hear(reply: Reply, own: boolean): void;
  /** The oldest of the own card's thread that fit into one record; they stay until they are `done`. */
  waiting(): Reply[];
  /** The same of each other thread, those first in which somebody spoke first. */
  elsewhere(): Reply[][];
  done(replies: readonly Reply[]): void;
}

/** A comment on GitHub holds 65,536 characters, and each may be escaped to six. */
const MOST_CHARACTERS = 6_000;
const LONGEST_MESSAGE = 2_000;
/** More is no discussion of a request; whoever floods the thread fills no memory. */
const MOST_MESSAGES = 500;
/** So many other threads are looked after at a time: the own request must not wait for them long. */
const MOST_THREADS = 3;

export function newTalk(): Talk {
  let heard: { reply: Reply; own: boolean }[] = [];
  return {
    hear(reply, own) {
      const known = heard.some((one) => one.reply.ts === reply.ts);
      if (!known && heard.length < MOST_MESSAGES) heard.push({ reply, own });
    },
    waiting: () => fitting(heard.flatMap(({ reply, own }) => (own ? reply : []))),
    elsewhere() {
      const others = heard.flatMap(({ reply, own }) => (own ? [] : reply));
      const threads = Map.groupBy(others, ({ thread }) => `${thread.channel} ${thread.ts}`);
      return [...threads.values()].slice(0, MOST_THREADS).map(fitting);
    },
    done(written) {
      heard = heard.filter(({ reply }) => !written.includes(reply));
    },
  };
}

function fitting(replies: readonly Reply[]): Reply[] {
  let room = MOST_CHARACTERS;
  const first = replies.findIndex(({ text }) => {
    room -= Math.min(text.length, LONGEST_MESSAGE);
    return room < 0;
  });
  return first === -1 ? [...replies] : replies.slice(0, first);
}

/** Puts what was said in the own card's thread on record. null: there is nothing to write. Throws as `append`. */
export async function mirror(desk: Desk, reading: Reading, talk: Talk): Promise<Written | null> {
  const replies = talk.waiting();
  const written = await putOnRecord(desk, reading, replies);
  talk.done(replies);
  return written;
}

/** Puts on record what was said in the threads of other requests' cards, whose own jobs did not hear it. A Fault is said. */
export async function mirrorElsewhere(desk: Desk, talk: Talk): Promise<void> {
  for (const replies of talk.elsewhere()) {
    try {
      const reading = await readingOf(desk, replies[0]?.thread ?? null);
      if (reading !== null) await putOnRecord(desk, reading, replies);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      desk.progress.warn(`What was said in another request's thread is not on record: ${error.message}`);
    }
    talk.done(replies);
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

async function putOnRecord(desk: Desk, reading: Reading, replies: readonly Reply[]): Promise<Written | null> {
  const { policy, state } = reading;
  if (policy.slack?.mirror !== true) return null;
  const fresh = replies.filter(({ ts }) => !state.mirrored.includes(ts));
  const messages = fresh.map((reply) => messageOf(desk, reading, reply));
  return messages.length === 0 ? null : recordDeed(desk, reading, { type: 'discuss', messages });
}

function messageOf(desk: Desk, { policy }: Reading, { slack, ts, text }: Reply): Message {
  const person = findBySlack(policy, slack);
  const whole = maskText(text.toWellFormed(), desk.secrets);
  const short = whole.length <= LONGEST_MESSAGE ? whole : `${whole.slice(0, LONGEST_MESSAGE).toWellFormed()} …`;
  return { name: person === null ? slack.user : nameOf(policy, person), slack, ts, text: short };
}
