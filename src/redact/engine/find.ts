/** Finds what detectors look for: one look at each pair of bytes tells where an anchor may stand, and only there the checks run. */
import { type Anchor, type Anchors, compileAnchors, END, type Sequence } from './anchors.ts';
import { type Check, DIGIT, type Input, NONE } from './input.ts';
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
  spans: Spans;
  from: number;
  to: number;
  open: number;
}

export function createFinder(detectors: readonly Searched[]): Finder {
  const anchors = compileAnchors(detectors);
  const checks = detectors.map(({ check }) => check);
  const doneFrom = new Int32Array(detectors.length);
  const doneTo = new Int32Array(detectors.length);
  let hits = new Int32Array(1_024);

  function judge(look: Look, rank: number, anchor: number, at: number): void {
    if (anchor >= (doneFrom[rank] ?? 0) && anchor < (doneTo[rank] ?? 0)) return;
    const { input } = look;
    input.anchor = anchor;
    input.doneTo = 0;
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

  /** Judges the anchors that the pair at `place` is part of. */
  function judgePair(look: Look, pair: number, place: number): void {
    const { candidates, all } = anchors;
    for (let at = anchors.lists[pair] ?? 0; candidates[at] !== END; at += 2) {
      const sequence = all[candidates[at] ?? 0];
      if (sequence === undefined) continue;
      const begin = place - (candidates[at + 1] ?? 0);
      const anchor = begin + sequence.lead;
      if (anchor < look.from || anchor >= look.to || !stands(sequence, look.input.bytes, begin)) continue;
      judge(look, sequence.rank, anchor, begin + sequence.sets.length);
    }
  }

  function judgeDigits(look: Look, place: number): void {
    const { bytes } = look.input;
    for (let at = place; at < place + 4; at++) if (DIGIT[bytes[at] ?? 0] !== 1) return;
    if (place < look.from || place >= look.to) return;
    for (const rank of anchors.digits) judge(look, rank, place, place + 4);
  }

  return {
    find(input, words, from, to, spans) {
      const first = ((from - anchors.longest) >> 2) << 1;
      const last = ((to + anchors.longest) >> 2) << 1;
      if (hits.length < last - first) hits = new Int32Array(2 * (last - first));
      const count = busyPairs(anchors, words, Math.max(0, first), Math.min(last, words.length - 2), hits);
      doneFrom.fill(0);
      doneTo.fill(0);
      const look: Look = { input, spans, from, to, open: to };
      for (let hit = 0; hit < count; hit++) {
        const word = hits[hit] ?? 0;
        const one = words[word] ?? 0;
        const two = words[word + 1] ?? 0;
        if ((anchors.pairs[one] ?? 0) > 1) judgePair(look, one, word * 2);
        if ((anchors.pairs[two] ?? 0) > 1) judgePair(look, two, word * 2 + 2);
        judgeDigits(look, word * 2);
      }
      return look.open;
    },
  };
}

/** Where in steps of two pairs an anchor may stand, or four digits; how many such places. */
function busyPairs({ pairs }: Anchors, words: Uint16Array, first: number, last: number, hits: Int32Array): number {
  let count = 0;
  for (let word = first; word < last; word += 2) {
    if ((pairs[words[word] ?? 0] ?? 0) + (pairs[words[word + 1] ?? 0] ?? 0) > 1) hits[count++] = word;
  }
  return count;
}

function stands({ sets }: Sequence, bytes: Buffer, begin: number): boolean {
  for (let at = 0; at < sets.length; at++) if (sets[at]?.[bytes[begin + at] ?? 0] !== 1) return false;
  return true;
}
