/** What arrives from Slack under a person's name that is not theirs, and dialogs that show something else than the log. */
import { expect, test } from 'vitest';
import { textsOf } from '../../src/request/dialog.ts';
import { viewFor } from '../../src/slack/dialog.ts';
import { message } from '../../src/slack/message.ts';
import { parsePress } from '../../src/slack/press.ts';
import { parseReply } from '../../src/slack/reply.ts';
import { parseSubmission } from '../../src/slack/submission.ts';
import { asSlackGivesBack } from '../slack/as-slack-gives-back.ts';
import { DIALOG } from '../slack/sample-dialog.ts';

const payload = (user: object, team: object | null = { id: 'T01' }) => ({
  type: 'block_actions',
  api_app_id: 'A01',
  team,
  user: { id: 'U0BO', ...user },
  container: { type: 'message', message_ts: '1740909600.000100', channel_id: 'C01' },
  actions: [{ type: 'button', action_id: 'debug-approval:approve', value: '{}', action_ts: '1740909601.000100' }],
});

test('§4.3 on Enterprise Grid the person is of the organisation where Slack says so, and the card of its workspace', () => {
  expect(parsePress(payload({ team_id: 'E01' }), 'A01')).toMatchObject({
    deed: { slack: { team: 'E01', user: 'U0BO' }, card: { team: 'T01' } },
  });
});

const reply = (change: object) => ({
  type: 'event_callback',
  api_app_id: 'A01',
  team_id: 'T01',
  event: {
    type: 'message',
    channel: 'C01',
    channel_type: 'channel',
    user: 'U0BO',
    team: 'T01',
    text: 'approve',
    ts: '1740909601.000100',
    thread_ts: '1740909600.000100',
    ...change,
  },
});

test.each([
  ['bot_id', { bot_id: 'B99' }],
  ['app_id', { app_id: 'A99' }],
  ['edited', { edited: { user: 'U0BO', ts: '1740909700.000000' } }],
])('§4.4 a reply with %s is a bot’s: it decides nothing', (_, change) => {
  expect(parseReply(reply(change), 'A01')).toMatchObject({ deed: { bot: true } });
});

test('§4.4 words that were changed into a decision later are no reply', () => {
  const changed = { subtype: 'message_changed', user: undefined, message: { user: 'U0BO', text: 'approve' } };
  expect(parseReply(reply(changed), 'A01')).toEqual({ ignored: expect.any(String) });
});

test('§4.3 somebody of another company with the same member id stays somebody else', () => {
  expect(parseReply(reply({ user_team: 'T66' }), 'A01')).toMatchObject({
    deed: { slack: { team: 'T66', user: 'U0BO' } },
  });
});

test('§4.1 a dialog of our name whose command another holder of the bot token changed does not show what the log says', () => {
  const view = asSlackGivesBack(viewFor({ kind: 'approval', dialog: DIALOG, comment: '', metadata: '{}' }), {});
  const forged = JSON.parse(JSON.stringify(view).replace('status.sh', 'drop.sh'));
  const sent = (one: object) => ({
    type: 'view_submission',
    api_app_id: 'A0APP',
    user: { id: 'U0BO', team_id: 'T01' },
    view: one,
  });
  expect(parseSubmission(sent(view), 'A0APP')).toMatchObject({ deed: { shown: { length: textsOf(DIALOG).length } } });
  const shown = (one: object) => Object(parseSubmission(sent(one), 'A0APP')).deed.shown;
  expect(shown(forged)).not.toEqual(shown(view));
});

test('§4.9 nothing in what is said to people is active but the mentions that were asked for', () => {
  const hostile = '<!channel> <@U0EVE> @here *bold* <https://evil.example|click> \u202e';
  const { text, blocks } = message(hostile, ['U0BO', '!channel', 'U0BO> <!here']);
  expect(text).not.toMatch(/[<>\u202e]/);
  expect(blocks).toMatchObject([
    { type: 'section', text: { type: 'mrkdwn', text: '<@U0BO>' } },
    { type: 'section', text: { type: 'plain_text', emoji: false } },
  ]);
});
