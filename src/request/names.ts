/** Names for a sentence: all of them, or so many as anybody reads and how many more there are. */
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

/** `Bo`, `Bo and Cy`, `Bo, Cy, and Di`: what `Intl.ListFormat` says, which takes 10 ms of every job to load. */
export function listed(words: readonly string[]): string {
  if (words.length < 3) return words.join(' and ');
  return `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`;
}
