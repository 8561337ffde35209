/** Who is in the groups that come from a directory when somebody asks: what the opening record holds from then on. */
import type { Ask } from '../policy/conditions.ts';
import { doesApply } from '../policy/conditions.ts';
import { directoryGroups, sourceText } from '../policy/group-source.ts';
import { lookup } from '../policy/lookup.ts';
import { expandMembers, findByGithub, findBySlack, nameOf } from '../policy/people.ts';
import { countsIn } from '../policy/requirement.ts';
import type { Policy, Rule } from '../policy/schema.ts';
import { policyAsOf, type Snapshot } from '../policy/snapshot.ts';
import { Fault } from './fault.ts';
import type { SlackPeople, Teams } from './ports.ts';

/** Where people are looked up; null: this job has no token for it. */
export interface Sources {
  teams: Teams | null;
  slackPeople: SlackPeople | null;
}

/** A group that could not be looked up, and why. */
export interface Unresolved {
  group: string;
  why: string;
  remedy: string;
}

export interface Resolved extends Snapshot {
  members: Record<string, string[]>;
  links: Record<string, { team: string; user: string }>;
  /** What approvers must know: whom and which group this lacks. */
  gaps: string[];
  unresolved: Unresolved[];
  /** Whose Slack account is of the workspace of the user groups: of nobody else do these say whether they are members. */
  inSlack: string[];
}

/** The groups from a directory that an ask needs: without the first nobody may ask at all, without the others it only lacks people. */
export interface Needed {
  deciding: string[];
  others: string[];
}

/** So many gaps are named one by one, so that a team of strangers leaves room on the card. */
const NAMED = 5;
/** Slack answers about fifty such questions a minute (docs.slack.dev, users.lookupByEmail, tier 3). */
const MOST_ADDRESSES = 40;

/** The groups from a directory that matter for this ask. Who the requester is does not limit the rules: that may be in doubt. */
export function groupsNeeded(policy: Policy, ask: Omit<Ask, 'excluded'>, breakGlass: boolean): Needed {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const target = lookup(policy.targets, ask.target);
  if (runbook === null || target === null) return { deciding: [], others: [] };
  const rules = rulesThatMayApply(policy, ask);
  const glass = breakGlass ? policy.breakGlass : null;
  const deciding = directoryGroups(policy, [
    ...(runbook.requesters ?? policy.requesters),
    ...(target.requesters ?? []),
    ...rules.flatMap(({ when }) => when?.requesters ?? []),
    ...(glass?.who ?? []),
  ]);
  const others = directoryGroups(policy, [
    ...namedBy(rules),
    ...(policy.slack?.quiet ?? []),
    ...(policy.escalation?.to ?? []),
    ...(glass?.review.by ?? []),
  ]);
  return { deciding, others: others.filter((group) => !deciding.includes(group)) };
}

/** The rules that apply to this ask, whoever asks. */
export function rulesThatMayApply(policy: Policy, ask: Omit<Ask, 'excluded'>): Rule[] {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const target = lookup(policy.targets, ask.target);
  if (runbook === null || target === null) return [];
  return policy.rules.filter((rule) => mayApply({ policy, ask, runbook, target }, rule));
}

function mayApply(scene: Parameters<typeof doesApply>[0], { when }: Rule): boolean {
  if (when === undefined) return true;
  const { requesters: _, ...rest } = when;
  return doesApply(scene, rest);
}

/** The groups and people whose approvals these rules count. */
export function namedBy(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ require }) => (require === 'none' ? [] : countsIn(require).flatMap(({ of }) => of)));
}

/** Looks up these groups, all at once, and whom their members are in the policy. What fails is said, and never opens anything. */
export async function resolveGroups(
  sources: Sources,
  policy: Policy,
  { deciding, others }: Needed,
  named: readonly string[],
): Promise<Resolved> {
  const found = await Promise.all([...deciding, ...others].map((group) => lookUp(sources, policy, group)));
  const resolved: Resolved = { members: {}, links: {}, gaps: [], unresolved: [], inSlack: [] };
  const people = found.flatMap((one) => ('accounts' in one ? one : []));
  resolved.unresolved = found.flatMap((one) => ('why' in one ? one : []));
  for (const { group, accounts } of people) seatByGithub(policy, resolved, group, accounts);
  const inSlack = found.flatMap((one) => ('users' in one ? one : []));
  const users = inSlack.flatMap((one) => one.users);
  const [{ homes } = { homes: [] }] = inSlack;
  resolved.inSlack = await personsOf(sources, policy, homes, { named, users });
  await linkByEmail(sources, policy, resolved, { named, users });
  const linked = policyAsOf(policy, resolved);
  resolved.inSlack.push(...Object.keys(resolved.links));
  for (const one of inSlack) seatBySlack(linked, resolved, one.group, one.users);
  for (const group of deciding.filter((one) => resolved.members[one]?.length === 0)) {
    resolved.gaps.push(
      `The group ${group} (${sourceOf(policy, group)}) has nobody of the policy in it: what the policy says of requesters in it holds for nobody.`,
    );
  }
  for (const { group, why } of resolved.unresolved) {
    resolved.gaps.push(
      `The group ${group} (${sourceOf(policy, group)}) has nobody here, since it could not be read: ${why}`,
    );
  }
  return resolved;
}

type Found =
  | { group: string; accounts: { id: number; login: string }[] }
  | { group: string; users: string[]; homes: string[] }
  | Unresolved;

async function lookUp({ teams, slackPeople }: Sources, policy: Policy, group: string): Promise<Found> {
  const source = lookup(policy.groups, group)?.source ?? { kind: 'listed' as const };
  try {
    if (source.kind === 'github-team') {
      if (teams === null)
        throw noToken('directory-token', 'Give the ask action a `directory-token` that may read teams.');
      return { group, accounts: await teams.members(source.team) };
    }
    if (source.kind === 'listed') return { group, accounts: [] };
    if (slackPeople === null) throw noToken('slack-bot-token', 'Give the ask action the Slack tokens.');
    const [users, homes] = await Promise.all([slackPeople.members(source.id), slackPeople.home()]);
    return { group, users, homes };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { group, why: error.message, remedy: error.remedy };
  }
}

function noToken(input: string, remedy: string): Fault {
  return new Fault('input', `There is no \`${input}\`.`, remedy);
}

function seatByGithub(policy: Policy, into: Resolved, group: string, accounts: { id: number; login: string }[]): void {
  const persons = accounts.map((account) => ({ account, person: findByGithub(policy, account.id) }));
  into.members[group] = inPolicyOrder(
    policy,
    persons.map(({ person }) => person),
  );
  const nobody = persons.flatMap(({ account, person }) =>
    person === null ? `${account.login} (id ${account.id})` : [],
  );
  sayNobody(policy, into, group, nobody);
}

function seatBySlack(policy: Policy, into: Resolved, group: string, users: readonly string[]): void {
  const persons = users.map((user) => ({ user, person: memberOf(policy, into.inSlack, user) }));
  into.members[group] = inPolicyOrder(
    policy,
    persons.map(({ person }) => person),
  );
  const nobody = persons.flatMap(({ user, person }) => (person === null ? user : []));
  sayNobody(policy, into, group, nobody);
}

/** Slack gives the ids of its own workspace's members without its name: in another workspace the same id is somebody else's. */
function memberOf(policy: Policy, inSlack: readonly string[], user: string): string | null {
  const persons = Object.entries(policy.people).flatMap(([key, { slack }]) =>
    slack?.user === user && inSlack.includes(key) ? key : [],
  );
  return persons.length === 1 ? (persons[0] ?? null) : null;
}

/** Who of those concerned has a Slack account of the bot's workspace or organisation; of a sister workspace Slack is asked. */
async function personsOf(
  { slackPeople }: Sources,
  policy: Policy,
  homes: readonly string[],
  { named, users }: { named: readonly string[]; users: readonly string[] },
): Promise<string[]> {
  const concerned = Object.entries(policy.people).flatMap(([person, { slack }]) =>
    slack !== undefined && (users.includes(slack.user) || named.includes(person)) ? { person, slack } : [],
  );
  if (slackPeople === null || homes.length === 0) return [];
  const ours = concerned.map(({ slack }) => homes.includes(slack.team) || isMember(slackPeople, slack));
  const answers = await Promise.all(ours);
  return concerned.flatMap(({ person }, index) => (answers[index] === true ? person : []));
}

async function isMember(slackPeople: SlackPeople, account: { team: string; user: string }): Promise<boolean> {
  try {
    return (await slackPeople.barred(account)) === null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}

function inPolicyOrder(policy: Policy, persons: readonly (string | null)[]): string[] {
  return Object.keys(policy.people).filter((person) => persons.includes(person));
}

function sayNobody(policy: Policy, into: Resolved, group: string, accounts: readonly string[]): void {
  if (accounts.length === 0) return;
  const named = accounts.slice(0, NAMED).join(', ');
  const more = accounts.length > NAMED ? ` and ${accounts.length - NAMED} more` : '';
  const [are, decide] = accounts.length === 1 ? ['is', 'decides'] : ['are', 'decide'];
  into.gaps.push(
    `${named}${more} of ${sourceOf(policy, group)} (${group}) ${are} nobody under \`people\` in the policy and ${decide} nothing.`,
  );
}

function sourceOf(policy: Policy, group: string): string {
  return sourceText(lookup(policy.groups, group)?.source ?? { kind: 'listed' }) ?? `the group ${group}`;
}

/**
 * Finds the Slack accounts of people without one by their confirmed address, where the policy allows that. Only of those whom
 * this ask may need; exactly one member, and nobody's account twice.
 */
async function linkByEmail(
  { slackPeople }: Sources,
  policy: Policy,
  into: Resolved,
  need: { named: readonly string[]; users: readonly string[] },
): Promise<void> {
  if (!policy.linkByEmail || slackPeople === null) return;
  const wanted = expandMembers(policyAsOf(policy, into), need.named);
  // A member of a user group who is nobody yet may be anybody without an account.
  const anybody = need.users.some((user) => memberOf(policy, into.inSlack, user) === null);
  const without = Object.entries(policy.people).flatMap(([person, { slack, email }]) =>
    slack === undefined && email !== undefined && (anybody || wanted.includes(person)) ? { person, email } : [],
  );
  const asked = without.slice(0, MOST_ADDRESSES);
  const answers = await Promise.all(asked.map(async (one) => ({ ...one, ...(await byEmail(slackPeople, one.email)) })));
  for (const { person } of without.slice(MOST_ADDRESSES)) {
    into.gaps.push(
      `${nameOf(policy, person)} has no Slack account here: at most ${MOST_ADDRESSES} addresses are looked up. Write \`slack\` into the policy.`,
    );
  }
  for (const { person, account, why } of answers) {
    const twice = answers.filter((other) => other.account?.user === account?.user).length > 1;
    const taken = account !== null && (twice || findBySlack(policy, account) !== null);
    if (account !== null && !taken) into.links[person] = account;
    else
      into.gaps.push(
        `${nameOf(policy, person)} has no Slack account here: ${taken ? 'the member with that address is somebody else already.' : why}`,
      );
  }
}

async function byEmail(
  slackPeople: SlackPeople,
  email: string,
): Promise<{ account: { team: string; user: string } | null; why: string }> {
  try {
    const account = await slackPeople.byEmail(email);
    return { account, why: 'not exactly one member of the workspace has the address that the policy names.' };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { account: null, why: error.message };
  }
}
