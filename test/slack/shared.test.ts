/** What the app wrote into a card's thread is found and deleted; what people and other apps wrote stays. */
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../src/request/events.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { slackShared } from '../../src/slack/shared.ts';
import { sampleView } from './sample-view.ts';
import { BOT, BOT_TOKEN, CHANNEL, hastyClock, slackOptions } from './sandbox.ts';

const SCOPES = ['chat:write', 'channels:history', 'files:write'];
let slack: SlackSandbox;
let clock: ReturnType<typeof hastyClock>;
const open = (scopes = SCOPES, limits = false) => startSlack(slackOptions({ bot: { ...BOT, scopes }, limits }));
beforeEach(async () => {
  slack = await open();
  clock = hastyClock();
});
afterEach(() => slack.close());

const shared = () => slackShared({ token: BOT_TOKEN, apiUrl: slack.url, clock });
const post = (): Promise<Card> =>
  slackChat({ token: BOT_TOKEN, apiUrl: slack.url, channel: CHANNEL, clock }).post(sampleView({ button: null }));
const say = async (card: Card, text: string): Promise<string> => {
  const web = new WebClient(BOT_TOKEN, { slackApiUrl: slack.url });
  const sent = await web.chat.postMessage({ channel: CHANNEL, thread_ts: card.ts, text });
  return sent.ts ?? '';
};

test('the card, its own messages and files are found with hashes; what others wrote is not', async () => {
  const card = await post();
  const reminder = await say(card, 'Please decide');
  const theirs = await slack.say({ member: 'U0ANA', channel: CHANNEL, text: 'Looks good', threadTs: card.ts });
  const own = slack.attach({ user: BOT.userId, channel: CHANNEL, ts: reminder, name: 'lines.txt' });
  slack.attach({ user: 'U0ANA', channel: CHANNEL, ts: theirs.ts, name: 'graph.png' });
  const things = await shared().thread(card);
  expect(things.map(({ kind, id }) => [kind, id])).toEqual([
    ['card', `${CHANNEL}/${card.ts}`],
    ['file', own],
    ['message', `${CHANNEL}/${reminder}`],
  ]);
  expect(new Set(things.map(({ sha256 }) => sha256)).size).toBe(3);
  expect(await shared().thread(card)).toEqual(things);
});

test('a thread of many pages is read whole', async () => {
  const card = await post();
  for (let n = 0; n < 12; n += 1) await say(card, `note ${n}`);
  const pages = slackShared({ token: BOT_TOKEN, apiUrl: slack.url, clock, perPage: 5 });
  expect(await pages.thread(card)).toHaveLength(13);
});

test('a buried card is a line that nobody can press, and is found no more; what is gone is no failure', async () => {
  const card = await post();
  const reminder = await say(card, 'Please decide');
  const file = slack.attach({ user: BOT.userId, channel: CHANNEL, ts: reminder, name: 'lines.txt' });
  for (let n = 0; n < 2; n += 1) {
    await shared().deleteFile(file);
    await shared().deleteMessage(CHANNEL, reminder);
    await shared().bury(card, 'This debug request is over <!here>.');
  }
  expect(await shared().thread(card)).toEqual([]);
  const thread = await slack.thread(CHANNEL, card.ts);
  expect(thread).toMatchObject([{ text: 'This debug request is over &lt;!here&gt;.' }]);
  expect(JSON.stringify(thread)).not.toContain('button');
  await shared().bury({ ...card, ts: '1700000000.000001' }, 'x');
  expect(await shared().thread({ ...card, ts: '1700000000.000001' })).toEqual([]);
});

test("another's message or file is Slack's to refuse", async () => {
  const card = await post();
  const { ts } = await slack.say({ member: 'U0ANA', channel: CHANNEL, text: 'Mine', threadTs: card.ts });
  const file = slack.attach({ user: 'U0ANA', channel: CHANNEL, ts, name: 'graph.png' });
  await expect(shared().deleteMessage(CHANNEL, ts)).rejects.toMatchObject({ code: 'slack' });
  await expect(shared().deleteFile(file)).rejects.toMatchObject({ code: 'slack' });
  expect(await slack.thread(CHANNEL, card.ts)).toHaveLength(2);
});

test('a missing scope is told by its name, an outage as something that passes', async () => {
  const card = await post();
  slack.fault({ method: 'conversations.replies', status: 503 });
  await expect(shared().thread(card)).rejects.toMatchObject({ code: 'unavailable' });
  await slack.close();
  slack = await open(['chat:write']);
  const again = await post();
  await expect(shared().thread(again)).rejects.toMatchObject({
    code: 'slack',
    message: expect.stringContaining('channels:history'),
  });
});

test("Slack's limit of a minute is waited for, and more than that is put off", async () => {
  const card = await post();
  slack.fault({ method: 'chat.update', status: 429 });
  await shared().bury(card, 'Over.');
  expect(clock.slept).toEqual([1_000]);
  slack.fault({ method: 'chat.update', status: 429, times: 100 });
  await expect(shared().bury(card, 'Over.')).rejects.toMatchObject({ code: 'unavailable' });
}, 10_000);
