/** Reads the YAML of a policy or of its cases into plain data, and finds the line and column of everything in it. */
import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Finding, Problem } from './problems.ts';
import { pathText } from './problems.ts';
import { quickYaml, RESERVED_KEYS } from './quick-yaml.ts';

/** Longer policies are refused unread. */
const MOST_CHARACTERS = 200_000;
/** Deeper ones too: no policy needs it, and a parser's stack ends somewhere. */
const MOST_DEPTH = 500;
const DEEP_INDENT = new RegExp(`^[ ?:-]{${MOST_DEPTH + 1}}`, 'm');

export interface YamlSource {
  /** Plain data; null where the text is not even YAML. */
  data: unknown;
  problems: Problem[];
  /** Puts a finding into its line and column. */
  locate(finding: Finding): Problem;
}

/** Reads the text. Directives, aliases, tags and merge keys are refused: every line of a policy means what stands there. */
export function readYaml(text: string): YamlSource {
  const tooMuch = tooLarge(text);
  if (tooMuch !== null) return unreadable(tooMuch);
  const quick = quickYaml(text);
  if (quick === null) return readSlowly(text);
  let source: YamlSource | null = null;
  return {
    ...quick,
    problems: [],
    locate: (finding) => {
      // Only a text with mistakes needs to know where everything stands.
      source ??= readSlowly(text);
      return source.locate(finding);
    },
  };
}

function readSlowly(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors, ...document.warnings];
  const problems = [
    ...faults.map((fault) => ({
      ...at(fault.pos[0]),
      path: '',
      message: `${yamlMessage(fault.code, fault.message)}.`,
    })),
    ...oddities(document).map(({ offset, message }) => ({ ...at(offset), path: '', message })),
  ];
  const fatal = faults.some((fault) => fault.code !== 'DUPLICATE_KEY') || problems.length > faults.length;
  return {
    data: fatal ? null : document.toJS(),
    problems,
    locate: (finding) => ({
      ...at(offsetOf(document, finding)),
      path: pathText(finding.path),
      message: finding.message,
    }),
  };
}

function tooLarge(text: string): string | null {
  if (text.length > MOST_CHARACTERS)
    return `The policy has ${text.length} characters; at most ${MOST_CHARACTERS} are read.`;
  // Brackets and indentation are all that can nest; the longest chain of either bounds the depth from above.
  let open = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, open);
  }
  if (deepest > MOST_DEPTH || DEEP_INDENT.test(text)) return `The policy is nested deeper than ${MOST_DEPTH} levels.`;
  return null;
}

function unreadable(message: string): YamlSource {
  const problem = { line: 1, column: 1, path: '', message };
  return { data: null, problems: [problem], locate: () => problem };
}

function yamlMessage(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'This key stands twice in the same mapping; remove one';
  return `This is not valid YAML: ${message.replace(/\.$/, '')}`;
}

// What YAML allows and a policy does not.
function oddities(document: Document): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = [];
  // `%YAML 1.1` would make `on` a truth and 0145 the number 101.
  if (document.directives?.yaml.explicit === true) {
    found.push({ offset: 0, message: 'A %YAML directive is not read in a policy; remove it.' });
  }
  visit(document, {
    Value: (_, node) => {
      if (node.tag === undefined) return;
      const message = `Tags (${node.tag}) are not read in a policy; write the value as it is.`;
      found.push({ offset: node.range?.[0] ?? 0, message });
    },
    Alias: (_, node) => {
      found.push({
        offset: node.range?.[0] ?? 0,
        message: 'Aliases (*name) are not read in a policy; write the value out here.',
      });
    },
    Pair: (_, pair) => {
      const { key } = pair;
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      if (!isScalar(key)) found.push({ offset, message: 'A key must be a plain name.' });
      else if (RESERVED_KEYS.has(String(key.value))) {
        found.push({ offset, message: `${String(key.value)} cannot be a key here; choose another name.` });
      }
    },
  });
  return found;
}

// The offset of the deepest existing part of the path: what is missing is reported where it should have been.
function offsetOf(document: Document, finding: Finding): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node);
  for (const [index, step] of finding.path.entries()) {
    const next = stepInto(node, step);
    if (next === null) return offset;
    const last = index === finding.path.length - 1;
    const value = isNode(next.value) ? next.value : null;
    const meantKey = next.key !== null && (!last || finding.at === 'key' || value === null);
    offset = rangeStart(meantKey ? next.key : value) || offset;
    node = next.value;
  }
  return offset;
}

function stepInto(node: unknown, step: string | number): { key: Node | null; value: unknown } | null {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? null : { key: null, value: item };
  }
  if (!isMap(node)) return null;
  // Of a key that stands twice the last counts.
  const pair = node.items.findLast(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
  );
  return pair === undefined ? null : { key: isNode(pair.key) ? pair.key : null, value: pair.value };
}

function rangeStart(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
