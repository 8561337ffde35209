/** Finds what detectors look for: one look at each pair of bytes tells where an anchor may stand, and only there the checks run. */
import { type Anchor, type Anchors, CANDIDATE, STEP } from './anchors.ts';
import { type Check, type Input, NONE, type Run } from './input.ts';
import { addSpan, type Spans } from './spans.ts';

export interface Searched {
  anchors: readonly Anchor[];
  check: Check;
}

export interface Finder {
  /**
   * Looks at the anchors that begin in [from, to) and adds what it finds to `spans`, each with its detector's position
   * in the list. Gives the place of the first anchor that needs more input to be judged, else `to`.
   */
  find(input: Input, words: Uint16Array, from: number, to: number, spans: Spans): number;
}

/** What a finder knows while it looks at one range. */
interface Look {
  input: Input;
  words: Uint16Array;
  spans: Spans;
  from: number;
  to: number;
  open: number;
}

/** `table`: what `compileAnchors` made of the same anchors in the same order; to make it takes longer than most texts. */
export function createFinder(detectors: readonly Searched[], table: Anchors): Finder {
  const checks = detectors.map(({ check }) => check);
  const doneFrom = new Int32Array(detectors.length);
  const doneTo = new Int32Array(detectors.length);
  const runs = detectors.map((): Run[] => []);
  const places = createPlaces();

  /** Whether the detector has judged all around the place. */
  function isDone(rank: number, anchor: number): boolean {
    return anchor >= (doneFrom[rank] ?? 0) && anchor < (doneTo[rank] ?? 0);
  }

  function judge(look: Look, rank: number, anchor: number, at: number): void {
    const { input } = look;
    input.anchor = anchor;
    input.doneTo = 0;
    input.runs = runs[rank] ?? [];
    const to = checks[rank]?.(input, at) ?? NONE;
    if (input.open) {
      input.open = false;
      if (!input.final) look.open = Math.min(look.open, anchor);
      return;
    }
    if (input.doneTo > anchor) {
      doneFrom[rank] = input.doneFrom;
      doneTo[rank] = input.doneTo;
    }
    if (to !== NONE) addSpan(look.spans, input.from, to, rank);
  }

  const { candidates, lists, starts } = table;

  /** Judges the anchors that the pair at `place` is part of. */
  function judgePair(look: Look, bytes: Buffer, list: number, place: number): void {
    for (let left = standing(table, list, bytes, place); left !== 0; left &= left - 1) {
      const at = (starts[list] ?? 0) + CANDIDATE * (31 - Math.clz32(left & -left));
      const rank = candidates[at] ?? 0;
      const anchor = place - (candidates[at + 1] ?? 0);
      if (anchor < look.from || anchor >= look.to || isDone(rank, anchor)) continue;
      judge(look, rank, anchor, place + (candidates[at + 2] ?? 0));
    }
  }

  return {
    find(input, words, from, to, spans) {
      const first = Math.max(0, ((from - table.longest) >> 2) << 1);
      const last = Math.min(((to + table.longest) >> 2) << 1, words.length - 2);
      places.reserve(last - first);
      for (const known of runs) for (const run of known) run.to = -1;
      input.assigned = 0;
      input.assignment.at = NONE;
      input.pairedAssignment.at = NONE;
      doneFrom.fill(0);
      doneTo.fill(0);
      const look: Look = { input, words, spans, from, to, open: to };
      sift(table, places, input.bytes, words, busyWords(table.pairs, words, first, last, places.words));
      siftAgain(table, places, input.bytes, words);
      const { bytes } = input;
      const { pairs, pairCount } = places;
      for (let hit = 0; hit < pairCount; hit++) {
        const place = pairs[hit] ?? 0;
        judgePair(look, bytes, lists[words[place >> 1] ?? 0] ?? 0, place);
      }
      for (let hit = 0; hit < places.digitCount; hit++) {
        const place = places.digits[hit] ?? 0;
        if (place < from || place >= to) continue;
        for (const rank of table.digits) if (!isDone(rank, place)) judge(look, rank, place, place + 4);
      }
      return look.open;
    },
  };
}

/** What is left of a range's places, one sieve after the other. */
interface Places {
  words: Int32Array;
  pairs: Int32Array;
  pairCount: number;
  digits: Int32Array;
  digitCount: number;
  reserve(words: number): void;
}

function createPlaces(): Places {
  const places: Places = {
    words: new Int32Array(0),
    pairs: new Int32Array(0),
    pairCount: 0,
    digits: new Int32Array(0),
    digitCount: 0,
    reserve(words) {
      // Each sieve writes one place more than it keeps.
      if (places.pairs.length > words) return;
      places.words = new Int32Array(words + 1);
      places.pairs = new Int32Array(words + 2);
      places.digits = new Int32Array(words + 1);
    },
  };
  return places;
}

/**
 * The first sieve: where in steps of two pairs one is busy, or both are digits; how many such places. As in the next one,
 * there is no branch, which nothing could foresee: every place is written, and the next one over it unless it is kept.
 */
function busyWords(pairs: Uint8Array, words: Uint16Array, first: number, last: number, kept: Int32Array): number {
  let count = 0;
  for (let word = first; word < last; word += 2) {
    kept[count] = word;
    // Adds 1 from a sum of 2 on.
    count += ((pairs[words[word] ?? 0] ?? 0) + (pairs[words[word + 1] ?? 0] ?? 0) + 6) >> 3;
  }
  return count;
}

/** The second sieve: the busy pairs between bytes that an anchor may have there, and the places of four digits. */
function sift(
  { pairs, lists, around }: Anchors,
  places: Places,
  bytes: Buffer,
  words: Uint16Array,
  count: number,
): void {
  let pairCount = 0;
  let digitCount = 0;
  for (let hit = 0; hit < count; hit++) {
    const word = places.words[hit] ?? 0;
    const place = word * 2;
    const one = words[word] ?? 0;
    const two = words[word + 1] ?? 0;
    const ones = (lists[one] ?? 0) << 8;
    const twos = (lists[two] ?? 0) << 8;
    places.pairs[pairCount] = place;
    pairCount +=
      (around[ones | (bytes[place - 1] ?? 0)] ?? 0) & ((around[ones | (bytes[place + 2] ?? 0)] ?? 0) >> 1) & 1;
    places.pairs[pairCount] = place + 2;
    pairCount +=
      (around[twos | (bytes[place + 1] ?? 0)] ?? 0) & ((around[twos | (bytes[place + 4] ?? 0)] ?? 0) >> 1) & 1;
    places.digits[digitCount] = place;
    digitCount += (pairs[one] ?? 0) & (pairs[two] ?? 0) & 1;
  }
  places.pairCount = pairCount;
  places.digitCount = digitCount;
}

/** The third sieve: the pairs whose bytes further off an anchor may have as well. */
function siftAgain({ lists, around }: Anchors, places: Places, bytes: Buffer, words: Uint16Array): void {
  let count = 0;
  for (let hit = 0; hit < places.pairCount; hit++) {
    const place = places.pairs[hit] ?? 0;
    const list = (lists[words[place >> 1] ?? 0] ?? 0) << 8;
    const before =
      ((around[list | (bytes[place - 3] ?? 0)] ?? 0) >> 2) & ((around[list | (bytes[place - 2] ?? 0)] ?? 0) >> 3);
    const behind =
      ((around[list | (bytes[place + 3] ?? 0)] ?? 0) >> 4) & ((around[list | (bytes[place + 4] ?? 0)] ?? 0) >> 5);
    places.pairs[count] = place;
    count += before & behind & 1;
  }
  places.pairCount = count;
}

/** Which candidates of the list stand at the place, as bits. */
function standing({ ways, steps, masks }: Anchors, list: number, bytes: Buffer, place: number): number {
  const way = ways[list] ?? 0;
  let left = steps[way] ?? 0;
  for (let step = way + 1; (left & (steps[step] ?? 0)) !== 0; step += STEP)
    left &= masks[(steps[step + 2] ?? 0) + (bytes[place + (steps[step + 1] ?? 0)] ?? 0)] ?? 0;
  return left;
}
