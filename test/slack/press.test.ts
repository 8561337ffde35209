/** A payload from Slack is a press of ours only if all of it says so. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePress } from '../../src/slack/press.ts';

const ACTION = {
  type: 'button',
  action_id: 'debug-approval:approve',
  block_id: 'debug-approval:decide',
  value: '{"i":12}',
  action_ts: '1769860860.123456',
};
const PAYLOAD = {
  type: 'block_actions',
  api_app_id: 'A01',
  team: { id: 'T01', domain: 'example' },
  user: { id: 'U0BO', username: 'bo', team_id: 'T01' },
  container: { type: 'message', message_ts: '1769860800.000100', channel_id: 'C01', is_ephemeral: false },
  trigger_id: '12345.98765.abcd2358fdea',
  message: { text: 'what the message claims' },
  actions: [ACTION],
};

test('given a press of Approve, when read, then it names decision, person, card and evidence', () => {
  expect(parsePress(PAYLOAD, 'A01')).toEqual({
    deed: {
      kind: 'press',
      decision: 'approve',
      dialog: false,
      trigger: '12345.98765.abcd2358fdea',
      value: '{"i":12}',
      slack: { team: 'T01', user: 'U0BO' },
      card: { team: 'T01', channel: 'C01', ts: '1769860800.000100' },
      evidence: {
        app: 'A01',
        team: 'T01',
        channel: 'C01',
        message_ts: '1769860800.000100',
        action_ts: '1769860860.123456',
        trigger: '12345.98765',
      },
    },
  });
});

test('given a press of Deny, when read, then it is a denial', () => {
  const result = parsePress({ ...PAYLOAD, actions: [{ ...ACTION, action_id: 'debug-approval:deny' }] }, null);
  expect(result).toMatchObject({ deed: { decision: 'deny', dialog: false } });
});

test('given a press of Approve…, when read, then it promises a dialog and brings the whole trigger for it', () => {
  const result = parsePress(
    { ...PAYLOAD, actions: [{ ...ACTION, action_id: 'debug-approval:approve-dialog' }] },
    'A01',
  );
  expect(result).toMatchObject({ deed: { decision: 'approve', dialog: true, trigger: PAYLOAD.trigger_id } });
});

test('given a press, when read, then no evidence holds the part of the trigger that opens a dialog', () => {
  expect(JSON.stringify(Object(parsePress(PAYLOAD, 'A01')).deed.evidence)).not.toContain('abcd2358fdea');
});

test('given a person of another workspace, when read, then the person keeps her own workspace', () => {
  const result = parsePress({ ...PAYLOAD, user: { id: 'U0BO', team_id: 'T99' } }, null);
  expect(result).toMatchObject({ deed: { slack: { team: 'T99' }, card: { team: 'T01' } } });
});

test('given a user whose workspace Slack does not name, when read, then it is no press: the id may be somebody else’s', () => {
  const result = parsePress({ ...PAYLOAD, user: { id: 'U0BO', username: 'bo' } }, null);
  expect(result).toEqual({ ignored: 'no workspace is named' });
});

const container = PAYLOAD.container;
test.each([
  ['another app’s payload', { ...PAYLOAD, api_app_id: 'A99' }],
  ['a button that is not ours', { ...PAYLOAD, actions: [{ ...ACTION, action_id: 'approve' }] }],
  ['a menu with our action id', { ...PAYLOAD, actions: [{ ...ACTION, type: 'static_select' }] }],
  ['two actions', { ...PAYLOAD, actions: [ACTION, ACTION] }],
  ['no action', { ...PAYLOAD, actions: [] }],
  ['an ephemeral message', { ...PAYLOAD, container: { ...container, is_ephemeral: true } }],
  ['a view', { ...PAYLOAD, container: { type: 'view', view_id: 'V01' } }],
  ['a view submission', { ...PAYLOAD, type: 'view_submission' }],
  ['a button without a value', { ...PAYLOAD, actions: [{ ...ACTION, value: undefined }] }],
  ['a value longer than a button holds', { ...PAYLOAD, actions: [{ ...ACTION, value: 'x'.repeat(2001) }] }],
  ['no workspace', { ...PAYLOAD, team: null, user: { id: 'U0BO' } }],
  ['an id that is none', { ...PAYLOAD, user: { id: '<!channel>', team_id: 'T01' } }],
])('given %s, when read, then it is ignored', (_, payload) => {
  expect(parsePress(payload, 'A01')).toEqual({ ignored: expect.any(String) });
});

test('whatever arrives, reading it neither throws nor makes a press', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      expect(parsePress(payload, null)).toEqual({ ignored: expect.any(String) });
    }),
  );
});
