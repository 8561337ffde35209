/** Frames that Slack should never send: the listener outlives them all, and hears the press that comes after. */
import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Press } from '../../src/app/ports.ts';
import { socketListener } from '../../src/slack/listener.ts';
import { APP_TOKEN, hastyClock } from './sandbox.ts';

const ODD = [
  'no JSON',
  'null',
  '[]',
  '{}',
  '{"type":"events_api"}',
  '{"type":"events_api","envelope_id":"e0","payload":null}',
  '{"type":"interactive"}',
  '{"type":"interactive","envelope_id":"e1","payload":null}',
  '{"type":"error","code":1}',
  '{"type":"ws_message"}',
  '{"type":"disconnected"}',
];
const PRESS = {
  type: 'block_actions',
  api_app_id: 'A01',
  team: { id: 'T01' },
  user: { id: 'U0BO', team_id: 'T01' },
  container: { type: 'message', message_ts: '1.1', channel_id: 'C01' },
  actions: [{ type: 'button', action_id: 'debug-approval:approve', value: 'v', action_ts: '2.2' }],
};

test('given frames that make no sense, when a press follows them, then it is recorded and acknowledged', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const acknowledged = Promise.withResolvers<string>();
  const http = createServer((_, response) => {
    const address = http.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/` }));
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => acknowledged.resolve(String(data)));
    socket.send(JSON.stringify({ type: 'hello', connection_info: { app_id: 'A01' } }));
    for (const frame of ODD) socket.send(frame);
    socket.send(Buffer.from([0, 1, 2]));
    socket.send(JSON.stringify({ type: 'interactive', envelope_id: 'e9', payload: PRESS }));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const presses: Press[] = [];
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  const listener = socketListener({ appToken: APP_TOKEN, apiUrl, clock: hastyClock(), onState: () => {} });
  await listener.start(async (press) => presses.push(press) > 0);
  expect(JSON.parse(await acknowledged.promise)).toMatchObject({ envelope_id: 'e9' });
  await listener.stop();

  expect(presses.length).toBe(1);
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0));
  expect(unhandled).toEqual([]);
  process.off('unhandledRejection', note);
  sockets.close();
  http.close();
});
