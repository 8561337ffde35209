/** The gateway, whole: hears Slack and GitHub, keeps every open request going, and answers for the jobs that GitHub holds back. */
import { Fault, OUTAGE, whyOf } from '../fault.ts';
import { newMemory } from '../memory.ts';
import type { Clock, Progress, SlackAck, SlackDeed } from '../ports.ts';
import { mirrorElsewhere } from '../talk.ts';
import { type Bell, latestOf, newBell } from './bell.ts';
import { withMemory } from './chat-memory.ts';
import { answerHeld } from './hold.ts';
import { newPlaces, type Place, type PlaceDeps } from './places.ts';
import type { GitHubEvent, Held, Served, ServedRepositories } from './ports.ts';
import { newRequests } from './requests.ts';
import { newRoom } from './room.ts';
import { routeOf } from './route.ts';
import { newTended, type Tended, tend } from './tend.ts';

export interface Gateway {
  /** Takes a deed: resolves once it is on record, or once nothing will be. Never rejects. */
  onSlack(deed: SlackDeed): Promise<SlackAck>;
  /** Takes an event: at once, since GitHub waits for no work. Never throws. */
  onGitHub(event: GitHubEvent): void;
  /** Looks through what is open and what is held: at the start, and every few minutes since webhooks get lost. Never rejects. */
  repair(): Promise<void>;
  /** How many requests it looks after now. */
  open(): number;
  /** Takes nothing new up, and finishes what it acknowledged. */
  stop(): Promise<void>;
}

export type GatewayDeps = Omit<PlaceDeps, 'onRecord'> & {
  repositories: ServedRepositories;
  clock: Clock;
  progress: Progress;
  /** From 0 to below 1, so that replicas do not all do the same at once. */
  random(): number;
  /** A UUID that was never given before. */
  newId(): string;
};

/** How long it waits before it goes on after an outage, in ms; doubled each time up to the longest. */
const AGAIN_MS = { first: 5_000, longest: 300_000 };
/** The discussion of a request is put on record so long after somebody spoke, in ms. */
const TALK_MS = 30_000;

/** What the clock brings is done within so many ms, so that of several replicas the later ones see that it is done. */
const SPREAD_MS = 10_000;

/** So soon, in ms, the next step comes at the earliest, unless somebody rings. */
const SOONEST_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * What is only looked through is begun so far apart, in ms, for each organization: a thousand open requests take a quarter of an
 * hour and a tenth of GitHub's limits, which whoever decides meanwhile needs.
 */
const APART_MS = 1_000;

/** So much that follows from deeds and webhooks is done at once; less in a rush: those who press come first, and what is shown catches up. */
const AT_ONCE = 12;
const AT_ONCE_IN_A_RUSH = 3;
/** More deeds under way than this are a rush. */
const RUSH = 20;

export function newGateway(deps: GatewayDeps): Gateway {
  const { clock, progress, repositories } = deps;
  const stopping = new AbortController();
  const policiesTold = newMemory<true>(() => clock.now(), DAY_MS);
  const cares = new Map<string, { bell: Bell; tended: Tended }>();
  const holds = new Map<string, Bell>();
  const work = new Set<Promise<void>>();
  const talking = new Set<number>();
  let pressing = 0;
  const room = newRoom(() => (pressing > RUSH ? AT_ONCE_IN_A_RUSH : AT_ONCE));
  const chat = deps.chat === null ? null : withMemory(deps.chat, clock);
  const places = newPlaces({
    ...deps,
    chat,
    onRecord: async (place, issue, commentId) => look(place.served, issue, commentId),
  });

  /** Of a policy it is said once a day: each look and each webhook meets it anew. */
  const failed = (error: unknown): void => {
    const text = whyOf(error);
    const isPolicy = error instanceof Fault && error.code === 'policy';
    if (isPolicy && policiesTold.get(text) !== undefined) return;
    if (isPolicy) policiesTold.set(text, true);
    progress.warn(text);
  };

  /** Does it in the background; a failure is said. */
  const later = (doing: Promise<void>): void => {
    const done = doing.catch(failed).finally(() => work.delete(done));
    work.add(done);
  };

  const requests = newRequests({ ...deps, places, later });

  /** `heard`: the comment of which GitHub told this replica. */
  const look = (served: Served, issue: number, written: number | null, heard?: number): void => {
    const key = `${served.id}/${issue}`;
    const known = cares.get(key);
    if (heard !== undefined) known?.tended.heard.add(heard);
    known?.bell.ring(written);
    if (known !== undefined || stopping.signal.aborted) return;
    const care = { bell: newBell(), tended: newTended(heard) };
    if (written !== null) care.bell.ring(written);
    cares.set(key, care);
    later(lookAfter(served.id, issue, care).finally(() => cares.delete(key)));
  };

  const lookAfter = async (
    repository: number,
    issue: number,
    { bell, tended }: { bell: Bell; tended: Tended },
  ): Promise<void> => {
    let written: number | null = null;
    for (;;) {
      const next = await patiently(bell, () => {
        return room(() => {
          // What was written while it waited for room is shown with the rest.
          written = latestOf(written, bell.take());
          return step(repository, (place) => tend(place, issue, tended, written));
        });
      });
      written = null;
      if (bell.peek()) continue;
      if (next === null || stopping.signal.aborted) return;
      const pause = Math.max(next - clock.now(), SOONEST_MS) + deps.random() * SPREAD_MS;
      await clock.sleep(pause, bell.signal());
      if (stopping.signal.aborted) return;
    }
  };

  /** null: the app was taken out of that repository. Looked up each time, since it may be renamed or transferred. */
  const step = async <T>(repository: number, doing: (place: Place) => Promise<T>): Promise<T | null> => {
    const served = await repositories.byId(repository);
    return served === null ? null : doing(await places.of(served));
  };

  /** Waits an outage out, as long as it takes, or until somebody rings: nothing is lost meanwhile, and nothing opens. */
  const patiently = async <T>(bell: Bell | null, doing: () => Promise<T>): Promise<T | null> => {
    for (let pause = AGAIN_MS.first; ; pause = Math.min(pause * 2, AGAIN_MS.longest)) {
      try {
        return await doing();
      } catch (error) {
        if (!(error instanceof Fault) || ![...OUTAGE, 'not-written', 'not-confirmed', 'oidc'].includes(error.code))
          throw error;
        if (stopping.signal.aborted) return null;
        progress.warn(`${error.message} Trying again in ${pause / 1000} s.`);
        await clock.sleep(pause, bell?.signal() ?? stopping.signal);
        if (stopping.signal.aborted) return null;
      }
    }
  };

  /** `heard`: by a webhook. Of a job that is being judged it makes one more look when that is over; a job that was found again none. */
  const hold = async (repository: number, held: Held, heard: boolean): Promise<void> => {
    const key = `${repository} ${held.run} ${held.environment}`;
    const known = holds.get(key);
    if (known !== undefined) return heard ? known.ring(null) : undefined;
    const bell = newBell();
    holds.set(key, bell);
    let asHeard = heard;
    try {
      do {
        await patiently(null, () => {
          asHeard ||= bell.peek();
          bell.take();
          return step(repository, (place) => answerHeld(place, held, asHeard, stopping.signal));
        });
      } while (bell.peek() && !stopping.signal.aborted);
    } finally {
      holds.delete(key);
    }
  };

  /** Never rejects: a repository in which something is wrong keeps nobody from the others. */
  const lookThrough = async (served: Served): Promise<void> => {
    const openOnes = async () => {
      await slowly(await served.repository.openRequests(), (issue) => look(served, issue, null));
    };
    const heldOnes = async () => {
      await slowly(await served.gate.waiting(), (held) => later(hold(served.id, held, false)));
    };
    for (const result of await Promise.allSettled([openOnes(), heldOnes()])) {
      if (result.status === 'fulfilled') continue;
      progress.warn(`What is open in ${served.name} could not be looked through: ${whyOf(result.reason)}`);
    }
  };

  const slowly = async <T>(all: readonly T[], begin: (one: T) => void): Promise<void> => {
    for (const [index, one] of all.entries()) {
      if (index > 0) await clock.sleep(APART_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      begin(one);
    }
  };

  const gateway: Gateway = {
    async onSlack(deed) {
      const received = clock.now();
      if (deed.kind === 'debug' || deed.kind === 'form' || deed.kind === 'form-choice') return requests.take(deed);
      pressing += 1;
      try {
        const routed = await routeOf(deed, repositories, chat);
        if (routed.kind !== 'to') return routed.ack;
        const place = await places.of(routed.served);
        const ack = await place.onSlack(routed.deed, received);
        if (deed.kind === 'reply') mirrorSoon(routed.served);
        return ack;
      } catch (error) {
        progress.warn(`What somebody did in Slack was not recorded: ${whyOf(error)}`);
        return deed.kind === 'slash'
          ? { kind: 'told', text: `Nothing was recorded: ${whyOf(error)}` }
          : { kind: 'none' };
      } finally {
        pressing -= 1;
      }
    },
    onGitHub(event) {
      later(
        (async () => {
          const served = await repositories.byId(event.repository);
          if (served === null) return;
          if (event.kind === 'held') await hold(served.id, event.held, true);
          else look(served, event.issue, null, event.comment);
        })(),
      );
    },
    async repair() {
      try {
        const owners = Map.groupBy(await repositories.withOpenRequests(), ({ ownerId }) => ownerId);
        const each = async (all: Served[]): Promise<void> => {
          for (const served of all) if (!stopping.signal.aborted) await lookThrough(served);
        };
        await Promise.all([...owners.values()].map(each));
      } catch (error) {
        progress.warn(`What is open could not be looked through: ${whyOf(error)}`);
      }
    },
    open: () => cares.size,
    async stop() {
      stopping.abort();
      for (const { bell } of cares.values()) bell.wake();
      while (work.size > 0) await Promise.all(work);
      await places.settled();
    },
  };

  const mirrorSoon = (served: Served): void => {
    if (talking.has(served.id)) return;
    talking.add(served.id);
    later(
      (async () => {
        let left: 'more' | 'done' | null;
        do {
          await clock.sleep(TALK_MS, stopping.signal);
          left = await patiently(null, () => step(served.id, mirrorOnce));
        } while (left === 'more' && !stopping.signal.aborted);
      })().finally(() => talking.delete(served.id)),
    );
  };
  return gateway;
}

/** Puts on record what was said; `more`: something is left, since it did not fit or GitHub did not take it. */
async function mirrorOnce({ desk, talk, policy }: Place): Promise<'more' | 'done'> {
  if (policy.slack?.mirror !== true) talk.done(talk.elsewhere().flat());
  else await mirrorElsewhere(desk, talk, 'later');
  return talk.elsewhere().length > 0 ? 'more' : 'done';
}
