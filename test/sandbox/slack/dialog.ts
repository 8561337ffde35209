/** A dialog with one field that a press opens, for the tests of dialogs. */
import { button, connect, ROOM, slack, web } from './setup.ts';

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const REASON = {
  type: 'input' as const,
  block_id: 'reason',
  label: plain('Why?'),
  element: { type: 'plain_text_input' as const, action_id: 'text', multiline: true, max_length: 20 },
};
export const VIEW = { type: 'modal' as const, title: plain('Approve?'), submit: plain('Approve'), blocks: [REASON] };

/** An app that opens a dialog at a press, and answers what is sent to it. */
export async function opened(change: object = {}, answer: Record<string, unknown> = {}) {
  const sandbox = await slack();
  const client = await connect(sandbox);
  const bodies: Record<string, unknown>[] = [];
  client.on('interactive', async ({ body, ack }) => {
    bodies.push(body);
    if (body.type !== 'block_actions') return ack(answer);
    if (body.container.type === 'message')
      await web(sandbox).views.open({ trigger_id: body.trigger_id, view: { ...VIEW, ...change } });
    return ack();
  });
  const { ts = '' } = await web(sandbox).chat.postMessage({ channel: ROOM, text: 'card', blocks: [button('v1')] });
  await sandbox.press({ member: 'U0ANA', channel: ROOM, ts, actionId: 'approve' });
  const [dialog] = sandbox.dialogs();
  return { sandbox, bodies, member: dialog?.user ?? '', viewId: dialog?.viewId ?? '' };
}
