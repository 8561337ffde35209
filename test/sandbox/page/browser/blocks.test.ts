/** What the page makes of the product's own cards. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { buttonsOf, headerOf, readBlock, readView } from '../../../../src/sandbox/page/browser/blocks.ts';
import { readMrkdwn } from '../../../../src/sandbox/page/browser/mrkdwn.ts';

const Card = v.object({ blocks: v.array(v.unknown()) });
const goldens = globSync('test/slack/golden/*.json').map((path) => basename(path));
const golden = (name: string): unknown[] =>
  v.parse(Card, JSON.parse(readFileSync(`test/slack/golden/${name}`, 'utf8'))).blocks;

test.each(goldens)('%s: the page draws every block of the card that the product sends', (name) => {
  const blocks = golden(name).map(readBlock);
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks.filter(({ type }) => type === 'unread')).toEqual([]);
});

test('a block that the page does not know is named, never left out', () => {
  expect(readBlock({ type: 'carousel', elements: [] })).toEqual({ type: 'unread', name: 'carousel' });
  expect(readBlock('nothing')).toEqual({ type: 'unread', name: 'of no type' });
});

test('a pending card offers both decisions, a finished one none', () => {
  const offered = buttonsOf(golden('card-pending-one-of-two.json')).map(({ action_id }) => action_id);
  expect(offered).toEqual(['debug-approval:approve', 'debug-approval:deny']);
  expect(buttonsOf(golden('card-finished.json'))).toEqual([]);
});

test("a stranger's words in a header stay words", () => {
  expect(headerOf(golden('card-hostile.json'))).toContain('<!channel>');
});

test('mrkdwn: mentions and dates are read, and the three escapes of Slack come back as characters', () => {
  expect(readMrkdwn('<@UBO> please decide.')).toEqual([
    { kind: 'user', id: 'UBO' },
    { kind: 'text', text: ' please decide.' },
  ]);
  expect(readMrkdwn('*By*  <!date^1772449200^{date_short_pretty} at {time}|2026-03-02 11:00 UTC>')).toEqual([
    { kind: 'strong', text: 'By' },
    { kind: 'text', text: '  ' },
    { kind: 'date', at: new Date(1_772_449_200_000), fallback: '2026-03-02 11:00 UTC' },
  ]);
  expect(readMrkdwn('a &lt;@UBO&gt; &amp;lt; b')).toEqual([{ kind: 'text', text: 'a <@UBO> &lt; b' }]);
});

test('a dialog is read with its inputs; anything else is none', () => {
  const title = { type: 'plain_text', text: 'Deny' };
  const element = { type: 'plain_text_input', action_id: 'why' };
  const view = readView({ type: 'modal', title, blocks: [{ type: 'input', block_id: 'b', label: title, element }] });
  expect(view?.blocks).toMatchObject([{ type: 'input', block_id: 'b', optional: false, element }]);
  const option = { text: title, value: 'v' };
  const fields = [
    { type: 'number_input', action_id: 'n', is_decimal_allowed: false, min_value: '1' },
    { type: 'email_text_input', action_id: 'e' },
    { type: 'url_text_input', action_id: 'u' },
    { type: 'static_select', action_id: 's', option_groups: [{ label: title, options: [option] }] },
    { type: 'radio_buttons', action_id: 'r', options: [option], initial_option: option },
    { type: 'checkboxes', action_id: 'c', options: [option], initial_options: [option] },
  ];
  const blocks = fields.map((field) => ({ type: 'input', block_id: 'b', label: title, element: field }));
  expect(readView({ type: 'modal', title, blocks })?.blocks).toMatchObject(fields.map((field) => ({ element: field })));
  expect(readView({ type: 'modal' })).toBeNull();
});
