/** The gateway's working places: one desk for each repository, made at first need and anew every minute, since the policy may change. */
import type { GatewayKeyPair } from '../../log/gateway-token.ts';
import { gatewayToken } from '../../log/gateway-token.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyOf } from '../allowed.ts';
import { type Desk, openDesk } from '../desk.ts';
import { Fault } from '../fault.ts';
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
  /** `<run> <environment>` of held jobs of which GitHub was told what they wait for. */
  said: Set<string>;
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

/** So long a place is used, in ms: then its policy and the keys that it trusts are read anew. */
const FRESH_MS = 60_000;

export interface Places {
  /** Throws a Fault where the repository has no policy, or one that names no gateway or another one. */
  of(served: Served): Promise<Place>;
  settled(): Promise<void>;
}

export function newPlaces(deps: PlaceDeps): Places {
  const kept = new Map<number, { at: number; place: Promise<Place> }>();
  const inUse = new Set<Place>();
  const open = async (served: Served): Promise<Place> => {
    const place = await openPlace(deps, served);
    inUse.add(place);
    return place;
  };
  return {
    of(served) {
      const found = kept.get(served.id);
      if (found !== undefined && deps.clock.now() - found.at < FRESH_MS) return found.place;
      const place = open(served);
      kept.set(served.id, { at: deps.clock.now(), place });
      // What could not be opened is tried again at the next need.
      place.catch(() => kept.delete(served.id));
      found?.place.then((before) => before.settled().then(() => inUse.delete(before))).catch(() => undefined);
      return place;
    },
    async settled() {
      await Promise.all([...inUse].map((place) => place.settled()));
    },
  };
}

async function openPlace(deps: PlaceDeps, served: Served): Promise<Place> {
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
  const place: Place = { served, desk, facts, policy, talk, said: new Set(), ...heard };
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
