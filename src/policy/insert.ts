/** Puts entries into YAML text where every other character stays as it is: comments, order, quotes and indentation. */
import { Document, isCollection, isMap, isNode, isPair, type YAMLMap, type YAMLSeq } from 'yaml';

/** Text to put in at an offset of the old text. */
export interface Insertion {
  offset: number;
  text: string;
}

/** A line that changed: `line` counts from 1 in the old text; what is only added stands after that line. */
export interface Change {
  line: number;
  removed: string[];
  added: string[];
}

/** Adds an entry at the end of a map, in the layout of the entry before it. */
export function intoMap(text: string, map: YAMLMap, key: string, value: object): Insertion[] {
  const last = map.items.at(-1);
  const before = isMap(last?.value) ? last.value : null;
  if (map.flow === true) return intoFlow(text, map, flowEntry(text, before, { [key]: value }));
  if (!isPair(last) || !isNode(last.key)) return [];
  const column = columnOf(text, startOf(last.key));
  const margin = ' '.repeat(column);
  const block = before !== null && before.flow !== true;
  const lines = block
    ? blockEntry(text, before, column, { [key]: value })
    : [flowEntry(text, before, { [key]: value })];
  return [
    { offset: endOfLine(text, endOf(text, last)), text: lines.map((line) => newline(text) + margin + line).join('') },
  ];
}

/** Adds a name at the end of a list. */
export function intoList(text: string, list: YAMLSeq, name: string): Insertion[] {
  const item = new Document(name).toString().trim();
  if (list.flow === true) return intoFlow(text, list, item);
  const last = list.items.at(-1);
  const [, dash] = isNode(last) ? (/^([ \t]*-[ \t]+)/.exec(lineAt(text, startOf(last))) ?? []) : [];
  if (dash === undefined) return [];
  return [{ offset: endOfLine(text, endOf(text, last)), text: newline(text) + dash + item }];
}

/** The text with all insertions made; those of one place stand in their order. */
export function insertAll(text: string, insertions: readonly Insertion[]): string {
  return insertions
    .toReversed()
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((whole, { offset, text: added }) => whole.slice(0, offset) + added + whole.slice(offset), text);
}

/** The lines that insertions change, in the order of the text. */
export function changesOf(text: string, insertions: readonly Insertion[]): Change[] {
  const starts = new Set(insertions.map(({ offset }) => startOfLine(text, offset)));
  return [...starts]
    .sort((a, b) => a - b)
    .map((start) => {
      const before = lineAt(text, start);
      const own = insertions.filter(({ offset }) => startOfLine(text, offset) === start);
      const moved = own.map((one) => ({ ...one, offset: one.offset - start }));
      const [first = '', ...more] = insertAll(before, moved).split(/\r?\n/);
      const line = text.slice(0, start).split('\n').length;
      return first === before
        ? { line, removed: [], added: more }
        : { line, removed: [before], added: [first, ...more] };
    });
}

// Between brackets: on a line of its own where the item before has one, else beside it.
function intoFlow(text: string, collection: YAMLMap | YAMLSeq, item: string): Insertion[] {
  const last = collection.items.at(-1);
  if (last === undefined) return [{ offset: startOf(collection) + 1, text: isMap(collection) ? ` ${item} ` : item }];
  const end = endOf(text, last);
  const eol = endOfLine(text, end);
  const [rest, comma] = /^[ \t]*(,?)[ \t]*(?:#.*)?$/.exec(text.slice(end, eol)) ?? [];
  if (rest === undefined) return [{ offset: end, text: `, ${item}` }];
  const [margin = ''] = /^[ \t]*/.exec(lineAt(text, end)) ?? [];
  const own = { offset: eol, text: `${newline(text)}${margin}${item}${comma}` };
  return comma === ',' ? [own] : [{ offset: end, text: ',' }, own];
}

function flowEntry(text: string, before: YAMLMap | null, entry: object): string {
  const document = new Document(entry, { flow: true });
  const tight = before?.flow === true && /^\{\S/.test(text.slice(startOf(before)));
  const whole = document.toString({ lineWidth: 0, flowCollectionPadding: !tight }).trim();
  return whole.slice(1, -1).trim();
}

function blockEntry(text: string, before: YAMLMap, column: number, entry: object): string[] {
  const [first] = before.items;
  const inner = isPair(first) && isNode(first.key) ? columnOf(text, startOf(first.key)) - column : 2;
  const document = new Document(entry);
  for (const pair of isMap(document.contents) ? document.contents.items : []) {
    if (isMap(pair.value)) likeBefore(pair.value, before);
  }
  return document
    .toString({ lineWidth: 0, indent: Math.max(1, inner) })
    .trimEnd()
    .split('\n');
}

// What stands in one line in the entry before stands in one line here.
function likeBefore(fields: YAMLMap, before: YAMLMap): void {
  const oneLine = before.items.some(({ value }) => isMap(value) && value.flow === true);
  for (const { value } of fields.items) if (isMap(value)) value.flow = oneLine;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

// Where the last thing in it ends; a block's own range may reach into the lines that follow.
function endOf(text: string, node: unknown): number {
  if (isPair(node)) return endOf(text, isNode(node.value) ? node.value : node.key);
  if (isCollection(node) && node.flow !== true && node.items.length > 0) return endOf(text, node.items.at(-1));
  const end = isNode(node) ? (node.range?.[1] ?? 0) : 0;
  return text.slice(0, end).trimEnd().length;
}

function startOfLine(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  const line = end === -1 ? text.length : end;
  return text[line - 1] === '\r' ? line - 1 : line;
}

function lineAt(text: string, offset: number): string {
  return text.slice(startOfLine(text, offset), endOfLine(text, offset));
}

function columnOf(text: string, offset: number): number {
  return offset - startOfLine(text, offset);
}

const newline = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
