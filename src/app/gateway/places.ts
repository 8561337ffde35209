/** The gateway's working places: one desk for each repository, made at first need and anew each minute, since the policy may change. */
import type { GatewayKeyPair } from '../../log/gateway-token.ts';
import { gatewayToken } from '../../log/gateway-token.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyOf } from '../allowed.ts';
import { type Desk, openDesk } from '../desk.ts';
import { Fault } from '../fault.ts';
import { type Memory, newMemory } from '../memory.ts';
import type { Chat, Clock, OnSlack, Progress, RepositoryFacts, SlackPeople, Teams, TrustSource } from '../ports.ts';
import { hearDeeds } from '../presses.ts';
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
  onSlack: OnSlack;
  /** Awaits what follows from deeds that were answered. */
  settled(): Promise<void>;
  /** Of which held jobs GitHub was told what they wait for, by run and environment. */
  said: Memory<true>;
}

export interface PlaceDeps {
  /** The id of the GitHub App that the gateway runs as. */
  app: number;
  key: GatewayKeyPair;
  trust: TrustSource;
  chat: Chat | null;
  slackPeople: SlackPeople | null;
  teams(served: Served): Teams | null;
  clock: Clock;
  progress: Progress;
  draw: DrawIssue;
  policyPath: string;
  context: { serverUrl: string; version: string; apiIsLoopback: boolean; secrets: readonly string[] };
  /** A record of a request was written, by a deed in Slack. */
  onRecord(place: Place, issue: number, commentId: number): Promise<void>;
}

/** After so long, in ms, a place's policy and the keys that it trusts are read anew, while those who wait go on with what is there. */
const FRESH_MS = 60_000;
/** So old it is of no use to anybody. */
const STALE_MS = 300_000;
const DAY_MS = 86_400_000;

export interface Places {
  /** Throws a Fault where the repository has no policy, or one that names no gateway or another one. */
  of(served: Served): Promise<Place>;
  settled(): Promise<void>;
}

export function newPlaces(deps: PlaceDeps): Places {
  const kept = new Map<number, { at: number; place: Promise<Place> }>();
  const inUse = new Set<Place>();
  const said = newMemory<true>(() => deps.clock.now(), DAY_MS, 10_000);
  const open = async (served: Served): Promise<Place> => {
    const place = await openPlace(deps, served, said);
    inUse.add(place);
    return place;
  };
  return {
    of(served) {
      const found = kept.get(served.id);
      const age = found === undefined ? STALE_MS : deps.clock.now() - found.at;
      if (found !== undefined && age < FRESH_MS) return found.place;
      const place = open(served);
      const next = { at: deps.clock.now(), place: age < STALE_MS && found !== undefined ? found.place : place };
      kept.set(served.id, next);
      place.then(
        (opened) => {
          next.place = Promise.resolve(opened);
          return found?.place.then((before) => before.settled().then(() => inUse.delete(before)));
        },
        // What could not be opened is tried again at the next need; who waits for it is told why.
        () => kept.delete(served.id),
      );
      return next.place;
    },
    async settled() {
      await Promise.all([...inUse].map((place) => place.settled()));
    },
  };
}

async function openPlace(deps: PlaceDeps, served: Served, said: Memory<true>): Promise<Place> {
  const { chat, slackPeople, clock, progress, draw, trust, key, context } = deps;
  const { repository } = served;
  const facts = await repository.facts({ policyPath: deps.policyPath });
  const { policy, file } = policyOf(facts, deps.policyPath, context.apiIsLoopback);
  refuseUnlessOurs(deps, policy, facts);
  const signer = { sign: (hash: string) => gatewayToken(key, facts, hash, clock.now()) };
  const desk = await openDesk({
    deps: { repository, signer, clock, progress, draw, trust },
    ...{ facts, writer: { gateway: key.name }, policy, file, context, chat, slackPeople, teams: deps.teams(served) },
  });
  const talk = newTalk();
  const heard = hearDeeds(desk, {
    own: () => null,
    talk,
    onRecord: (issue, commentId, recorded) => (recorded ? deps.onRecord(place, issue, commentId) : undefined),
  });
  const place: Place = { served, desk, facts, policy, talk, said, ...heard };
  return place;
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
