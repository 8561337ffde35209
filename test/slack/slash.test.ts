/** A slash command is ours only by its exact name, and names who sent it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSlash } from '../../src/slack/slash.ts';

const SENT = {
  command: '/approve-debug',
  text: ' 12 fine &amp; &lt;once&gt; ',
  api_app_id: 'A0APP',
  team_id: 'T0TEAM',
  team_domain: 'example',
  user_id: 'U0BO',
  user_name: 'bo',
  channel_id: 'C0APPROVALS',
  channel_name: 'debug-approvals',
  is_enterprise_install: 'false',
  trigger_id: '12345.98765.abcd2358fdea',
  response_url: 'https://hooks.slack.com/commands/secret',
};

test('given /approve-debug, when read, then it says who sent it where, with its words and its trigger', () => {
  expect(parseSlash(SENT, 'A0APP')).toEqual({
    deed: {
      kind: 'slash',
      decision: 'approve',
      text: '12 fine & <once>',
      channel: 'C0APPROVALS',
      trigger: '12345.98765.abcd2358fdea',
      slack: { team: 'T0TEAM', user: 'U0BO' },
      evidence: {
        app: 'A0APP',
        team: 'T0TEAM',
        channel: 'C0APPROVALS',
        command: '/approve-debug',
        trigger: '12345.98765',
      },
    },
  });
});

test('given /reject-debug with an address that Slack put into brackets, when read, then it is a denial of that address', () => {
  const text = '<https://github.com/example/shop/issues/12> wrong target';
  expect(parseSlash({ ...SENT, command: '/reject-debug', text }, 'A0APP')).toMatchObject({
    deed: { decision: 'deny', text: 'https://github.com/example/shop/issues/12 wrong target' },
  });
});

test.each([
  ['another app’s command', { api_app_id: 'A99' }],
  ['a command that is none of the two', { command: '/approve-debugging' }],
  ['a command in another case', { command: '/Approve-Debug' }],
  ['a name of JavaScript’s', { command: 'constructor' }],
  ['a workspace that is not named', { team_id: null, is_enterprise_install: 'true', enterprise_id: 'E01' }],
  ['a user that is none', { user_id: '<!channel>' }],
])('given %s, when read, then it is ignored', (_, change) => {
  expect(parseSlash({ ...SENT, ...change }, 'A0APP')).toEqual({ ignored: expect.any(String) });
});

test('whatever arrives, reading it neither throws nor makes a command', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      expect(parseSlash(payload, null)).toEqual({ ignored: expect.any(String) });
    }),
  );
});
