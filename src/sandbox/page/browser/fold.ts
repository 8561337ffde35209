/** Finds the collapsible blocks (`<details>`) among a text's nodes: the only HTML that the page gives a meaning to. */
import type { RootContent } from 'mdast';

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
