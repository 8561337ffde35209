/** The gateway's working places: one desk for each repository, made at first need and anew each minute, since the policy may change. */
import type { GatewayKeyPair } from '../../log/gateway-token.ts';
import { gatewayToken } from '../../log/gateway-token.ts';
import type { VerifiedTokens } from '../../log/verified-tokens.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyOf } from '../allowed.ts';
import { type Desk, openDesk } from '../desk.ts';
import { Fault, OUTAGE } from '../fault.ts';
import { type Memory, newMemory } from '../memory.ts';
import type {
  Chat,
  Clock,
  Progress,
  RepositoryFacts,
  Signer,
  SlackAck,
  SlackDeed,
  SlackPeople,
  Teams,
  TrustSource,
} from '../ports.ts';
import { hearDeeds } from '../presses.ts';
import { nothingKnown } from '../reading.ts';
import type { DrawIssue } from '../show.ts';
import { newTalk, type Talk } from '../talk.ts';
import type { Served } from './ports.ts';

/** Where the gateway works on one repository's requests. */
export interface Place {
  served: Served;
  desk: Desk;
  facts: RepositoryFacts;
  policy: Policy;
  talk: Talk;
  /** `received`: when the deed came, ms since 1970. */
  onSlack(deed: SlackDeed, received: number): Promise<SlackAck>;
  /** Awaits what follows from deeds that were answered. */
  settled(): Promise<void>;
  /** Of which held jobs GitHub was told what they wait for, by run and environment. */
  said: Memory<true>;
  /** What waits, but not for this gateway, by run, attempt and environment. */
  notOurs: Memory<true>;
}

export interface PlaceDeps {
  /** The id of the GitHub App that the gateway runs as. */
  app: number;
  key: GatewayKeyPair;
  trust: TrustSource;
  /** The memory that `trust` gives along. */
  verified?: VerifiedTokens;
  chat: Chat | null;
  slackPeople: SlackPeople | null;
  teams(served: Served): Teams | null;
  clock: Clock;
  progress: Progress;
  draw: DrawIssue;
  policyPath: string;
  context: { serverUrl: string; version: string; apiIsLoopback: boolean; secrets: readonly string[] };
  /** A record of a request was written, by a deed in Slack; null: that is likely, but GitHub's answer got lost. */
  onRecord(place: Place, issue: number, commentId: number | null): Promise<void>;
  /** Why nothing that is signed now would count: the clock here is wrong. null: it is right. */
  clockFault(): Fault | null;
}

/** After so long, in ms, a place's policy and the keys that it trusts are read anew, while those who wait go on with what is there. */
const FRESH_MS = 60_000;
/** So old it is of no use to anybody. */
const STALE_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Places {
  /** Throws a Fault where the repository has no policy, or one that names no gateway or another one, or the clock is wrong. */
  of(served: Served): Promise<Place>;
  settled(): Promise<void>;
}

interface Kept {
  /** The repository's name: whatever has another is opened anew. */
  name: string;
  /** When its policy was read. */
  readAt: number;
  /** When that was tried last. */
  triedAt: number;
  place: Promise<Place>;
}

/** What a repository's places have in common, one after the other. */
type Lasting = Pick<Place, 'talk'> & Pick<Desk, 'uncounted'>;

export function newPlaces(deps: PlaceDeps): Places {
  const kept = new Map<number, Kept>();
  const lasting = new Map<number, Lasting>();
  const inUse = new Set<Place>();
  const memory = (ms: number) => newMemory<true>(() => deps.clock.now(), ms, 10_000);
  // The latter for an hour alone: another job of the same attempt may wait in that environment later.
  const jobs = { said: memory(DAY_MS), notOurs: memory(HOUR_MS) };
  const open = async (served: Served): Promise<Place> => {
    const lasts = lasting.get(served.id) ?? { talk: newTalk(), uncounted: new Map() };
    lasting.set(served.id, lasts);
    const place = await openPlace(deps, served, { ...lasts, ...jobs });
    inUse.add(place);
    return place;
  };
  const retire = (old: Kept | undefined): void => {
    old?.place.then(
      (place) => place.settled().then(() => inUse.delete(place)),
      // It never opened; whoever waited for it was told why.
      () => undefined,
    );
  };
  const dropUnused = (now: number): void => {
    for (const [id, one] of kept) {
      if (now - one.triedAt < STALE_MS) continue;
      kept.delete(id);
      retire(one);
    }
  };
  return {
    async of(served) {
      refuseWrongClock(deps);
      const now = deps.clock.now();
      const found = kept.get(served.id);
      const before = found !== undefined && found.name === served.name && now - found.readAt < STALE_MS ? found : null;
      if (before !== null && now - before.triedAt < FRESH_MS) return before.place;
      dropUnused(now);
      const place = open(served);
      const fresh: Kept = { name: served.name, readAt: now, triedAt: now, place };
      const next = before === null ? fresh : { ...before, triedAt: now };
      kept.set(served.id, next);
      place.then(
        () => {
          kept.set(served.id, fresh);
          retire(found);
        },
        (error: unknown) => {
          // An outage leaves what was read last; whatever else it is counts from now on, and whoever comes next is told.
          const isOutage = error instanceof Fault && OUTAGE.includes(error.code);
          if (isOutage && kept.get(served.id)?.place !== place) return;
          kept.delete(served.id);
          retire(found);
        },
      );
      return next.place;
    },
    async settled() {
      await Promise.all([...inUse].map((place) => place.settled()));
    },
  };
}

async function openPlace(
  deps: PlaceDeps,
  served: Served,
  { talk, uncounted, ...jobs }: Lasting & Pick<Place, 'said' | 'notOurs'>,
): Promise<Place> {
  const { chat, slackPeople, clock, progress, draw, trust, key, context } = deps;
  const { repository } = served;
  const facts = await repository.facts({ policyPath: deps.policyPath });
  refuseAnother(served, facts);
  const { policy, file } = policyOf(facts, deps.policyPath, context.apiIsLoopback);
  refuseUnlessOurs(deps, policy, facts);
  const signer: Signer = {
    async sign(hash) {
      // GitHub's answers have told the time since the work on this record began.
      refuseWrongClock(deps);
      return gatewayToken(key, facts, hash, clock.now(), deps.verified);
    },
  };
  const desk = await openDesk({
    deps: { repository, signer, clock, progress, draw, trust },
    ...{ facts, writer: { gateway: key.name }, policy, file, context, chat, slackPeople, teams: deps.teams(served) },
  });
  desk.uncounted = uncounted;
  desk.known = nothingKnown();
  const heard = hearDeeds(desk, {
    own: () => null,
    talk,
    onRecord: (issue, commentId, recorded) => (recorded ? deps.onRecord(place, issue, commentId) : undefined),
    onDoubt: (issue) => deps.onRecord(place, issue, null),
  });
  const place: Place = { served, desk, facts, policy, talk, ...jobs, ...heard };
  return place;
}

/** What is due, too late and still good is told by the same clock: while it is wrong nothing is done at all. */
function refuseWrongClock({ clockFault }: PlaceDeps): void {
  const fault = clockFault();
  if (fault !== null) throw fault;
}

/** A name that was given up can be another repository's the next minute. */
function refuseAnother({ id, name }: Served, facts: RepositoryFacts): void {
  if (facts.id === id) return;
  const what = `${name} is another repository now (${facts.id}, not ${id}).`;
  throw new Fault('unavailable', what, 'The gateway asks GitHub for its new name within minutes.');
}

/** What this gateway signs counts nowhere else. */
function refuseUnlessOurs({ app, key, policyPath }: PlaceDeps, policy: Policy, { name }: RepositoryFacts): void {
  const known = policy.signers.gateway?.some((one) => one.name === key.name && one.until === undefined) === true;
  if (policy.gateway?.app === app && known) return;
  const what =
    policy.gateway === null
      ? 'names no gateway'
      : policy.gateway.app === app
        ? `lists no key ${key.name} in use`
        : `names the app ${policy.gateway.app}, and this gateway is ${app}`;
  throw new Fault(
    'policy',
    `The policy of ${name} ${what}: nobody would believe what this gateway records there.`,
    `Write gateway.app and signers.gateway into ${policyPath} on the default branch, or take the app out of that repository.`,
  );
}
