/** Finds the humans of a policy: by their accounts, by their groups, and the names people read. */
import { lookup } from './lookup.ts';
import type { Group, Person } from './schema.ts';

/** The part of a policy that says who there is. */
export interface People {
  people: Record<string, Person>;
  groups: Record<string, Group>;
}

/** The key of the person with this GitHub account id; null: nobody has it. Logins never decide. */
export function findByGithub(policy: People, id: number): string | null {
  return keyWhere(policy, (person) => person.github.id === id);
}

/** The key of the person with this Slack account (workspace and member id); null: nobody has it. */
export function findBySlack(policy: People, account: { team: string; user: string }): string | null {
  return keyWhere(policy, ({ slack }) => slack?.team === account.team && slack.user === account.user);
}

function keyWhere(policy: People, matches: (person: Person) => boolean): string | null {
  return Object.entries(policy.people).find(([, person]) => matches(person))?.[0] ?? null;
}

/** The name that people read; the key itself where the policy no longer has the person. */
export function nameOf(policy: People, key: string): string {
  return lookup(policy.people, key)?.name ?? key;
}

/** The names of several people as a list for a sentence: `Bo, Cy`. */
export function namesOf(policy: People, keys: readonly string[]): string {
  return keys.map((key) => nameOf(policy, key)).join(', ');
}

/** The people meant by a group, a person or a list of them: each once, in the policy's order. Unknown names mean nobody. */
export function expandMembers(policy: People, of: string | readonly string[]): string[] {
  const names = typeof of === 'string' ? [of] : of;
  const wanted = new Set(names.flatMap((name) => lookup(policy.groups, name)?.members ?? [name]));
  return Object.keys(policy.people).filter((key) => wanted.has(key));
}

/** Whether a person of the policy is meant by these groups and people. */
export function isAmong(policy: People, of: readonly string[], person: string): boolean {
  if (!Object.hasOwn(policy.people, person)) return false;
  return of.some((name) => lookup(policy.groups, name)?.members.includes(person) ?? name === person);
}
