import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import type { Chat } from '../../src/app/ports.ts';
import type { Card } from '../../src/request/events.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { socketListener } from '../../src/slack/listener.ts';
import { DIALOG } from './sample-dialog.ts';
import { sampleView } from './sample-view.ts';
import { APP_TOKEN, BOT, BOT_TOKEN, CHANNEL, hastyClock, slackOptions } from './sandbox.ts';

let slack: SlackSandbox;
let clock: ReturnType<typeof hastyClock>;
beforeEach(async () => {
  slack = await startSlack(slackOptions());
  clock = hastyClock();
});
afterEach(() => slack.close());

const chatIn = (channel: string, token = BOT_TOKEN): Chat => slackChat({ token, apiUrl: slack.url, channel, clock });
const chat = (): Chat => chatIn(CHANNEL);

async function fault(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw new Error(`Expected a Fault, got ${String(error)}`);
}

describe('the card in the channel', () => {
  test('given a request, when posted, then the card stands there and pings those who may decide, nobody else', async () => {
    const card = await chat().post(sampleView({ button: null }));
    const [message] = await slack.messages(CHANNEL);
    expect(card).toEqual({ team: 'T0TEAM', channel: CHANNEL, ts: message?.ts });
    expect(message?.pings).toEqual(['U0BO', 'U0CY']);
  });

  test('given a posted card, when updated, then the same message has the buttons', async () => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().update(card, sampleView());
    const messages = await slack.messages(CHANNEL);
    expect(messages.length).toBe(1);
    expect(JSON.stringify(messages[0]?.blocks)).toContain('debug-approval:approve');
  });

  test('given a hostile reason, when posted, then Slack takes the card and nobody is pinged by it', async () => {
    const reason = '<!channel> @here <@U0CY> '.repeat(400);
    await chat().post(sampleView({ button: null, approvers: [] }, { reason, argv: [reason] }));
    const [message] = await slack.messages(CHANNEL);
    expect(message?.pings).toEqual([]);
  });

  test('given a person to answer, when answered, then only she sees it', async () => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().answer(card, 'U0BO', 'Not recorded: this is your own request. <!channel>');
    expect(slack.ephemerals('U0BO').map((m) => [m.channel, m.pings])).toEqual([[CHANNEL, []]]);
    expect((await slack.messages(CHANNEL)).length).toBe(1);
  });
});

describe('what is said beside the card', () => {
  test('given people to remind, when said, then it stands in the card’s thread and pings exactly them', async () => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().say(card, 'Still waiting for 1 more of Bo, Cy. <!channel> <@U0ANA>', ['U0CY', 'U0CY', '!here']);
    const [, reminder, ...more] = await slack.thread(CHANNEL, card.ts);
    expect(reminder?.pings).toEqual(['U0CY']);
    expect(reminder?.text).not.toContain('<');
    expect(more).toEqual([]);
  });

  test('given nobody to ping, when said, then nobody is pinged', async () => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().say(card, 'The after-review is overdue.', []);
    expect((await slack.thread(CHANNEL, card.ts)).at(-1)?.pings).toEqual([]);
  });

  test('given the requester, when told the outcome, then it reaches her alone', async () => {
    await chat().tell('U0ANA', 'Approved by Bo. <!channel>');
    expect((await slack.directMessages('U0ANA')).map(({ text }) => text)).toEqual(['Approved by Bo. &lt;!channel&gt;']);
    expect(await slack.messages(CHANNEL)).toEqual([]);
  });

  test('given a person who replied in the thread, when answered, then the answer stands there too', async () => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().answer(card, 'U0BO', 'Not recorded.', card.ts);
    expect(slack.ephemerals('U0BO').map((m) => m.thread_ts)).toEqual([card.ts]);
  });

  test('given a message that was lost, when said or told, then it is not sent twice', async () => {
    const card = await chat().post(sampleView({ button: null }));
    slack.fault({ method: 'chat.postMessage', drop: 'after', times: 2 });
    expect((await fault(chat().say(card, 'Still waiting.', []))).message).toContain('not sent twice');
    expect((await fault(chat().tell('U0ANA', 'Approved.'))).message).toContain('not sent twice');
    expect(await slack.thread(CHANNEL, card.ts)).toHaveLength(2);
  });
});

describe('dialogs', () => {
  const trigger = async (): Promise<string> => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().update(card, sampleView());
    return pressed(card.ts);
  };
  /** What a press hands out, as whoever listens gets it. */
  const pressed = async (ts: string): Promise<string> => {
    const triggers: string[] = [];
    const listener = socketListener({ appToken: APP_TOKEN, apiUrl: slack.url, clock, onState: () => {} });
    await listener.start(async (deed) => {
      if (deed.kind === 'press' && deed.trigger !== null) triggers.push(deed.trigger);
      return { kind: 'done' };
    });
    await slack.press({ member: 'U0BO', channel: CHANNEL, ts, actionId: 'debug-approval:approve' });
    await listener.stop();
    return triggers[0] ?? '';
  };

  test('given a press, when its dialog is opened and filled, then that takes two calls, and the person has it', async () => {
    const open = await trigger();
    slack.resetCounts();
    const { view } = await chat().openDialog(open);
    expect(slack.dialogs().map(({ user, view }) => [user, view['submit']])).toEqual([['U0BO', undefined]]);
    await chat().fillDialog(view, { kind: 'approval', dialog: DIALOG, comment: '', metadata: '{}' });
    expect(slack.counts().calls).toBe(2);
    expect(slack.dialogs()).toMatchObject([
      { user: 'U0BO', view: { title: { text: DIALOG.title }, private_metadata: '{}' } },
    ]);
  });

  test('given a person who may not approve, when the dialog is filled, then it says so and cannot be sent off', async () => {
    const { view } = await chat().openDialog(await trigger());
    await chat().fillDialog(view, { kind: 'message', text: 'This is your own request.' });
    const [dialog] = slack.dialogs();
    expect(JSON.stringify(dialog?.view)).toContain('This is your own request.');
    expect(dialog?.view['submit']).toBeUndefined();
  });

  test('given a press that has opened its dialog, when it is to open another, then the remedy is another press', async () => {
    const open = await trigger();
    await chat().openDialog(open);
    const { message, remedy } = await fault(chat().openDialog(open));
    expect(message).toContain('could not open the dialog');
    expect(remedy).toContain('Press the button again');
  });

  test('given an answer that was lost, when opening, then it is not opened again; when filling, it is tried again', async () => {
    const open = await trigger();
    slack.fault({ method: 'views.open', drop: 'after' });
    await fault(chat().openDialog(open));
    expect(slack.dialogs()).toHaveLength(1);
    slack.fault({ method: 'views.update', drop: 'before' });
    await chat().fillDialog(slack.dialogs()[0]?.viewId ?? '', { kind: 'message', text: 'No.' });
    expect(slack.counts().byMethod['views.update']).toBe(2);
  });

  test('given a dialog that was closed meanwhile, when filled, then the Fault says so', async () => {
    const { message } = await fault(chat().fillDialog('V0GONE', { kind: 'message', text: 'No.' }));
    expect(message).toContain('the dialog was closed');
  });
});

describe('what the message above a reply carries', () => {
  const value = sampleView().button;
  beforeEach(async () => {
    await slack.close();
    slack = await startSlack(slackOptions({ bot: { ...BOT, scopes: ['chat:write', 'channels:history'] } }));
  });
  const post = async (elements: object[]): Promise<Card> => {
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: slack.url });
    const blocks = [{ type: 'actions', elements: elements.map((one) => ({ ...BUTTON, ...one })) }];
    const posted = await web.apiCall('chat.postMessage', { channel: CHANNEL, text: 'a card', blocks });
    return { team: 'T0TEAM', channel: CHANNEL, ts: String(Object(posted).ts) };
  };
  const BUTTON = {
    type: 'button',
    text: { type: 'plain_text', text: 'Press' },
    action_id: 'debug-approval:deny',
    value,
  };

  test('given a card with replies, when asked, then it is the value of its buttons, by one call', async () => {
    const card = await chat().post(sampleView({ button: null }));
    await chat().update(card, sampleView({ mode: 'dialog' }));
    for (const text of ['approve', 'deny it'])
      await slack.say({ member: 'U0BO', channel: CHANNEL, text, threadTs: card.ts });
    slack.resetCounts();
    expect(await chat().valueOf(card)).toBe(value);
    expect(slack.counts().calls).toBe(1);
  });

  test('given a card whose buttons are gone since it was decided, when asked, then it still says which request it is', async () => {
    const card = await chat().post(sampleView({ button: null }));
    expect(await chat().valueOf(card)).toBeNull();
    const decided = { status: 'approved', button: null } as const;
    await chat().update(card, sampleView({ ...decided, reference: value ?? '' }));
    expect(await chat().valueOf(card)).toBe(value);
    await chat().update(card, sampleView({ ...decided, reference: 'debug-approval:other' }));
    expect(await chat().valueOf(card)).toBeNull();
  });

  test('given a message without our buttons, or none, when asked, then it is nothing', async () => {
    const { ts } = await slack.say({ member: 'U0BO', channel: CHANNEL, text: 'approve 12' });
    expect(await chat().valueOf({ team: 'T0TEAM', channel: CHANNEL, ts })).toBeNull();
    expect(await chat().valueOf({ team: 'T0TEAM', channel: CHANNEL, ts: '1.000001' })).toBeNull();
    expect(await chat().valueOf(await post([{ action_id: 'other' }]))).toBeNull();
  });

  test('given a reply, when asked as if it had begun the thread, then it is nothing', async () => {
    const card = await post([{}]);
    const { ts } = await slack.say({ member: 'U0BO', channel: CHANNEL, text: 'approve', threadTs: card.ts });
    expect(await chat().valueOf({ ...card, ts })).toBeNull();
  });

  test('given buttons that carry different values, when asked, then it is nothing', async () => {
    expect(await chat().valueOf(await post([{}, { action_id: 'debug-approval:approve', value: 'other' }]))).toBeNull();
    expect(await chat().valueOf(await post([{}, { action_id: 'debug-approval:approve' }]))).toBe(value);
  });
});
