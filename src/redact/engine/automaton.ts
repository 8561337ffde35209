/** A pattern as two complete tables, one that reads forwards and one backwards: every byte costs two steps, whatever comes. */
import { longest, PatternProblem, type Tree } from './syntax.ts';

/** Reads one way. States are rows of the table; state 0 is that of nothing begun. */
export interface Machine {
  /** By state and column the next state. */
  table: Int32Array;
  /** By state: whether a match is complete. */
  ends: Uint8Array;
  /** By state: which bytes' places of the pattern were just read. */
  places: readonly (readonly number[])[];
}

export interface Automaton {
  /** By byte: bytes that the pattern does not tell apart share a column. */
  columns: Uint8Array;
  width: number;
  forwards: Machine;
  backwards: Machine;
  /** The most bytes of a match. */
  longest: number;
}

const MOST_LENGTH = 1_000;
const MOST_PLACES = 4_000;
const MOST_STATES = 2_000;

/** The bytes of a pattern one by one, each with those that may follow (Glushkov's automaton). */
interface Places {
  sets: Uint8Array[];
  follow: Set<number>[];
  first: Set<number>;
  last: Set<number>;
}

/** Throws a {@link PatternProblem} if the pattern matches nothing at all or would need too much memory. */
export function createAutomaton(tree: Tree): Automaton {
  const length = longest(tree);
  if (length > MOST_LENGTH) throw new PatternProblem(`may match at most ${MOST_LENGTH} bytes, not ${length}`);
  const places: Places = { sets: [], follow: [], first: new Set(), last: new Set() };
  const whole = add(places, tree);
  if (whole.empty) throw new PatternProblem('matches nothing at all: make a part of it obligatory');
  places.first = whole.first;
  places.last = whole.last;
  const { columns, samples } = columnsOf(places.sets);
  return {
    columns,
    width: samples.length,
    forwards: machineOf(places.sets, samples, places.first, places.last, places.follow),
    backwards: machineOf(places.sets, samples, places.last, places.first, reversedOf(places.follow)),
    longest: length,
  };
}

interface Piece {
  empty: boolean;
  first: Set<number>;
  last: Set<number>;
}

function add(places: Places, tree: Tree): Piece {
  if (tree.kind === 'bytes') {
    const place = places.sets.push(tree.set) - 1;
    if (place > MOST_PLACES) throw new PatternProblem(`repeats too much: more than ${MOST_PLACES} bytes to compare`);
    places.follow.push(new Set());
    return { empty: false, first: new Set([place]), last: new Set([place]) };
  }
  if (tree.kind === 'choice') {
    const pieces = tree.parts.map((part) => add(places, part));
    return {
      empty: pieces.some(({ empty }) => empty),
      first: new Set(pieces.flatMap(({ first }) => [...first])),
      last: new Set(pieces.flatMap(({ last }) => [...last])),
    };
  }
  if (tree.kind === 'sequence') return tree.parts.map((part) => add(places, part)).reduce(joiner(places), NOTHING);
  const copies = Array.from({ length: tree.most }, (_, index) => {
    const piece = add(places, tree.part);
    return index < tree.least ? piece : { ...piece, empty: true };
  });
  return copies.reduce(joiner(places), NOTHING);
}

const NOTHING: Piece = { empty: true, first: new Set(), last: new Set() };

function joiner(places: Places): (one: Piece, other: Piece) => Piece {
  return (one, other) => {
    for (const place of one.last) for (const next of other.first) places.follow[place]?.add(next);
    return {
      empty: one.empty && other.empty,
      first: new Set(one.empty ? [...one.first, ...other.first] : one.first),
      last: new Set(other.empty ? [...one.last, ...other.last] : other.last),
    };
  };
}

function reversedOf(follow: readonly Set<number>[]): Set<number>[] {
  const before = follow.map(() => new Set<number>());
  follow.forEach((nexts, place) => {
    for (const next of nexts) before[next]?.add(place);
  });
  return before;
}

/** Bytes by what the sets make of them; `samples` has one byte of each column. */
function columnsOf(sets: readonly Uint8Array[]): { columns: Uint8Array; samples: number[] } {
  const different = [...new Map(sets.map((set) => [set.join(''), set])).values()];
  const columns = new Uint8Array(256);
  const samples: number[] = [];
  const known = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const key = different.map((set) => set[byte]).join('');
    const column = known.get(key) ?? samples.push(byte) - 1;
    known.set(key, column);
    columns[byte] = column;
  }
  return { columns, samples };
}

/** All states that any input can lead to; a match may begin at every byte. */
function machineOf(
  sets: readonly Uint8Array[],
  samples: readonly number[],
  first: ReadonlySet<number>,
  last: ReadonlySet<number>,
  follow: readonly ReadonlySet<number>[],
): Machine {
  const states: number[][] = [[]];
  const known = new Map<string, number>([['', 0]]);
  const table: number[] = [];
  for (let state = 0; state < states.length; state++) {
    const reached = new Set(first);
    for (const place of states[state] ?? []) for (const next of follow[place] ?? []) reached.add(next);
    for (const byte of samples) {
      const read = [...reached].filter((place) => sets[place]?.[byte] === 1).sort((a, b) => a - b);
      const key = read.join();
      let next = known.get(key);
      if (next === undefined) {
        next = states.push(read) - 1;
        known.set(key, next);
      }
      table.push(next);
    }
    if (states.length > MOST_STATES) {
      throw new PatternProblem(`needs more than ${MOST_STATES} states: begin it with fixed text, or repeat less`);
    }
  }
  const ends = Uint8Array.from(states, (state) => (state.some((place) => last.has(place)) ? 1 : 0));
  return { table: Int32Array.from(table), ends, places: states };
}
