/** The signs with which people and forms part a number's groups of digits. */
import { byteAt, type Input } from '../engine/input.ts';

/** A blank of its own width as browsers and typesetters write it, and a blank in a URL's query. */
const GAPS = [' ', '-', '+', '\u00a0', '\u202f', '%20'].map((gap) => Buffer.from(gap));

/** The gap that stands at the place; null: none does. */
export function gapAt(input: Input, at: number): Buffer | null {
  return GAPS.find((gap) => stands(input, at, gap)) ?? null;
}

/** Whether the bytes stand at the place. */
export function stands(input: Input, at: number, text: Uint8Array): boolean {
  for (let place = 0; place < text.length; place++) if (byteAt(input, at + place) !== text[place]) return false;
  return true;
}
