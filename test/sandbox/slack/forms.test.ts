/** Forms: dialogs with fields of several kinds, as people fill them in and the app gets them. */
import { expect, test } from 'vitest';
import { valuesOf } from '../../../src/sandbox/slack/form.ts';
import { opened, plain } from './dialog.ts';

const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
const asked = (block_id: string, element: object) => ({ type: 'input', block_id, label: plain(block_id), element });
const FORM = [
  {
    ...asked('runbook', { type: 'static_select', action_id: 'x', options: [option('a'), option('b')] }),
    dispatch_action: true,
  },
  asked('count', { type: 'number_input', action_id: 'x', is_decimal_allowed: false, min_value: '1', max_value: '9' }),
  asked('kinds', {
    type: 'multi_static_select',
    action_id: 'x',
    options: [option('a'), option('b')],
    max_selected_items: 1,
  }),
  asked('mail', { type: 'email_text_input', action_id: 'x' }),
  asked('day', { type: 'datepicker', action_id: 'x' }),
];
const FILLED = {
  runbook: { x: { selected_option: { value: 'b' } } },
  count: { x: { value: '9' } },
  kinds: { x: { selected_options: [{ value: 'a' }] } },
  mail: { x: { value: 'ana@acme.test' } },
  day: { x: { selected_date: '2026-11-24' } },
};

test('a form’s fields come back each as its kind', async () => {
  const { sandbox, bodies, ...dialog } = await opened({ blocks: FORM });
  expect(await sandbox.submit({ ...dialog, values: FILLED })).toMatchObject({ acknowledged: true });
  expect(bodies.at(-1)).toMatchObject({
    view: {
      state: {
        values: {
          runbook: { x: { type: 'static_select', selected_option: option('b') } },
          count: { x: { type: 'number_input', value: '9' } },
          kinds: { x: { type: 'multi_static_select', selected_options: [option('a')] } },
          mail: { x: { type: 'email_text_input', value: 'ana@acme.test' } },
          day: { x: { type: 'datepicker', selected_date: '2026-11-24' } },
        },
      },
    },
  });
});

test('people fill in a form by its labels and words', async () => {
  const { sandbox, ...dialog } = await opened({ blocks: FORM });
  const [form] = sandbox.dialogs();
  const answers = { runbook: 'B', count: '9', kinds: ['A'], mail: 'ana@acme.test', day: '2026-11-24' };
  const values = valuesOf(form?.view ?? {}, answers);
  expect(await sandbox.submit({ member: dialog.member, viewId: dialog.viewId, values })).toMatchObject({
    acknowledged: true,
  });
  expect(() => valuesOf(form?.view ?? {}, { runbook: 'C' })).toThrow('no option C, but A, B');
  expect(() => valuesOf(form?.view ?? {}, { other: 'x' })).toThrow('no field other');
});

test.each([
  ['an option that is none', { runbook: { x: { selected_option: { value: 'c' } } } }, 'no such option'],
  ['a number out of bounds', { count: { x: { value: '10' } } }, 'does not take'],
  ['a fraction', { count: { x: { value: '1.5' } } }, 'does not take'],
  ['more choices than may be', { kinds: { x: { selected_options: [{ value: 'a' }, { value: 'b' }] } } }, '1 choices'],
  ['what is no address', { mail: { x: { value: 'ana' } } }, 'does not take'],
  ['what is no day', { day: { x: { selected_date: 'tomorrow' } } }, 'does not take'],
  ['nothing where something must be', { count: { x: { value: '' } } }, 'must be filled in'],
])('a form takes no %s', async (_what, change, words) => {
  const { sandbox, bodies, ...dialog } = await opened({ blocks: FORM });
  await expect(sandbox.submit({ ...dialog, values: { ...FILLED, ...change } })).rejects.toThrow(words);
});

test('a choice that the app wants to hear of comes at once, with what is chosen', async () => {
  const { sandbox, bodies, ...dialog } = await opened({ blocks: FORM });
  await sandbox.pressInDialog({ ...dialog, blockId: 'runbook', actionId: 'x', values: { runbook: FILLED.runbook } });
  expect(bodies.at(-1)).toMatchObject({
    type: 'block_actions',
    actions: [{ type: 'static_select', action_id: 'x', block_id: 'runbook', selected_option: option('b') }],
  });
});
