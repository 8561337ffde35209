/** Anchors as a table of pairs of bytes: which pairs are worth a look, and which anchors may stand there. */
import type { Chars } from './input.ts';
import { ANYTHING, DIGIT_SET, forEachPair, membersOf, NOTHING, oftenOf, rarestPair, shared } from './pairs.ts';
import { readPattern, type Tree } from './syntax.ts';

/** What stands in or near every value of a detector, as a pattern; `after` is what the byte before it may be. */
export type Anchor = string | { after: Chars; is: string } | typeof FOUR_DIGITS;

/** Four digits in a row at a place that can be divided by four: any seven digits have such. */
export const FOUR_DIGITS = Symbol('four digits');

/**
 * What is asked at every even place: its pair of bytes. Where a pair is busy, the bytes around it are asked next, and only
 * then the anchors one by one.
 */
export interface Anchors {
  /** By pair: the sum of DIGITS, if both are digits, and BUSY, if an anchor has it. */
  pairs: Uint8Array;
  /** By pair: its list of candidates; 0 has none. */
  lists: Uint16Array;
  /** By list and byte: at which of the places AROUND the pair the byte may stand, one bit each. */
  around: Uint8Array;
  /** By list: where its candidates begin in `candidates`. */
  starts: Int32Array;
  /**
   * For each candidate CANDIDATE numbers: its detector, how far before the pair its anchor begins, and the anchor's end
   * behind the pair's beginning.
   */
  candidates: Int32Array;
  /** By list: where all its candidates stand in `steps`, as bits of which the first is the lowest, and behind them its steps. */
  ways: Int32Array;
  /**
   * For each place whose byte is asked STEP numbers: which candidates are not settled before it, the place by the pair, and
   * where in `masks` it is told for each byte which candidates may have it there. The last step of a list settles none.
   */
  steps: Int32Array;
  masks: Int32Array;
  /** Detectors that look at digits, by position in the list. */
  digits: readonly number[];
  /** The most bytes an anchor has. */
  longest: number;
}

/** One anchor, spelt as one set of bytes for each place. */
interface Sequence {
  rank: number;
  sets: Chars[];
  /** 1 where the first set stands before the anchor itself. */
  lead: number;
}

export const CANDIDATE = 3;
export const STEP = 3;
/** Two of these side by side are worth a look, as much as one busy pair. */
const DIGITS = 1;
const BUSY = 2;
/** Places relative to the pair's first byte: next to it, and further off. */
const AROUND = [-1, 2, -3, -2, 3, 4];

/** As many as a mask has bits. */
const MOST_CANDIDATES = 32;

/** No pair is sought beyond this. */
const MOST_SETS = 64;

/** Spells the anchors out and gives each the pair of its bytes that is rarest in logs, for even and for odd places. */
export function compileAnchors(detectors: readonly { anchors: readonly Anchor[] }[]): Anchors {
  const all = detectors.flatMap(({ anchors }, rank) => anchors.flatMap((anchor) => sequencesOf(anchor, rank)));
  const digits = detectors.flatMap(({ anchors }, rank) => (anchors.includes(FOUR_DIGITS) ? [rank] : []));
  const pairs = new Uint8Array(0x10000);
  if (digits.length > 0) {
    forEachPair(DIGIT_SET, DIGIT_SET, (pair) => {
      pairs[pair] = DIGITS;
    });
  }
  const byPair = pairsOf(all);
  for (const pair of byPair.keys()) pairs[pair] = (pairs[pair] ?? 0) + BUSY;
  return {
    pairs,
    ...listsOf(byPair, all),
    digits,
    longest: all.reduce((most, { sets }) => Math.max(most, sets.length), 4),
  };
}

/** By pair the candidates: anchor and place within it, one after the other. */
function pairsOf(all: readonly Sequence[]): Map<number, number[]> {
  const byPair = new Map<number, number[]>();
  all.forEach(({ sets }, index) => {
    for (const parity of [0, 1]) {
      const place = rarestPair(sets, parity);
      forEachPair(sets[place] ?? NOTHING, sets[place + 1] ?? NOTHING, (pair) => {
        const list = byPair.get(pair);
        if (list === undefined) byPair.set(pair, [index, place]);
        else list.push(index, place);
      });
    }
  });
  return byPair;
}

function listsOf(
  byPair: ReadonlyMap<number, number[]>,
  all: readonly Sequence[],
): Pick<Anchors, 'lists' | 'around' | 'starts' | 'candidates' | 'ways' | 'steps' | 'masks'> {
  const known = new Map<string, number>();
  const lists = new Uint16Array(0x10000);
  const candidates: number[] = [];
  const starts = [0];
  const steps = [0, 0];
  const ways = [0];
  const masks = createMasks();
  const around: Uint8Array[] = [new Uint8Array(256)];
  for (const [pair, list] of byPair) {
    const key = list.join();
    const before = known.get(key);
    lists[pair] = before ?? starts.length;
    if (before !== undefined) continue;
    known.set(key, starts.length);
    starts.push(candidates.length);
    ways.push(steps.length);
    const placed = placedOf(list, all);
    for (const { sequence, pair: place } of placed)
      candidates.push(sequence.rank, place - sequence.lead, sequence.sets.length - place);
    steps.push(2 ** placed.length - 1, ...stepsOf(placed, masks));
    around.push(aroundOf(placed));
  }
  return {
    lists,
    candidates: Int32Array.from(candidates),
    starts: Int32Array.from(starts),
    ways: Int32Array.from(ways),
    steps: Int32Array.from(steps),
    masks: masks.joined(),
    around: joinedFlags(around),
  };
}

/** An anchor and where in it the pair stands. */
interface Placed {
  sequence: Sequence;
  pair: number;
}

function placedOf(list: readonly number[], all: readonly Sequence[]): Placed[] {
  const placed: Placed[] = [];
  for (let at = 0; at < list.length; at += 2) {
    const sequence = all[list[at] ?? 0];
    if (sequence !== undefined) placed.push({ sequence, pair: list[at + 1] ?? 0 });
  }
  if (placed.length > MOST_CANDIDATES) throw new RangeError(`${placed.length} anchors share a pair of bytes.`);
  return placed;
}

/** The places that are asked, first those where the fewest candidates are left. */
function stepsOf(placed: readonly Placed[], masks: Masks): number[] {
  const distances = new Set(placed.flatMap(({ sequence, pair }) => sequence.sets.map((_, place) => place - pair)));
  // Of an only candidate the bytes around the pair are known.
  for (const known of placed.length === 1 ? [0, 1, ...AROUND] : [0, 1]) distances.delete(known);
  const asked = [...distances].map((distance) => {
    const sets = placed.map(({ sequence, pair }) => sequence.sets[pair + distance]);
    return { distance, sets, often: sets.reduce((sum, set) => sum + oftenOf(set ?? ANYTHING), 0) };
  });
  asked.sort((one, other) => one.often - other.often);
  const steps: number[] = [0];
  let open = 0;
  for (const { distance, sets } of asked.reverse()) {
    open |= sets.reduce((bits, set, bit) => bits | (set === undefined ? 0 : 1 << bit), 0);
    steps.unshift(open, distance, masks.placeOf(sets));
  }
  return steps;
}

/** By byte which of several sets have it; the same sets are kept once. */
interface Masks {
  /** Where those of the sets begin; what is no set has every byte. */
  placeOf(sets: readonly (Chars | undefined)[]): number;
  joined(): Int32Array;
}

function createMasks(): Masks {
  const known = new Map<string, number>();
  const numbers = new Map<Chars | undefined, number>();
  const all: Int32Array[] = [];
  const numberOf = (set: Chars | undefined): number => {
    const number = numbers.get(set) ?? numbers.size;
    numbers.set(set, number);
    return number;
  };
  return {
    placeOf(sets) {
      const key = sets.map(numberOf).join();
      const before = known.get(key);
      if (before !== undefined) return before;
      const place = all.length * 256;
      known.set(key, place);
      const mask = new Int32Array(256).fill(
        sets.reduce((bits, set, bit) => (set === undefined ? bits | (1 << bit) : bits), 0),
      );
      sets.forEach((set, bit) => {
        if (set !== undefined) for (const byte of membersOf(set)) mask[byte] = (mask[byte] ?? 0) | (1 << bit);
      });
      all.push(mask);
      return place;
    },
    joined() {
      const whole = new Int32Array(all.length * 256);
      all.forEach((mask, index) => {
        whole.set(mask, index * 256);
      });
      return whole;
    },
  };
}

/** By place around a pair, which bytes some of the candidates of the list may have there. */
function aroundOf(placed: readonly Placed[]): Uint8Array {
  const flags = new Uint8Array(256);
  let any = 0;
  for (const { sequence, pair } of placed) {
    AROUND.forEach((distance, bit) => {
      const set = sequence.sets[pair + distance];
      if (set === undefined) any |= 1 << bit;
      else for (const byte of membersOf(set)) flags[byte] = (flags[byte] ?? 0) | (1 << bit);
    });
  }
  return any === 0 ? flags : flags.map((flag) => flag | any);
}

function joinedFlags(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.length * 256);
  parts.forEach((part, index) => {
    whole.set(part, index * 256);
  });
  return whole;
}

function sequencesOf(anchor: Anchor, rank: number): Sequence[] {
  if (typeof anchor === 'symbol') return [];
  if (typeof anchor === 'string') return expand(readPattern(anchor)).map((sets) => sequence(rank, sets, 0));
  return expand(readPattern(anchor.is)).map((sets) => sequence(rank, [shared(anchor.after), ...sets], 1));
}

function sequence(rank: number, sets: Chars[], lead: number): Sequence {
  if (sets.length < 3 || sets.length > MOST_SETS) throw new RangeError(`An anchor of ${sets.length} bytes.`);
  return { rank, sets, lead };
}

/** All sequences of byte sets that the tree stands for. */
function expand(tree: Tree): Chars[][] {
  if (tree.kind === 'bytes') return [[shared(tree.set)]];
  if (tree.kind === 'choice') return tree.parts.flatMap(expand);
  if (tree.kind === 'sequence') return tree.parts.map(expand).reduce(joined, [[]]);
  const counts = Array.from({ length: tree.most - tree.least + 1 }, (_, index) => tree.least + index);
  return counts.flatMap((count) => Array.from({ length: count }, () => expand(tree.part)).reduce(joined, [[]]));
}

function joined(fronts: Chars[][], backs: Chars[][]): Chars[][] {
  return fronts.flatMap((front) => backs.map((back) => [...front, ...back]));
}
