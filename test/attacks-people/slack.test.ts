/** Presses on Enterprise Grid, where a person may be named by the organisation. */
import { expect, test } from 'vitest';
import { parsePress } from '../../src/slack/press.ts';

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
    press: { slack: { team: 'E01', user: 'U0BO' }, card: { team: 'T01' } },
  });
});
