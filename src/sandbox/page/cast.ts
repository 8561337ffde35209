/** The people of the sandbox as the page shows them: their accounts, and what the policy says of them. */
import { lookup } from '../../policy/lookup.ts';
import { findByGithub } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { PEOPLE, type PersonKey } from '../town.ts';
import type { ScenePerson } from './scene.ts';

export const KEYS = ['ana', 'bo', 'cy', 'di', 'ed'] as const satisfies readonly PersonKey[];

/** Everybody, with the groups in which the policy has them; whoever the policy does not know is in none. */
export function castOf(policy: Policy): ScenePerson[] {
  return KEYS.map((key) => {
    const { id, name, login, slack } = PEOPLE[key];
    const known = findByGithub(policy, id);
    const groups = Object.entries(policy.groups).filter(([, { members }]) => known !== null && members.includes(known));
    const linked = known === null ? null : lookup(policy.people, known);
    const slackLinked = linked?.slack?.user === slack;
    return { key, name, login, slack, groups: groups.map(([group]) => group), slackLinked };
  });
}

/** The person of the sandbox with this key; null: nobody has it. */
export function personKey(key: string): PersonKey | null {
  return KEYS.find((known) => known === key) ?? null;
}

/** The key of the person with this Slack user id or GitHub login; null: nobody of the sandbox. */
export function keyOf(account: string): PersonKey | null {
  return KEYS.find((key) => PEOPLE[key].slack === account || PEOPLE[key].login === account) ?? null;
}
