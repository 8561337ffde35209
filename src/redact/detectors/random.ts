/** Tells random values from words, names, paths and numbers. */

const TOKEN = /^[A-Za-z0-9+/_=.~%:$-]+$/;
const MOST_LOOKED_AT = 128;

/** Whether the text was drawn by chance, as keys are: many different characters, letters and digits in turn. */
export function looksRandom(value: string): boolean {
  const text = value.slice(0, MOST_LOOKED_AT);
  if (/^[A-Za-z]+$/.test(text)) return looksShuffled(text);
  if (!/\d/.test(text) || !/[A-Za-z]/.test(text) || !TOKEN.test(text)) return false;
  const isPath = /^[./~]/.test(text) && !(/^[A-Za-z0-9+/]{40,}={0,2}$/.test(text) && changes(text) >= text.length / 3);
  if (isPath || /^[a-z]+:\/\//i.test(text)) return false;
  if (/^\d{4}-\d\d-\d\d/.test(text) || /^v?\d+\.\d+/.test(text)) return false;
  // Names are words between hyphens and the like, each of which is a change.
  return entropy(text) >= 2.9 && changes(text) >= text.length / (/[-_./]/.test(text) ? 5 : 10);
}

/** Whether letters alone are no words: capital and small ones take turns more often than in aNameLikeThis. */
export function looksShuffled(letters: string): boolean {
  return letters.length >= 12 && changes(letters) > 0.36 * letters.length;
}

const counts = new Uint8Array(128);
const LOGS = Float64Array.from({ length: MOST_LOOKED_AT + 1 }, (_, count) =>
  count === 0 ? 0 : count * Math.log2(count),
);

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  counts.fill(0);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) & 0x7f;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let sum = 0;
  for (let code = 0; code < counts.length; code++) sum += LOGS[counts[code] ?? 0] ?? 0;
  return Math.log2(text.length) - sum / text.length;
}

/** How often a digit, a small letter and a capital one follow upon another kind. */
function changes(text: string): number {
  let found = 0;
  let before = KINDS[text.charCodeAt(0)];
  for (let at = 1; at < text.length; at++) {
    const kind = KINDS[text.charCodeAt(at)];
    if (kind !== before) found += 1;
    before = kind;
  }
  return found;
}

const KINDS = Uint8Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /\d/.test(char) ? 1 : /[a-z]/.test(char) ? 2 : /[A-Z]/.test(char) ? 3 : 4;
});
