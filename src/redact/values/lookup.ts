/** Finds many byte strings in one pass, by four bytes of each: whatever their number, each byte of the input is read once. */
import type { Input } from '../engine/input.ts';

/** A string to find, and from which place of the whole stream on. */
export interface Pattern {
  bytes: Buffer;
  /** The number of the value that it is a form of. */
  number: number;
  since: number;
}

export interface Lookup {
  add(pattern: Pattern): void;
  /** Visits every occurrence that begins in [from, to) and is there whole. */
  find(input: Input, words: Int32Array, from: number, to: number, visit: Visit): void;
}

export type Visit = (at: number, pattern: Pattern) => void;

/** From this length on a string has four bytes at a place that can be divided by four, wherever it stands. */
const LONG = 7;
const LEAST_SLOTS_BITS = 16;
const MOST_SLOTS_BITS = 20;

/** A call of the engine costs more than so many bytes compared one by one. */
const FEW = 64;

/** Strings by the hash of four of their bytes: chains of entries. */
interface Table {
  bits: number;
  /** One flag per hash, small enough to stay near the processor. */
  taken: Uint8Array;
  heads: Int32Array;
  entries: { gram: number; offset: number; pattern: Pattern; next: number }[];
}

export function createLookup(): Lookup {
  const long = createTable();
  /** Strings too short for the quick way; their table is looked at for every byte, if there are any. */
  const short = createTable();
  return {
    add(pattern) {
      const { bytes } = pattern;
      if (bytes.length < LONG) addEntry(short, bytes.readInt32LE(0), 0, pattern);
      else for (let offset = 0; offset < 4; offset++) addEntry(long, gramAt(bytes, offset), offset, pattern);
    },
    find(input, words, from, to, visit) {
      if (long.entries.length > 0) findLong(long, input, words, from, to, visit);
      if (short.entries.length > 0) findShort(short, input, from, to, visit);
    },
  };
}

const fourBytes = Buffer.alloc(4);
const oneWord = new Int32Array(fourBytes.buffer, fourBytes.byteOffset, 1);

/** Four bytes as this machine reads them at once. */
function gramAt(bytes: Buffer, at: number): number {
  bytes.copy(fourBytes, 0, at, at + 4);
  return oneWord[0] ?? 0;
}

function createTable(): Table {
  return { bits: LEAST_SLOTS_BITS, ...slots(LEAST_SLOTS_BITS), entries: [] };
}

function slots(bits: number): { taken: Uint8Array; heads: Int32Array } {
  return { taken: new Uint8Array(1 << bits), heads: new Int32Array(1 << bits).fill(-1) };
}

function slotOf(gram: number, bits: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - bits);
}

function addEntry(table: Table, gram: number, offset: number, pattern: Pattern): void {
  table.entries.push({ gram, offset, pattern, next: -1 });
  const crowded = table.entries.length * 8 > 1 << table.bits && table.bits < MOST_SLOTS_BITS;
  if (!crowded) {
    chain(table, table.entries.length - 1);
    return;
  }
  table.bits += 2;
  Object.assign(table, slots(table.bits));
  for (let index = 0; index < table.entries.length; index++) chain(table, index);
}

function chain(table: Table, index: number): void {
  const entry = table.entries[index];
  if (entry === undefined) return;
  const slot = slotOf(entry.gram, table.bits);
  entry.next = table.heads[slot] ?? -1;
  table.heads[slot] = index;
  table.taken[slot] = 1;
}

function findLong(table: Table, input: Input, words: Int32Array, from: number, to: number, visit: Visit): void {
  const { taken } = table;
  const shift = 32 - table.bits;
  const last = Math.min((to + 3) >> 2, words.length - 1);
  for (let word = from >> 2; word <= last; word++) {
    const gram = words[word] ?? 0;
    const slot = Math.imul(gram, 0x9e3779b1) >>> shift;
    if (taken[slot] === 1) look(table, input, gram, slot, word * 4, from, to, visit);
  }
}

function findShort(table: Table, input: Input, from: number, to: number, visit: Visit): void {
  const { bytes } = input;
  const { taken } = table;
  const shift = 32 - table.bits;
  const last = Math.min(to, input.end - 3);
  let gram = 0;
  for (let at = from; at < last + 3; at++) {
    gram = (gram >>> 8) | ((bytes[at] ?? 0) << 24);
    const slot = Math.imul(gram, 0x9e3779b1) >>> shift;
    if (taken[slot] === 1) look(table, input, gram, slot, at - 3, from, to, visit);
  }
}

/** Looks at the strings that have these four bytes, which stand at `place`. */
function look(
  table: Table,
  input: Input,
  gram: number,
  slot: number,
  place: number,
  from: number,
  to: number,
  visit: Visit,
): void {
  for (let index = table.heads[slot] ?? -1; index >= 0; ) {
    const entry = table.entries[index];
    if (entry === undefined) return;
    index = entry.next;
    const at = place - entry.offset;
    if (entry.gram !== gram || at < from || at >= to) continue;
    const end = at + entry.pattern.bytes.length;
    if (end <= input.end && isAt(entry.pattern.bytes, input.bytes, at)) visit(at, entry.pattern);
  }
}

function isAt(pattern: Buffer, bytes: Buffer, at: number): boolean {
  if (pattern.length > FEW) return bytes.compare(pattern, 0, pattern.length, at, at + pattern.length) === 0;
  for (let index = pattern.length - 1; index >= 0; index--) if (bytes[at + index] !== pattern[index]) return false;
  return true;
}
