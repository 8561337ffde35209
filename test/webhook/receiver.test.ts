/** The adapter of the policy's webhook, against a receiver that verifies what comes with the library of the scheme. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import type { Answer } from '../../src/app/ports.ts';
import { type Mood, type ReceiverSandbox, startReceiver } from '../../src/sandbox/webhook/receiver.ts';
import { webhookReceiver } from '../../src/webhook/receiver.ts';

const secretOf = (fill: string): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const SECRET = secretOf('k');
const EVENT = { id: `sha256:${'a'.repeat(64)}`, contentType: 'application/cloudevents+json', body: '{"id":"x"}' };

let sandbox: ReceiverSandbox;
beforeAll(async () => {
  sandbox = await startReceiver(SECRET);
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.mood = { kind: 'takes' };
  sandbox.received.length = 0;
  sandbox.refused.length = 0;
});

function send(
  given: { secret?: string; url?: string; now?: number; tryMs?: number; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { secret = SECRET, url = sandbox.url, now = Date.now(), signal = new AbortController().signal } = given;
  const limit = given.tryMs === undefined ? {} : { tryMs: given.tryMs };
  return webhookReceiver({ url, secret, version: '0.1.0', clock: { now: () => now }, ...limit }).deliver(EVENT, signal);
}

test('an event is signed so that the library of Standard Webhooks verifies it, and its id is that of the event', async () => {
  expect(await send()).toEqual({ kind: 'taken' });
  expect(sandbox.received).toEqual([{ id: EVENT.id, contentType: EVENT.contentType, body: { id: 'x' } }]);
});

test('a receiver with another secret, and one to whom it comes an hour late, do not believe it', async () => {
  await send({ secret: secretOf('other') });
  await send({ now: Date.now() - 3_600_000 });
  expect(sandbox.refused).toEqual(['No matching signature found', 'Message timestamp too old']);
});

describe('what the receiver answers', () => {
  const later = (status: number, afterMs: number | null = null, headers = {}): [Mood, Partial<Answer>] => [
    { kind: 'answers', status, headers },
    { kind: 'busy', afterMs },
  ];
  const never = (status: number, headers = {}): [Mood, Partial<Answer>] => [
    { kind: 'answers', status, headers },
    { kind: 'refused' },
  ];
  const date = 'Mon, 02 Mar 2026 10:01:00 GMT';
  test.each([
    later(500),
    later(503, 7_000, { 'retry-after': '7' }),
    later(503, 60_000, { 'retry-after': date }),
    later(503, null, { 'retry-after': 'soon' }),
    later(429, 2_000, { 'retry-after': '2' }),
    later(408),
    never(400),
    never(401),
    never(404),
    never(410),
    [{ kind: 'answers', status: 202 } as const, { kind: 'taken' } as const] as [Mood, Partial<Answer>],
  ])('%o is understood as %o', async (mood, answer) => {
    sandbox.mood = mood;
    expect(await send({ now: Date.parse('2026-03-02T10:00:00Z') })).toMatchObject(answer);
  });

  test('a redirect is followed nowhere, not even to the same host', async () => {
    const other = await startReceiver(SECRET);
    for (const location of [other.url, sandbox.url]) {
      sandbox.mood = { kind: 'answers', status: 307, headers: { location } };
      expect(await send()).toMatchObject({ kind: 'refused', why: expect.stringContaining('redirects (307)') });
    }
    expect(other.requests()).toBe(0);
    await other.close();
  });

  test('a receiver that never answers is given up after the time of one try', async () => {
    sandbox.mood = { kind: 'hangs' };
    expect(await send({ tryMs: 30 })).toMatchObject({ kind: 'busy', why: expect.stringContaining('did not answer') });
  });

  test('a cut connection and a receiver that is not there may be over later', async () => {
    sandbox.mood = { kind: 'cuts' };
    expect(await send()).toMatchObject({ kind: 'busy', why: expect.stringContaining('cannot be reached') });
    const gone = await startReceiver(SECRET);
    await gone.close();
    expect(await send({ url: gone.url })).toMatchObject({ kind: 'busy', why: expect.stringContaining('ECONNREFUSED') });
  });

  test('whoever stops waiting is not kept', async () => {
    sandbox.mood = { kind: 'hangs' };
    expect(await send({ signal: AbortSignal.abort() })).toMatchObject({ kind: 'busy' });
  });
});

test('neither the secret nor the path of the address is in anything that is said', async () => {
  const said: string[] = [];
  const moods: Mood[] = [{ kind: 'cuts' }, { kind: 'answers', status: 500 }, { kind: 'answers', status: 404 }];
  for (const mood of moods) {
    sandbox.mood = mood;
    said.push(JSON.stringify(await send()));
  }
  expect(said.join()).not.toContain(SECRET.slice(6));
  expect(said.join()).not.toContain('/debug-approval');
});

test.each(['', 'whsec_', 'geheim', secretOf('k').slice(6), 'whsec_dG9vLXNob3J0', `${SECRET} ${SECRET}`])(
  'the secret "%s" is refused without being said',
  (secret) => {
    const make = () => webhookReceiver({ url: sandbox.url, secret, version: '0.1.0', clock: { now: () => 0 } });
    expect(make).toThrow(Fault);
    expect(make).toThrow(/^The input `webhook-secret` is no secret of Standard Webhooks\.$/);
  },
);
