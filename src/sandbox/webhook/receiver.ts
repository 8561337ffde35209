/** A strict receiver of webhooks on loopback: it verifies each signature, notes what came, and fails as it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** What it does with what comes: takes it, answers with a status and headers, never answers, or cuts the connection. */
export type Mood =
  | { kind: 'takes' }
  | { kind: 'answers'; status: number; headers?: Record<string, string> }
  | { kind: 'hangs' }
  | { kind: 'cuts' };

/** What it took, in the order in which it came. */
export interface Received {
  id: string;
  contentType: string;
  body: unknown;
}

export interface ReceiverSandbox {
  url: string;
  received: Received[];
  /** What it refused by itself, and why: a bad signature, another method or media type. */
  refused: string[];
  /** How many requests came, whatever became of them. */
  requests(): number;
  mood: Mood;
  close(): Promise<void>;
}

/** Starts a receiver that believes this secret (`whsec_…`) alone. */
export async function startReceiver(secret: string): Promise<ReceiverSandbox> {
  const verifier = new Webhook(secret);
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const { mood } = receiver;
    if (mood.kind === 'hangs') return;
    if (mood.kind === 'cuts') {
      request.socket.destroy();
      return;
    }
    if (mood.kind === 'answers') {
      response.writeHead(mood.status, mood.headers).end();
      return;
    }
    const why = faultOf(request, body, verifier);
    if (why !== null) {
      receiver.refused.push(why);
      response.writeHead(400).end(why);
      return;
    }
    const contentType = request.headers['content-type'] ?? '';
    receiver.received.push({ id: String(request.headers['webhook-id']), contentType, body: JSON.parse(body) });
    response.writeHead(204).end();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver got no TCP port to listen on.');
  const receiver: ReceiverSandbox = {
    ...{ url: `http://127.0.0.1:${address.port}/debug-approval`, received: [], refused: [], requests: () => requests },
    mood: { kind: 'takes' },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

function faultOf({ method, headers, url }: IncomingMessage, body: string, verifier: Webhook): string | null {
  if (method !== 'POST') return `It is a ${method}.`;
  if (url !== '/debug-approval') return `It is for ${url}.`;
  if (!/^application\/cloudevents\+json(;|$)/.test(headers['content-type'] ?? '')) return 'It is no CloudEvent.';
  const said = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  try {
    verifier.verify(body, said);
    return null;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
    throw error;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
