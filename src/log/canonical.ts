/** Canonical JSON (RFC 8785) and the one hash that this product uses over it. */
import { createHash } from 'node:crypto';
import serialize from 'canonicalize';

/** The RFC 8785 serialisation of a JSON value. Throws a `TypeError` for what is not JSON (undefined, NaN, a function). */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new TypeError('Only JSON values have a canonical form.');
  return text;
}

/** `sha256:` and the hex SHA-256 of the value's canonical JSON in UTF-8. */
export function sha256OfCanonical(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** `sha256:` and the hex SHA-256 of bytes or of a text in UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}
