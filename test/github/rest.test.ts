/** What the product reads by REST: polled comments, runs, environments, open requests. */
import { describe, expect, test } from 'vitest';
import { createRepository } from '../../src/github/repository.ts';
import { clientOf, json, stub, wire } from './stub.ts';

function comment(id: number, over: object = {}) {
  return {
    id,
    user: { id: 101, login: 'ana', type: 'User' },
    created_at: '2026-11-23T12:00:00Z',
    updated_at: '2026-11-23T12:00:00Z',
    body: '/approve',
    performed_via_github_app: null,
    ...over,
  };
}

const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => comment(from + i));

describe('polling', () => {
  test('asks with the last ETag and gives null while nothing changed', async () => {
    const network = stub(
      json(200, [comment(1)], { etag: 'W/"one"' }),
      json(304, null),
      json(200, [comment(1), comment(2)]),
    );
    const repository = createRepository(clientOf(network), 'acme/shop');
    expect(await repository.poll(7)).toHaveLength(1);
    expect(await repository.poll(7)).toBeNull();
    expect(await repository.poll(7)).toHaveLength(2);
    expect(network.sent.map((sent) => sent.headers['if-none-match'] ?? null)).toEqual([null, 'W/"one"', 'W/"one"']);
    expect(wire(network.sent.slice(0, 1))).toMatchInlineSnapshot(`
      [
        "GET https://api.github.com/repos/acme/shop/issues/7/comments?per_page=100&page=1",
      ]
    `);
  });

  test('goes on to the next page once one is full', async () => {
    const network = stub(
      json(200, many(1, 100), { etag: '"p1"' }),
      json(200, [], { etag: '"p2"' }),
      json(304, null),
      json(200, [comment(101)], { etag: '"p2b"' }),
    );
    const repository = createRepository(clientOf(network), 'acme/shop');
    expect(await repository.poll(7)).toHaveLength(100);
    expect((await repository.poll(7))?.at(-1)?.id).toBe(101);
  });

  test('sees a new comment that a deletion moved to an earlier page', async () => {
    const network = stub(
      json(200, many(1, 100), { etag: '"p1"' }),
      json(200, [], { etag: '"p2"' }),
      json(200, many(2, 100), { etag: '"p1b"' }),
      json(304, null),
    );
    const repository = createRepository(clientOf(network), 'acme/shop');
    await repository.poll(7);
    expect((await repository.poll(7))?.at(-1)?.id).toBe(101);
  });

  test('keeps the ETags of two issues apart', async () => {
    const network = stub(json(200, [], { etag: '"seven"' }), json(200, [], { etag: '"eight"' }));
    const repository = createRepository(clientOf(network), 'acme/shop');
    await repository.poll(7);
    await repository.poll(8);
    expect(network.sent[1]?.headers['if-none-match']).toBeUndefined();
  });
});

test('a comment tells who wrote it, whether it was edited, and whether an app wrote it', async () => {
  const network = stub(
    json(200, comment(5)),
    json(200, comment(6, { performed_via_github_app: { id: 3 } })),
    json(
      200,
      comment(7, {
        updated_at: '2026-11-23T12:00:01Z',
        user: { id: 41898282, login: 'github-actions[bot]', type: 'Bot' },
      }),
    ),
    json(404, { message: 'Not Found' }),
  );
  const repository = createRepository(clientOf(network), 'acme/shop');
  expect(await repository.readComment(5)).toMatchInlineSnapshot(`
    {
      "author": {
        "bot": false,
        "id": 101,
        "login": "ana",
      },
      "body": "/approve",
      "createdAt": "2026-11-23T12:00:00Z",
      "editedAt": null,
      "id": 5,
      "throughApp": false,
    }
  `);
  expect(await repository.readComment(6)).toMatchObject({ throughApp: true });
  expect(await repository.readComment(7)).toMatchObject({ author: { bot: true }, editedAt: '2026-11-23T12:00:01Z' });
  expect(await repository.readComment(8)).toBeNull();
});

test('a run tells its attempt, workflow and both of its people', async () => {
  const network = stub(
    json(200, {
      id: 900,
      run_attempt: 2,
      event: 'workflow_dispatch',
      status: 'in_progress',
      conclusion: null,
      path: '.github/workflows/debug.yml@refs/heads/main',
      head_sha: 'c'.repeat(40),
      head_branch: 'main',
      html_url: 'https://github.com/acme/shop/actions/runs/900',
      created_at: '2026-03-02T10:00:00Z',
      actor: { id: 101, login: 'ana', type: 'User' },
      triggering_actor: { id: 41898282, login: 'github-actions[bot]', type: 'Bot' },
    }),
  );
  const run = await createRepository(clientOf(network), 'acme/shop').run(900);
  expect(run).toMatchInlineSnapshot(`
    {
      "actor": {
        "bot": false,
        "id": 101,
        "login": "ana",
      },
      "attempt": 2,
      "branch": "main",
      "commit": "cccccccccccccccccccccccccccccccccccccccc",
      "conclusion": null,
      "createdAt": "2026-03-02T10:00:00Z",
      "event": "workflow_dispatch",
      "id": 900,
      "status": "in_progress",
      "triggeringActor": {
        "bot": true,
        "id": 41898282,
        "login": "github-actions[bot]",
      },
      "url": "https://github.com/acme/shop/actions/runs/900",
      "workflow": ".github/workflows/debug.yml",
    }
  `);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/actions/runs/900?exclude_pull_requests=true",
    ]
  `);
});

describe('an environment', () => {
  const base = { name: 'prod/eu', can_admins_bypass: false, protection_rules: [], deployment_branch_policy: null };

  test('that does not exist is null', async () => {
    const network = stub(json(404, { message: 'Not Found' }));
    expect(await createRepository(clientOf(network), 'acme/shop').environment('prod', 'main')).toBeNull();
  });

  test('without a branch policy admits every branch, and an unknown bypass stays unknown', async () => {
    const network = stub(json(200, { ...base, can_admins_bypass: undefined }));
    expect(await createRepository(clientOf(network), 'acme/shop').environment('prod/eu', 'main')).toEqual({
      name: 'prod/eu',
      branches: { kind: 'all' },
      adminBypass: null,
      reviewers: [],
      waitMinutes: 0,
    });
    expect(wire(network.sent)).toEqual(['GET https://api.github.com/repos/acme/shop/environments/prod%2Feu']);
  });

  test('with named branches tells their patterns, its reviewers and its wait', async () => {
    const network = stub(
      json(200, {
        ...base,
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
        protection_rules: [
          { type: 'wait_timer', wait_timer: 30 },
          {
            type: 'required_reviewers',
            reviewers: [
              { type: 'User', reviewer: { login: 'bo' } },
              { type: 'Team', reviewer: { slug: 'sre', name: 'SRE' } },
            ],
          },
          { type: 'branch_policy' },
        ],
      }),
      json(200, { total_count: 2, branch_policies: [{ name: 'main' }, { name: 'v*', type: 'tag' }] }),
    );
    const found = await createRepository(clientOf(network), 'acme/shop').environment('prod/eu', 'main');
    expect(found).toMatchInlineSnapshot(`
      {
        "adminBypass": false,
        "branches": {
          "kind": "named",
          "patterns": [
            {
              "name": "main",
              "type": "branch",
            },
            {
              "name": "v*",
              "type": "tag",
            },
          ],
        },
        "name": "prod/eu",
        "reviewers": [
          "bo",
          "team sre",
        ],
        "waitMinutes": 30,
      }
    `);
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        "GET https://api.github.com/repos/acme/shop/environments/prod%2Feu",
        "GET https://api.github.com/repos/acme/shop/environments/prod%2Feu/deployment-branch-policies?per_page=100",
      ]
    `);
  });

  test.each([true, false])(
    'for protected branches tells whether the default branch is one: %s',
    async (isProtected) => {
      const policy = { protected_branches: true, custom_branch_policies: false };
      const network = stub(
        json(200, { ...base, deployment_branch_policy: policy }),
        json(200, { protected: isProtected }),
      );
      const found = await createRepository(clientOf(network), 'acme/shop').environment('prod/eu', 'main');
      expect(found?.branches).toEqual({ kind: 'protected', defaultBranchProtected: isProtected });
    },
  );
});

test('open requests are the open issues with our label, oldest first, without pull requests', async () => {
  const network = stub(json(200, [{ number: 3 }, { number: 4, pull_request: {} }, { number: 9 }]));
  expect(await createRepository(clientOf(network), 'acme/shop').openRequests()).toEqual([3, 9]);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/issues?labels=debug-request&state=open&sort=created&direction=asc&per_page=100",
    ]
  `);
});

test('what broke the glass is asked for whether it is open or closed, changed since a moment', async () => {
  const network = stub(json(200, [{ number: 3 }, { number: 4, pull_request: {} }]));
  const since = Date.parse('2026-03-02T10:00:00Z');
  expect(await createRepository(clientOf(network), 'acme/shop').brokenGlass(since)).toEqual([3]);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/issues?labels=debug%3Abreak-glass&state=all&sort=updated&since=2026-03-02T10%3A00%3A00.000Z&direction=asc&per_page=100",
    ]
  `);
});

test('what was opened since a moment is asked for whatever its label and state; what people opened is none of it', async () => {
  const since = Date.parse('2026-03-02T10:00:00Z');
  const [bot, person] = ['Bot', 'User'].map((type) => ({ id: 1, login: 'a', type }));
  const [before, after] = ['2026-03-02T09:59:59Z', '2026-03-02T10:00:00Z'];
  const network = stub(
    json(200, [
      { number: 3, created_at: before, user: bot },
      { number: 4, created_at: after, user: bot, pull_request: {} },
      { number: 5, created_at: after, user: person },
      { number: 6, created_at: after, user: bot },
      { number: 7, created_at: after, user: null },
    ]),
  );
  expect(await createRepository(clientOf(network), 'acme/shop').openedSince(since)).toEqual([6, 7]);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/issues?state=all&sort=created&direction=asc&since=2026-03-02T10%3A00%3A00.000Z&per_page=100",
    ]
  `);
});

test('what is still to be delivered is asked for among closed issues alone, the one that changed longest ago first', async () => {
  const network = stub(json(200, [{ number: 3 }, { number: 4, pull_request: {} }]));
  expect(await createRepository(clientOf(network), 'acme/shop').undelivered()).toEqual([3]);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/issues?labels=debug%3Aundelivered&state=closed&sort=updated&direction=asc&per_page=100",
    ]
  `);
});

test.each(['shop', 'acme/shop/x', 'acme/..%2f', ''])('%j is refused as the name of a repository', (name) => {
  expect(() => createRepository(clientOf(stub()), name)).toThrow(/is no repository/);
});
