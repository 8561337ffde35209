/** Takes people out of the groups from a directory that they have left since the request was opened. */
import type { Policy } from '../policy/schema.ts';

/** `left` are keys of groups. */
export interface Leaver {
  person: string;
  left: readonly string[];
}

/** The policy (as of the opening) without these people in the groups that they left. */
export function withoutLeft(policy: Policy, leavers: readonly Leaver[]): Policy {
  const groups = { ...policy.groups };
  for (const { person, left } of leavers) {
    for (const key of left) {
      const group = Object.hasOwn(groups, key) ? groups[key] : undefined;
      if (group !== undefined) groups[key] = { ...group, members: group.members.filter((member) => member !== person) };
    }
  }
  return { ...policy, groups };
}
