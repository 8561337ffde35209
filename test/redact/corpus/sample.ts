/** What the labelled corpus is made of: marked texts, seeded chance, published alphabets and checksums. */

/** A place in a text that must be masked, in UTF-16 code units, and the detectors that may claim it, its own first. */
export interface Label {
  start: number;
  end: number;
  detectors: readonly string[];
}

export interface Sample {
  /** What it is, or whose definition it follows; for negatives, what it only looks like. */
  about: string;
  text: string;
  /** In the order of the text, not overlapping; none in a negative. */
  labels: Label[];
}

/** How values of one published format are made; `make` gives a value alone or a text with values marked by {@link mark}. */
export interface Format {
  detector: string;
  /** Where the format is published. */
  source: string;
  make(chance: Chance): string;
}

export const format = (detector: string, source: string, make: Format['make']): Format => ({ detector, source, make });

// Private-use characters, which no text of the corpus holds; JSON.stringify leaves them alone.
const OPEN = '\uE000';
const IDS_END = '\uE001';
const CLOSE = '\uE002';

/** The value with marks around it: it must be masked, by `detector` or, where they see it too, by the others. */
export function mark(value: string, detector: string, ...others: string[]): string {
  return `${OPEN}${[detector, ...others].join(',')}${IDS_END}${value}${CLOSE}`;
}

export const isMarked = (text: string): boolean => text.includes(OPEN);

/** Takes the marks out of a text and says where they stood. */
export function sampleOf(about: string, marked: string): Sample {
  const labels: Label[] = [];
  let text = '';
  for (const [index, piece] of marked.split(OPEN).entries()) {
    if (index === 0) {
      text = piece;
      continue;
    }
    const [ids = '', rest = ''] = piece.split(IDS_END);
    const [value = '', after = ''] = rest.split(CLOSE);
    labels.push({ start: text.length, end: text.length + value.length, detectors: ids.split(',') });
    text += value + after;
  }
  return { about, text, labels };
}

export interface Chance {
  below(limit: number): number;
  /** So many characters of the alphabet. */
  of(alphabet: string, length: number): string;
  one<T>(items: readonly T[]): T;
  /** One after the other, whenever the same list comes again: every kind occurs. */
  each(kinds: readonly string[]): string;
}

export const DIGITS = '0123456789';
export const NONZERO = '123456789';
export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const LOWER = UPPER.toLowerCase();
export const HEX = '0123456789abcdef';
export const BASE62 = DIGITS + UPPER + LOWER;
export const BASE64URL = `${BASE62}-_`;
export const BASE64 = `${BASE62}+/`;
export const BASE32 = `${UPPER}234567`;

/** The same values in every run (the `mulberry32` generator): a failing sample can be looked at again. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  const one = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to choose from.');
    return item;
  };
  const of = (alphabet: string, length: number) => {
    let text = '';
    while (text.length < length) text += alphabet[below(alphabet.length)];
    return text;
  };
  const turns = new Map<string, number>();
  const each = (kinds: readonly string[]) => {
    const turn = turns.get(kinds.join()) ?? 0;
    turns.set(kinds.join(), turn + 1);
    return kinds[turn % kinds.length] ?? one(kinds);
  };
  return { below, of, one, each };
}

/** Whether the digits hold by ISO/IEC 7812-1 annex B. */
export function luhnHolds(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** The digits and the check digit that makes them hold. */
export function withLuhn(digits: string): string {
  const check = [...DIGITS].find((digit) => luhnHolds(digits + digit));
  return `${digits}${check ?? ''}`;
}

const mod97 = (text: string): bigint => BigInt([...text].map((c) => Number.parseInt(c, 36)).join('')) % 97n;

/** Whether an IBAN without blanks holds by ISO 7064 mod 97-10. */
export function ibanHolds(iban: string): boolean {
  return mod97(iban.slice(4) + iban.slice(0, 4)) === 1n;
}

/** An IBAN of the country with the account number. */
export function ibanOf(country: string, account: string): string {
  return `${country}${String(98n - mod97(`${account}${country}00`)).padStart(2, '0')}${account}`;
}

/** `text` and the CRC-32 of it in six base-62 digits, as GitHub, npm and Vercel write their tokens. */
export function withCrc(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (; rest > 0; rest = Math.floor(rest / 62)) digits = (BASE62[rest % 62] ?? '') + digits;
  return text + digits.padStart(6, '0');
}
