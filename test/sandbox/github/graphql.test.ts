/** GraphQL: only what is valid at GitHub, refused in GitHub's words. */
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { POLICY, R, start } from './fixture.ts';

test('a field that GitHub does not have is refused', async () => {
  const { gh, query } = await start();
  expect(await query(gh.userToken('ana'), '{ repository(owner: "acme", name: "shop") { secretPlans } }')).toMatchObject(
    {
      errors: [
        { message: "Field 'secretPlans' doesn't exist on type 'Repository'", extensions: { code: 'undefinedField' } },
      ],
    },
  );
});

test('a field that GitHub has and the sandbox lacks is an error, never an invented null', async () => {
  const { gh, query } = await start();
  expect(await query(gh.userToken('ana'), '{ repository(owner: "acme", name: "shop") { description } }')).toMatchObject(
    {
      errors: [{ message: expect.stringContaining('does not serve Repository.description') }],
    },
  );
});

test.each([
  ['', 'MISSING_PAGINATION_BOUNDARIES'],
  ['(first: 101)', 'EXCESSIVE_PAGINATION'],
  ['(last: 101)', 'EXCESSIVE_PAGINATION'],
])('issues%s is refused as %s', async (args, type) => {
  const { gh, query } = await start();
  const asked = `{ repository(owner: "acme", name: "shop") { issues${args} { totalCount } } }`;
  expect(await query(gh.userToken('ana'), asked)).toMatchObject({ errors: [{ type }] });
});

test('a repository or an issue that the asker cannot see is not found', async () => {
  const { gh, query } = await start();
  const asked = '{ repository(owner: "acme", name: "shop") { issue(number: 9) { title } } }';
  expect(await query(gh.userToken('cy'), asked)).toMatchObject({
    data: { repository: null },
    errors: [{ type: 'NOT_FOUND', path: ['repository'] }],
  });
  expect(await query(gh.userToken('ana'), asked)).toMatchObject({
    data: { repository: { issue: null } },
    errors: [{ type: 'NOT_FOUND', path: ['repository', 'issue'] }],
  });
});

test("a job's token reads files and issues with the permission for it only", async () => {
  const { job, query } = await start();
  const asked = `{ repository(owner: "acme", name: "shop") { databaseId
    policy: object(expression: "HEAD:.github/debug-approval.yml") { ... on Blob { text } } } }`;
  expect(await query(job({ issues: 'write' }).token, asked)).toMatchObject({ errors: [{ type: 'FORBIDDEN' }] });
  expect(await query(job({ contents: 'read' }).token, asked)).toMatchObject({
    data: { repository: { policy: { text: POLICY } } },
  });
});

test('the default branch, its commit and a file in it come from the git repository at one instant', async () => {
  const { gh, sha, query } = await start();
  const asked = `{ repository(owner: "acme", name: "shop") { isPrivate visibility owner { login } defaultBranchRef { name
    target { ... on Commit { oid file(path: ".github/debug-approval.yml") {
      oid object { ... on Blob { oid text isBinary isTruncated byteSize } } } } } } } }`;
  expect(await query(gh.userToken('bo'), asked)).toMatchObject({
    data: {
      repository: {
        isPrivate: true,
        visibility: 'PRIVATE',
        defaultBranchRef: {
          name: 'main',
          target: {
            oid: sha,
            file: { object: { text: POLICY, isBinary: false, isTruncated: false, byteSize: POLICY.length } },
          },
        },
      },
    },
  });
});

test('connections page forwards and backwards', async () => {
  const { gh, as, query } = await start();
  const token = gh.userToken('ana');
  await as(token).issues.create({ owner: 'acme', repo: 'shop', title: 'x' });
  for (const body of ['a', 'b', 'c']) {
    await as(token).issues.createComment({ owner: 'acme', repo: 'shop', issue_number: 1, body });
  }
  const asked = (args: string) =>
    query(
      token,
      `{ repository(owner: "acme", name: "shop") { issue(number: 1) { comments(${args}) {
        nodes { body } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
    );
  const page = (nodes: string[], pageInfo: object) => ({
    data: { repository: { issue: { comments: { nodes: nodes.map((body) => ({ body })), pageInfo } } } },
  });
  const first = await asked('first: 2');
  expect(first).toMatchObject(page(['a', 'b'], { hasNextPage: true, hasPreviousPage: false }));
  const cursor = /"endCursor":"([^"]+)"/.exec(JSON.stringify(first))?.[1];
  expect(await asked(`first: 2, after: "${cursor}"`)).toMatchObject(
    page(['c'], { hasNextPage: false, hasPreviousPage: true }),
  );
  expect(await asked('last: 2')).toMatchObject(page(['b', 'c'], { hasNextPage: false, hasPreviousPage: true }));
});

const CHANGED = `query($after: String, $filter: IssueFilters) { repository(owner: "acme", name: "shop") {
  issues(labels: ["debug-request"], filterBy: $filter, orderBy: { field: UPDATED_AT, direction: ASC }, first: 2, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { number updatedAt } } } }`;
const Changed = v.object({
  data: v.object({
    repository: v.object({
      issues: v.object({
        pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
        nodes: v.array(v.object({ number: v.number(), updatedAt: v.string() })),
      }),
    }),
  }),
});

test('an issue that changes between two pages of the latest changes moves to their end, and a deleted one takes no other along', async () => {
  const { gh, as, query } = await start();
  const { rest } = as(gh.userToken('ana'));
  for (const title of ['one', 'two', 'three', 'four']) {
    await rest.issues.create({ ...R, title, labels: ['debug-request'] });
  }
  await rest.issues.create({ ...R, title: 'another' });
  const read = async (after: string | null, filter: object | null = null) =>
    v.parse(Changed, await query(gh.userToken('ana'), CHANGED, { after, filter })).data.repository.issues;
  const first = await read(null);
  await rest.issues.createComment({ ...R, issue_number: 2, body: 'later' });
  await gh.deleteIssue(3);
  const second = await read(first.pageInfo.endCursor);
  expect([first, second].map(({ nodes }) => nodes.map(({ number }) => number))).toEqual([
    [1, 2],
    [4, 2],
  ]);
  const since = first.nodes[0]?.updatedAt;
  expect((await read(null, { since })).nodes.map(({ number }) => number)).toEqual([1, 4]);
  expect((await read(null, { since: '2999-01-01T00:00:00Z' })).nodes).toEqual([]);
  expect(
    await query(gh.userToken('ana'), '{ repository(owner: "acme", name: "shop") { issue(number: 3) { title } } }'),
  ).toMatchObject({ data: { repository: { issue: null } }, errors: [{ type: 'NOT_FOUND' }] });
});
