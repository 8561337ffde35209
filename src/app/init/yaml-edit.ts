/** Replaces single values in a YAML text; every other character of it, comments and layout included, stays. */
import { isNode, parseDocument } from 'yaml';

export interface ValueEdit {
  path: readonly (string | number)[];
  /** The YAML that stands there afterwards, on one line. */
  with: string;
  /** A comment at the end of that line; kept out where another is there already. */
  comment?: string;
}

/** The text with these values replaced. Throws where a path leads nowhere: the text is then not what the caller takes it for. */
export function replaceValues(text: string, edits: readonly ValueEdit[]): string {
  const document = parseDocument(text);
  const cuts = edits.map((edit) => {
    const node = document.getIn(edit.path, true);
    if (!isNode(node) || !node.range) throw new Error(`There is no value at ${edit.path.join('.')}.`);
    const [start, end] = node.range;
    const rest = text.slice(end, lineEnd(text, end));
    const comment = edit.comment === undefined || rest.trim() !== '' ? '' : ` # ${edit.comment}`;
    return { start, end, text: edit.with + comment };
  });
  return cuts
    .toSorted((a, b) => b.start - a.start)
    .reduce((whole, cut) => whole.slice(0, cut.start) + cut.text + whole.slice(cut.end), text);
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}
