/**
 * Allots people to what a rule requires, so that nobody counts twice.
 *
 * A requirement asks for seats: a count of 2 has two seats that only certain people may take, `all` has the seats of
 * all its children, `any` has the seats of one child. Choosing a child at every `any` gives a plan: a list of counts
 * whose seats must be taken by different people. That is a bipartite matching, found by augmenting paths. People who
 * approved are seated first; an augmenting path moves a seated person but never unseats one, so that the plan's
 * remaining seats are exactly how many more people it needs, and one more approval can never make things worse.
 */
import type { CountRequirement, Requirement } from './requirement.ts';

/** More plans than this (combinations of `any`) are refused when the policy is loaded. */
export const MOST_PLANS = 100;

/** One way to meet a requirement: the child taken at each `any`, and the counts that then must be met. */
export interface Plan {
  chosen: ReadonlyMap<Requirement, Requirement>;
  counts: CountRequirement[];
}

/** All ways to meet a requirement, in the order it is written; at most {@link MOST_PLANS} + 1 of them. */
export function plansOf(requirement: Requirement): Plan[] {
  if ('any' in requirement) {
    const plans = requirement.any.flatMap((child) =>
      plansOf(child).map((plan) => ({ ...plan, chosen: new Map([...plan.chosen, [requirement, child]]) })),
    );
    return plans.slice(0, MOST_PLANS + 1);
  }
  if ('all' in requirement) {
    const none: Plan = { chosen: new Map(), counts: [] };
    return requirement.all.reduce((plans, child) => product(plans, plansOf(child)), [none]);
  }
  return [{ chosen: new Map(), counts: [requirement] }];
}

function product(left: Plan[], right: Plan[]): Plan[] {
  const plans: Plan[] = [];
  for (const a of left) {
    for (const b of right) {
      if (plans.length > MOST_PLANS) return plans;
      plans.push({ chosen: new Map([...a.chosen, ...b.chosen]), counts: [...a.counts, ...b.counts] });
    }
  }
  return plans;
}

/** Who sits where under one plan. */
export interface Allotment {
  plan: Plan;
  /** For each count: who of the approvers takes its seats, and who else could take those that remain. */
  seats: Map<CountRequirement, { approved: string[]; others: string[] }>;
  /** Seats that no approver takes. */
  missing: number;
  /** Whether everybody eligible together would fill all seats. */
  possible: boolean;
  /** Those of the others whose approval would fill a seat more. */
  next(): string[];
}

/** Seats the approvers, then the others (both eligible and each named once), under a plan. */
export function allot(
  plan: Plan,
  approved: string[],
  others: string[],
  members: (of: CountRequirement) => string[],
): Allotment {
  const seats = plan.counts.flatMap((count) => {
    const allowed = new Set(members(count));
    return Array.from({ length: count.count }, () => ({ count, allowed }));
  });
  const { taken, seated } = seatAll(seats, approved);
  const all = seatAll(seats, others, taken).taken;
  const at = (count: CountRequirement, from: string[]) =>
    from.filter((person) => seats.some((seat, index) => seat.count === count && all[index] === person));
  return {
    plan,
    seats: new Map(plan.counts.map((count) => [count, { approved: at(count, approved), others: at(count, others) }])),
    missing: seats.length - seated,
    possible: !all.includes(null),
    next: () => others.filter((person) => seatAll(seats, [person], taken).seated > 0),
  };
}

interface Seat {
  count: CountRequirement;
  allowed: ReadonlySet<string>;
}

// Seats one person after the other beside those who sit, on a free seat or else moving people where that makes room for one more.
function seatAll(seats: Seat[], people: string[], sitting: (string | null)[] = seats.map(() => null)) {
  const taken = [...sitting];
  const seat = (person: string, tried: Set<number>): boolean => {
    const free = seats.findIndex(({ allowed }, index) => taken[index] === null && allowed.has(person));
    if (free !== -1) {
      taken[free] = person;
      return true;
    }
    for (const [index, { allowed }] of seats.entries()) {
      if (tried.has(index) || !allowed.has(person)) continue;
      tried.add(index);
      const before = taken[index] ?? null;
      if (before !== null && seat(before, tried)) {
        taken[index] = person;
        return true;
      }
    }
    return false;
  };
  const seated = people.filter((person) => seat(person, new Set())).length;
  return { taken, seated };
}

/** The best of several: possible before impossible, then the fewest missing, then the first written. */
export function best(allotments: Allotment[]): Allotment | null {
  const rank = (one: Allotment) => (one.possible ? 0 : 1_000_000) + one.missing;
  return allotments.reduce<Allotment | null>(
    (least, one) => (least === null || rank(one) < rank(least) ? one : least),
    null,
  );
}
