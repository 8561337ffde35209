/** A policy that is there already: `init` never writes another in its place, and makes the workflows of what it says. */
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import type { Policy } from '../../policy/schema.ts';
import { Fault } from '../fault.ts';
import { PLACES } from './plan.ts';
import type { Flags, Wishes } from './wishes.ts';

/** The policy as it stands in the folder. */
export interface KeptPolicy {
  text: string;
  policy: Policy;
}

/** Reads it. Throws a Fault `refused` with every mistake in it. */
export function keepPolicy(text: string, apiIsLoopback: boolean): KeptPolicy {
  const loaded = loadPolicy(text, { apiIsLoopback });
  if (loaded.ok) return { text, policy: loaded.policy };
  throw new Fault(
    'refused',
    `A policy is there already and has mistakes; nothing was written.\n${formatProblems(PLACES.policy, loaded.problems)}`,
    'Mend it (debug-approval policy check finds the same), or move it away: then init writes a new one.',
  );
}

/** What is wished where a policy says it already: what it says, whatever the flags are. */
export function wishesOf(wishes: Wishes, { policy }: KeptPolicy): Wishes {
  const targets = Object.entries(policy.targets).map(([key, { environment }]) => [key, environment]);
  return {
    ...wishes,
    ...{ people: [], approvers: [], requesters: [], targets: Object.fromEntries(targets) },
    channel: policy.slack === undefined ? { kind: 'none' } : { kind: 'id', id: policy.slack.channel },
    ...{ adminBypass: policy.adminBypass, public: policy.public, issuer: null },
  };
}

/** The flags that a policy is made of: where one is kept they change nothing. */
const OF_POLICY = {
  ...{ person: '--person', approver: '--approver', requester: '--requester', target: '--target' },
  ...{ slack: '--no-slack', slackChannel: '--slack-channel', expiry: '--expiry', window: '--window' },
  ...{ adminBypass: '--admin-bypass', public: '--public', issuer: '--issuer' },
} as const satisfies Partial<Record<keyof Flags, string>>;

/** That it was kept, and which flags have changed nothing therefore. */
export function keptNote(flags: Flags): string {
  const entries = Object.entries(OF_POLICY);
  // `slack` is true where neither flag was given.
  const given = Object.entries(flags).flatMap(([key, value]) =>
    value === undefined || (key === 'slack' && value !== false) ? [] : [key],
  );
  const idle = entries.filter(([key]) => given.includes(key)).map(([, flag]) => flag);
  const kept = `${PLACES.policy} is there already and is kept as it is: the workflows follow it.`;
  return idle.length === 0 ? kept : `${kept} ${idle.join(', ')} changed nothing: change the policy itself.`;
}
