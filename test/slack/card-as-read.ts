/** A card as a person reads it: a block's lines below each other, buttons and links in brackets. */
import type { CardMessage } from '../../src/slack/message.ts';
import { visibleText } from './block-lengths.ts';

/** The notification, then every block. */
export function asRead({ text, blocks }: CardMessage): string {
  return [`(notification) ${text}`, ...blocks.map(linesOf)].join('\n');
}

function linesOf(block: CardMessage['blocks'][number]): string {
  switch (block.type) {
    case 'rich_text':
      return block.elements.map((element) => visibleText(element).trimEnd()).join('\n');
    case 'actions':
      return block.elements.map((element) => `[${visibleText(element)}]`).join(' ');
    case 'context':
      return block.elements.map(visibleText).join(' | ');
    default:
      return visibleText(block);
  }
}
