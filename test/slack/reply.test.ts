/** A message event is a reply in a thread only if a person wrote it there. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReply } from '../../src/slack/reply.ts';

const EVENT = {
  type: 'message',
  channel: 'C0APPROVALS',
  channel_type: 'channel',
  user: 'U0BO',
  team: 'T0TEAM',
  text: 'deny look at &lt;replica&gt; &amp; <https://example.com/a|this> <@U0CY>',
  ts: '1769860900.000200',
  thread_ts: '1769860800.000100',
  parent_user_id: 'U0BOT',
  client_msg_id: '0e0d',
};
const callback = (change: object = {}, more: object = {}) => ({
  type: 'event_callback',
  team_id: 'T0TEAM',
  api_app_id: 'A0APP',
  event_id: 'Ev0123',
  event_time: 1_769_860_900,
  event: { ...EVENT, ...change },
  ...more,
});

test('given a reply in a thread, when read, then it says who wrote what, where, as typed', () => {
  expect(parseReply(callback(), 'A0APP')).toEqual({
    deed: {
      kind: 'reply',
      thread: { team: 'T0TEAM', channel: 'C0APPROVALS', ts: '1769860800.000100' },
      ts: '1769860900.000200',
      text: 'deny look at <replica> & https://example.com/a <@U0CY>',
      bot: false,
      slack: { team: 'T0TEAM', user: 'U0BO' },
      evidence: {
        app: 'A0APP',
        team: 'T0TEAM',
        channel: 'C0APPROVALS',
        thread_ts: '1769860800.000100',
        message_ts: '1769860900.000200',
        event: 'Ev0123',
      },
    },
  });
});

test.each([
  ['sent to the channel as well', { subtype: 'thread_broadcast' }],
  ['with a file', { subtype: 'file_share', files: [] }],
])('given a reply %s, when read, then it is a reply', (_, change) => {
  expect(parseReply(callback(change), 'A0APP')).toMatchObject({ deed: { bot: false } });
});

test.each([
  ['through another app', { app_id: 'A99' }],
  ['by a bot', { bot_id: 'B99' }],
  ['with a bot’s profile', { bot_profile: { id: 'B99' } }],
  ['and edited', { edited: { user: 'U0BO', ts: '1.1' } }],
  ['and hidden', { hidden: true }],
])('given a reply written %s, when read, then it decides nothing', (_, change) => {
  expect(parseReply(callback(change), 'A0APP')).toMatchObject({ deed: { bot: true } });
});

test.each([
  ['of another workspace', { user_team: 'T99', source_team: 'T99' }],
  ['whose message comes from another workspace', { source_team: 'T99' }],
  ['that Slack marks as of another workspace', { team: 'T99' }],
])('given a person %s, when read, then the person keeps her own workspace', (_, change) => {
  expect(parseReply(callback(change), 'A0APP')).toMatchObject({
    deed: { slack: { team: 'T99', user: 'U0BO' }, thread: { team: 'T0TEAM' } },
  });
});

test.each([
  ['a message outside threads', callback({ thread_ts: undefined })],
  ['the message that began a thread', callback({ thread_ts: EVENT.ts })],
  ['a join', callback({ subtype: 'channel_join' })],
  ['an old integration’s message', callback({ subtype: 'bot_message', user: undefined, bot_id: 'B99' })],
  ['a change of a message', callback({ subtype: 'message_changed', user: undefined, message: { ...EVENT } })],
  ['a removal', callback({ subtype: 'message_deleted', deleted_ts: '1.1' })],
  ['what this app wrote', callback({ user: 'U0BOT', bot_id: 'B0BOT', app_id: 'A0APP' })],
  ['a message to the bot in person', callback({ channel_type: 'im' })],
  ['a reaction', callback({ type: 'reaction_added' })],
  ['another app’s event', callback({}, { api_app_id: 'A99' })],
  ['a user whose workspace Slack does not name', callback({ team: undefined })],
  ['no callback', callback({}, { type: 'url_verification' })],
])('given %s, when read, then it is ignored', (_, payload) => {
  expect(parseReply(payload, 'A0APP')).toEqual({ ignored: expect.any(String) });
});

test('whatever arrives, reading it neither throws nor makes a reply', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      expect(parseReply(payload, null)).toEqual({ ignored: expect.any(String) });
    }),
  );
});
