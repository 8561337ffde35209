/** Canonical JSON (RFC 8785) and the one hash that this product uses over it. */
import { hash } from 'node:crypto';
import serialize from 'canonicalize';

/**
 * The RFC 8785 serialisation of a JSON value. Throws for what is not JSON (undefined, NaN, a function) or has no canonical
 * form (a lone surrogate). Many times faster where all names are in order already, as in what was read from canonical JSON.
 */
export function canonicalJson(value: unknown): string {
  const text = isInOrder(value) ? JSON.stringify(value) : serialize(value);
  if (text === undefined) throw new TypeError('Only JSON values have a canonical form.');
  return text;
}

/** Deeper values (or cycles) are left to the library. */
const DEEP = 100;

/** Whether RFC 8785 has nothing to do but what `JSON.stringify` does: plain JSON values only, with their names in order. */
function isInOrder(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (!isContainer(value)) return value === null || typeof value === 'boolean';
  if (depth === DEEP) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isInOrder(item, depth + 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let before: string | null = null;
  for (const name of Object.keys(value)) {
    if ((before !== null && before >= name) || !name.isWellFormed() || !isInOrder(value[name], depth + 1)) return false;
    before = name;
  }
  return true;
}

/** Whether two JSON values are the same, in whatever order their names stand. */
export function isSameJson<T>(a: T, b: unknown): b is T {
  if (!isContainer(a) || !isContainer(b)) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => isSameJson(one, b[i]));
  }
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.hasOwn(b, name) || !isSameJson(a[name], b[name])) return false;
  return true;
}

/**
 * Whether a value, as `JSON.parse` gave it, is the same as a parser's copy of it and has its names in order, so that
 * `JSON.stringify` gives its canonical form. One walk in place of two: each record of a large export comes through here.
 */
export function isSameInOrder<T>(copy: T, value: unknown): value is T {
  if (typeof value === 'string') return copy === value && value.isWellFormed();
  if (!isContainer(value)) return copy === value && value !== Infinity && value !== -Infinity;
  if (Array.isArray(value)) {
    if (!Array.isArray(copy) || copy.length !== value.length) return false;
    for (let i = 0; i < value.length; i += 1) if (!isSameInOrder(copy[i], value[i])) return false;
    return true;
  }
  if (!isContainer(copy) || Array.isArray(copy)) return false;
  let before: string | null = null;
  let names = 0;
  for (const name in value) {
    if ((before !== null && before >= name) || !name.isWellFormed()) return false;
    if (!isSameInOrder(copy[name], value[name])) return false;
    before = name;
    names += 1;
  }
  for (const _ in copy) names -= 1;
  return names === 0;
}

/** An object or a list. */
function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** `sha256:` and the hex SHA-256 of the value's canonical JSON in UTF-8. */
export function sha256OfCanonical(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** `sha256:` and the hex SHA-256 of bytes or of a text in UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return `sha256:${hash('sha256', data, 'hex')}`;
}
