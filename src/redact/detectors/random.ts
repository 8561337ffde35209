/** Tells random values from words, names, paths and numbers. */

/** Of longer texts so many characters are looked at. */
export const MOST_LOOKED_AT = 128;
const DIGIT = 1;
const SMALL = 2;
const CAPITAL = 3;
const SIGN = 4;
/** By character: its kind; 0 for those that tokens have not. */
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/\d/.test(char)) return DIGIT;
  if (/[a-z]/.test(char)) return SMALL;
  if (/[A-Z]/.test(char)) return CAPITAL;
  return '+/_=.~%:$-'.includes(char) ? SIGN : 0;
});

/** Whether the text was drawn by chance, as keys are: many different characters, letters and digits in turn. */
export function looksRandom(value: string): boolean {
  const text = value.slice(0, MOST_LOOKED_AT);
  const { changes, digits, letters, signs } = looked(text);
  if (letters === 0 || letters + digits + signs < text.length) return false;
  if (digits === 0) return signs === 0 && looksShuffled(text);
  // Names are words between hyphens and the like, each of which is a change.
  const words = signs > 0 && /[-_./]/.test(text);
  if (changes < text.length / (words ? 5 : 10) || entropy(text) < 2.9) return false;
  return signs === 0 || !(isPath(text, changes) || NO_KEY.test(text));
}

/** Addresses, dates and versions. */
const NO_KEY = /^(?:[a-z]+:\/\/|\d{4}-\d\d-\d\d|v?\d+\.\d+)/i;

function isPath(text: string, changes: number): boolean {
  return /^[./~]/.test(text) && !(/^[A-Za-z0-9+/]{40,}={0,2}$/.test(text) && changes >= text.length / 3);
}

/** Whether letters alone are no words: capital and small ones take turns more often than in aNameLikeThis. */
export function looksShuffled(letters: string): boolean {
  return letters.length >= 12 && looked(letters).changes > (letters.length < 20 ? 0.36 : 0.3) * letters.length;
}

interface Looked {
  /** How often a digit, a small letter, a capital one or a sign follows upon another kind. */
  changes: number;
  digits: number;
  letters: number;
  signs: number;
}

function looked(text: string): Looked {
  const found = { changes: -1, digits: 0, letters: 0, signs: 0 };
  let before = -1;
  for (let at = 0; at < text.length; at++) {
    const kind = KINDS[text.charCodeAt(at)] ?? 0;
    if (kind !== before) found.changes += 1;
    before = kind;
    if (kind === DIGIT) found.digits += 1;
    else if (kind === SIGN) found.signs += 1;
    else if (kind !== 0) found.letters += 1;
  }
  return found;
}

/** How often each character was met so far; all zero between two texts. */
const counts = new Uint8Array(256);
const LOGS = Float64Array.from({ length: MOST_LOOKED_AT + 2 }, (_, count) => count * Math.log2(Math.max(1, count)));
/** By a character's count what one more of it adds to the sum of all count * log2(count). */
const GROWTH = LOGS.map((log, count) => (LOGS[count + 1] ?? log) - log);

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) & 0xff;
    const count = counts[code] ?? 0;
    sum += GROWTH[count] ?? 0;
    counts[code] = count + 1;
  }
  for (let at = 0; at < text.length; at++) counts[text.charCodeAt(at) & 0xff] = 0;
  return Math.log2(text.length) - sum / text.length;
}
