/** A policy as it stood when a request was opened: with the members that its directories named then. */
import { findBySlack } from './people.ts';
import type { Policy } from './schema.ts';

/** What the directories said at request time, as the opening record holds it. */
export interface Snapshot {
  /** Persons by the key of a group that comes from a directory. A group that is not here has nobody. */
  members: Readonly<Record<string, readonly string[]>>;
  /** Slack accounts found by verified e-mail, by person. */
  links: Readonly<Record<string, { team: string; user: string }>>;
}

/** The policy with the snapshot's members and links filled in. Idempotent; the policy itself where nothing differs. */
export function policyAsOf(policy: Policy, { members, links }: Snapshot): Policy {
  const outside = Object.entries(policy.groups).filter(([, { source }]) => source.kind !== 'listed');
  const linked = Object.entries(links).filter(([person]) => Object.hasOwn(policy.people, person));
  if (outside.length === 0 && linked.length === 0) return policy;
  const groups = { ...policy.groups };
  for (const [key, group] of outside) {
    groups[key] = { ...group, members: Object.hasOwn(members, key) ? [...(members[key] ?? [])] : [] };
  }
  const people = { ...policy.people };
  for (const [person, slack] of linked) {
    const before = policy.people[person];
    if (!policy.linkByEmail || before === undefined || before.slack !== undefined) continue;
    // An account that is anybody else's, or linked twice, is nobody's: one account, one human.
    const others = linked.filter(([other, account]) => other !== person && sameAccount(account, slack));
    if (others.length === 0 && findBySlack(policy, slack) === null) people[person] = { ...before, slack };
  }
  return { ...policy, groups, people };
}

function sameAccount(one: { team: string; user: string }, other: { team: string; user: string }): boolean {
  return one.team === other.team && one.user === other.user;
}
