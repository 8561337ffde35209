/** Posting and pinning the guidelines in the sandbox's Slack. */
import { describe, expect, test } from 'vitest';
import type { SlackSandbox } from '../../src/sandbox/slack/server.ts';
import { type GuidelinesOptions, guidelinesMessage, postGuidelines } from '../../src/slack/guidelines.ts';
import { BOT, ROOM, slack, TEAM, web } from '../sandbox/slack/setup.ts';

const SCOPES = ['chat:write', 'channels:read', 'groups:read', 'users:read', 'pins:write'];
const MESSAGE = guidelinesMessage('Debug approvals in this channel', [
  'Who may ask: developers & sre.',
  'Deny with <reason>.',
]);

const sandboxWith = (scopes: string[], change: Partial<typeof TEAM> = {}): Promise<SlackSandbox> =>
  slack({ ...change, bot: { ...TEAM.bot, scopes } });

const posting = (sandbox: SlackSandbox, change: Partial<GuidelinesOptions> = {}) =>
  postGuidelines({ token: BOT, apiUrl: sandbox.url, channel: ROOM, ...MESSAGE, ...change });

describe('the guidelines', () => {
  test('stand in the channel, are pinned, and ping nobody', async () => {
    const sandbox = await sandboxWith(SCOPES);
    const posted = await posting(sandbox);
    const [message] = await sandbox.messages(ROOM);
    expect(posted).toEqual({ ts: message?.ts, link: expect.stringContaining(ROOM), posted: true, pinned: true });
    expect(sandbox.pinned(ROOM)).toEqual([posted.ts]);
    expect(message?.pings).toEqual([]);
    expect(message?.blocks).toMatchObject([
      { type: 'header', text: { text: 'Debug approvals in this channel' } },
      { type: 'section', text: { type: 'plain_text', text: 'Who may ask: developers & sre.' } },
      { type: 'section', text: { type: 'plain_text', text: 'Deny with <reason>.' } },
    ]);
  });

  test('are not repeated where pins may be seen: what stands there is brought up to date', async () => {
    const sandbox = await sandboxWith([...SCOPES, 'pins:read']);
    const first = await posting(sandbox);
    const again = await posting(sandbox, guidelinesMessage('Debug approvals in this channel', ['Now otherwise.']));
    expect(again).toEqual({ ...first, posted: false });
    const messages = await sandbox.messages(ROOM);
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages[0]?.blocks)).toContain('Now otherwise.');
    expect(sandbox.pinned(ROOM)).toEqual([first.ts]);
  });

  test('never replace what somebody else pinned, nor another message of the bot', async () => {
    const sandbox = await sandboxWith([...SCOPES, 'pins:read']);
    const theirs = await sandbox.say({ member: 'U0ANA', channel: ROOM, text: MESSAGE.text });
    const { ts: ours = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'Something else' });
    for (const timestamp of [theirs.ts, ours]) await web(sandbox).pins.add({ channel: ROOM, timestamp });
    expect(await posting(sandbox)).toMatchObject({ posted: true, pinned: true });
    expect(await sandbox.messages(ROOM)).toHaveLength(3);
  });

  test('are posted anew where the pinned ones are gone', async () => {
    const sandbox = await sandboxWith([...SCOPES, 'pins:read']);
    await posting(sandbox);
    sandbox.fault({ method: 'chat.update', error: 'message_not_found' });
    expect(await posting(sandbox)).toMatchObject({ posted: true, pinned: true });
  });

  test('are posted and not pinned without pins:write, and say so', async () => {
    const sandbox = await sandboxWith(['chat:write']);
    const posted = await posting(sandbox);
    expect(posted).toMatchObject({ posted: true, pinned: false, why: expect.stringMatching(/pins:write.*by hand/) });
    expect(sandbox.pinned(ROOM)).toEqual([]);
    expect(await sandbox.messages(ROOM)).toHaveLength(1);
  });

  test('are posted where pinning fails otherwise, and the link is lost', async () => {
    const sandbox = await sandboxWith(SCOPES);
    sandbox.fault({ method: 'pins.add', error: 'too_many_pins' });
    sandbox.fault({ method: 'chat.getPermalink', status: 503 });
    expect(await posting(sandbox)).toMatchObject({
      link: null,
      pinned: false,
      why: expect.stringContaining('too_many_pins'),
    });
  });

  test('that cannot be posted are a Fault with what to do', async () => {
    const refused = (sandbox: SlackSandbox, change: Partial<GuidelinesOptions> = {}) =>
      expect(posting(sandbox, change)).rejects;
    await refused(await sandboxWith(SCOPES), { channel: 'C0ELSE' }).toMatchObject({
      message: expect.stringContaining('could not post the guidelines: the bot is not in the channel C0ELSE'),
    });
    await refused(await sandboxWith(SCOPES), { token: 'xoxb-other' }).toMatchObject({
      remedy: 'Put a bot token (xoxb-…) with the scope chat:write into SLACK_BOT_TOKEN.',
    });
    const channels = TEAM.channels.map((channel) => ({ ...channel, archived: true }));
    await refused(await sandboxWith(SCOPES, { channels })).toMatchObject({
      message: expect.stringContaining('is archived'),
    });
  });

  test('whose answer was lost are not posted twice', async () => {
    const sandbox = await sandboxWith(SCOPES);
    sandbox.fault({ method: 'chat.postMessage', drop: 'after' });
    await expect(posting(sandbox)).rejects.toMatchObject({
      remedy: expect.stringMatching(/^Look whether they stand in the channel all the same/),
    });
    expect(await sandbox.messages(ROOM)).toHaveLength(1);
  });

  test('hold nothing active and fit, whatever the policy says', async () => {
    const sandbox = await sandboxWith(SCOPES);
    const hostile = '<!channel> <@U0BO> @here <https://example.com|x> *b* \u202e'.repeat(200);
    await posting(
      sandbox,
      guidelinesMessage(
        hostile,
        Array.from({ length: 80 }, () => hostile),
      ),
    );
    const [message] = await sandbox.messages(ROOM);
    expect(message?.pings).toEqual([]);
    expect(message?.text.startsWith('&lt;!channel&gt;')).toBe(true);
  });
});
