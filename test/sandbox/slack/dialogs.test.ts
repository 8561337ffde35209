/** Dialogs (modal views) as members see, send and close them. */
import { expect, test } from 'vitest';
import { opened, plain, REASON, VIEW } from './dialog.ts';
import { button, connect, ROOM, refusal, slack, web } from './setup.ts';

const VALUES = { reason: { text: { type: 'plain_text_input', value: 'Looks right.' } } };

test('a dialog stands open for the member whose press opened it, until it is sent', async () => {
  const { sandbox, bodies, member, viewId } = await opened();
  expect(sandbox.dialogs()).toMatchObject([{ user: 'U0ANA', viewId, view: VIEW }]);
  await expect(sandbox.submit({ member: 'U0BO', viewId, values: VALUES })).rejects.toThrow('no dialog');
  expect(await sandbox.submit({ member, viewId, values: VALUES })).toMatchObject({ acknowledged: true });
  expect(bodies.at(-1)).toMatchObject({
    type: 'view_submission',
    user: { id: 'U0ANA', team_id: 'T0TEAM' },
    api_app_id: 'A0APP',
    view: { id: viewId, state: { values: VALUES } },
  });
  expect(sandbox.dialogs()).toEqual([]);
});

test('a dialog that the app finds errors in stays open', async () => {
  const errors = { response_action: 'errors', errors: { reason: 'Say more.' } };
  const { sandbox, member, viewId } = await opened({}, errors);
  expect(await sandbox.submit({ member, viewId, values: VALUES })).toMatchObject({
    acknowledged: true,
    answer: errors,
  });
  expect(sandbox.dialogs()).toHaveLength(1);
});

test('a closed dialog is gone, and told to the app only where it asked for that', async () => {
  const quiet = await opened();
  expect(await quiet.sandbox.dismiss(quiet)).toBeNull();
  expect(quiet.sandbox.dialogs()).toEqual([]);
  const told = await opened({ notify_on_close: true });
  expect(await told.sandbox.dismiss(told)).toMatchObject({ acknowledged: true });
  expect(told.bodies.at(-1)).toMatchObject({ type: 'view_closed', view: { id: told.viewId }, is_cleared: false });
});

test('whoever watches is told of each call, until they end that', async () => {
  const sandbox = await slack();
  let told = 0;
  const end = sandbox.watch(() => {
    told += 1;
  });
  await web(sandbox).auth.test();
  await expect.poll(() => told).toBe(1);
  end();
  await web(sandbox).auth.test();
  await web(sandbox).auth.test();
  expect(told).toBe(1);
});

test('a sent dialog comes back whole: ids and defaults filled in, plain texts escaped, what is empty as nothing', async () => {
  const boxes = {
    type: 'checkboxes' as const,
    action_id: 'seen',
    options: [
      { text: plain('Read & understood'), value: 'read' },
      { text: plain('Told the team'), value: 'told' },
    ],
  };
  const blocks = [
    { type: 'section' as const, text: plain('rm -rf < & >') },
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*a &amp; b*' } },
    { type: 'input' as const, block_id: 'checks', label: plain('Check'), element: boxes },
    { ...REASON, optional: true },
    {
      type: 'input' as const,
      label: plain('Ticket'),
      optional: true,
      element: { type: 'plain_text_input' as const, initial_value: 'OPS-1' },
    },
  ];
  const { sandbox, bodies, ...dialog } = await opened({ blocks, private_metadata: '{"issue":7}' });
  const checks = { seen: { type: 'checkboxes', selected_options: [{ value: 'read' }] } };
  await sandbox.submit({ ...dialog, values: { checks, reason: { text: { value: '' } } } });
  const read = { text: { ...plain('Read &amp; understood'), emoji: true }, value: 'read' };
  expect(bodies.at(-1)?.['view']).toMatchObject({
    type: 'modal',
    private_metadata: '{"issue":7}',
    callback_id: '',
    external_id: '',
    notify_on_close: false,
    close: null,
    app_id: 'A0APP',
    team_id: 'T0TEAM',
    hash: expect.any(String),
    title: { ...plain('Approve?'), emoji: true },
    blocks: [
      { type: 'section', block_id: 'b0', text: { ...plain('rm -rf &lt; &amp; &gt;'), emoji: true } },
      { block_id: 'b1', text: { type: 'mrkdwn', text: '*a &amp; b*', verbatim: false } },
      { block_id: 'checks', optional: false, dispatch_action: false },
      { block_id: 'reason', optional: true },
      { block_id: 'b4', element: { action_id: expect.any(String) } },
    ],
    state: {
      values: {
        checks: { seen: { type: 'checkboxes', selected_options: [read] } },
        reason: { text: { type: 'plain_text_input', value: null } },
        b4: { 'a4-element': { type: 'plain_text_input', value: 'OPS-1' } },
      },
    },
  });
});

test('a dialog is sent only as its fields let it be filled in, unless it is forged', async () => {
  const { sandbox, bodies, ...dialog } = await opened();
  const send = (values: Record<string, Record<string, unknown>>) => sandbox.submit({ ...dialog, values });
  await expect(send({})).rejects.toThrow('must be filled in');
  await expect(send({ reason: { text: { value: 'x'.repeat(21) } } })).rejects.toThrow('0 to 20 characters');
  await expect(send({ ...VALUES, other: { text: { value: 'x' } } })).rejects.toThrow('no field other/text');
  const forged = { other: { text: { value: 'x' } } };
  const overrides = { user: { id: 'U0DI', team_id: 'T0OTHER' } };
  await sandbox.submit({ ...dialog, values: forged, forged: true, overrides });
  expect(bodies.at(-1)).toMatchObject({ ...overrides, view: { state: { values: forged } } });
});

test('the answer to a sent dialog may show another one, or close all', async () => {
  const next = { ...VIEW, title: plain('Recorded'), submit: undefined, blocks: [] };
  const other = await opened({}, { response_action: 'update', view: next });
  expect(await other.sandbox.submit({ ...other, values: VALUES })).not.toHaveProperty('trouble');
  expect(other.sandbox.dialogs()).toMatchObject([{ viewId: other.viewId, view: { title: plain('Recorded') } }]);
  const cleared = await opened({}, { response_action: 'clear' });
  await cleared.sandbox.submit({ ...cleared, values: VALUES });
  expect(cleared.sandbox.dialogs()).toEqual([]);
});

test.each([
  ['names a block that is no input', { response_action: 'errors', errors: { elsewhere: 'Say more.' } }],
  ['shows a view that is none', { response_action: 'update', view: { type: 'modal' } }],
  ['asks for what Slack does not know', { response_action: 'wait' }],
])('an answer that %s is trouble for the person, and the dialog stays', async (_what, answer) => {
  const { sandbox, ...dialog } = await opened({}, answer);
  expect(await sandbox.submit({ ...dialog, values: VALUES })).toMatchObject({
    acknowledged: true,
    trouble: expect.stringContaining('trouble connecting'),
  });
  expect(sandbox.dialogs()).toHaveLength(1);
});

test('a press inside a dialog comes with the dialog, what is filled in, and a trigger', async () => {
  const { sandbox, bodies, ...dialog } = await opened({
    blocks: [REASON, { ...button('v7', 'more'), block_id: 'acts' }],
  });
  const delivery = await sandbox.pressInDialog({ ...dialog, actionId: 'more', values: VALUES });
  expect(delivery).toMatchObject({ acknowledged: true });
  const body = bodies.at(-1);
  expect(body).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0ANA' },
    container: { type: 'view', view_id: dialog.viewId },
    trigger_id: expect.any(String),
    view: { id: dialog.viewId, state: { values: VALUES } },
    actions: [{ type: 'button', action_id: 'more', block_id: 'acts', value: 'v7', action_ts: expect.any(String) }],
  });
  for (const ofMessages of ['channel', 'message', 'response_url']) expect(body).not.toHaveProperty(ofMessages);
  await expect(sandbox.pressInDialog({ ...dialog, actionId: 'less' })).rejects.toThrow('Nothing called less');
});

test('a dialog is changed only where nobody changed it since, by its id or by the name that the app gave it', async () => {
  const { sandbox, viewId } = await opened({ external_id: 'request-7' });
  const client = web(sandbox);
  const first = await client.views.update({ view_id: viewId, view: { ...VIEW, external_id: 'request-7' } });
  const hash = first.view?.hash ?? '';
  const named = { external_id: 'request-7', view: { ...VIEW, external_id: 'request-7' } };
  expect((await client.views.update({ ...named, hash })).view?.id).toBe(viewId);
  expect(await refusal(client.views.update({ view_id: viewId, hash, view: VIEW }))).toMatchObject({
    error: 'hash_conflict',
  });
  expect(await refusal(client.views.update({ view_id: 'V0NONE', view: VIEW }))).toMatchObject({ error: 'not_found' });
});

test('a view that Slack would not show is refused, and leaves the trigger for a better one', async () => {
  const sandbox = await slack();
  const client = await connect(sandbox);
  const triggers: string[] = [];
  client.on('interactive', async ({ body, ack }) => {
    triggers.push(body.trigger_id);
    await ack();
  });
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button()] });
  await sandbox.press({ member: 'U0ANA', channel: ROOM, ts, actionId: 'approve' });
  const open = (change: object) =>
    web(sandbox).views.open({ trigger_id: triggers[0] ?? '', view: { ...VIEW, ...change } });
  const option = (value: string) => ({ text: plain('x'.repeat(76)), value });
  const boxes = { ...REASON, element: { type: 'checkboxes', action_id: 'seen', options: [option('a')] } };
  expect(await refusal(open({ blocks: [boxes] }))).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: {
      messages: ['[ERROR] must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]'],
    },
  });
  expect(await refusal(open({ submit: undefined }))).toMatchObject({ error: 'invalid_arguments' });
  expect(await refusal(open({ title: plain('x'.repeat(25)) }))).toMatchObject({ error: 'invalid_arguments' });
  expect(await refusal(open({ private_metadata: 'x'.repeat(3001) }))).toMatchObject({ error: 'invalid_arguments' });
  expect((await open({})).ok).toBe(true);
});
