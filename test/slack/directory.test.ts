/** Looking members up in the sandbox's Slack: every page, and what to do about each failure. */
import { expect, test } from 'vitest';
import type { Clock } from '../../src/app/ports.ts';
import { slackDirectory } from '../../src/slack/directory.ts';
import { BOT, slack, TEAM } from '../sandbox/slack/setup.ts';

function look(url: string, token = BOT) {
  const slept: number[] = [];
  const clock: Clock = { now: () => 0, sleep: async (ms) => void slept.push(ms) };
  return { slept, directory: slackDirectory({ token, apiUrl: url, clock }) };
}

test('everybody is listed, over all pages, each with what keeps them from deciding', async () => {
  const crowd = Array.from({ length: 450 }, (_, n) => ({ id: `U1${n}`, name: `p${n}`, realName: `P ${n}` }));
  const sandbox = await slack({ members: [...TEAM.members, ...crowd] });
  const everybody = await look(sandbox.url).directory.everybody();
  expect(everybody.map(({ id }) => id)).toEqual([...TEAM.members, ...crowd].map(({ id }) => id));
  expect(sandbox.counts().byMethod).toEqual({ 'users.list': 3 });
  const [ana, , cy, di, ed] = everybody;
  const ordinary = { deleted: false, bot: false, guest: false, stranger: false };
  expect(ana).toEqual({
    ...{ id: 'U0ANA', team: 'T0TEAM', handle: 'ana', displayName: 'ana', realName: 'Ana' },
    ...ordinary,
  });
  expect(cy).toMatchObject({ ...ordinary, guest: true });
  expect(di).toMatchObject({ ...ordinary, stranger: true, team: 'T0OTHER' });
  expect(ed).toMatchObject({ ...ordinary, deleted: true });
});

test('one member is looked up by id, and the workspace by the token', async () => {
  const { directory } = look((await slack()).url);
  expect(await directory.team()).toBe('T0TEAM');
  expect(await directory.member('U0BO')).toMatchObject({ id: 'U0BO', handle: 'bo' });
  expect(await directory.member('U0BOT')).toMatchObject({ bot: true });
  expect(await directory.member('U0NONE')).toBeNull();
});

test('without users:read the Fault says which scope to give, and that the asking app does not need it', async () => {
  const { directory } = look((await slack({ bot: { ...TEAM.bot, scopes: ['chat:write'] } })).url);
  for (const asked of [directory.everybody(), directory.member('U0BO')]) {
    await expect(asked).rejects.toMatchObject({
      code: 'slack',
      message: expect.stringContaining('needed users:read, provided chat:write'),
      remedy: expect.stringMatching(/^Give users:read to a Slack app of this workspace \(the app that asks/),
    });
  }
});

test('a token that Slack does not know names the variable to mend', async () => {
  const { directory } = look((await slack()).url, 'xoxb-other');
  await expect(directory.team()).rejects.toMatchObject({
    message: 'Slack: could not ask for the workspace: the token is not valid (invalid_auth).',
    remedy: 'Put a bot token (xoxb-…) with the scope users:read into SLACK_BOT_TOKEN.',
  });
});

test('an answer that was lost is asked for again, a limit is waited for, and neither for ever', async () => {
  const sandbox = await slack();
  const { directory, slept } = look(sandbox.url);
  sandbox.fault({ method: 'users.list', drop: 'after' });
  sandbox.fault({ method: 'users.list', status: 429 });
  expect(await directory.everybody()).toHaveLength(TEAM.members.length);
  expect(slept).toEqual([500, 1000]);
  for (let n = 0; n < 3; n++) sandbox.fault({ method: 'users.list', error: 'internal_error' });
  await expect(directory.everybody()).rejects.toMatchObject({
    message: 'Slack: could not list the members: Slack has trouble (internal_error).',
    remedy: 'See https://slack-status.com.',
  });
});
