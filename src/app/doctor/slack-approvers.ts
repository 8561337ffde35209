/** The finding on approvers who are not in the channel: whether they are needed, and what they miss. */
import { eligibleApprovers, evaluate } from '../../policy/evaluate.ts';
import { channelFor } from '../../policy/modes.ts';
import { nameOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import { type Situation, situations } from './situations.ts';
import type { BotFacts, ChannelFacts, SlackAnswer } from './slack-inspector.ts';
import { aboutSlack, named, reasonOf, toSee } from './slack-words.ts';

interface Scene {
  /** The finding's. */
  id: string;
  policy: Policy;
  /** Groups of which nobody is known. */
  unseen: readonly string[];
  /** The channel's id as the policy has it. */
  asked: string;
  bot: BotFacts;
  /** Keys of people whose Slack link has a finding of its own. */
  unfit: ReadonlySet<string>;
  channel: ChannelFacts;
  members: SlackAnswer<{ ids: string[]; whole: boolean }>;
}

/** Whether whoever may approve in Slack is where they are asked. */
export function approversFinding(scene: Scene): Finding {
  const { id, policy, members, channel } = scene;
  if (!members.ok) {
    const what = `Whether the approvers are in #${channel.name} could not be looked at: ${reasonOf(members.failure)}.`;
    return aboutSlack(id, 'unknown', what, toSee(members.failure, ['channels:read', 'groups:read']));
  }
  const approvers = approversIn(policy, scene.asked);
  if (approvers.length === 0) return nobody(scene);
  const linked = approvers.filter((key) => policy.people[key]?.slack !== undefined);
  const inside = new Set(members.value.ids);
  // Whose account is not sound is told so already; being in the channel would not help.
  const asked = linked.filter((key) => !scene.unfit.has(key));
  const absent = asked.filter((key) => !inside.has(policy.people[key]?.slack?.user ?? ''));
  const names = named(absent.map((key) => nameOf(policy, key)));
  if (absent.length === 0) return everybody(id, linked.length, channel);
  if (!members.value.whole) {
    const what = `Whether ${names} can see #${channel.name} is not known: it has more members than were read.`;
    return aboutSlack(id, 'unknown', what, 'Name a channel in the policy that only approvers are in.');
  }
  return missing(scene, absent, names);
}

/** Nobody by the policy, as far as it is known. */
function nobody({ id, unseen, channel }: Scene): Finding {
  if (unseen.length === 0) return aboutSlack(id, 'ok', `Nobody has to approve what is asked in #${channel.name}.`);
  const what = `Whether the approvers are in #${channel.name} is not known: who is in ${named(unseen)} could not be looked up.`;
  return aboutSlack(id, 'unknown', what, 'Let doctor look these groups up; see what it says of them under People.');
}

function everybody(id: string, count: number, { name }: ChannelFacts): Finding {
  if (count > 0) return aboutSlack(id, 'ok', `Every approver with a sound Slack account is in #${name}.`);
  return aboutSlack(
    id,
    'note',
    'No approver has a Slack account in the policy, so nobody can press a button; comments on the issue decide.',
    'Add Slack accounts with `debug-approval policy add-person`, or remove `slack` from the policy and the tokens.',
  );
}

function missing({ id, policy, asked, channel }: Scene, absent: readonly string[], names: string): Finding {
  const { name } = channel;
  const remedy = `Invite them: open #${name} in Slack and send /invite @… for each.`;
  if (!channel.private) {
    const what = `${names} may approve but ${absent.length === 1 ? 'is' : 'are'} not in #${name}: the card does not ping them.`;
    return aboutSlack(id, 'note', what, remedy);
  }
  const stuck = needed(policy, asked, absent);
  const cannot = `${names} may approve but cannot see the card: ${absent.length === 1 ? 'not a member' : 'no members'} of the private channel #${name}`;
  if (stuck === null) return aboutSlack(id, 'note', `${cannot}. The others suffice for every rule.`, remedy);
  return aboutSlack(
    id,
    'wrong',
    `${cannot}. When ${nameOf(policy, stuck.ask.requester)} asks for ${stuck.ask.runbook} on ${stuck.ask.target}${stuck.words}, the others do not suffice.`,
    `${remedy} Until then only a comment on the issue decides.`,
  );
}

function approversIn(policy: Policy, channel: string): string[] {
  const different = new Map(asks(policy, channel).map((situation) => [situation.key, situation.ask]));
  return [...new Set([...different.values()].flatMap((ask) => eligibleApprovers(policy, { ...ask, excluded: [] })))];
}

/** What is asked in that channel, which the rules that apply say. */
function asks(policy: Policy, channel: string): Situation[] {
  const places = new Map<string, string | null>();
  return situations(policy).filter(({ ask, key }) => {
    const place = places.get(key) ?? channelFor(policy, { ...ask, excluded: [] });
    places.set(key, place);
    return place === channel;
  });
}

/** A request that can be met with these people and not without them; null: there is none. */
function needed(policy: Policy, channel: string, absent: readonly string[]): Situation | null {
  const sound = new Set<string>();
  const isStuck = ({ ask, key }: Situation): boolean => {
    const same = `${ask.requester} ${key}`;
    if (sound.has(same)) return false;
    sound.add(same);
    return possible(policy, ask, [ask.requester]) && !possible(policy, ask, [ask.requester, ...absent]);
  };
  return asks(policy, channel).find(isStuck) ?? null;
}

function possible(policy: Policy, ask: Situation['ask'], excluded: string[]): boolean {
  return evaluate(policy, { ...ask, excluded }, []).status !== 'blocked';
}
