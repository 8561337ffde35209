/** A form of the app's on the page: a command opens it, a choice changes it, and what is filled in is sent. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebClient } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import { openSandbox, send, visit } from './visitor.ts';

const plain = (words: string) => ({ type: 'plain_text' as const, text: words });
const RUNBOOK = {
  ...{ type: 'input' as const, block_id: 'runbook', label: plain('Runbook'), dispatch_action: true },
  element: {
    ...{ type: 'static_select' as const, action_id: 'field' },
    options: ['hello', 'find-order'].map((value) => ({ text: plain(value), value })),
  },
};
const COUNT = {
  ...{ type: 'input' as const, block_id: 'count', label: plain('How many') },
  element: { type: 'number_input' as const, action_id: 'field', is_decimal_allowed: false, max_value: '9' },
};
const view = (...blocks: (typeof RUNBOOK | typeof COUNT)[]) => ({
  ...{ type: 'modal' as const, title: plain('Debug'), submit: plain('Ask') },
  blocks,
});

/** An app at an address, which asks for a runbook and then for what that runbook needs. */
async function app(web: WebClient): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (body.startsWith('{')) return void response.end(String(JSON.parse(body).challenge));
    response.end();
    const form = new URLSearchParams(body);
    const said = JSON.parse(form.get('payload') ?? 'null');
    if (said === null) await web.views.open({ trigger_id: form.get('trigger_id') ?? '', view: view(RUNBOOK) });
    if (said?.type === 'block_actions') {
      expect(said.actions).toMatchObject([{ block_id: 'runbook', selected_option: { value: 'find-order' } }]);
      await web.views.update({ view_id: said.view.id, view: view(RUNBOOK, COUNT) });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'string' ? address : `http://127.0.0.1:${address?.port}/`;
}

test('a form opens by a command, changes with a choice, and goes only as it may be filled in', async () => {
  const sandbox = await openSandbox({ gateway: true });
  onTestFinished(sandbox.close);
  const { town, page, problems } = sandbox;
  await town.slack.setRequestUrl(await app(new WebClient(town.slackToken, { slackApiUrl: town.slack.url })));
  const visitor = await visit(page);
  onTestFinished(visitor.leave);
  expect(await send(page, { do: 'say', as: 'ana', text: '/debug', threadTs: null })).toEqual({ ok: true });
  const { viewId } = await visitor.until(({ dialogs }) => dialogs.find(({ user }) => user === 'UANA'));
  const runbook = { field: { type: 'static_select', selected_option: { value: 'find-order' } } };
  const choice = {
    do: 'choose',
    as: 'ana',
    viewId,
    blockId: 'runbook',
    actionId: 'field',
    values: { runbook },
  } as const;
  expect(await send(page, choice)).toEqual({ ok: true });
  await visitor.until(({ dialogs }) => JSON.stringify(dialogs).includes('How many'));
  const sent = (value: string) =>
    send(page, { do: 'submit', as: 'ana', viewId, values: { runbook, count: { field: { value } } } });
  expect(await sent('10')).toMatchObject({ ok: false, why: expect.stringContaining('does not take "10"') });
  expect(await sent('9')).toEqual({ ok: true });
  expect(town.slack.dialogs()).toEqual([]);
  expect(problems).toEqual([]);
});
