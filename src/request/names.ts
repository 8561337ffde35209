/** Names of people for a sentence: so many as anybody reads, and how many more there are. */
import { namesOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';

/** With names of at most 60 characters this stays far below the 2,000 of a record's sentence. */
const MOST = 12;

/** `one of Bo, Cy, Di`; whoever is alone by name; empty for nobody. */
export function oneOfNames(policy: Policy, persons: readonly string[]): string {
  return `${persons.length > 1 ? 'one of ' : ''}${someNames(policy, persons)}`;
}

/** `Bo, Cy, Di`; of many the first twelve and `and 30 more`; empty for nobody. */
export function someNames(policy: Policy, persons: readonly string[]): string {
  const names = namesOf(policy, persons.slice(0, MOST));
  return persons.length <= MOST ? names : `${names} and ${persons.length - MOST} more`;
}
