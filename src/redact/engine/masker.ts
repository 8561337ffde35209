/** Masks bytes that come in pieces; how they are cut makes no difference to what comes out. */
import { INERT } from '../commands.ts';
import type { Markers } from '../marker.ts';
import type { Values } from '../values/values.ts';
import type { Finder } from './find.ts';
import { AHEAD, BACK, type Input, noAssignment } from './input.ts';
import type { Numbers } from './numbers.ts';
import { createOutput } from './output.ts';
import { addSpan, createSpans, shiftSpans, takeSpans } from './spans.ts';

export interface Masker {
  /** Takes more input and gives the output that is certain by now: every complete line, but for what is said below. */
  push(chunk: Uint8Array): Buffer;
  /** The rest of the output, when no more input follows. */
  end(): Buffer;
}

export interface Parts {
  values: Values;
  markers: Markers;
  numbers: Numbers;
  finder: Finder;
  /** Finds the policy's own patterns; their ranks follow those of the finder. */
  patterns: PatternFinder | null;
  /** The markers' words by rank. A rank without one is a log command. */
  words: readonly (string | undefined)[];
  /** Tells what was masked: the detector's rank, below zero for a registered value. */
  masked(rank: number): void;
  /** The bytes that are expected in all, as far as that is known. */
  size?: number;
}

export interface PatternFinder {
  /** Adds what must be masked of [from, to); gives where something begins that may go on behind, else `to`. */
  find(input: Input, from: number, to: number, found: (from: number, to: number, rank: number) => void): number;
}

/** A line longer than this goes out piece by piece. */
const LONG_LINE = 65_536;
/** Before the first byte the input reads as a line end. A multiple of four, so that words begin at it. */
const FRONT = 16;
const ROOM = 65_536;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Bytes are judged by lines: a line goes out whole once its end has arrived, so that everything in it was seen from
 * both sides. Only what may become a private key, or a registered value of several lines, waits for its end.
 */
export function createMasker({ values, markers, numbers, finder, patterns, words, masked, size }: Parts): Masker {
  let memory = allocate(FRONT + (size ?? BACK + LONG_LINE + 2 * AHEAD + ROOM));
  const input: Input = {
    bytes: memory.bytes,
    end: FRONT,
    final: false,
    open: false,
    asked: [],
    ...NOWHERE,
    runs: [],
    assigned: 0,
    assignment: noAssignment(),
    pairedAssignment: noAssignment(),
  };
  const lists = { values: createSpans(), found: createSpans(), patterns: createSpans() };
  const output = createOutput();
  const prefixes = words.map(prefixOf);
  /** How much of the stream came before the memory's first byte. */
  let base = 0;
  let end = FRONT;
  let lineEnd = FRONT;
  /** Up to here every anchor was judged, … */
  let judged = FRONT;
  /** … up to here every registered value that begins was found, … */
  let matched = FRONT;
  /** … up to here the output was written, … */
  let written = FRONT;
  /** … and up to here a marker stands for the bytes. */
  let covered = FRONT;

  const ahead = (): number => Math.max(AHEAD, values.longest());

  /** Up to where lines are complete, or long enough to be looked at in part. */
  function ready(): number {
    if (input.final) return end;
    if (lineEnd > judged) return lineEnd;
    return end - judged > LONG_LINE + ahead() ? end - ahead() : judged;
  }

  function work(): void {
    for (let to = ready(); to > judged || (input.final && written < end); to = ready()) {
      const whole = input.final || to === lineEnd;
      input.end = whole ? to : end;
      if (input.final) input.bytes[end] = NEWLINE;
      const found = finder.find(input, memory.words, judged, to, lists.found);
      judged = patterns?.find(input, judged, found, addPattern) ?? found;
      for (const { value, at } of input.asked.splice(0)) values.register(value, base + at, null);
      const all = whole ? to : Math.min(to, end - values.longest());
      const until = whole && !input.final ? values.unfinished(input, matched, all) : all;
      values.find(input, memory.quads, matched, until, base, lists.values);
      matched = Math.max(matched, until);
      write(Math.min(matched, judged, whole ? to : to - BACK));
      if (judged < to && !input.final) return;
    }
  }

  function addPattern(from: number, to: number, rank: number): void {
    addSpan(lists.patterns, from, to, rank);
  }

  /** Writes what begins before `safe`. */
  function write(safe: number): void {
    if (safe <= written) return;
    let plain = Math.max(written, covered);
    takeSpans([lists.values, lists.found, lists.patterns], safe, (from, to, rank) => {
      if (from >= covered) {
        output.copy(input.bytes, plain, from);
        mark(from, to, rank);
      }
      covered = Math.max(covered, to);
      plain = covered;
    });
    if (plain < safe) output.copy(input.bytes, plain, safe);
    written = safe;
  }

  function mark(from: number, to: number, rank: number): void {
    const word = rank < 0 ? SECRET_WORD : words[rank];
    if (word === undefined) {
      output.text(INERT[input.bytes[from] ?? 0] ?? '');
      return;
    }
    masked(rank);
    const number = rank < 0 ? -rank : numbers.numberOf(rank, input.bytes, from, to);
    if (number > 0 && markers.usual()) output.marker(rank < 0 ? SECRET : (prefixes[rank] ?? SECRET), number);
    else output.text(markers.at(base + from, word, number));
  }

  /** Makes room behind the input by giving up what lies before everything that is still looked at. */
  function makeRoom(): void {
    const keep = Math.max(FRONT, Math.min(written, matched, judged - BACK));
    // Four digits at a place that was not judged yet must not come to lie otherwise: some places are looked at by fours.
    const by = (keep - FRONT) & ~3;
    const needed = end - by + ROOM;
    const next = needed > memory.bytes.length ? allocate(2 * needed) : memory;
    input.bytes.copy(next.bytes, FRONT, FRONT + by, end);
    memory = next;
    input.bytes = next.bytes;
    base += by;
    for (const list of Object.values(lists)) shiftSpans(list, by);
    end -= by;
    lineEnd = Math.max(FRONT, lineEnd - by);
    judged -= by;
    matched -= by;
    written -= by;
    covered -= by;
  }

  function take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      // One byte stays free for the line end behind the last.
      if (memory.bytes.length - 1 - end < Math.min(ROOM / 2, chunk.length - at)) makeRoom();
      const piece = chunk.subarray(at, at + memory.bytes.length - 1 - end);
      memory.bytes.set(piece, end);
      const newline = piece.lastIndexOf(NEWLINE) + 1;
      const last = newline + piece.subarray(newline).lastIndexOf(RETURN) + 1;
      if (last > 0) lineEnd = end + last;
      end += piece.length;
      at += piece.length;
      work();
    }
  }

  return {
    push(chunk) {
      take(chunk);
      return output.take();
    },
    end() {
      input.final = true;
      work();
      return output.take();
    },
  };
}

const SECRET_WORD = 'secret';
const prefixOf = (word: string | undefined): Buffer => Buffer.from(`‹${word ?? ''}#`);
const SECRET = prefixOf(SECRET_WORD);

const NOWHERE = { anchor: 0, from: 0, doneFrom: 0, doneTo: 0 };

interface Memory {
  bytes: Buffer;
  words: Uint16Array;
  quads: Int32Array;
}

function allocate(least: number): Memory {
  const buffer = new ArrayBuffer((least + 7) & ~3);
  const bytes = Buffer.from(buffer);
  bytes.fill(NEWLINE, 0, FRONT);
  return { bytes, words: new Uint16Array(buffer), quads: new Int32Array(buffer) };
}
