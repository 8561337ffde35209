/** What people do beside pressing buttons, against the sandbox's Slack: it arrives once read, and Slack is told what came of it. */
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Listener, SlackAck, SlackDeed } from '../../src/app/ports.ts';
import { type SlackOptions, type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { socketListener } from '../../src/slack/listener.ts';
import { DIALOG } from './sample-dialog.ts';
import { sampleView } from './sample-view.ts';
import { APP_TOKEN, BOT, BOT_TOKEN, CHANNEL, hastyClock, slackOptions } from './sandbox.ts';

const OPTIONS: Partial<SlackOptions> = {
  bot: { ...BOT, scopes: ['chat:write', 'commands', 'channels:history', 'groups:history'] },
  events: ['message.channels', 'message.groups'],
  commands: ['/approve-debug', '/reject-debug', '/other'],
  retryMs: [0, 0, 0],
  ackMs: 300,
};

let slack: SlackSandbox;
let listener: Listener;
let heard: SlackDeed[];
/** What is said to each deed, in turn; the last one again and again. */
let says: SlackAck[];

beforeEach(async () => {
  slack = await startSlack(slackOptions(OPTIONS));
  heard = [];
  says = [{ kind: 'done' }];
  listener = socketListener({ appToken: APP_TOKEN, apiUrl: slack.url, clock: hastyClock(), onState: () => {} });
  await listener.start(async (deed) => {
    heard.push(deed);
    return (says.length > 1 ? says.shift() : says[0]) ?? { kind: 'none' };
  });
});
afterEach(async () => {
  await listener.stop();
  await slack.close();
});

const chat = () => slackChat({ token: BOT_TOKEN, apiUrl: slack.url, channel: CHANNEL, clock: hastyClock() });
const postCard = async () => {
  const card = await chat().post(sampleView({ button: null }));
  await chat().update(card, sampleView({ mode: 'dialog' }));
  return card;
};
const settled = async (): Promise<void> => {
  await vi.waitFor(() => expect(slack.events().every(({ attempts }) => attempts.at(-1)?.acknowledged)).toBe(true));
};

describe('a reply in a thread', () => {
  test('given a card, when Bo replies, then it arrives with its thread, and is acknowledged', async () => {
    const card = await postCard();
    const { ts, delivery } = await slack.say({
      member: 'U0BO',
      channel: CHANNEL,
      text: 'deny <wrong>',
      threadTs: card.ts,
    });
    expect(await delivery).toMatchObject({ acknowledged: true });
    expect(heard).toMatchObject([
      { kind: 'reply', thread: card, ts, text: 'deny <wrong>', bot: false, slack: { team: 'T0TEAM', user: 'U0BO' } },
    ]);
  });

  test('given a record that failed, when Bo replies, then the same reply comes again', async () => {
    const card = await postCard();
    says = [{ kind: 'none' }, { kind: 'done' }];
    await slack.say({ member: 'U0BO', channel: CHANNEL, text: 'approve', threadTs: card.ts });
    await settled();
    expect(heard).toHaveLength(2);
    expect(heard[0]).toEqual(heard[1]);
  });

  test('given talk beside threads, changes, removals and what the app itself writes, then all of it is acknowledged and troubles nobody', async () => {
    const card = await postCard();
    await chat().say(card, 'Still waiting.', ['U0BO']);
    const { ts } = await slack.say({ member: 'U0BO', channel: CHANNEL, text: 'approve' });
    await slack.edit({ member: 'U0BO', channel: CHANNEL, ts, text: 'approve it' });
    await slack.unsay({ member: 'U0BO', channel: CHANNEL, ts });
    await settled();
    expect(slack.events().length).toBeGreaterThan(4);
    expect(slack.events().every(({ attempts }) => attempts.length === 1)).toBe(true);
    expect(heard).toEqual([]);
  });

  test('given words that another app writes under Bo’s name, then they are a bot’s', async () => {
    const card = await postCard();
    const through = { botId: 'B0OTHER', appId: 'A0OTHER' };
    await slack.say({ member: 'U0BO', channel: CHANNEL, text: 'approve', threadTs: card.ts, through });
    await settled();
    expect(heard).toMatchObject([{ kind: 'reply', bot: true }]);
  });
});

describe('a slash command', () => {
  const send = (command: string) => slack.slash({ member: 'U0BO', channel: CHANNEL, command, text: '12 wrong target' });

  test('given an answer, when Bo sends it, then he alone sees the answer, and nothing in it is active', async () => {
    says = [{ kind: 'told', text: 'Recorded. <!channel> *bold*' }];
    expect(await send('/reject-debug')).toMatchObject({ acknowledged: true });
    expect(heard).toMatchObject([{ kind: 'slash', decision: 'deny', text: '12 wrong target', channel: CHANNEL }]);
    expect(slack.ephemerals('U0BO')).toMatchObject([
      { pings: [], text: 'Recorded. &lt;!channel&gt; *bold*', blocks: [{ text: { type: 'plain_text' } }] },
    ]);
    expect(await slack.messages(CHANNEL)).toEqual([]);
  });

  test('given nothing to say, when Bo sends it, then it is acknowledged in silence', async () => {
    expect(await send('/approve-debug')).toMatchObject({ acknowledged: true });
    expect(slack.ephemerals('U0BO')).toEqual([]);
  });

  test.each([
    ['a record that failed', '/approve-debug', 1],
    ['another command of the app', '/other', 0],
  ])('given %s, when Bo sends it, then Slack tells him that it failed', async (_, command, deeds) => {
    says = [{ kind: 'none' }];
    expect(await send(command)).toMatchObject({ acknowledged: false });
    expect(heard).toHaveLength(deeds);
  });
});

describe('the dialog', () => {
  const METADATA = '{"value":null,"issue":12,"card":null}';
  const TICKED = DIALOG.checklist.map((_, index) => ({ value: String(index) }));
  const open = async (): Promise<string> => {
    const { ts } = await postCard();
    await slack.press({ member: 'U0BO', channel: CHANNEL, ts, actionId: 'debug-approval:approve-dialog' });
    const [press] = heard.splice(0);
    const { view } = await chat().openDialog(press?.kind === 'press' ? (press.trigger ?? '') : '');
    await chat().fillDialog(view, { kind: 'approval', dialog: DIALOG, comment: '', metadata: METADATA });
    return view;
  };
  const send = (viewId: string, options = TICKED, comment = 'Go ahead') =>
    slack.submit({
      member: 'U0BO',
      viewId,
      values: {
        'debug-approval:checklist': { field: { selected_options: options } },
        'debug-approval:comment': { field: { value: comment } },
      },
    });

  test('given a press, when Bo fills the dialog in and sends it off, then what he saw, wrote and ticked arrives, and it closes', async () => {
    expect(await send(await open())).toMatchObject({ acknowledged: true });
    expect(heard).toMatchObject([
      {
        kind: 'submission',
        metadata: METADATA,
        comment: 'Go ahead',
        ticked: DIALOG.checklist,
        slack: { team: 'T0TEAM', user: 'U0BO' },
        shown: expect.arrayContaining(['Approve request #12', 'Orders hang & customers <wait>\nsince nine']),
      },
    ]);
    expect(slack.dialogs()).toEqual([]);
  });

  test.each(['checklist', 'comment'] as const)(
    'given a refusal at the %s, when sent off, then the dialog stays and says why',
    async (field) => {
      says = [{ kind: 'done' }, { kind: 'kept', field, text: 'Not ticked: Nobody else is on it.' }];
      const answered = await send(await open(), TICKED.slice(0, 1));
      expect(answered.answer).toEqual({
        response_action: 'errors',
        errors: { [`debug-approval:${field}`]: 'Not ticked: Nobody else is on it.' },
      });
      expect(answered.trouble).toBeUndefined();
      expect(slack.dialogs()).toHaveLength(1);
    },
  );

  test('given a record that failed, when sent off, then Slack says that it failed, and the dialog stays', async () => {
    says = [{ kind: 'done' }, { kind: 'none' }];
    expect(await send(await open())).toMatchObject({ acknowledged: false, trouble: expect.any(String) });
    expect(slack.dialogs()).toHaveLength(1);
  });

  test('given a dialog of somebody else’s making, when sent off, then nobody takes it', async () => {
    const viewId = await open();
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: slack.url });
    const title = { type: 'plain_text', text: 'Other' };
    const blocks = [
      { type: 'input', label: title, element: { type: 'plain_text_input', action_id: 'a' }, block_id: 'b' },
    ];
    await web.apiCall('views.update', { view_id: viewId, view: { type: 'modal', title, submit: title, blocks } });
    const sent = await slack.submit({ member: 'U0BO', viewId, values: { b: { a: { value: 'x' } } } });
    expect(sent).toMatchObject({ acknowledged: false });
    expect(heard).toEqual([]);
  });
});
