/** What stands around and between a number's groups of digits: gaps of people and forms, escapes of URLs and JSON. */
import { byteAt, type Input, isIn } from '../engine/input.ts';

const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** A blank of its own width as browsers and typesetters write it, and a blank in a URL's query. */
const GAPS = [' ', '-', '+', '\u00a0', '\u202f', '%20'].map((gap) => Buffer.from(gap));

const BEGINS_GAP = new Uint8Array(256);
for (const [first] of GAPS) BEGINS_GAP[first ?? 0] = 1;

/** The gap that stands at the place; null: none does. */
export function gapAt(input: Input, at: number): Buffer | null {
  if (!isIn(BEGINS_GAP, input, at)) return null;
  for (const gap of GAPS) if (stands(input, at, gap)) return gap;
  return null;
}

/** Whether the bytes stand at the place. */
export function stands(input: Input, at: number, text: Uint8Array): boolean {
  for (let place = 0; place < text.length; place++) if (byteAt(input, at + place) !== text[place]) return false;
  return true;
}

/** Where a run of digits or hex digits begins without those of an escape right before, as in %22203.0.113.7 or \\u00224111. */
export function withoutEscape(input: Input, from: number): number {
  if (byteAt(input, from - 1) === PERCENT) return from + 2;
  return byteAt(input, from - 1) === LOWER_U && byteAt(input, from - 2) === BACKSLASH ? from + 4 : from;
}
