/** Every single change of a JSON value: of each leaf, and by one member or item less or more. */
import { inBlock } from '../../src/log/block.ts';
import { canonicalJson, sha256OfCanonical } from '../../src/log/canonical.ts';
import type { Record as LogRecord } from '../../src/log/record.ts';

/** A value with one change in it, and where. */
export interface Changed {
  path: string;
  value: unknown;
}

/** The changes of a value; `path` is where it stands. */
export function* changesOf(value: unknown, path = ''): Generator<Changed> {
  if (Array.isArray(value)) yield* changesOfList(value, path);
  else if (isObject(value)) yield* changesOfObject(value, path);
  else if (typeof value === 'string') yield* changesOfText(value, path);
  else if (value === null) for (const other of ['x', [], INSTANT]) yield { path, value: other };
  else yield { path, value: typeof value === 'number' ? value + 1 : !value };
}

/** One change of each member that an object itself has. */
export function* fieldsOf(object: Readonly<Record<string, unknown>>): Generator<Changed> {
  for (const [name, member] of Object.entries(object)) {
    const [one] = changesOf(member, `.${name}`);
    if (one !== undefined) yield { ...one, value: { ...object, [name]: one.value } };
  }
}

function* changesOfList(list: readonly unknown[], path: string): Generator<Changed> {
  yield { path: `${path} (one more)`, value: [...list, list[0] ?? 'x'] };
  if (list.length > 0) yield { path: `${path} (one less)`, value: list.slice(1) };
  for (const [index, item] of list.entries()) {
    for (const one of changesOf(item, `${path}.${index}`)) yield { ...one, value: list.with(index, one.value) };
  }
}

function* changesOfObject(object: Readonly<Record<string, unknown>>, path: string): Generator<Changed> {
  yield { path: `${path} (one more)`, value: { ...object, more: 1 } };
  for (const [name, member] of Object.entries(object)) {
    const { [name]: _, ...rest } = object;
    yield { path: `${path}.${name} (left out)`, value: rest };
    for (const one of changesOf(member, `${path}.${name}`)) yield { ...one, value: { ...object, [name]: one.value } };
  }
}

const INSTANT = '2026-01-01T00:00:00Z';

/** One character at the end, of what is long also in the middle: what is left is as plausible as before. */
function* changesOfText(text: string, path: string): Generator<Changed> {
  const end = /\dZ$/.test(text) ? text.length - 2 : text.length - 1;
  const places = text.length > 100 ? [0, text.length >> 1, end] : [end];
  if (text === '') yield { path, value: 'x' };
  else for (const at of places) yield { path: `${path} (character ${at})`, value: otherAt(text, at) };
}

const LIKE = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

function otherAt(text: string, at: number): string {
  const character = text.charAt(at);
  const like = LIKE.find((some) => some.includes(character)) ?? 'xy';
  const other = like.charAt((like.indexOf(character) + 1) % like.length);
  return text.slice(0, at) + other + text.slice(at + 1);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The changed record with the hash that fits it, by whoever knows how that is made. */
export function sealedAnew(changed: unknown): unknown {
  if (!isObject(changed)) return changed;
  const { hash: _, sig, ...rest } = changed;
  return { ...rest, hash: sha256OfCanonical(rest), ...(sig === undefined ? {} : { sig }) };
}

/** The record's comment with a changed one in its place, and the words around it as they would be of that one. */
export function bodyWith(body: string, record: LogRecord, changed: unknown): string {
  const block = (value: unknown, seq: unknown) =>
    `<details><summary>Record ${seq}</summary>\n\n\`\`\`json\n${inBlock(canonicalJson(value))}\n`;
  const own = isObject(changed) ? changed : {};
  const before = block(record, record.seq);
  if (!body.includes(before)) throw new Error('The comment does not hold its record.');
  const sentence = typeof own['sentence'] === 'string' ? own['sentence'] : record.sentence;
  return sentence + body.replace(before, () => block(changed, own['seq'] ?? record.seq)).slice(record.sentence.length);
}
