/** Anchors as a table of pairs of bytes: which pairs are worth a look, and which anchors may stand there. */
import type { Chars } from './input.ts';
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
  /** By list: where its candidates begin in `candidates`, which end with END. */
  starts: Int32Array;
  /**
   * For each candidate CANDIDATE numbers: its detector, how far before the pair its anchor and what stands before that
   * begin, the anchor's end behind the pair's beginning, and where its tests begin and end in `tests`.
   */
  candidates: Int32Array;
  /** For each byte of a candidate but those of the pair its place by the pair, and its set's in `flags`; the rarest first. */
  tests: Int32Array;
  /** Every set of bytes once, as 256 flags. */
  flags: Uint8Array;
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

export const CANDIDATE = 6;
export const END = -1;
/** Two of these side by side are worth a look, as much as one busy pair. */
const DIGITS = 1;
const BUSY = 2;
/** Places relative to the pair's first byte: next to it, and further off. */
const AROUND = [-1, 2, -3, -2, 3, 4];

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
): Pick<Anchors, 'lists' | 'around' | 'starts' | 'candidates' | 'tests' | 'flags'> {
  const known = new Map<string, number>();
  const lists = new Uint16Array(0x10000);
  const candidates: number[] = [];
  const tests: number[] = [];
  const flags = createFlags();
  const starts = [0];
  const around: Uint8Array[] = [new Uint8Array(256)];
  const knownAround = new Map<string, Uint8Array>();
  for (const [pair, list] of byPair) {
    const key = list.join();
    const before = known.get(key);
    lists[pair] = before ?? starts.length;
    if (before !== undefined) continue;
    known.set(key, starts.length);
    starts.push(candidates.length);
    for (let at = 0; at < list.length; at += 2) {
      const sequence = all[list[at] ?? 0];
      if (sequence !== undefined) candidates.push(...candidateOf(sequence, list[at + 1] ?? 0, tests, flags));
    }
    candidates.push(END);
    around.push(aroundOf(list, all, knownAround));
  }
  return {
    lists,
    candidates: Int32Array.from(candidates),
    tests: Int32Array.from(tests),
    starts: Int32Array.from(starts),
    around: joinedFlags(around),
    flags: joinedFlags(flags.all),
  };
}

function candidateOf({ rank, sets, lead }: Sequence, pair: number, tests: number[], flags: Flags): number[] {
  const start = tests.length;
  const others = sets.map((set, place) => ({ set, place, often: oftenOf(set) }));
  for (const { set, place } of others.sort((one, other) => one.often - other.often)) {
    if (place !== pair && place !== pair + 1) tests.push(place - pair, flags.placeOf(set));
  }
  return [rank, pair, pair - lead, sets.length - pair, start, tests.length];
}

/** Sets of bytes, each kept once. */
interface Flags {
  all: Chars[];
  /** Where the set begins once all are written one after the other. */
  placeOf(set: Chars): number;
}

function createFlags(): Flags {
  const known = new Map<string, number>();
  const seen = new Map<Chars, number>();
  const all: Chars[] = [];
  return {
    all,
    placeOf(set) {
      let place = seen.get(set);
      if (place === undefined) {
        const key = String.fromCharCode(...set);
        place = known.get(key) ?? 256 * (all.push(set) - 1);
        known.set(key, place);
        seen.set(set, place);
      }
      return place;
    },
  };
}

/** By place around a pair, which bytes some of the candidates of the list may have there. */
function aroundOf(list: readonly number[], all: readonly Sequence[], known: Map<string, Uint8Array>): Uint8Array {
  const flags = new Uint8Array(256);
  for (let at = 0; at < list.length; at += 2) {
    const key = `${list[at]} ${list[at + 1]}`;
    const own = known.get(key) ?? aroundOne(all[list[at] ?? 0]?.sets ?? [], list[at + 1] ?? 0);
    known.set(key, own);
    for (let byte = 0; byte < 256; byte++) flags[byte] = (flags[byte] ?? 0) | (own[byte] ?? 0);
  }
  return flags;
}

function aroundOne(sets: readonly Chars[], pair: number): Uint8Array {
  const flags = new Uint8Array(256);
  AROUND.forEach((distance, bit) => {
    const set = sets[pair + distance];
    for (let byte = 0; byte < 256; byte++) {
      if (set === undefined || set[byte] === 1) flags[byte] = (flags[byte] ?? 0) | (1 << bit);
    }
  });
  return flags;
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
  return expand(readPattern(anchor.is)).map((sets) => sequence(rank, [anchor.after, ...sets], 1));
}

function sequence(rank: number, sets: Chars[], lead: number): Sequence {
  if (sets.length < 3 || sets.length > MOST_SETS) throw new RangeError(`An anchor of ${sets.length} bytes.`);
  return { rank, sets, lead };
}

/** All sequences of byte sets that the tree stands for. */
function expand(tree: Tree): Chars[][] {
  if (tree.kind === 'bytes') return [[tree.set]];
  if (tree.kind === 'choice') return tree.parts.flatMap(expand);
  if (tree.kind === 'sequence') return tree.parts.map(expand).reduce(joined, [[]]);
  const counts = Array.from({ length: tree.most - tree.least + 1 }, (_, index) => tree.least + index);
  return counts.flatMap((count) => Array.from({ length: count }, () => expand(tree.part)).reduce(joined, [[]]));
}

function joined(fronts: Chars[][], backs: Chars[][]): Chars[][] {
  return fronts.flatMap((front) => backs.map((back) => [...front, ...back]));
}

/** The place within the sequence, odd or even, whose pair is seldom met. */
function rarestPair(sets: readonly Chars[], parity: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let place = parity; place + 1 < sets.length; place += 2) {
    let often = 0;
    forEachPair(sets[place] ?? NOTHING, sets[place + 1] ?? NOTHING, (pair) => {
      often += frequency(pair);
    });
    if (often < least) [best, least] = [place, often];
  }
  return best;
}

const NOTHING: Chars = new Uint8Array(256);
const DIGIT_SET: Chars = new Uint8Array(256).fill(1, 0x30, 0x3a);
const twoBytes = new Uint8Array(2);
const oneWord = new Uint16Array(twoBytes.buffer);

function forEachPair(first: Chars, second: Chars, visit: (pair: number) => void): void {
  const seconds = membersOf(second);
  for (const one of membersOf(first)) for (const two of seconds) visit(pairOf(one, two));
}

const MEMBERS = new WeakMap<Chars, number[]>();

function membersOf(set: Chars): number[] {
  let members = MEMBERS.get(set);
  if (members === undefined) {
    members = [];
    for (let byte = 0; byte < 256; byte++) if (set[byte] === 1) members.push(byte);
    MEMBERS.set(set, members);
  }
  return members;
}

/** The two bytes as this machine reads them at once. */
function pairOf(one: number, two: number): number {
  twoBytes[0] = one;
  twoBytes[1] = two;
  return oneWord[0] ?? 0;
}

/** What logs look like, to tell often met pairs from rare ones. */
const SAMPLE = `2026-01-31T12:00:00.123Z INFO [main] com.example.orders.OrderService - order 48213 shipped in 12 ms
{"level":"info","time":1769860800000,"msg":"request completed","request":{"method":"GET","url":"/api/v1/orders?page=2","id":"7f3c"},"status":200,"duration":12.5}
10.0.0.1 - - [31/Jan/2026:12:00:00 +0000] "GET /static/app.js HTTP/1.1" 200 5321 "https://example.com/start" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
    at Object.<anonymous> (/app/node_modules/express/lib/router/index.js:284:15)
java.lang.IllegalStateException: Connection refused to the database after 3 retries
level=warn ts=2026-01-31T12:00:01.456Z caller=server.go:120 component=storage err="context deadline exceeded" trace=4f9c07d2e8b1a653
the user could not be found in the cache, the key has expired and the token was refreshed; next step: deploy
time=2026-03-12T10:23:45.678Z level=info msg="cache hit" key=orders:482133 ttl=300s size=2048 host=api.example.com path=/static/app.js
I0312 10:23:45.123456       1 controller.go:114] "Reconciled" deployment="prod/api" revision=17 uid="8954b659-635e-7f7e-6a30-6ac5be5485a0"
\tat com.example.shop.PaymentClient.call(PaymentClient.java:87) ~[app.jar:1.4.2] https://shop.example.org/search?q=all&page=2#top
{"timestamp":"2026-03-12T10:23:45.678Z","severity":"WARNING","message":"slow response","labels":{"pod":"api-7f9c","node":"n3"},"bytes":18234}
npm http fetch GET 200 https://registry.example.com/lodash 123ms (cache hit) sha512-k7RmX2vQ9dLw4TzB8nYc3HsF6pJg5KtV1xZqDuWoNe==
Failed to pull image: context deadline exceeded, back-off restarting failed container; last state: terminated, exit code 137\n`;

const bytesOften = new Float64Array(256).fill(1);
const pairsOften = new Map<number, number>();
const sample = Buffer.from(SAMPLE);
sample.forEach((byte, at) => {
  bytesOften[byte] = (bytesOften[byte] ?? 0) + 1;
  const pair = pairOf(byte, sample[at + 1] ?? 0);
  pairsOften.set(pair, (pairsOften.get(pair) ?? 0) + 1);
});

function oftenOf(set: Chars): number {
  return membersOf(set).reduce((sum, byte) => sum + (bytesOften[byte] ?? 0), 0);
}

function frequency(pair: number): number {
  oneWord[0] = pair;
  const chance = ((bytesOften[twoBytes[0] ?? 0] ?? 1) * (bytesOften[twoBytes[1] ?? 0] ?? 1)) / sample.length;
  return (pairsOften.get(pair) ?? 0) + 0.2 * chance;
}
