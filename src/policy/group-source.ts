/** Which groups come from a directory, and what people call it. */
import { lookup } from './lookup.ts';
import type { GroupSource } from './people-schema.ts';
import type { Policy } from './schema.ts';

/** The directory's group for people: `the GitHub team acme/sre`; null: the policy lists the members itself. */
export function sourceText(source: GroupSource): string | null {
  switch (source.kind) {
    case 'github-team':
      return `the GitHub team ${source.team}`;
    case 'slack-group':
      return `the Slack user group ${source.id}`;
    case 'listed':
      return null;
  }
}

/** Those of these groups and people that are groups from a directory, each once. */
export function directoryGroups(policy: Policy, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => (lookup(policy.groups, name)?.source.kind ?? 'listed') !== 'listed');
}
