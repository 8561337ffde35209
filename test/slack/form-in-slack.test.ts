/** The whole way of a form through the sandbox's Slack: opened by `/debug`, filled, filled anew, and sent off. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formOf } from '../../src/app/gateway/request-form.ts';
import type { DialogContent, Listener, SlackAck, SlackDeed } from '../../src/app/ports.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { actionOf, blockOf } from '../../src/slack/form-parts.ts';
import { socketListener } from '../../src/slack/listener.ts';
import { METADATA, OFFER } from './sample-form.ts';
import { APP_TOKEN, BOT, BOT_TOKEN, CHANNEL, hastyClock, slackOptions } from './sandbox.ts';

let slack: SlackSandbox;
let listener: Listener;
let heard: SlackDeed[];
let says: SlackAck;

beforeEach(async () => {
  slack = await startSlack(slackOptions({ bot: { ...BOT, scopes: ['chat:write', 'commands'] }, commands: ['/debug'] }));
  heard = [];
  says = { kind: 'done' };
  listener = socketListener({ appToken: APP_TOKEN, apiUrl: slack.url, clock: hastyClock(), onState: () => {} });
  await listener.start(async (deed) => {
    heard.push(deed);
    return says;
  });
});
afterEach(async () => {
  await listener.stop();
  await slack.close();
});

const chat = () => slackChat({ token: BOT_TOKEN, apiUrl: slack.url, channel: CHANNEL, clock: hastyClock() });
const form = (runbook: string | null): DialogContent => ({
  ...{ kind: 'form', form: formOf(OFFER, { repositories: [], runbook }), metadata: METADATA },
});
const chosen = (value: string) => ({ type: 'static_select', selected_option: { value } });
const typed = (value: string) => ({ type: 'plain_text_input', value });

async function opened(): Promise<{ member: string; viewId: string }> {
  await slack.slash({ member: 'U0ANA', channel: CHANNEL, command: '/debug', text: 'acme/shop' });
  const [command] = heard;
  if (command?.kind !== 'debug' || command.trigger === null) throw new Error('No command was heard.');
  expect(command).toMatchObject({ text: 'acme/shop', slack: { team: 'T0TEAM', user: 'U0ANA' } });
  const { view } = await chat().openDialog(command.trigger, 'Looking up what you may ask for…');
  expect(slack.dialogs()).toMatchObject([
    { user: 'U0ANA', view: { blocks: [{ text: { text: expect.stringMatching(/^Looking up/) } }] } },
  ]);
  return { member: 'U0ANA', viewId: view };
}

test('the form is filled, and anew once something was chosen; what stands in it comes back as it was typed', async () => {
  const dialog = await opened();
  await chat().fillDialog(dialog.viewId, form(null));
  const runbook = { [blockOf('runbook')]: { [actionOf('70')]: chosen('status') } };
  await chat().fillDialog(dialog.viewId, form('status'));
  const status = actionOf('70/status');
  says = { kind: 'mistakes', at: new Map([['reason', 'Say more.']]) };
  const sent = await slack.submit({
    ...dialog,
    values: {
      ...runbook,
      [blockOf('target')]: { [status]: chosen('staging') },
      [blockOf('input.service')]: { [status]: chosen('web') },
      [blockOf('input.lines')]: { [status]: { type: 'number_input', value: '20' } },
      [blockOf('input.rate')]: { [status]: { type: 'number_input', value: '1.5' } },
      [blockOf('reason')]: { [actionOf('70')]: typed('Orders <hang> & more') },
      [blockOf('ticket')]: { [actionOf('70')]: typed('OPS-1') },
      [blockOf('urgency')]: { [actionOf('70')]: chosen('high') },
    },
  });
  expect(sent).toMatchObject({ answer: { response_action: 'errors', errors: { [blockOf('reason')]: 'Say more.' } } });
  expect(slack.dialogs()).toHaveLength(1);
  const sentOff = heard[1];
  if (sentOff?.kind !== 'form') throw new Error('No form was heard.');
  expect(Object.fromEntries(sentOff.filled)).toMatchObject({
    ...{ runbook: 'status', target: 'staging', 'input.service': 'web', 'input.lines': '20', 'input.rate': '1.5' },
    ...{ reason: 'Orders <hang> & more', ticket: 'OPS-1', urgency: 'high', 'input.all': false },
  });
});

test('the list of what is open is taken by Slack, and cannot be sent off', async () => {
  const { viewId } = await opened();
  const lines = [{ text: '#1 pending: status <!channel>', url: 'https://github.com/acme/shop/issues/1' }];
  await chat().fillDialog(viewId, { kind: 'list', heading: 'Open in acme/shop:', lines, rest: '' });
  expect(slack.dialogs()[0]?.view).not.toHaveProperty('submit');
});
