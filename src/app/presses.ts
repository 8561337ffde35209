/** The ear of an ask job or of the gateway: hears what people do in Slack about any request of a repository, one at a time for each issue. */

import { findBySlack } from '../policy/people.ts';
import type { Card } from '../request/events.ts';
import { excludedPersons } from '../request/state.ts';
import type { Remaining } from './append.ts';
import { type Asked, type Considered, considerApproval, type Recorded, recordDecision } from './decisions.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf } from './fault.ts';
import { type Hearing, nothingKnown } from './hearing.ts';
import type { Listener, SlackAck, SlackDeed } from './ports.ts';
import { reconcile } from './reading.ts';
import { showCard, viewOf } from './show.ts';
import { takeDeed } from './slack-deeds.ts';
import { newTalk, type Talk } from './talk.ts';
import { type Claimant, newTurns } from './turns.ts';

/** Listens while the job waits. Without Slack it hears nothing, and the issue alone serves. */
export interface Ear {
  /** Connects. Throws the Fault `slack` of a failure that waiting cannot mend. */
  open(): Promise<void>;
  /** From now on deeds for this issue ring the bell, and what is said in its card's thread is heard. */
  own(issue: number, card: Card | null): void;
  bell: Bell;
  /** What people say in threads. */
  talk: Talk;
  /** Disconnects, then finishes what was received. */
  close(): Promise<void>;
}

export function newEar(desk: Desk, listener: Listener | null, cancelled: AbortSignal): Ear {
  const bell = newBell(cancelled);
  const talk = newTalk();
  let own: { issue: number; card: Card | null } | null = null;
  let opened = false;
  const receiver = hearDeeds(desk, {
    own: () => own,
    talk,
    onRecord(issue, commentId, recorded) {
      if (issue === own?.issue) return bell.ring(commentId);
      return recorded ? showForeign(desk, issue, commentId) : undefined;
    },
  });
  return {
    bell,
    talk,
    own(issue, card) {
      own = { issue, card };
    },
    async open() {
      opened = true;
      await listener?.start(receiver.onSlack);
    },
    async close() {
      if (opened) await listener?.stop();
      opened = false;
      await receiver.settled();
    },
  };
}

/** Rings when a record of the own issue was written, holding its comment id until it is taken. */
export interface Bell {
  ring(commentId: number): void;
  peek(): number | null;
  take(): number | null;
  /** Fires at the next ring, or when the job is cancelled. */
  signal(): AbortSignal;
}

function newBell(cancelled: AbortSignal): Bell {
  let latest: number | null = null;
  let next = new AbortController();
  return {
    ring(commentId) {
      latest = Math.max(latest ?? 0, commentId);
      next.abort();
    },
    peek: () => latest,
    take() {
      const taken = latest;
      latest = null;
      next = new AbortController();
      return taken;
    },
    signal: () => AbortSignal.any([next.signal, cancelled]),
  };
}

/** Who listens. */
export interface Hearer {
  /** The listener's own request, once its card is on record; null for one that has none. */
  own: Hearing['own'];
  talk: Talk;
  /** A record was written; `recorded` is false where it holds a refusal alone. What follows is awaited before the listener ends. */
  onRecord(issue: number, commentId: number, recorded: boolean): Promise<void> | void;
  /** A record may have been written: GitHub's answer got lost. */
  onDoubt?(issue: number): Promise<void> | void;
}

/**
 * Handles deeds for any request of this repository, one at a time for each issue; `settled` awaits what follows from them.
 * `received`: when a deed came, ms since 1970, where that was some time ago.
 */
export function hearDeeds(
  desk: Desk,
  { own, talk, onRecord, onDoubt }: Hearer,
): { onSlack: (deed: SlackDeed, received?: number) => Promise<SlackAck>; settled: () => Promise<void> } {
  const inTurn = newTurns();
  const background = new Set<Promise<unknown>>();
  const later = (work: Promise<unknown>) => {
    const done = work
      .catch((error: unknown) => desk.progress.warn(messageOf(error)))
      .finally(() => background.delete(done));
    background.add(done);
  };
  const afterwards = (work: Promise<void> | void): void => {
    if (work !== undefined) later(work);
  };
  const follow = (issue: number, commentId: number | null, recorded: boolean): void => {
    if (commentId !== null) afterwards(onRecord(issue, commentId, recorded));
  };
  const { chat } = desk;
  /** Whoever opens dialog after dialog has one looked up at a time. */
  const inThought = new Map<string, Promise<Considered>>();
  const hearing: Hearing | null = chat && {
    ...{ desk, chat, own, later },
    async record(issue: number, asked: Asked, remaining?: Remaining): Promise<Recorded> {
      const who = claimant(desk, issue, asked);
      try {
        const recorded = await recordDecision(desk, issue, asked, remaining, (work) => inTurn(issue, who, work));
        follow(issue, recorded.commentId, recorded.kind === 'recorded');
        return recorded;
      } catch (error) {
        if (error instanceof Fault && error.code === 'not-confirmed') afterwards(onDoubt?.(issue));
        throw error;
      }
    },
    async consider(issue: number, asked: Asked, remaining: Remaining) {
      const same = JSON.stringify([issue, asked.by.slack, asked.by.via, asked.claim, asked.card]);
      const work =
        inThought.get(same) ??
        considerApproval(desk, issue, asked, remaining, (write) =>
          inTurn(issue, claimant(desk, issue, asked), write),
        ).finally(() => inThought.delete(same));
      inThought.set(same, work);
      const considered = await work;
      if (considered.kind === 'refused') follow(issue, considered.commentId, false);
      return considered;
    },
    talk: (reply, isOwn) => talk.hear(reply, isOwn),
    known: nothingKnown(() => desk.clock.now()),
  };
  const inWork = new Map<string, Promise<SlackAck>>();
  /** Whoever does the same again and again has one place in the queue: others must not wait behind them all. */
  const onSlack = (deed: SlackDeed, received = desk.clock.now()): Promise<SlackAck> => {
    if (hearing === null) return Promise.resolve({ kind: 'none' });
    const same = sameness(deed);
    const work = inWork.get(same) ?? takeDeed(hearing, deed, received).finally(() => inWork.delete(same));
    inWork.set(same, work);
    return work;
  };
  const settled = async () => {
    while (background.size > 0) await Promise.all(background);
  };
  return { onSlack, settled };
}

/** Those whom the opening names come first: strangers, however many, must keep nobody out who may decide or cancel. */
function claimant(desk: Desk, issue: number, { by, bot }: Asked): Claimant {
  return {
    account: JSON.stringify([by.slack, bot]),
    isFirst() {
      const known = desk.opened.get(issue);
      if (known === undefined || by.slack === null || bot) return false;
      const { policy, opening } = known;
      const person = findBySlack(policy, by.slack);
      return person !== null && [...opening.approvers, ...excludedPersons(opening.request)].includes(person);
    },
  };
}

/** Two deeds with the same text are one deed done twice. */
function sameness(deed: SlackDeed): string {
  switch (deed.kind) {
    case 'press':
      return JSON.stringify([deed.decision, deed.dialog, deed.value, deed.slack, deed.card]);
    case 'submission':
      return JSON.stringify([deed.evidence['view'], deed.shown, deed.metadata, deed.comment, deed.ticked, deed.slack]);
    case 'reply':
      return JSON.stringify([deed.thread, deed.ts]);
    case 'slash':
      return JSON.stringify([deed.decision, deed.text, deed.slack]);
    case 'debug':
    case 'form':
    case 'form-choice':
      return JSON.stringify([deed.kind, deed.evidence, deed.slack]);
  }
}

/** Whoever records a foreign request's decision updates its card; the owner draws it anew after its next poll. */
async function showForeign(desk: Desk, issue: number, commentId: number): Promise<void> {
  const reading = await reconcile(desk, issue, commentId);
  await showCard(desk, reading, viewOf(desk, reading));
}
