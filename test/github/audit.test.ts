/** What an auditor reads of a repository: whole pages of requests, in the order of their changes, and none passed over. */
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuditSource } from '../../src/github/audit.ts';
import * as queries from '../../src/github/audit-queries.ts';
import { clientOf, json, stub } from './stub.ts';

const ACTIONS = { __typename: 'Bot', login: 'github-actions' };

const page = <T>(nodes: T[], endCursor: string | null = null, totalCount = nodes.length) => ({
  ...{ totalCount, pageInfo: { hasNextPage: endCursor !== null, endCursor }, nodes },
});

const comment = (id: number) => ({
  ...{ fullDatabaseId: String(id), createdAt: '2026-11-23T12:00:00Z', lastEditedAt: null, body: `comment ${id}` },
  ...{ author: ACTIONS, editor: null },
});

const issue = (number: number, change: object = {}) => ({
  ...{ number, url: `https://github.com/acme/shop/issues/${number}`, state: 'CLOSED', title: 'Debug', body: 'text' },
  ...{ updatedAt: `2026-11-23T12:00:0${number}Z`, labels: { nodes: [{ name: 'debug-request' }] } },
  ...{ author: ACTIONS, comments: page([comment(number)]), timelineItems: page([]) },
  ...{ lastEditedAt: null, editor: null, userContentEdits: page([]) },
  ...change,
});

const answer = (repository: object) => json(200, { data: { repository } });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("each query is valid by GitHub's published schema", () => {
  let schema: ReturnType<typeof buildSchema>;
  beforeAll(() => {
    const path = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url);
    schema = buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true });
  });
  test.each(Object.entries(queries))('%s', (_, text) => {
    expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
  });
});

test('all pages of the requests are read, each when it is needed, from the moment that is asked for', async () => {
  const network = stub(
    answer({ issues: page([issue(1), issue(2)], 'c2') }),
    answer({ issues: page([issue(3, { updatedAt: '2026-11-23T13:00:00Z' })]) }),
  );
  const source = createAuditSource(clientOf(network), 'acme/shop');
  const requests = source.requests({ since: '2026-11-01T00:00:00Z' })[Symbol.asyncIterator]();
  expect((await requests.next()).value).toMatchObject({ number: 1, open: false, updatedAt: '2026-11-23T12:00:01Z' });
  expect(network.sent).toHaveLength(1);
  const rest = [await requests.next(), await requests.next(), await requests.next()];
  expect(rest.map(({ value }) => value?.number)).toEqual([2, 3, undefined]);
  const filter = { since: '2026-11-01T00:00:00Z' };
  expect(network.sent.map(({ body }) => body)).toMatchObject([
    { query: queries.REQUESTS, variables: { owner: 'acme', name: 'shop', filter, after: null } },
    { variables: { filter, after: 'c2' } },
  ]);
});

test('without a moment to begin with, no filter is sent', async () => {
  const network = stub(answer({ issues: page([]) }));
  expect(await all(createAuditSource(clientOf(network), 'acme/shop').requests({ since: null }))).toEqual([]);
  expect(network.sent[0]?.body).not.toHaveProperty('variables.filter');
});

test('a request with more than a hundred comments is read whole', async () => {
  const first = issue(1, { comments: page([comment(11)], 'more', 2) });
  const network = stub(
    answer({ issues: page([first]) }),
    answer({ issue: { comments: page([comment(12)], null, 2) } }),
  );
  const [found] = await all(createAuditSource(clientOf(network), 'acme/shop').requests({ since: null }));
  expect(found).toMatchObject({ commentCount: 2, comments: [{ id: 11 }, { id: 12 }] });
});

test('an issue that is gone is null, and no failure', async () => {
  const error = { type: 'NOT_FOUND', path: ['repository', 'issue'], message: 'Could not resolve to an Issue.' };
  const network = stub(
    json(200, { data: { repository: { issue: null } }, errors: [error] }),
    answer({ issue: issue(5) }),
  );
  const source = createAuditSource(clientOf(network), 'acme/shop');
  expect(await source.issue(4)).toBeNull();
  expect(await source.issue(5)).toMatchObject({ number: 5, updatedAt: '2026-11-23T12:00:05Z' });
});

test('a repository that cannot be read is a failure, and no empty list', async () => {
  const error = { type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve to a Repository.' };
  const network = stub(json(200, { data: { repository: null }, errors: [error] }));
  const source = createAuditSource(clientOf(network), 'acme/shop');
  await expect(all(source.requests({ since: null }))).rejects.toMatchObject({ name: 'Fault' });
});
