/** Tells random values from words, names, paths and numbers. */
import { chars, type Input, textOf } from '../engine/input.ts';

/** Of longer texts so many characters are looked at. */
export const MOST_LOOKED_AT = 128;
const DIGIT = 1;
const SMALL = 2;
const CAPITAL = 3;
const SIGN = 4;
const JOINTS = chars('-', '_./');
/** By byte: its kind; 0 for those that tokens have not. */
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/\d/.test(char)) return DIGIT;
  if (/[a-z]/.test(char)) return SMALL;
  if (/[A-Z]/.test(char)) return CAPITAL;
  return '+/_=.~%:$-'.includes(char) ? SIGN : 0;
});

/** Whether the bytes were drawn by chance, as keys are: many different characters, letters and digits in turn. */
export function looksRandom(input: Input, from: number, end: number): boolean {
  const to = Math.min(end, from + MOST_LOOKED_AT);
  const length = to - from;
  const { changes, digits, letters, signs, joined } = looked(input, from, to);
  if (letters === 0 || letters + digits + signs < length) return false;
  if (digits === 0) return signs === 0 && isShuffled(length, changes);
  // Names are words between hyphens and the like, each of which is a change.
  if (changes < length / (joined ? 5 : 10) || entropy(input, from, to) < 2.9) return false;
  return signs === 0 || !isNoKey(textOf(input, from, to), changes);
}

/** Addresses, dates and versions. */
const NO_KEY = /^(?:[a-z]+:\/\/|\d{4}-\d\d-\d\d|v?\d+\.\d+)/i;

function isNoKey(text: string, changes: number): boolean {
  if (NO_KEY.test(text)) return true;
  return /^[./~]/.test(text) && !(/^[A-Za-z0-9+/]{40,}={0,2}$/.test(text) && changes >= text.length / 3);
}

/** Whether letters alone are no words: capital and small ones take turns more often than in aNameLikeThis. */
export function looksShuffled(input: Input, from: number, to: number): boolean {
  return to - from >= LEAST_SHUFFLED && isShuffled(to - from, looked(input, from, to).changes);
}

function isShuffled(length: number, changes: number): boolean {
  return length >= LEAST_SHUFFLED && changes > (length < 20 ? 0.36 : 0.3) * length;
}

const LEAST_SHUFFLED = 12;

interface Looked {
  /** How often a digit, a small letter, a capital one or a sign follows upon another kind. */
  changes: number;
  digits: number;
  letters: number;
  signs: number;
  /** Whether some of the signs join words. */
  joined: boolean;
}

function looked({ bytes }: Input, from: number, to: number): Looked {
  const found = { changes: -1, digits: 0, letters: 0, signs: 0, joined: false };
  let before = -1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const kind = KINDS[byte] ?? 0;
    if (kind !== before) found.changes += 1;
    before = kind;
    if (kind === DIGIT) found.digits += 1;
    else if (kind === SIGN) {
      found.signs += 1;
      found.joined ||= JOINTS[byte] === 1;
    } else if (kind !== 0) found.letters += 1;
  }
  return found;
}

/** How often each character was met so far; all zero between two texts. */
const counts = new Uint8Array(256);
const LOGS = Float64Array.from({ length: MOST_LOOKED_AT + 2 }, (_, count) => count * Math.log2(Math.max(1, count)));
/** By a character's count what one more of it adds to the sum of all count * log2(count). */
const GROWTH = LOGS.map((log, count) => (LOGS[count + 1] ?? log) - log);

/** Shannon's, in bits a character. */
function entropy({ bytes }: Input, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const count = counts[byte] ?? 0;
    sum += GROWTH[count] ?? 0;
    counts[byte] = count + 1;
  }
  for (let at = from; at < to; at++) counts[bytes[at] ?? 0] = 0;
  return Math.log2(to - from) - sum / (to - from);
}
