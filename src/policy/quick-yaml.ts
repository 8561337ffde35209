/** Reads plain YAML ten times as quickly as the reader that knows where everything stands; gives up on anything unusual. */
import { CORE_SCHEMA, constructFromEvents, EVENT_ALIAS, EVENT_DOCUMENT, parseEvents, YAMLException } from 'js-yaml';

/** Keys that a policy may not have. */
export const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype', '<<']);

/** Tabs, line ends other than a newline, invisible characters, directives and marks of documents: where readers differ. */
const UNUSUAL = /[^\n\P{C}]|[\p{Zl}\p{Zp}\u00a0]|^(?:%|---|\.\.\.)/mu;

/**
 * The data of a text in which nothing is unusual: one document without directives, aliases, anchors, tags and reserved or
 * doubled keys. null: something is, or it is no YAML at all, and the other reader says what and where.
 */
export function quickYaml(text: string): { data: unknown } | null {
  if (UNUSUAL.test(text)) return null;
  try {
    const events = parseEvents(text, {});
    const documents = events.filter((event) => event.type === EVENT_DOCUMENT);
    const [document, ...more] = documents;
    if (document === undefined || more.length > 0 || document.directives.length > 0) return null;
    const odd = events.some(
      (event) =>
        event.type === EVENT_ALIAS ||
        ('anchorStart' in event && event.anchorStart >= 0) ||
        ('tagStart' in event && event.tagStart >= 0),
    );
    if (odd) return null;
    const [data] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA });
    return hasReservedKey(data) ? null : { data };
  } catch (error) {
    if (error instanceof YAMLException) return null;
    throw error;
  }
}

function hasReservedKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasReservedKey);
  return Object.entries(value).some(
    ([key, inner]) => RESERVED_KEYS.has(key) || key === 'null' || hasReservedKey(inner),
  );
}
