/** Dialogs (modal views) as members see, send and close them. */
import { expect, test } from 'vitest';
import { button, connect, ROOM, slack, web } from './setup.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const VIEW = { type: 'modal' as const, title: plain('Approve?'), submit: plain('Approve'), blocks: [] };

/** An app that opens a dialog at a press, and answers what is sent to it. */
async function opened(change: object = {}, answer: Record<string, unknown> = {}) {
  const sandbox = await slack();
  const client = await connect(sandbox);
  const bodies: Record<string, unknown>[] = [];
  client.on('interactive', async ({ body, ack }) => {
    bodies.push(body);
    if (body.type !== 'block_actions') return ack(answer);
    await web(sandbox).views.open({ trigger_id: body.trigger_id, view: { ...VIEW, ...change } });
    return ack();
  });
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button('v1')] });
  await sandbox.press({ member: 'U0ANA', channel: ROOM, ts, actionId: 'approve' });
  const [dialog] = sandbox.dialogs();
  return { sandbox, bodies, member: dialog?.user ?? '', viewId: dialog?.viewId ?? '' };
}

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
