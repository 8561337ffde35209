/** What is written to GitHub, how often, and what is said of a doubtful outcome. */
import { describe, expect, test } from 'vitest';
import { createRepository } from '../../src/github/repository.ts';
import { clientOf, cut, json, silence, stub, wire } from './stub.ts';

const WRITTEN = { id: 4_294_967_301, created_at: '2026-11-23T12:00:00Z' };

describe('a comment', () => {
  test('is one POST and gives the id and time that GitHub gave it', async () => {
    const network = stub(json(201, WRITTEN));
    const written = await createRepository(clientOf(network), 'acme/shop').comment(7, 'a record');
    expect(written).toEqual({ id: 4_294_967_301, createdAt: '2026-11-23T12:00:00Z' });
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        [
          "POST https://api.github.com/repos/acme/shop/issues/7/comments",
          {
            "body": "a record",
          },
        ],
      ]
    `);
    expect(network.sent[0]?.headers['user-agent']).toMatch(/^debug-approval\/0\.1\.0 /);
  });

  test.each([
    ['a cut connection', cut],
    ['a server error, which a proxy may give after GitHub has written', () => json(502, { message: 'Bad gateway' })],
    ['an answer that is cut short', () => json(201, {})],
  ])('is never sent twice and is called not confirmed after %s', async (_, answer) => {
    const network = stub(answer);
    const writing = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').comment(7, 'a record');
    await expect(writing).rejects.toMatchObject({ code: 'not-confirmed' });
    expect(network.sent).toHaveLength(1);
  });

  test('is called not confirmed when the deadline passes without an answer', async () => {
    const network = stub(silence);
    const writing = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').comment(7, 'a record', 20);
    await expect(writing).rejects.toMatchObject({
      code: 'not-confirmed',
      message: expect.stringContaining('no answer in time'),
    });
    expect(network.sent).toHaveLength(1);
  });

  test.each([
    ['GitHub refuses it', () => json(403, { message: 'Resource not accessible by integration' })],
    ['a limit is reached', () => json(429, { message: 'secondary rate limit' }, { 'retry-after': '1' })],
    ['it is too long', () => json(422, { message: 'Validation Failed' })],
    [
      'GitHub was never reached',
      () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
        ),
    ],
  ])('is surely not written, and not tried again, when %s', async (_, answer) => {
    const network = stub(answer);
    const writing = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').comment(7, 'a record');
    await expect(writing).rejects.toMatchObject({ code: 'not-written' });
    expect(network.sent).toHaveLength(1);
  });
});

describe('an issue', () => {
  test('is opened by one POST with its labels', async () => {
    const network = stub(json(201, { number: 7, html_url: 'https://github.com/acme/shop/issues/7' }));
    const issue = await createRepository(clientOf(network), 'acme/shop').createIssue({
      title: 'Debug',
      body: 'Who, what, where',
      labels: ['debug-request', 'debug:pending'],
    });
    expect(issue).toEqual({ number: 7, url: 'https://github.com/acme/shop/issues/7' });
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        [
          "POST https://api.github.com/repos/acme/shop/issues",
          {
            "body": "Who, what, where",
            "labels": [
              "debug-request",
              "debug:pending",
            ],
            "title": "Debug",
          },
        ],
      ]
    `);
  });

  test('is not opened twice after a cut connection', async () => {
    const network = stub(cut);
    const opening = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').createIssue({
      title: 'Debug',
      body: '',
      labels: [],
    });
    await expect(opening).rejects.toMatchObject({ code: 'not-confirmed' });
    expect(network.sent).toHaveLength(1);
  });

  test('is changed, closed with the true reason, and locked', async () => {
    const network = stub(json(200, {}), json(200, {}), json(200, {}), json(204, null));
    const repository = createRepository(clientOf(network), 'acme/shop');
    await repository.updateIssue(7, { title: 'Debug', labels: ['debug-request', 'debug:running'] });
    await repository.updateIssue(7, { open: false, completed: true });
    await repository.updateIssue(7, { open: false });
    await repository.lockIssue(7);
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        [
          "PATCH https://api.github.com/repos/acme/shop/issues/7",
          {
            "labels": [
              "debug-request",
              "debug:running",
            ],
            "title": "Debug",
          },
        ],
        [
          "PATCH https://api.github.com/repos/acme/shop/issues/7",
          {
            "state": "closed",
            "state_reason": "completed",
          },
        ],
        [
          "PATCH https://api.github.com/repos/acme/shop/issues/7",
          {
            "state": "closed",
            "state_reason": "not_planned",
          },
        ],
        [
          "PUT https://api.github.com/repos/acme/shop/issues/7/lock",
          {
            "lock_reason": "resolved",
          },
        ],
      ]
    `);
  });
});
