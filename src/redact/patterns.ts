/** The byte patterns by which a registered value is recognised: the value, its lines, and the forms tools print it in. */

/** Shorter values would garble the output, and a match would tell more than it hides. In UTF-16 code units. */
export const SHORTEST = 4;

export interface Pattern {
  bytes: Buffer;
  /** Position of the value among the distinct accepted values, from 1. */
  number: number;
}

/** A value that is too short to be masked: its place in the given list and its length, never the value. */
export interface RefusedValue {
  index: number;
  length: number;
}

export interface Patterns {
  /** No two alike, longest first. */
  list: Pattern[];
  refused: RefusedValue[];
}

/** The forms of one text that are masked, with the text itself; all at least {@link SHORTEST} characters long. */
export function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const forms = [text, ...jsonForms(text), ...urlForms(text), ...base64Forms(bytes), hex, hex.toUpperCase()];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/** All patterns of the given values. Equal values share one number; empty values are no secrets and are passed over. */
export function patternsOf(values: readonly string[]): Patterns {
  const refused: RefusedValue[] = [];
  const numbers = new Map<string, number>();
  const found = new Map<string, Pattern>();
  values.forEach((raw, index) => {
    const value = trimNewlines(raw.toWellFormed());
    if (value === '') return;
    if (value.length < SHORTEST) {
      refused.push({ index, length: value.length });
      return;
    }
    if (numbers.has(value)) return;
    const number = numbers.size + 1;
    numbers.set(value, number);
    for (const form of [value, ...linesOf(value)].flatMap(formsOf)) {
      if (!found.has(form)) found.set(form, { bytes: Buffer.from(form, 'utf8'), number });
    }
  });
  const list = [...found.values()].sort((a, b) => b.bytes.length - a.bytes.length);
  return { list, refused };
}

function trimNewlines(value: string): string {
  return value.replace(/^[\r\n]+/, '').replace(/[\r\n]+$/, '');
}

/** The lines of a value of several lines, each without the blanks around it, as far as they are long enough. */
function linesOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/);
  return lines.length === 1 ? [] : lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST);
}

function jsonForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  // Python and PHP write everything beyond ASCII as \uXXXX, PHP also a slash as \/.
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [json, ascii, json.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')];
}

function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ v: text }).toString().slice('v='.length);
  const lower = [component, strict, form].map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [component, strict, form, ...lower];
}

/**
 * Base64 of the bytes alone, wrapped as `base64` (76) and PEM (64) wrap it, and what is certain of it where one or two
 * other bytes stand before and any bytes stand behind, as in `user:password`.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inside = [0, 1, 2].map((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    // A character holds 6 bits: those that share bits with other bytes are not certain.
    return shifted.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((shifted.length * 8) / 6));
  });
  const standard = [whole, whole.replace(/=+$/, ''), ...inside, ...wrapped(inside[0] ?? '')];
  return [...standard, ...standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function wrapped(encoded: string): string[] {
  // The rest of a wrapped line is masked only where it is long enough not to be met by chance.
  const lines = [64, 76].flatMap((width) =>
    encoded.length > width ? (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []) : [],
  );
  return lines.filter((line) => line.length >= 2 * SHORTEST);
}
