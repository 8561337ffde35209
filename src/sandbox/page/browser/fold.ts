/** Finds the collapsible blocks (`<details>`) among a text's nodes: the only HTML that the page gives a meaning to. */
import type { Nodes, RootContent } from 'mdast';

export interface Details {
  type: 'details';
  summary: string;
  children: Folded[];
}
export type Folded = RootContent | Details;

const BEGIN = /^<details>\s*<summary>([^<]*)<\/summary>$/;

/** The nodes with each `<details><summary>…</summary>` … `</details>` as one; one that is never closed stays text. */
export function fold(nodes: RootContent[]): Folded[] {
  const folded: Folded[] = [];
  let at = 0;
  while (at < nodes.length) {
    const node = nodes[at];
    if (node === undefined) break;
    const summary = node.type === 'html' ? BEGIN.exec(node.value)?.[1] : undefined;
    const end = summary === undefined ? -1 : nodes.findIndex((other, index) => index > at && isEnd(other));
    if (summary === undefined || end < 0) {
      folded.push(node);
      at += 1;
    } else {
      folded.push({ type: 'details', summary, children: fold(nodes.slice(at + 1, end)) });
      at = end + 1;
    }
  }
  return folded;
}

function isEnd(node: RootContent): boolean {
  return node.type === 'html' && node.value.trim() === '</details>';
}

/** Deeper than anybody writes, and well within what can be drawn. */
const DEEPEST = 60;

/** Whether a text is nested deeper than can be drawn, as by a thousand `>`: then it is shown as it is written. */
export function isTooDeep(nodes: readonly Nodes[]): boolean {
  const left = nodes.map((node) => ({ node, depth: 1 }));
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { node, depth } = one;
    if (depth > DEEPEST) return true;
    if ('children' in node) left.push(...node.children.map((child) => ({ node: child, depth: depth + 1 })));
  }
  return false;
}
