/** What Slack refuses in Block Kit. */

import type { KnownBlock } from '@slack/types';
import { expect, test } from 'vitest';
import { validateBlocks } from '../../../src/sandbox/slack/blocks.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (change: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...change });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const many = <T>(count: number, item: (index: number) => T) => Array.from({ length: count }, (_, index) => item(index));

const VALID: KnownBlock[] = [
  { type: 'header', text: { type: 'plain_text', text: 'h'.repeat(150), emoji: true } },
  { type: 'section', text: { type: 'mrkdwn', text: 't'.repeat(3000), verbatim: true }, expand: true },
  { type: 'section', fields: many(10, () => ({ type: 'mrkdwn', text: 'f'.repeat(2000) })) },
  { type: 'context', elements: many(10, () => ({ type: 'mrkdwn', text: 'c' })) },
  { type: 'divider' },
  { type: 'markdown', text: 'm'.repeat(12_000) },
  { type: 'image', image_url: 'https://images.test/a.png', alt_text: 'a' },
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        text: { type: 'plain_text', text: 'b'.repeat(75) },
        action_id: 'a'.repeat(255),
        value: 'v'.repeat(2000),
        style: 'primary',
        confirm: {
          title: { type: 'plain_text', text: 't'.repeat(100) },
          text: { type: 'mrkdwn', text: 'x'.repeat(300) },
          confirm: { type: 'plain_text', text: 'y'.repeat(30) },
          deny: { type: 'plain_text', text: 'n'.repeat(30) },
        },
      },
      { type: 'static_select', options: [{ text: { type: 'plain_text', text: 'o' }, value: 'o' }] },
    ],
  },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'user', user_id: 'U1' },
          { type: 'text', text: 'x', style: { bold: true } },
        ],
      },
    ],
  },
  { type: 'input', label: { type: 'plain_text', text: 'Why' }, element: { type: 'plain_text_input', multiline: true } },
];

test("blocks at the edge of Slack's limits are accepted", () => {
  expect(validateBlocks(VALID)).toEqual([]);
});

test.each([
  ['a long header', { type: 'header', text: plain('h'.repeat(151)) }, 'less than 151', '/text/text'],
  ['a header in mrkdwn', { type: 'header', text: mrkdwn('h') }, 'must be plain_text', '/text/type'],
  ['a long section', { type: 'section', text: mrkdwn('t'.repeat(3001)) }, 'less than 3001', '/text/text'],
  ['an empty text', { type: 'section', text: mrkdwn('') }, 'more than 0', '/text/text'],
  ['a section without content', { type: 'section' }, 'either `text` or `fields`', ''],
  ['eleven fields', { type: 'section', fields: many(11, () => mrkdwn('f')) }, 'no more than 10', '/fields'],
  ['a long field', { type: 'section', fields: [mrkdwn('f'.repeat(2001))] }, 'less than 2001', '/fields/0/text'],
  ['a long button', actions(button({ text: plain('b'.repeat(76)) })), 'less than 76', '/elements/0/text/text'],
  ['a button in mrkdwn', actions(button({ text: mrkdwn('b') })), 'must be plain_text', '/elements/0/text/type'],
  ['a long value', actions(button({ value: 'v'.repeat(2001) })), 'less than 2001', '/elements/0/value'],
  ['a long url', actions(button({ url: `https://a.test/${'u'.repeat(3000)}` })), 'less than 3001', '/elements/0/url'],
  ['a long action_id', actions(button({ action_id: 'a'.repeat(256) })), 'less than 256', '/elements/0/action_id'],
  ['a long block_id', { type: 'divider', block_id: 'b'.repeat(256) }, 'less than 256', '/block_id'],
  ['an unknown style', actions(button({ style: 'loud' })), 'Invalid type', '/elements/0/style'],
  ['no elements', actions(), 'no fewer than 1', '/elements'],
  ['26 elements', actions(...many(26, (n) => button({ action_id: `a${n}` }))), 'no more than 25', '/elements'],
  ['one action_id twice', actions(button(), button()), '`action_id` must be unique', '/elements'],
  ['eleven in a context', { type: 'context', elements: many(11, () => mrkdwn('c')) }, 'no more than 10', '/elements'],
  ['a button in a context', { type: 'context', elements: [button()] }, 'unsupported type', '/elements/0/type'],
  [
    'a long confirm title',
    actions(button({ confirm: { title: plain('t'.repeat(101)), text: mrkdwn('x') } })),
    'less than 101',
    '/elements/0/confirm/title/text',
  ],
  [
    'a long confirm text',
    actions(button({ confirm: { text: mrkdwn('x'.repeat(301)) } })),
    'less than 301',
    '/elements/0/confirm/text/text',
  ],
  [
    'a long confirm button',
    actions(button({ confirm: { text: mrkdwn('x'), deny: plain('n'.repeat(31)) } })),
    'less than 31',
    '/elements/0/confirm/deny/text',
  ],
  ['an unknown block', { type: 'banner' }, 'unsupported type', '/type'],
  ['an unknown field', { type: 'divider', colour: 'red' }, 'unknown field: colour', '/colour'],
  ['a missing field', { type: 'header' }, 'missing required field: text', '/text'],
  ['an image without source', { type: 'image', alt_text: 'a' }, 'either `image_url` or `slack_file`', ''],
])('%s is refused', (_name, block, sentence, pointer) => {
  const errors = validateBlocks([block]);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(sentence);
  expect(errors[0]).toContain(`[json-pointer:/blocks/0${pointer}]`);
});

test('a message takes 50 blocks, a modal 100', () => {
  const blocks = many(51, () => ({ type: 'divider' }));
  expect(validateBlocks(blocks)).toEqual(['no more than 50 items are allowed [json-pointer:/blocks]']);
  expect(validateBlocks(blocks, 'modal')).toEqual([]);
});

test('block ids are unique in a message', () => {
  const twice = many(2, () => ({ type: 'divider', block_id: 'same' }));
  expect(validateBlocks(twice)).toEqual(['`block_id` must be unique [json-pointer:/blocks]']);
});

test('every mistake is reported at once', () => {
  expect(validateBlocks([{ type: 'header' }, { type: 'section' }, { type: 'banner' }])).toHaveLength(3);
});
