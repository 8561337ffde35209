/** The commands of our pages, as they stand there. */
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { text } from '../workflow-files.ts';

/** A page's shell blocks (```sh), in order, each as it is written. */
export function blocksOf(page: string): string[] {
  return nodesOf(page).flatMap((node) => (node.type === 'code' && node.lang === 'sh' ? [node.value] : []));
}

/** What a page says that a command prints: the first block without a language after the block with that command. */
export function outputOf(page: string, command: string): string {
  const blocks = nodesOf(page).filter((node) => node.type === 'code');
  const from = blocks.findIndex(({ lang, value }) => lang === 'sh' && value.includes(command));
  const found = blocks.find(({ lang }, index) => from >= 0 && index > from && lang == null);
  if (found === undefined) throw new Error(`${page} shows no output of ${command}`);
  return found.value;
}

/** Every single command of a page: the lines of its blocks, without their remarks, and what stands as code in a sentence. */
export function commandsOf(page: string): string[] {
  const lines = blocksOf(page).flatMap((block) => block.split('\n'));
  const inline = nodesOf(page).flatMap((node) =>
    node.type === 'inlineCode' && PROGRAM.test(node.value) ? [node.value] : [],
  );
  return [...lines, ...inline].map((line) => line.replace(/\s+#.*$/, '').trim()).filter((line) => line !== '');
}

/** What begins like this is a command; a name that merely has the program's name in it is none. */
const PROGRAM = /^(npm (ci|test|run|link)\b|node \S+\.(js|ts)\b|(git|gh|npx|debug-approval) \S)/;

function nodesOf(page: string): Nodes[] {
  const walk = (node: Nodes): Nodes[] => [node, ...('children' in node ? node.children.flatMap(walk) : [])];
  return walk(fromMarkdown(text(page)));
}
