/** What the policy says of the approvals so far, and why: a tree with a sentence at each node. */
import { type Allotment, allot, best, plansOf } from './allot.ts';
import { type Ask, doesApply } from './conditions.ts';
import { sourceText } from './group-source.ts';
import { lookup } from './lookup.ts';
import { expandMembers, nameOf, namesOf } from './people.ts';
import { type CountRequirement, countsIn, type Requirement } from './requirement.ts';
import type { Policy, Rule } from './schema.ts';

export type { Ask } from './conditions.ts';

export interface Verdict {
  status: 'met' | 'waiting' | 'blocked';
  /** For people: "2 of sre: Bo approved; 1 more of Cy, Di." */
  sentence: string;
  children: Verdict[];
}

/**
 * The verdict over these approvals (keys of people; strangers, excluded people and repetitions count for nothing).
 * Every rule that applies must be met, a rule that requires `none` always is; where none applies the verdict is
 * `blocked`. Within one rule a human counts once, for several rules each time. One more approval never makes a verdict
 * worse.
 */
export function evaluate(policy: Policy, ask: Ask, approvals: readonly string[]): Verdict {
  const rules = rulesFor(policy, ask);
  const [first, ...more] = rules;
  if (first === undefined) {
    const sentence = `No rule of the policy covers the runbook ${ask.runbook} on the target ${ask.target}, so nobody can approve it; add a rule that does.`;
    return { status: 'blocked', sentence, children: [] };
  }
  if (rules.every((rule) => rule.require === 'none')) return preApproved(rules);
  const voters = votersOf(policy, ask, approvals);
  if (more.length === 0) return ruleVerdict(policy, voters, first);
  const children = rules.map((rule) => {
    const verdict = ruleVerdict(policy, voters, rule);
    return { ...verdict, sentence: `${rule.name}: ${verdict.sentence}` };
  });
  const met = children.filter((child) => child.status === 'met').length;
  return {
    status: together(children),
    sentence:
      met === children.length ? `All ${met} rules are met.` : `${met} of ${children.length} rules met; all must be.`,
    children,
  };
}

function preApproved(rules: readonly Rule[]): Verdict {
  const names = list(rules.map(({ name }) => `"${name}"`));
  const sentence = `Pre-approved by ${rules.length === 1 ? 'the rule' : 'the rules'} ${names}: nobody has to approve.`;
  return { status: 'met', sentence, children: [] };
}

/** The people (keys, in the policy's order) whose decision counts for this ask; excluded ones are left out. */
export function eligibleApprovers(policy: Policy, ask: Ask): string[] {
  const counts = rulesFor(policy, ask).flatMap(({ require }) => (require === 'none' ? [] : countsIn(require)));
  const named = expandMembers(policy, [...new Set(counts.flatMap(({ of }) => of))]);
  return named.filter((person) => !ask.excluded.includes(person));
}

/** The rules that apply to an ask. A runbook or target that the policy does not have has none. */
export function rulesFor(policy: Policy, ask: Omit<Ask, 'excluded'>): Rule[] {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const target = lookup(policy.targets, ask.target);
  if (runbook === null || target === null) return [];
  return policy.rules.filter(({ when }) => when === undefined || doesApply({ policy, ask, runbook, target }, when));
}

interface Voters {
  excluded: readonly string[];
  /** Of the people who are not excluded, each once: those who approved, in that order, and the others. */
  approved: string[];
  others: string[];
}

function votersOf(policy: Policy, { excluded }: Ask, approvals: readonly string[]): Voters {
  const eligible = Object.keys(policy.people).filter((person) => !excluded.includes(person));
  const approved = [...new Set(approvals)].filter((person) => eligible.includes(person));
  return { excluded, approved, others: eligible.filter((person) => !approved.includes(person)) };
}

interface Scene {
  policy: Policy;
  excluded: readonly string[];
  /** Every plan of the rule with its people seated. */
  allotments: Allotment[];
}

function ruleVerdict(policy: Policy, { excluded, approved, others }: Voters, { require }: Rule): Verdict {
  if (require === 'none') return { status: 'met', sentence: 'nobody has to approve by this rule.', children: [] };
  const members = (count: CountRequirement) => expandMembers(policy, count.of);
  const allotments = plansOf(require).map((plan) => allot(plan, approved, others, members));
  return nodeVerdict({ policy, excluded, allotments }, require);
}

// Seen in the best plan among those of the scene.
function nodeVerdict(scene: Scene, requirement: Requirement): Verdict {
  const allotment = best(scene.allotments);
  if (allotment === null) return { status: 'blocked', sentence: 'Nobody can meet this.', children: [] };
  if ('any' in requirement) return anyVerdict(scene, requirement.any, requirement, allotment);
  if ('all' in requirement) return allVerdict(scene, requirement.all, requirement, allotment);
  return countVerdict(scene, requirement, allotment);
}

function anyVerdict(scene: Scene, options: Requirement[], node: Requirement, allotment: Allotment): Verdict {
  // Each alternative is shown as it would stand if it were the one taken.
  const children = options.map((option) => {
    const taken = scene.allotments.filter(({ plan }) => plan.chosen.get(node) === option);
    return { option, verdict: nodeVerdict({ ...scene, allotments: taken }, option) };
  });
  const taken = allotment.plan.chosen.get(node);
  const status = children.find(({ option }) => option === taken)?.verdict.status ?? 'blocked';
  const sentence = {
    met: 'Any one of these: met.',
    waiting: `Any one of these ${options.length}: none is met yet.`,
    blocked: `Any one of these ${options.length}: none can be met.`,
  }[status];
  // People whom the rest of the rule needs may meet an alternative that is not the one taken: that does not count.
  const shown = children.map(({ verdict }) =>
    verdict.status === 'met' && status !== 'met' ? { ...verdict, status: 'waiting' as const } : verdict,
  );
  return { status, sentence, children: shown };
}

function allVerdict(scene: Scene, parts: Requirement[], node: Requirement, allotment: Allotment): Verdict {
  const children = parts.map((part) => nodeVerdict(scene, part));
  const status = together(children);
  const met = children.filter((child) => child.status === 'met').length;
  const sentence = {
    met: `All of these ${parts.length}, each by other people: met.`,
    waiting: `All of these ${parts.length}, each by other people: ${met} met so far; ${nextNames(scene, node, allotment)} can approve next.`,
    blocked: `All of these ${parts.length}, each by other people: too few different people are eligible (${eligibleNames(scene, node, allotment)}).`,
  }[status];
  return { status, sentence, children };
}

// The children name whom their own seats still want; who could take any seat, by moving others, only shows from here.
function nextNames(scene: Scene, node: Requirement, allotment: Allotment): string {
  const within = new Set(expandMembers(scene.policy, namesWithin(node, allotment)));
  return namesOf(
    scene.policy,
    allotment.next().filter((person) => within.has(person)),
  );
}

function namesWithin(node: Requirement, { plan }: Allotment): string[] {
  return countsIn(node).flatMap((count) => (plan.counts.includes(count) ? [count.of].flat() : []));
}

function eligibleNames(scene: Scene, node: Requirement, allotment: Allotment): string {
  return namesOf(scene.policy, eligibleOf(scene, namesWithin(node, allotment))) || 'nobody';
}

function eligibleOf(scene: Scene, of: string | string[]): string[] {
  return expandMembers(scene.policy, of).filter((person) => !scene.excluded.includes(person));
}

function countVerdict(scene: Scene, count: CountRequirement, allotment: Allotment): Verdict {
  const seats = allotment.seats.get(count) ?? { approved: [], others: [] };
  const missing = count.count - seats.approved.length;
  const { policy } = scene;
  const eligible = eligibleOf(scene, count.of);
  const head = `${count.count} of ${labelOf(policy, count.of)}:`;
  const approvers = list(seats.approved.map((person) => nameOf(policy, person)));
  if (missing === 0) return { status: 'met', sentence: `${head} ${approvers} approved.`, children: [] };
  if (seats.others.length < missing) {
    return { status: 'blocked', sentence: `${head} ${blockedWhy(policy, eligible, count)}`, children: [] };
  }
  const able = namesOf(policy, openTo(allotment, eligible));
  const so = approvers === '' ? 'nobody approved yet' : `${approvers} approved`;
  return { status: 'waiting', sentence: `${head} ${so}; ${missing} more of ${able}.`, children: [] };
}

// Eligible people who have not approved anything in this plan yet.
function openTo(allotment: Allotment, eligible: string[]): string[] {
  const used = new Set([...allotment.seats.values()].flatMap((seats) => seats.approved));
  return eligible.filter((person) => !used.has(person));
}

function blockedWhy(policy: Policy, eligible: string[], count: CountRequirement): string {
  const remedy = remedyFor(policy, count);
  if (eligible.length === 0) return `nobody is eligible. ${remedy}`;
  const names = list(eligible.map((person) => nameOf(policy, person)));
  if (eligible.length < count.count) {
    return `only ${names} ${eligible.length === 1 ? 'is' : 'are'} eligible. ${remedy}`;
  }
  return `${names} cannot meet this and the rest too, since nobody counts twice. ${remedy}`;
}

function remedyFor(policy: Policy, { of }: CountRequirement): string {
  const outside = [of].flat().flatMap((name) => {
    const source = sourceText(lookup(policy.groups, name)?.source ?? { kind: 'listed' });
    return source === null ? [] : [`${source} (${name})`];
  });
  if (outside.length === 0) return 'Ask for another requester, or put more people into it in the policy.';
  return `Ask for another requester, or see to it that more people of the policy are in ${outside.join(', ')}.`;
}

function labelOf(policy: Policy, of: string | string[]): string {
  return [of]
    .flat()
    .map((name) => (Object.hasOwn(policy.groups, name) ? name : nameOf(policy, name)))
    .join(', ');
}

function list(names: string[]): string {
  const last = names.at(-1);
  return last === undefined || names.length === 1 ? (last ?? '') : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function together(children: Verdict[]): Verdict['status'] {
  if (children.some((child) => child.status === 'blocked')) return 'blocked';
  return children.every((child) => child.status === 'met') ? 'met' : 'waiting';
}
