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

const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
const asked = (element: object) => ({ type: 'input', block_id: 'asked', label: plain('Asked'), element });
const select = (more: object) => asked({ type: 'static_select', action_id: 'a', ...more });
const number = (more: object) => asked({ type: 'number_input', action_id: 'a', is_decimal_allowed: false, ...more });
const words = (more: object) => asked({ type: 'plain_text_input', action_id: 'a', ...more });

test.each([
  ['a choice among options', select({ options: [option('a'), option('b')], initial_option: option('b') })],
  ['a choice among groups', select({ option_groups: [{ label: plain('G'), options: [option('a')] }] })],
  ['a number within bounds', number({ min_value: '1', max_value: '10', initial_value: '10' })],
  ['a fraction', number({ is_decimal_allowed: true, min_value: '-0.5', initial_value: '0.25' })],
  ['words within lengths', words({ multiline: true, min_length: 1, max_length: 9, initial_value: 'nine char' })],
])('a form may ask for %s', (_what, block) => {
  expect(validateBlocks([block], 'modal')).toEqual([]);
});

const EXACTLY = 'exactly match one of the options';
test.each([
  ['chooses none of the options', select({ options: [option('a')], initial_option: option('b') }), EXACTLY],
  [
    'chooses an option by another text',
    select({ options: [option('a')], initial_option: { ...option('a'), text: plain('B') } }),
    EXACTLY,
  ],
  ['has options and groups', select({ options: [option('a')], option_groups: [] }), 'option_groups'],
  ['has 101 options', select({ options: many(101, (n) => option(`o${n}`)) }), 'no more than 100'],
  ['has an option value of 151', select({ options: [{ ...option('a'), value: 'v'.repeat(151) }] }), 'less than 151'],
  [
    'ticks a box that is none',
    asked({ type: 'checkboxes', action_id: 'a', options: [option('a')], initial_options: [option('b')] }),
    EXACTLY,
  ],
  ['has eleven boxes', asked({ type: 'checkboxes', options: many(11, (n) => option(`o${n}`)) }), 'no more than 10'],
  ['says not whether fractions may be', asked({ type: 'number_input', action_id: 'a' }), 'is_decimal_allowed'],
  ['bounds a number by words', number({ min_value: 'one' }), 'must be numbers'],
  ['bounds a number the wrong way round', number({ min_value: '2', max_value: '1' }), 'must be numbers'],
  ['begins with a number out of bounds', number({ max_value: '1', initial_value: '2' }), 'must be numbers'],
  ['begins with a fraction that may not be', number({ initial_value: '1.5' }), 'must be numbers'],
  ['asks for more words than may be', words({ min_length: 9, max_length: 8 }), '`max_length`'],
  ['begins with more words than may be', words({ max_length: 3, initial_value: 'four' }), '`max_length`'],
  ['takes more words than Slack', words({ max_length: 3001 }), '3000'],
  ['has a label in mrkdwn', { ...words({}), label: mrkdwn('x') }, 'must be plain_text'],
  ['has no label', { type: 'input', element: { type: 'plain_text_input' } }, 'label'],
  ['has a button as its field', asked(button()), 'unsupported type'],
])('a form that %s is refused', (_what, block, sentence) => {
  expect(validateBlocks([block], 'modal').join()).toContain(sentence);
});

test('block ids are unique in a message', () => {
  const twice = many(2, () => ({ type: 'divider', block_id: 'same' }));
  expect(validateBlocks(twice)).toEqual(['`block_id` must be unique [json-pointer:/blocks]']);
});

test('every mistake is reported at once', () => {
  expect(validateBlocks([{ type: 'header' }, { type: 'section' }, { type: 'banner' }])).toHaveLength(3);
});
