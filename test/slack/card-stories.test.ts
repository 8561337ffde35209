/** The card in every state that a real log leads to. */
import { describe, expect, test } from 'vitest';
import { validateBlocks } from '../../src/sandbox/slack/blocks.ts';
import { card } from '../../src/slack/card.ts';
import { STORY_NAMES, viewOf } from '../request/stories.ts';
import { breaches, visibleText } from './block-lengths.ts';
import { asRead } from './card-as-read.ts';

test('in every state that a log leads to, it reads as its golden file says', async () => {
  const read = STORY_NAMES.map((story) => `# ${story}\n\n${asRead(card(viewOf(story)))}\n`);
  await expect(read.join('\n')).toMatchFileSnapshot('golden/card-states.txt');
});

describe.each(STORY_NAMES)('%s', (story) => {
  test('Slack takes it', () => {
    const message = card(viewOf(story));
    expect([...breaches(message), ...validateBlocks(message.blocks)]).toEqual([]);
  });

  test('nobody is mentioned or waited for once no decision can change anything', () => {
    const view = viewOf(story);
    const read = visibleText(card(view).blocks);
    const open = view.status === 'pending' || (view.status === 'approved' && view.request.breakGlass);
    expect(/<@[UW]/.test(read)).toBe(open && view.approvers.some(({ decided, pinged }) => pinged && !decided));
    if (!open) expect(read).not.toMatch(/more of|nobody approved yet|please decide/);
  });
});
