/** Finds patterns in bytes that come in pieces and replaces them; the pieces make no difference to what comes out. */
import type { Pattern } from './patterns.ts';

export interface Scanner {
  /** Takes more input and gives the output that is certain by now. */
  push(chunk: Uint8Array): Buffer;
  /** The rest of the output, when no more input follows. */
  end(): Buffer;
  /** How many markers were written so far. */
  replaced(): number;
}

/** Patterns by their first bytes; a pattern is at least this many bytes long (see SHORTEST). */
const KEY_BYTES = 4;

interface Index {
  /** One flag per possible pair of first bytes: most positions need no further look. */
  pairs: Uint8Array;
  byKey: Map<number, Pattern[]>;
  all: readonly Pattern[];
}

type Look = { kind: 'match'; pattern: Pattern } | { kind: 'none' } | { kind: 'undecided' };

/**
 * At each position the longest pattern counts; matches that overlap become one marker, that of the leftmost, so that
 * nothing of either is left. Input is held back only while its end is the beginning of a pattern, hence never more
 * than the longest pattern. It is not given out earlier, however long nothing comes: a secret written in two halves
 * with a pause between would leak.
 */
export function createScanner(patterns: readonly Pattern[], marker: (number: number) => Buffer): Scanner {
  const index = indexOf(patterns);
  let held: Buffer = Buffer.alloc(0);
  /** How many of the held bytes a marker already written stands for. */
  let covered = 0;
  let replaced = 0;

  const scan = (input: Buffer, last: boolean): Buffer => {
    const out: Buffer[] = [];
    let position = 0;
    let maskedTo = covered;
    let plainFrom = covered;
    for (; position < input.length; position++) {
      const look = lookAt(index, input, position, last);
      if (look.kind === 'undecided') break;
      if (look.kind === 'none') continue;
      const end = position + look.pattern.bytes.length;
      if (position >= maskedTo) {
        out.push(input.subarray(plainFrom, position), marker(look.pattern.number));
        replaced += 1;
      }
      maskedTo = Math.max(maskedTo, end);
      plainFrom = maskedTo;
    }
    if (plainFrom < position) out.push(input.subarray(plainFrom, position));
    // A copy: a view would keep the whole chunk in memory.
    held = Buffer.from(input.subarray(position));
    covered = Math.max(0, maskedTo - position);
    return Buffer.concat(out);
  };

  return {
    push: (chunk) => scan(Buffer.concat([held, chunk]), false),
    end: () => scan(held, true),
    replaced: () => replaced,
  };
}

function indexOf(patterns: readonly Pattern[]): Index {
  const pairs = new Uint8Array(0x10000);
  const byKey = new Map<number, Pattern[]>();
  const all = [...patterns].sort((a, b) => b.bytes.length - a.bytes.length);
  for (const pattern of all) {
    const key = pattern.bytes.readUInt32BE(0);
    pairs[key >>> 16] = 1;
    byKey.set(key, [...(byKey.get(key) ?? []), pattern]);
  }
  return { pairs, byKey, all };
}

/** What begins at `position`; undecided while more input could make it a (longer) match. */
function lookAt(index: Index, input: Buffer, position: number, last: boolean): Look {
  const left = input.length - position;
  if (left < KEY_BYTES) {
    if (last) return { kind: 'none' };
    const open = index.all.some((pattern) => begins(pattern.bytes, input, position, left));
    return { kind: open ? 'undecided' : 'none' };
  }
  if (index.pairs[input.readUInt16BE(position)] === 0) return { kind: 'none' };
  for (const pattern of index.byKey.get(input.readUInt32BE(position)) ?? []) {
    const length = Math.min(left, pattern.bytes.length);
    if (!begins(pattern.bytes, input, position, length)) continue;
    if (length === pattern.bytes.length) return { kind: 'match', pattern };
    if (!last) return { kind: 'undecided' };
  }
  return { kind: 'none' };
}

/** Whether the first `length` bytes of the pattern stand at `position`. */
function begins(pattern: Buffer, input: Buffer, position: number, length: number): boolean {
  return pattern.compare(input, position, position + length, 0, length) === 0;
}
