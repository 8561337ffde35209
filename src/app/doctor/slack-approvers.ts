/** The finding on approvers who are not in the channel: whether they are needed, and what they miss. */
import { eligibleApprovers, evaluate } from '../../policy/evaluate.ts';
import { expandMembers, nameOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import type { BotFacts, ChannelFacts, SlackAnswer } from './slack-inspector.ts';
import { aboutSlack, named, reasonOf, toSee } from './slack-words.ts';

const ID = 'slack.channel.approvers';

interface Scene {
  policy: Policy;
  bot: BotFacts;
  /** Keys of people whose Slack link has a finding of its own. */
  unfit: ReadonlySet<string>;
  channel: ChannelFacts;
  members: SlackAnswer<{ ids: string[]; whole: boolean }>;
}

/** Whether whoever may approve in Slack is where they are asked. */
export function approversFinding(scene: Scene): Finding {
  const { policy, members, channel } = scene;
  if (!members.ok) {
    const what = `Whether the approvers are in #${channel.name} could not be looked at: ${reasonOf(members.failure)}.`;
    return aboutSlack(ID, 'unknown', what, toSee(members.failure, ['channels:read', 'groups:read']));
  }
  const linked = approversIn(policy).filter((key) => policy.people[key]?.slack !== undefined);
  const inside = new Set(members.value.ids);
  // Whose account is not sound is told so already; being in the channel would not help.
  const asked = linked.filter((key) => !scene.unfit.has(key));
  const absent = asked.filter((key) => !inside.has(policy.people[key]?.slack?.user ?? ''));
  const names = named(absent.map((key) => nameOf(policy, key)));
  if (absent.length === 0) return everybody(linked.length, channel);
  if (!members.value.whole) {
    const what = `Whether ${names} can see #${channel.name} is not known: it has more members than were read.`;
    return aboutSlack(ID, 'unknown', what, 'Name a channel in the policy that only approvers are in.');
  }
  return missing(scene, absent, names);
}

function everybody(count: number, { name }: ChannelFacts): Finding {
  if (count > 0) return aboutSlack(ID, 'ok', `Every approver with a sound Slack account is in #${name}.`);
  return aboutSlack(
    ID,
    'note',
    'No approver has a Slack account in the policy, so nobody can press a button; comments on the issue decide.',
    'Add Slack accounts with `debug-approval policy add-person`, or remove `slack` from the policy and the tokens.',
  );
}

function missing({ policy, channel }: Scene, absent: readonly string[], names: string): Finding {
  const { name } = channel;
  const remedy = `Invite them: open #${name} in Slack and send /invite @… for each.`;
  if (!channel.private) {
    const what = `${names} may approve but ${absent.length === 1 ? 'is' : 'are'} not in #${name}: the card does not ping them.`;
    return aboutSlack(ID, 'note', what, remedy);
  }
  const stuck = needed(policy, absent);
  const cannot = `${names} may approve but cannot see the card: ${absent.length === 1 ? 'not a member' : 'no members'} of the private channel #${name}`;
  if (stuck === null) return aboutSlack(ID, 'note', `${cannot}. The others suffice for every rule.`, remedy);
  return aboutSlack(
    ID,
    'wrong',
    `${cannot}. When ${nameOf(policy, stuck.requester)} asks for ${stuck.runbook} on ${stuck.target}, the others do not suffice.`,
    `${remedy} Until then only a comment on the issue decides.`,
  );
}

function approversIn(policy: Policy): string[] {
  const keys = new Set(asks(policy).flatMap((ask) => eligibleApprovers(policy, { ...ask, excluded: [] })));
  return [...keys];
}

function asks(policy: Policy): { runbook: string; target: string }[] {
  return Object.entries(policy.runbooks).flatMap(([runbook, { targets }]) =>
    targets.map((target) => ({ runbook, target })),
  );
}

/** A request that can be met with these people and not without them; null: there is none. */
function needed(
  policy: Policy,
  absent: readonly string[],
): { runbook: string; target: string; requester: string } | null {
  for (const ask of asks(policy)) {
    const requesters = policy.runbooks[ask.runbook]?.requesters ?? policy.requesters;
    const stuck = expandMembers(policy, requesters).find(
      (requester) => possible(policy, ask, [requester]) && !possible(policy, ask, [requester, ...absent]),
    );
    if (stuck !== undefined) return { ...ask, requester: stuck };
  }
  return null;
}

function possible(policy: Policy, ask: { runbook: string; target: string }, excluded: string[]): boolean {
  return evaluate(policy, { ...ask, excluded }, []).status !== 'blocked';
}
