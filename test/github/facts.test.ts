/** What the product reads of a repository and its issues in one query, and what it refuses to read. */
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import * as queries from '../../src/github/queries.ts';
import { createRepository } from '../../src/github/repository.ts';
import { clientOf, json, stub } from './stub.ts';

const ANA = { __typename: 'User', login: 'ana', databaseId: 101 };
const ACTIONS = { __typename: 'Bot', login: 'github-actions', databaseId: 41898282 };

function comment(id: number, author: object | null = ANA, lastEditedAt: string | null = null) {
  return { fullDatabaseId: String(id), createdAt: '2026-11-23T12:00:00Z', lastEditedAt, body: `comment ${id}`, author };
}

function page<T>(nodes: T[], endCursor: string | null = null, totalCount = nodes.length) {
  return { totalCount, pageInfo: { hasNextPage: endCursor !== null, endCursor }, nodes };
}

function issue(over: object = {}) {
  return {
    ...{ number: 7, url: 'https://github.com/acme/shop/issues/7', state: 'OPEN', title: 'Debug', body: 'text' },
    ...{ author: ACTIONS, lastEditedAt: null, editor: null, userContentEdits: page([]) },
    ...{ labels: { nodes: [{ name: 'debug-request' }] }, comments: page([comment(1)]), timelineItems: page([]) },
    ...over,
  };
}

const BLOB = { __typename: 'Blob', oid: 'b'.repeat(40), isBinary: false, isTruncated: false, text: 'version: 1\n' };

function facts(over: object = {}) {
  return {
    data: {
      repository: {
        databaseId: 42,
        nameWithOwner: 'acme/shop',
        visibility: 'PRIVATE',
        owner: { databaseId: 9 },
        defaultBranchRef: { name: 'main', target: { oid: 'c'.repeat(40) } },
        policy: BLOB,
        ...over,
      },
    },
  };
}

const PATH = '.github/debug-approval.yml';

describe("each query is valid by GitHub's published schema", () => {
  let schema: ReturnType<typeof buildSchema>;
  beforeAll(() => {
    const path = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url);
    schema = buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true });
  });
  test.each(Object.entries(queries))('%s', (_, query) => {
    const text = typeof query === 'string' ? query : query(3);
    expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
  });
});

test('repository, policy, issue and earlier requests come from one query at one instant', async () => {
  const network = stub(
    json(
      200,
      facts({
        issue: issue(),
        earlier: {
          nodes: [
            { number: 7, author: ACTIONS, comments: page([]) },
            { number: 5, author: ANA, comments: page([comment(3, ACTIONS)]) },
          ],
        },
      }),
    ),
  );
  const found = await createRepository(clientOf(network), 'acme/shop').facts({
    policyPath: PATH,
    earlier: true,
    issue: 7,
  });
  expect(network.sent.map(({ method, url, body }) => ({ method, url, body }))).toMatchObject([
    {
      method: 'POST',
      url: 'https://api.github.com/graphql',
      body: {
        query: queries.FACTS,
        variables: {
          owner: 'acme',
          name: 'shop',
          policy: `HEAD:${PATH}`,
          withIssue: true,
          issue: 7,
          withEarlier: true,
        },
      },
    },
  ]);
  expect(found).toMatchInlineSnapshot(`
    {
      "defaultBranch": "main",
      "earlier": [
        {
          "author": {
            "bot": false,
            "id": 101,
            "login": "ana",
          },
          "comments": [
            {
              "author": {
                "bot": true,
                "id": 41898282,
                "login": "github-actions[bot]",
              },
              "body": "comment 3",
              "createdAt": "2026-11-23T12:00:00Z",
              "editedAt": null,
              "id": 3,
            },
          ],
          "issue": 5,
        },
      ],
      "id": 42,
      "issue": {
        "author": {
          "bot": true,
          "id": 41898282,
          "login": "github-actions[bot]",
        },
        "body": "text",
        "bodyEdits": [],
        "commentCount": 1,
        "comments": [
          {
            "author": {
              "bot": false,
              "id": 101,
              "login": "ana",
            },
            "body": "comment 1",
            "createdAt": "2026-11-23T12:00:00Z",
            "editedAt": null,
            "id": 1,
          },
        ],
        "deletions": [],
        "labels": [
          "debug-request",
        ],
        "number": 7,
        "open": true,
        "renames": [],
        "title": "Debug",
        "url": "https://github.com/acme/shop/issues/7",
      },
      "name": "acme/shop",
      "ownerId": 9,
      "policy": {
        "blob": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "commit": "cccccccccccccccccccccccccccccccccccccccc",
        "path": ".github/debug-approval.yml",
        "text": "version: 1
    ",
      },
      "public": false,
    }
  `);
});

test("a GitHub Enterprise Server's queries go to its own GraphQL address", async () => {
  const network = stub(json(200, facts()));
  const client = clientOf(network, { api: 'https://ghes.example/api/v3' });
  await createRepository(client, 'acme/shop').facts({ policyPath: PATH });
  expect(network.sent.map((sent) => sent.url)).toEqual(['https://ghes.example/api/graphql']);
});

test('all comments and deletions are read, however many pages they fill, and stand in the order of their ids', async () => {
  const deletion = { __typename: 'CommentDeletedEvent', createdAt: '2026-11-23T13:00:00Z', deletedCommentAuthor: ANA };
  const network = stub(
    json(200, {
      data: {
        repository: {
          issue: issue({ comments: page([comment(12), comment(4)], 'c1', 3), timelineItems: page([deletion], 't1') }),
        },
      },
    }),
    json(200, { data: { repository: { issue: { comments: page([comment(8_589_934_593)], null, 3) } } } }),
    json(200, {
      data: { repository: { issue: { timelineItems: page([{ ...deletion, deletedCommentAuthor: null }]) } } },
    }),
  );
  const found = await createRepository(clientOf(network), 'acme/shop').issue(7);
  expect(found.comments.map((c) => c.id)).toEqual([4, 12, 8_589_934_593]);
  expect(found.commentCount).toBe(3);
  expect(found.deletions).toEqual([
    { at: '2026-11-23T13:00:00Z', authorId: 101, authorIsBot: false },
    { at: '2026-11-23T13:00:00Z', authorId: null },
  ]);
});

test('who edited the text and who changed the title are told, however many pages they fill, the oldest first', async () => {
  const edit = (editedAt: string, editor: object | null, deletedAt: string | null = null) => ({
    ...{ editedAt, editor, diff: deletedAt === null ? `as of ${editedAt}` : null },
    ...{ deletedAt, deletedBy: deletedAt === null ? null : ANA },
  });
  const [early, late] = ['2026-11-23T12:00:00Z', '2026-11-23T13:00:00Z'];
  const rename = {
    __typename: 'RenamedTitleEvent',
    createdAt: late,
    previousTitle: 'a',
    currentTitle: 'b',
    actor: ANA,
  };
  const over = { userContentEdits: page([edit(late, ANA)], 'e1'), timelineItems: page([rename]) };
  const network = stub(
    json(200, { data: { repository: { issue: issue(over) } } }),
    json(200, {
      data: { repository: { issue: { userContentEdits: page([edit(early, ACTIONS), edit(early, null, late)]) } } },
    }),
  );
  const found = await createRepository(clientOf(network), 'acme/shop').issue(7);
  expect(found.bodyEdits).toEqual([
    {
      ...{ at: early, text: null, editorId: null, editorLogin: null, editorIsBot: false },
      erased: { at: late, byLogin: 'ana' },
    },
    {
      ...{ at: early, text: `as of ${early}`, editorId: 41898282 },
      ...{ editorLogin: 'github-actions[bot]', editorIsBot: true, erased: null },
    },
    { at: late, text: `as of ${late}`, editorId: 101, editorLogin: 'ana', editorIsBot: false, erased: null },
  ]);
  expect(found.renames).toEqual([{ at: late, byLogin: 'ana', byIsBot: false, from: 'a', to: 'b' }]);
});

test('where GitHub keeps the history of the text to itself, its last editor is told', async () => {
  const over = { userContentEdits: null, lastEditedAt: '2026-11-23T12:05:00Z', editor: ANA };
  const network = stub(json(200, { data: { repository: { issue: issue(over) } } }));
  const found = await createRepository(clientOf(network), 'acme/shop').issue(7);
  expect(found.bodyEdits).toMatchObject([{ at: '2026-11-23T12:05:00Z', editorLogin: 'ana', editorIsBot: false }]);
});

test('a comment tells whether it was edited, and whether a person, a bot or a deleted account wrote it', async () => {
  const comments = page([comment(1, null), comment(2, ACTIONS), comment(3, ANA, '2026-11-23T12:05:00Z')]);
  const network = stub(json(200, { data: { repository: { issue: issue({ comments }) } } }));
  const found = await createRepository(clientOf(network), 'acme/shop').issue(7);
  expect(found.comments.map(({ author, editedAt }) => ({ author, editedAt }))).toEqual([
    { author: null, editedAt: null },
    { author: { id: 41898282, login: 'github-actions[bot]', bot: true }, editedAt: null },
    { author: { id: 101, login: 'ana', bot: false }, editedAt: '2026-11-23T12:05:00Z' },
  ]);
});

describe('the policy', () => {
  const read = (policy: object | null) =>
    createRepository(clientOf(stub(json(200, facts({ policy })))), 'acme/shop').facts({ policyPath: PATH });

  test('is null where the default branch has no such file', async () => {
    expect((await read(null)).policy).toBeNull();
  });
  test.each([
    ['binary', { ...BLOB, isBinary: true, text: null }],
    ['cut short by GitHub', { ...BLOB, isTruncated: true }],
    ['a folder', { __typename: 'Tree' }],
  ])('is refused when it is %s', async (_, policy) => {
    await expect(read(policy)).rejects.toMatchObject({ code: 'policy' });
  });
});

describe('what cannot be read', () => {
  const missing = { type: 'NOT_FOUND', path: ['repository', 'issue'], message: 'Could not resolve to an Issue.' };

  test('an issue that does not exist is null among the facts', async () => {
    const network = stub(json(200, { ...facts({ issue: null }), errors: [missing] }));
    const found = await createRepository(clientOf(network), 'acme/shop').facts({ policyPath: PATH, issue: 8 });
    expect(found.issue).toBeNull();
  });

  test('an issue that does not exist is a failure when it alone was asked for', async () => {
    const network = stub(json(200, { data: { repository: { issue: null } }, errors: [missing] }));
    await expect(createRepository(clientOf(network), 'acme/shop').issue(8)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('any other error fails the whole, even if data came along', async () => {
    const error = { type: 'SERVICE_UNAVAILABLE', message: 'Timeout on comments' };
    const network = stub(json(200, { ...facts({ issue: issue() }), errors: [error] }));
    const reading = createRepository(clientOf(network), 'acme/shop').facts({ policyPath: PATH, issue: 7 });
    await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('an answer that is cut short is a failure, not an empty repository', async () => {
    const network = stub(new Response('{"data":{"repo', { headers: { 'content-type': 'application/json' } }));
    const reading = createRepository(clientOf(network), 'acme/shop').facts({ policyPath: PATH });
    await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
  });
});
