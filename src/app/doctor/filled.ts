/** The policy with its groups filled from the directories, as far as these could be looked up from here. */
import { directoryGroups } from '../../policy/group-source.ts';
import type { GroupSource, Policy } from '../../policy/schema.ts';
import { policyAsOf, type Snapshot } from '../../policy/snapshot.ts';

/** A policy as a request would find it now. Of a group in `unseen` nobody is known. */
export interface Filled {
  policy: Policy;
  /** The groups that could not be looked up. */
  unseen: readonly string[];
}

/** Fills in what was found; a group without members in `found` could not be looked up. */
export function filled(policy: Policy, found: Snapshot): Filled {
  const outside = directoryGroups(policy, Object.keys(policy.groups));
  return { policy: policyAsOf(policy, found), unseen: outside.filter((group) => !Object.hasOwn(found.members, group)) };
}

/** The same as if everybody were in each group that could not be looked up. */
export function atBest({ policy, unseen }: Filled): Policy {
  const everybody = Object.keys(policy.people);
  const groups = { ...policy.groups };
  for (const key of unseen) {
    const group = groups[key];
    if (group !== undefined) groups[key] = { ...group, members: everybody };
  }
  return { ...policy, groups };
}

/** The groups that are taken from such a directory. */
export const groupsFrom = ({ groups }: Policy, kind: GroupSource['kind']): string[] =>
  Object.entries(groups).flatMap(([key, { source }]) => (source.kind === kind ? [key] : []));
