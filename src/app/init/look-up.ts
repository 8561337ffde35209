/** What GitHub and Slack know of the people, the repository and its environments, for `init`. */
import * as v from 'valibot';
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { FIRST_GROUPS } from '../../policy/compose.ts';
import { Person } from '../../policy/schema.ts';
import { Key } from '../../policy/schema-parts.ts';
import { humanAccount } from '../add-person.ts';
import { Fault } from '../fault.ts';
import { findMember } from '../find-member.ts';
import type { AccountFacts, Directory, EnvironmentFacts, MemberFacts } from '../ports.ts';
import type { Wishes } from './wishes.ts';

export interface LookUp {
  /** null: nobody has that login. */
  account(login: string): Promise<AccountFacts | null>;
  /** null: GitHub shows no such repository to this token. */
  repository(name: string): Promise<{ public: boolean; defaultBranch: string } | null>;
  environment(repository: string, name: string, branch: string): Promise<EnvironmentFacts | null>;
  /** Called only where somebody or something is to be looked up in Slack. */
  directory(): Directory;
  /** The id of a channel by its name. */
  channel(name: string): Promise<string>;
}

/** An environment as init found it; `unknown`: it could not be read. */
export type EnvironmentState = EnvironmentFacts | 'none' | 'unknown';

export interface Known {
  /** By key, in the order in which they were given. */
  people: Record<string, Person>;
  /** Keys by small login. */
  keys: Map<string, string>;
  channel: string | null;
  /** null: GitHub shows no such repository. */
  repository: { public: boolean; defaultBranch: string } | null;
  /** By name. */
  environments: Record<string, EnvironmentState>;
}

/** Looks everything up at once. Throws one Fault that names all who are not to be had; what the wishes lack is not judged. */
export async function lookUp(deps: LookUp, wishes: Wishes, repository: string, branch: string): Promise<Known> {
  const slack = onlyOnce(deps.directory);
  const asked = wishes.people.map((one) => resolve(deps, slack, one));
  const [askedChannel, askedHere] = [channelOf(deps, wishes.channel), deps.repository(repository)];
  await allOrOneFault([...asked.flatMap(({ account, member }) => [account, member]), askedChannel, askedHere]);
  const people = await Promise.all(asked.map(settled));
  const [channel, here] = await Promise.all([askedChannel, askedHere]);
  const keys = keysFor(people.map(({ account }) => account.login));
  const names = [...new Set([APPROVAL_ENVIRONMENT, ...Object.values(wishes.targets)])];
  const environments = here === null ? [] : await environmentsOf(deps, repository, names, here.defaultBranch || branch);
  return {
    people: Object.fromEntries(people.map((one, index) => [keys[index] ?? '', personOf(one)])),
    keys: new Map(wishes.people.map(({ login }, index) => [login.toLowerCase(), keys[index] ?? ''])),
    channel,
    repository: here,
    environments: Object.fromEntries(environments),
  };
}

interface Resolved {
  account: AccountFacts;
  slack: { team: string; user: string } | null;
  /** null where the ids were given. */
  member: MemberFacts | null;
}

interface Asked {
  account: Promise<AccountFacts>;
  member: Promise<MemberFacts | null>;
  ids: Resolved['slack'];
}

function resolve(deps: LookUp, slack: () => Directory, { login, slack: name }: Wishes['people'][number]): Asked {
  const find = async (words: string): Promise<MemberFacts> => findMember(slack(), words);
  return {
    account: humanAccount(deps, login),
    member: name?.kind === 'words' ? find(name.words) : Promise.resolve(null),
    ids: name?.kind === 'ids' ? { team: name.team, user: name.user } : null,
  };
}

async function settled({ account, member, ids }: Asked): Promise<Resolved> {
  const found = await member;
  const slack = found === null ? ids : { team: found.team, user: found.id };
  return { account: await account, slack, member: found };
}

/** Waits for all of them. Throws one Fault with the words of every Fault. */
async function allOrOneFault(asked: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(asked);
  const failed = ends.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  const [first, ...more] = failed;
  if (first === undefined) return;
  const faults = failed.filter((one) => one instanceof Fault);
  // The same trouble, such as no connection, is told once.
  const words = new Set(faults.map(({ message, remedy }) => `${message}\n${remedy}`));
  if (more.length === 0 || words.size === 1 || faults.length < failed.length || !(first instanceof Fault)) throw first;
  const lines = [...new Set(faults.flatMap(({ message }) => message))];
  throw new Fault(first.code, lines.join('\n'), [...new Set(faults.map(({ remedy }) => remedy))].join(' '), {
    cause: first,
  });
}

async function channelOf({ channel }: LookUp, wish: Wishes['channel']): Promise<string | null> {
  if (wish?.kind === 'name') return channel(wish.name);
  return wish?.kind === 'id' ? wish.id : null;
}

/** An environment that cannot be read stops nothing: `doctor` looks again. */
function environmentsOf(
  { environment }: LookUp,
  repository: string,
  names: readonly string[],
  branch: string,
): Promise<[string, EnvironmentState][]> {
  return Promise.all(
    names.map(async (name): Promise<[string, EnvironmentState]> => {
      try {
        return [name, (await environment(repository, name, branch)) ?? 'none'];
      } catch (error) {
        if (error instanceof Fault) return [name, 'unknown'];
        throw error;
      }
    }),
  );
}

/** A directory that asks Slack for the workspace and for its members once, however many are looked up. */
function onlyOnce(open: () => Directory): () => Directory {
  let made: Directory | null = null;
  return () => {
    if (made !== null) return made;
    const directory = open();
    let team: Promise<string> | null = null;
    let everyone: Promise<MemberFacts[]> | null = null;
    made = {
      team: () => {
        team ??= directory.team();
        return team;
      },
      member: (id) => directory.member(id),
      everybody: () => {
        everyone ??= directory.everybody();
        return everyone;
      },
    };
    return made;
  };
}

/** The name of the GitHub profile or of Slack's, where it is a plain one. */
function personOf({ account, slack, member }: Resolved): Person {
  const candidates = [account.name?.trim(), member?.realName.trim(), account.login];
  const name = candidates.find((one) => v.is(Person.entries.name, one)) ?? `Account ${account.id}`;
  return { name, github: { id: account.id, login: account.login }, ...(slack === null ? {} : { slack }) };
}

/** A key for each login, no two the same and none of them a group's. */
export function keysFor(logins: readonly string[]): string[] {
  const keys: string[] = [];
  for (const login of logins) {
    const small = login.toLowerCase().replaceAll('_', '-').slice(0, 55);
    const base = v.is(Key, small) ? small : `p-${small}`;
    const taken = [...keys, ...Object.values(FIRST_GROUPS)];
    let key = base;
    for (let number = 2; taken.includes(key); number += 1) key = `${base}-${number}`;
    keys.push(key);
  }
  return keys;
}
