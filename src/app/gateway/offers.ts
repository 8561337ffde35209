/** Where a Slack account may ask: the repositories whose policy names it, with who is in their groups now. */
import { directoryGroups } from '../../policy/group-source.ts';
import { findBySlack } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyAsOf } from '../../policy/snapshot.ts';
import { resolveGroups } from '../directory.ts';
import { Fault, OUTAGE, whyOf } from '../fault.ts';
import type { Clock, SlackPeople } from '../ports.ts';
import type { Place, Places } from './places.ts';
import type { Served, ServedRepositories } from './ports.ts';
import { type Offer, offered } from './request-form.ts';

/** A repository in which somebody may ask for something. */
export interface Offered {
  kind: 'offered';
  offer: Offer;
  place: Place;
}

export type Refused = { kind: 'refused'; why: string };
type Account = { team: string; user: string };

/** What it takes to look. */
export interface Looking {
  repositories: ServedRepositories;
  places: Places;
  clock: Clock;
  slackPeople: SlackPeople | null;
}

/** So many repositories are looked through for one whose policy names somebody. */
const MOST_LOOKED = 20;

/** null: the gateway looks after no such repository. */
export function servedNamed(repositories: ServedRepositories, name: string): Promise<Served | null> {
  return repositories.byName(name);
}

/** What somebody may ask in this repository. Throws a Fault where its policy, or Slack, could not be read. */
export async function offerIn(deps: Looking, served: Served | null, slack: Account): Promise<Offered | Refused> {
  if (served === null)
    return refused('This gateway looks after no such repository, so nothing was asked. Check its name: owner/name.');
  return (await barredFrom(deps, slack)) ?? offer(deps, served, slack);
}

async function barredFrom({ slackPeople }: Looking, slack: Account): Promise<Refused | null> {
  const why = (await slackPeople?.barred(slack)) ?? null;
  return why === null ? null : refused(`Nothing was asked: ${why}`);
}

async function offer(deps: Looking, served: Served, slack: Account): Promise<Offered | Refused> {
  const place = await deps.places.of(served);
  const person = findBySlack(place.policy, slack);
  if (person === null) return refused(stranger(served.name, slack));
  const policy = await asOfNow(place, person);
  const may: Offer = { repository: { id: served.id, name: served.name }, policy, person };
  if (offered(may).length > 0) return { kind: 'offered', offer: may, place };
  return refused(
    `The policy of ${served.name} lets you ask for nothing: see \`requesters\` there. If you are in one of these groups by a directory, it may not have answered.`,
  );
}

/** The repositories in which somebody may ask for something. Those whose policy cannot be read are left out. */
export async function offersOf(deps: Looking, slack: Account): Promise<{ kind: 'offers'; all: Offered[] } | Refused> {
  const served = await deps.repositories.all();
  if (served.length > MOST_LOOKED) {
    return refused(
      `This gateway looks after ${served.length} repositories. Name the one that you mean: /debug owner/name.`,
    );
  }
  const barred = await barredFrom(deps, slack);
  if (barred !== null) return barred;
  const looks = await Promise.all(served.map((one) => offerOrWhy(deps, one, slack)));
  const all = looks.filter((one) => one.kind === 'offered');
  const [first, ...others] = looks;
  if (all.length > 0) return { kind: 'offers', all };
  if (first?.kind === 'refused' && others.length === 0) return first;
  return refused(stranger('any repository here', slack));
}

async function offerOrWhy(deps: Looking, served: Served, slack: Account): Promise<Offered | Refused> {
  try {
    return await offer(deps, served, slack);
  } catch (error) {
    if (!(error instanceof Fault) || OUTAGE.includes(error.code)) throw error;
    return refused(`${served.name}: ${whyOf(error)}`);
  }
}

/** Says so in words that show which account is meant. */
export function stranger(where: string, { team, user }: Account): string {
  return `The policy of ${where} names no person with your Slack account (${user} of ${team}), so you can ask for nothing in Slack. Whoever keeps it adds \`slack: { team: ${team}, user: ${user} }\` to your entry under \`people\`.`;
}

/** The policy with whom its directories name among those who may ask. A group that could not be read has nobody. */
async function asOfNow({ policy, desk }: Place, person: string): Promise<Policy> {
  const named = [
    ...policy.requesters,
    ...Object.values(policy.runbooks).flatMap(({ requesters = [] }) => requesters),
    ...Object.values(policy.targets).flatMap(({ requesters = [] }) => requesters),
  ];
  const deciding = directoryGroups(policy, named);
  if (deciding.length === 0) return policy;
  const { teams, slackPeople } = desk;
  return policyAsOf(policy, await resolveGroups({ teams, slackPeople }, policy, { deciding, others: [] }, [person]));
}

function refused(why: string): Refused {
  return { kind: 'refused', why };
}
