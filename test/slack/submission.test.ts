/** A payload from Slack is an approval in our dialog only if all of it says so. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { viewFor } from '../../src/slack/dialog.ts';
import { parseSubmission } from '../../src/slack/submission.ts';
import { asSlackGivesBack } from './as-slack-gives-back.ts';
import { DIALOG } from './sample-dialog.ts';

const METADATA = '{"value":"v","issue":12,"card":null}';
const option = (text: string) => ({ text: { type: 'plain_text', text, emoji: false }, value: '0' });
const values = (comment: string | null, ticked: string[]) => ({
  'debug-approval:comment': { field: { type: 'plain_text_input', value: comment } },
  'debug-approval:checklist': { field: { type: 'checkboxes', selected_options: ticked.map(option) } },
});
const sentOff = (filled: object = values(null, [])) => ({
  type: 'view_submission',
  api_app_id: 'A0APP',
  team: { id: 'T0TEAM', domain: 'example' },
  user: { id: 'U0BO', username: 'bo', team_id: 'T0TEAM' },
  trigger_id: '12345.98765.abcd2358fdea',
  view: asSlackGivesBack(viewFor({ kind: 'approval', dialog: DIALOG, comment: '', metadata: METADATA }), filled),
  response_urls: [],
});

test('given a dialog that was sent off, when read, then it says who, what was shown, filled in and ticked', () => {
  expect(parseSubmission(sentOff(values('  Go ahead, <once> ', ['a &amp; b', 'c'])), 'A0APP')).toEqual({
    deed: {
      kind: 'submission',
      metadata: METADATA,
      comment: 'Go ahead, <once>',
      ticked: ['a & b', 'c'],
      shown: [
        'Approve request #12',
        'Asked by  ',
        'Ana (ana-dev on GitHub)',
        'Why  ',
        'Orders hang & customers <wait>\nsince nine',
        'Runs exactly this',
        'runbooks/status.sh --service web "--note=a b"',
        'Target  ',
        'production',
        'May run for  ',
        '10 min',
        'An administrator may bypass the rules of the environment.',
        'Supersedes #11.',
        'The replica was tried first',
        'Nobody else is on it',
      ],
      slack: { team: 'T0TEAM', user: 'U0BO' },
      evidence: { app: 'A0APP', team: 'T0TEAM', view: 'V0DIALOG', trigger: '12345.98765' },
    },
  });
});

test('given a dialog without a checklist and no comment, when read, then both are empty', () => {
  const only = { 'debug-approval:comment': { field: { type: 'plain_text_input', value: null } } };
  expect(parseSubmission(sentOff(only), 'A0APP')).toMatchObject({ deed: { comment: '', ticked: [] } });
});

const base = sentOff();
test.each([
  ['another app’s payload', { ...base, api_app_id: 'A99' }],
  ['another app’s dialog', { ...base, view: { ...base.view, app_id: 'A99' } }],
  ['a dialog that is not ours', { ...base, view: { ...base.view, callback_id: 'other' } }],
  ['a home tab', { ...base, view: { ...base.view, type: 'home' } }],
  ['no state', { ...base, view: { ...base.view, state: undefined } }],
  ['a user whose workspace Slack does not name', { ...base, user: { id: 'U0BO' } }],
  ['a dialog that was closed', { ...base, type: 'view_closed' }],
])('given %s, when read, then it is ignored', (_, payload) => {
  expect(parseSubmission(payload, 'A0APP')).toEqual({ ignored: expect.any(String) });
});

test('whatever arrives, reading it neither throws nor makes an approval', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      expect(parseSubmission(payload, null)).toEqual({ ignored: expect.any(String) });
    }),
  );
});
