/** What is written to GitHub, how often, and what is said of a doubtful outcome. */
import { describe, expect, test, vi } from 'vitest';
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

describe('a comment on a locked issue, which GitHub lets no job write', () => {
  const locked = () => json(403, { message: 'Unable to create comment because issue is locked.' });
  const POST = 'POST https://api.github.com/repos/acme/shop/issues/7/comments';
  const UNLOCK = 'DELETE https://api.github.com/repos/acme/shop/issues/7/lock';
  const LOCK = 'PUT https://api.github.com/repos/acme/shop/issues/7/lock';
  const refused = () => json(403, { message: 'Resource not accessible by integration' });

  test('is written once it is unlocked, and the issue is locked again', async () => {
    const network = stub(locked, json(204, null), json(201, WRITTEN), json(204, null));
    const written = await createRepository(clientOf(network), 'acme/shop').comment(7, 'a record');
    expect(written.id).toBe(WRITTEN.id);
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        [
          "POST https://api.github.com/repos/acme/shop/issues/7/comments",
          {
            "body": "a record",
          },
        ],
        "DELETE https://api.github.com/repos/acme/shop/issues/7/lock",
        [
          "POST https://api.github.com/repos/acme/shop/issues/7/comments",
          {
            "body": "a record",
          },
        ],
        "PUT https://api.github.com/repos/acme/shop/issues/7/lock",
      ]
    `);
  });

  test('keeps nobody waiting who pressed a button while the issue is locked again', async () => {
    const network = stub(locked, json(204, null), json(201, WRITTEN), silence);
    const written = await createRepository(clientOf(network), 'acme/shop').comment(7, 'a record', 2_000);
    expect(written.id).toBe(WRITTEN.id);
    await vi.waitFor(() => expect(calls(network.sent).at(-1)).toBe(LOCK));
  });

  test.each([
    ['is refused', refused],
    ['fails', () => json(502, { message: 'Bad gateway' })],
    ['breaks off', cut],
  ])('is written all the same when locking again %s', async (_, answer) => {
    for (const deadline of [undefined, 2_000]) {
      const network = stub(locked, json(204, null), json(201, WRITTEN), answer);
      const written = await createRepository(clientOf(network), 'acme/shop').comment(7, 'a record', deadline);
      expect(written.id).toBe(WRITTEN.id);
      await vi.waitFor(() => expect(network.sent).toHaveLength(4));
    }
  });

  test.each([
    ['may not be unlocked', refused],
    ['cannot be unlocked', () => json(502, { message: 'Bad gateway' })],
    ['is unlocked by an answer that got lost', cut],
  ])('is surely not written when the issue %s, and the issue is locked again', async (_, answer) => {
    const network = stub(locked, answer, json(204, null));
    const writing = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').comment(7, 'a record');
    await expect(writing).rejects.toMatchObject({ code: 'not-written' });
    expect(calls(network.sent)).toEqual([POST, UNLOCK, LOCK]);
  });

  test('is surely not written when the deadline passes before the issue is unlocked', async () => {
    const network = stub(locked, silence, json(204, null));
    const writing = createRepository(clientOf(network), 'acme/shop').comment(7, 'a record', 20);
    await expect(writing).rejects.toMatchObject({
      code: 'not-written',
      message: expect.stringContaining('Issue #7 is locked and this job could not unlock it'),
    });
  });

  test('is not sent a third time when somebody locks the issue at once again', async () => {
    const network = stub(locked, json(204, null), locked, json(204, null));
    const writing = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').comment(7, 'a record');
    await expect(writing).rejects.toMatchObject({ code: 'not-written' });
    expect(calls(network.sent)).toEqual([POST, UNLOCK, POST, LOCK]);
  });

  test('is called not confirmed, and never sent again, when it breaks off after the issue was unlocked', async () => {
    const network = stub(locked, json(204, null), cut, json(204, null));
    const writing = createRepository(clientOf(network, { retries: 2 }), 'acme/shop').comment(7, 'a record');
    await expect(writing).rejects.toMatchObject({ code: 'not-confirmed' });
    expect(calls(network.sent)).toEqual([POST, UNLOCK, POST, LOCK]);
  });

  test('waits until an earlier one has locked the issue again, so that they do not lock each other out', async () => {
    const lockedAgain = Promise.withResolvers<Response>();
    const network = stub(
      ...[locked, json(204, null), json(201, WRITTEN), () => lockedAgain.promise],
      ...[locked, json(204, null), json(201, WRITTEN), json(204, null)],
    );
    const repository = createRepository(clientOf(network), 'acme/shop');
    await repository.comment(7, 'one', 2_000);
    await vi.waitFor(() => expect(network.sent).toHaveLength(4));
    const second = repository.comment(7, 'two', 2_000);
    await vi.waitFor(() => expect(network.sent).toHaveLength(5));
    lockedAgain.resolve(json(204, null));
    await second;
    await vi.waitFor(() => expect(network.sent).toHaveLength(8));
    const once = [POST, UNLOCK, POST, LOCK];
    expect(calls(network.sent)).toEqual([...once, ...once]);
  });
});

const calls = (sent: { method: string; url: string }[]) => sent.map(({ method, url }) => `${method} ${url}`);

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

  test('is given one label and loses one, whatever others have put there; one that is not there is lost already', async () => {
    const network = stub(json(200, []), json(200, []), json(404, { message: 'Label does not exist' }));
    const repository = createRepository(clientOf(network), 'acme/shop');
    await repository.addLabel(7, 'debug:undelivered');
    await repository.removeLabel(7, 'debug:undelivered');
    await repository.removeLabel(7, 'debug:undelivered');
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        [
          "POST https://api.github.com/repos/acme/shop/issues/7/labels",
          {
            "labels": [
              "debug:undelivered",
            ],
          },
        ],
        "DELETE https://api.github.com/repos/acme/shop/issues/7/labels/debug%3Aundelivered",
        "DELETE https://api.github.com/repos/acme/shop/issues/7/labels/debug%3Aundelivered",
      ]
    `);
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
