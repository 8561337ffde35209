/** Frames that Slack should never send: the listener outlives them all, and hears the press that comes after. */
import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { SlackDeed } from '../../src/app/ports.ts';
import { socketListener } from '../../src/slack/listener.ts';
import { APP_TOKEN, hastyClock } from './sandbox.ts';

const ODD = [
  'no JSON',
  'null',
  '[]',
  '{}',
  '{"type":"events_api"}',
  '{"type":"events_api","envelope_id":"e0","payload":null}',
  '{"type":"events_api","envelope_id":"e0","payload":{"event":{"type":"error"}}}',
  '{"type":"events_api","envelope_id":"e0","payload":{"event":{"type":"ws_message"}}}',
  '{"type":"events_api","envelope_id":"e0","payload":{"event":{"type":"disconnected"}}}',
  '{"type":"events_api","envelope_id":7,"payload":{}}',
  '{"type":"slash_commands"}',
  '{"type":"slash_commands","envelope_id":"e2","payload":[]}',
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
  const acknowledged: string[] = [];
  const http = createServer((_, response) => {
    const address = http.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/` }));
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => acknowledged.push(JSON.parse(String(data)).envelope_id));
    socket.send(JSON.stringify({ type: 'hello', connection_info: { app_id: 'A01' } }));
    for (const frame of ODD) socket.send(frame);
    socket.send(Buffer.from([0, 1, 2]));
    socket.send(JSON.stringify({ type: 'interactive', envelope_id: 'e9', payload: PRESS }));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const deeds: SlackDeed[] = [];
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  const listener = socketListener({ appToken: APP_TOKEN, apiUrl, clock: hastyClock(), onState: () => {} });
  await listener.start(async (deed) => {
    deeds.push(deed);
    return { kind: 'done' };
  });
  // Events are acknowledged whatever they are; nothing else is that is not ours.
  await vi.waitFor(() => expect(acknowledged).toEqual(['e0', 'e0', 'e0', 'e0', 'e9']));
  await listener.stop();

  expect(deeds.length).toBe(1);
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0));
  expect(unhandled).toEqual([]);
  process.off('unhandledRejection', note);
  sockets.close();
  http.close();
});
