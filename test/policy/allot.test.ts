/** Who sits where: nobody counts twice, and people move where that makes room. */
import { describe, expect, it } from 'vitest';
import { type Allotment, allot, best, MOST_PLANS, plansOf } from '../../src/policy/allot.ts';
import type { CountRequirement, Requirement } from '../../src/policy/requirement.ts';

const one = (of: string | string[], count = 1): CountRequirement => ({ count, of });
const among = (count: CountRequirement) => [count.of].flat();

describe('the ways to meet a requirement', () => {
  const counts = (requirement: Requirement) => plansOf(requirement).map((plan) => plan.counts);
  it('are one for a count and for all, and one for each child of any, in the order written', () => {
    expect(counts(one('a'))).toEqual([[one('a')]]);
    expect(counts({ all: [one('a'), one('b')] })).toEqual([[one('a'), one('b')]]);
    expect(counts({ any: [one('a'), one('b')] })).toEqual([[one('a')], [one('b')]]);
    expect(counts({ all: [{ any: [one('a'), one('b')] }, { any: [one('c'), one('d')] }] })).toEqual([
      [one('a'), one('c')],
      [one('a'), one('d')],
      [one('b'), one('c')],
      [one('b'), one('d')],
    ]);
    expect(counts({ any: [{ all: [one('a'), one('b')] }, { any: [one('c')] }] })).toEqual([
      [one('a'), one('b')],
      [one('c')],
    ]);
  });
  it('say which child they take at each any', () => {
    const inner = { any: [one('a'), one('b')] };
    const outer = { any: [inner, one('c')] };
    expect(plansOf(outer).map(({ chosen }) => [chosen.get(outer), chosen.get(inner)])).toEqual([
      [inner, inner.any[0]],
      [inner, inner.any[1]],
      [outer.any[1], undefined],
    ]);
  });
  it('are counted no further than it takes to refuse them', () => {
    const ten = { any: Array.from({ length: 10 }, (_, index) => one(`p${index}`)) };
    expect(plansOf({ all: [ten, ten] })).toHaveLength(100);
    expect(plansOf({ all: [ten, ten, ten] })).toHaveLength(MOST_PLANS + 1);
    expect(plansOf({ any: Array.from({ length: 300 }, () => one('a')) })).toHaveLength(MOST_PLANS + 1);
  });
});

describe('seats', () => {
  const seat = (requirement: Requirement, approved: string[], others: string[]): Allotment => {
    const [plan] = plansOf(requirement);
    if (plan === undefined) throw new Error('There is no plan.');
    return allot(plan, approved, others, among);
  };
  const seated = ({ seats }: Allotment) => [...seats.values()];
  it('are taken by those who approved first, then by the others', () => {
    const allotment = seat(one(['a', 'b', 'c'], 2), ['b'], ['a', 'c']);
    expect(seated(allotment)).toEqual([{ approved: ['b'], others: ['a'] }]);
    expect([allotment.missing, allotment.possible, allotment.next()]).toEqual([1, true, ['a', 'c']]);
  });
  it('are given up by who may sit elsewhere', () => {
    const allotment = seat({ all: [one(['a', 'b']), one(['a'])] }, ['a', 'b'], []);
    expect(seated(allotment)).toEqual([
      { approved: ['b'], others: [] },
      { approved: ['a'], others: [] },
    ]);
    expect([allotment.missing, allotment.possible, allotment.next()]).toEqual([0, true, []]);
  });
  it('are never taken twice by one human', () => {
    const allotment = seat({ all: [one(['a']), one(['a', 'b'])] }, ['a'], []);
    expect([allotment.missing, allotment.possible]).toEqual([1, false]);
  });
  it('could be taken next by those alone who make one seat more', () => {
    const allotment = seat({ all: [one(['a', 'b']), one(['c'])] }, ['a'], ['b', 'c', 'd']);
    expect(allotment.next()).toEqual(['c']);
    const moved = seat({ all: [one(['a', 'b']), one(['a', 'c'])] }, ['a'], ['b', 'c']);
    expect(moved.next()).toEqual(['b', 'c']);
  });
  it('that nobody may take make it impossible', () => {
    const allotment = seat(one(['x']), ['a'], ['b']);
    expect(seated(allotment)).toEqual([{ approved: [], others: [] }]);
    expect([allotment.missing, allotment.possible, allotment.next()]).toEqual([1, false, []]);
  });
});

describe('the best of several ways', () => {
  const way = (possible: boolean, missing: number): Allotment => ({
    plan: { chosen: new Map(), counts: [] },
    seats: new Map(),
    missing,
    possible,
    next: () => [],
  });
  it('is none of none', () => {
    expect(best([])).toBeNull();
  });
  it('is a possible one before an impossible one, then the one that misses least, then the first written', () => {
    const [near, far, never, also] = [way(true, 1), way(true, 3), way(false, 0), way(true, 1)];
    expect(best([never, far, near, also])).toBe(near);
    expect(best([also, near])).toBe(also);
    expect(best([way(false, 2), never])).toBe(never);
  });
});
