/** How long the product tries before it says that GitHub cannot be read. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRepository } from '../../src/github/repository.ts';
import { clientOf, cut, json, stub } from './stub.ts';

const MISSING = () => json(404, { message: 'Not Found' });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z'), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Settles a promise while all waiting passes at once. */
async function hurry<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const settled = Promise.allSettled([work]);
  await vi.runAllTimersAsync();
  const [result] = await settled;
  if (result === undefined) throw new Error('nothing settled');
  return result;
}

describe('a read', () => {
  test('survives two failures', async () => {
    const network = stub(cut, () => json(503, {}), MISSING);
    const result = await hurry(createRepository(clientOf(network, { retries: 2 }), 'acme/shop').readComment(1));
    expect(result).toEqual({ status: 'fulfilled', value: null });
    expect(network.sent).toHaveLength(3);
  });

  test('ends after the third failure', async () => {
    const network = stub(cut, cut, cut);
    const result = await hurry(createRepository(clientOf(network, { retries: 2 }), 'acme/shop').readComment(1));
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(network.sent).toHaveLength(3);
  });

  test('waits once as long as GitHub asks, up to a minute', async () => {
    const limited = () => json(429, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '60' });
    const network = stub(limited, MISSING);
    const result = await hurry(createRepository(clientOf(network, { retries: 2 }), 'acme/shop').readComment(1));
    expect(result.status).toBe('fulfilled');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-23T12:01:00Z'));
  });

  test('does not wait longer than a minute and says when to come back', async () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-11-23T12:40:00Z') / 1000),
    };
    const network = stub(() => json(403, { message: 'API rate limit exceeded' }, headers));
    const result = await hurry(createRepository(clientOf(network, { retries: 2 }), 'acme/shop').readComment(1));
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'rate-limited', remedy: expect.stringContaining('2026-11-23T12:40:00Z') },
    });
    expect(network.sent).toHaveLength(1);
  });

  test('by GraphQL is tried again after a cut connection too', async () => {
    const network = stub(cut, () => json(200, { data: { repository: { object: null } } }));
    const result = await hurry(createRepository(clientOf(network, { retries: 2 }), 'acme/shop').blob('a'.repeat(40)));
    expect(result).toEqual({ status: 'fulfilled', value: null });
  });
});
