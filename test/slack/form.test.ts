/** The form in Slack: its fields by the inputs' types, within Slack's limits, and nothing in it that is active. */
import type { ModalView } from '@slack/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { formOf } from '../../src/app/gateway/request-form.ts';
import type { FormField } from '../../src/app/ports.ts';
import { validateBlocks } from '../../src/sandbox/slack/blocks.ts';
import { loadingView, viewFor } from '../../src/slack/dialog.ts';
import { form, METADATA, OFFER, REPOSITORIES } from './sample-form.ts';

const HOSTILE = '<!channel> <@U0EVE> @here *bold* `code` <https://evil.example|click> &lt;!here&gt; :fire: \u202e';
const about = { of: '70', label: HOSTILE, hint: HOSTILE, optional: false };
const HOSTILE_FIELDS: FormField[] = [
  { ...about, name: 'one', kind: 'choice', choices: [{ label: HOSTILE, value: 'x' }], chosen: 'x', updates: false },
  { ...about, name: 'two', kind: 'tick', words: HOSTILE, ticked: true },
  { ...about, name: 'three', kind: 'number', decimal: true, min: 1e-9, max: 5.5, value: null },
];
const drawn = (fields: FormField[], notices: string[] = []) =>
  viewFor({ kind: 'form', form: { fields, notices }, metadata: METADATA });
const line = (text: string) => ({ text, url: 'https://github.com/acme/shop/issues/12' });

const VIEWS: [string, ModalView][] = [
  ['loading', loadingView('Looking up what you may ask for…')],
  [
    'repositories',
    viewFor({ kind: 'form', form: formOf(null, { repositories: REPOSITORIES, runbook: null }), metadata: METADATA }),
  ],
  ['runbooks', viewFor({ kind: 'form', form: form(null), metadata: METADATA })],
  [
    'runbook',
    viewFor({
      kind: 'form',
      form: formOf(OFFER, { repositories: REPOSITORIES, runbook: 'status' }),
      metadata: METADATA,
    }),
  ],
  ['hostile', drawn(HOSTILE_FIELDS, [HOSTILE])],
  [
    'list',
    viewFor({
      kind: 'list',
      heading: 'Open in acme/shop:',
      lines: [line(`#12 pending: status ${HOSTILE}`)],
      rest: '3 older ones are not shown.',
    }),
  ],
  ['list-empty', viewFor({ kind: 'list', heading: 'Nothing is open in acme/shop.', lines: [], rest: '' })],
];

test.each(VIEWS)('%s: as its golden file says, and Slack takes it', async (name, view) => {
  expect(validateBlocks(view.blocks, 'modal')).toEqual([]);
  expect(view.title.text.length).toBeLessThanOrEqual(24);
  await expect(`${JSON.stringify(view, null, 2)}\n`).toMatchFileSnapshot(`golden/form-${name}.json`);
});

test('nothing in a form is markup, and a list links to issues alone', () => {
  for (const [, view] of VIEWS) {
    const json = JSON.stringify(view);
    expect(json).not.toMatch(/"mrkdwn"|"emoji":true|"type":"user"|\u202e/);
    expect(json.match(/"url":"[^"]*"/g) ?? []).toEqual(
      view.title.text === 'Open requests' && view.blocks.length > 1
        ? ['"url":"https://github.com/acme/shop/issues/12"']
        : [],
    );
  }
});

test('what a form cannot hold is a Fault that says how to ask all the same', () => {
  const tick = { ...about, kind: 'tick', words: 'Yes', ticked: false } as const;
  const many = Array.from({ length: 100 }, (_, index) => ({ ...tick, name: `n${index}` }));
  expect(() => drawn(many)).toThrow(Fault);
  expect(() => viewFor({ kind: 'form', form: form(), metadata: 'x'.repeat(3_001) })).toThrow(Fault);
});

test('whatever words a policy has, Slack takes the form', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
  const choices = fc.uniqueArray(text, { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(text, text, choices, (label, hint, labels) => {
      const view = drawn([
        {
          ...{ ...about, name: 'a', label: `a${label}`, hint, kind: 'choice', chosen: null, updates: true },
          choices: labels.map((one, index) => ({ label: `a${one}`, value: String(index) })),
        },
      ]);
      expect(validateBlocks(view.blocks, 'modal')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
