/** Payloads of `/debug` and its form: what is filled in comes back by its field, from our own form alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledgement, readDeed } from '../../src/slack/deed.ts';
import { viewFor } from '../../src/slack/dialog.ts';
import { actionOf } from '../../src/slack/form-parts.ts';
import { asSlackGivesBack } from './as-slack-gives-back.ts';
import { form, METADATA } from './sample-form.ts';

const COMMAND = {
  ...{ command: '/debug', text: ' list acme/shop ', api_app_id: 'A0APP', team_id: 'T0TEAM', user_id: 'U0ANA' },
  ...{ channel_id: 'C0APPROVALS', trigger_id: '12345.98765.abcd2358fdea' },
};
const block = (field: string) => `debug-approval:form:${field}`;
const option = (value: string) => ({ text: { type: 'plain_text', text: value, emoji: false }, value });
const at = (runbook: string | null, element: object) => ({
  [actionOf(runbook === null ? '70' : `70/${runbook}`)]: element,
});
const VALUES = {
  [block('runbook')]: at(null, { type: 'static_select', selected_option: option('status') }),
  [block('target')]: at('status', { type: 'static_select', selected_option: null }),
  [block('input.lines')]: at('status', { type: 'number_input', value: '20' }),
  [block('input.all')]: at('status', { type: 'checkboxes', selected_options: [option('true')] }),
  [block('input.quiet')]: at('status', { type: 'checkboxes', selected_options: [] }),
  [block('reason')]: at(null, { type: 'plain_text_input', value: 'a <b> & c' }),
  [block('ticket')]: at(null, { type: 'plain_text_input', value: null }),
};
const FILLED = new Map<string, string | boolean>([
  ['runbook', 'status'],
  ['input.lines', '20'],
  ['input.all', true],
  ['input.quiet', false],
  ['reason', 'a <b> & c'],
]);
const view = asSlackGivesBack(viewFor({ kind: 'form', form: form(), metadata: METADATA }), VALUES);
const SENT = {
  ...{ type: 'view_submission', api_app_id: 'A0APP', team: { id: 'T0TEAM' }, trigger_id: '12345.98765.abcd2358fdea' },
  ...{ user: { id: 'U0ANA', team_id: 'T0TEAM' }, view },
};
const CHOSEN = {
  ...SENT,
  type: 'block_actions',
  container: { type: 'view', view_id: 'V0DIALOG' },
  actions: [
    { type: 'static_select', block_id: block('runbook'), action_id: actionOf('70'), selected_option: option('status') },
  ],
};
const WHO = {
  slack: { team: 'T0TEAM', user: 'U0ANA' },
  evidence: { app: 'A0APP', team: 'T0TEAM', view: 'V0DIALOG', trigger: '12345.98765' },
};

test('/debug says who wrote it where, with its words and its trigger', () => {
  expect(readDeed('slash_commands', COMMAND, 'A0APP')).toEqual({
    deed: {
      ...{ kind: 'debug', text: 'list acme/shop', channel: 'C0APPROVALS', trigger: '12345.98765.abcd2358fdea' },
      slack: { team: 'T0TEAM', user: 'U0ANA' },
      evidence: { app: 'A0APP', team: 'T0TEAM', channel: 'C0APPROVALS', command: '/debug', trigger: '12345.98765' },
    },
  });
});

test('a form that is sent off says what stands in each field; empty ones are not there', () => {
  expect(readDeed('interactive', SENT, 'A0APP')).toEqual({
    deed: { kind: 'form', metadata: METADATA, filled: FILLED, ...WHO },
  });
});

test('a choice on which other fields hang says in which form, and what stands in it by then', () => {
  expect(readDeed('interactive', CHOSEN, 'A0APP')).toEqual({
    deed: { kind: 'form-choice', view: 'V0DIALOG', metadata: METADATA, filled: FILLED, ...WHO },
  });
});

test.each([
  ['a command of another app', 'slash_commands', { ...COMMAND, api_app_id: 'A99' }],
  ['a command without a workspace', 'slash_commands', { ...COMMAND, team_id: null }],
  ['a form of another app', 'interactive', { ...SENT, view: { ...view, app_id: 'A99' } }],
  ['a form of another kind', 'interactive', { ...SENT, view: { ...view, callback_id: 'other' } }],
  ['a choice in a dialog of another kind', 'interactive', { ...CHOSEN, view: { ...view, callback_id: 'other' } }],
  ['a form from nobody knows which workspace', 'interactive', { ...SENT, user: { id: 'U0ANA' } }],
] as const)('%s is ignored', (_, kind, payload) => {
  expect(readDeed(kind, payload, 'A0APP')).toEqual({ ignored: expect.any(String), settled: false });
});

test('mistakes stand at their fields, inert and short; what is told of /debug is for that person alone', () => {
  const read = readDeed('interactive', SENT, 'A0APP');
  if (!('deed' in read)) throw new Error(read.ignored);
  const answer = acknowledgement(read.deed, {
    kind: 'mistakes',
    at: new Map([
      ['reason', 'x'.repeat(1_000)],
      ['input.lines', 'too\u202e many'],
    ]),
  });
  expect(answer).toEqual({
    response_action: 'errors',
    errors: { [block('reason')]: `${'x'.repeat(599)}…`, [block('input.lines')]: 'too⟨U+202E⟩ many' },
  });
  const command = readDeed('slash_commands', COMMAND, 'A0APP');
  if (!('deed' in command)) throw new Error(command.ignored);
  expect(acknowledgement(command.deed, { kind: 'told', text: 'No.' })).toMatchObject({ response_type: 'ephemeral' });
});

test('whatever arrives, reading it neither throws nor makes a form', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      for (const kind of ['interactive', 'slash_commands'] as const) {
        expect(readDeed(kind, payload, null)).toEqual({ ignored: expect.any(String), settled: false });
      }
    }),
  );
});
