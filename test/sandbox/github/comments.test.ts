/** Issues and comments: authorship, ids, history, limits of size, lag, ETags, and the ambiguous write. */
import { describe, expect, test } from 'vitest';
import { type Fixture, R, start } from './fixture.ts';

const HISTORY = `query($issue: Int!) { repository(owner: "acme", name: "shop") { issue(number: $issue) {
  comments(first: 100) { totalCount nodes { databaseId fullDatabaseId body createdAt lastEditedAt includesCreatedEdit
    author { __typename login ... on Bot { databaseId } ... on User { databaseId } } editor { login }
    userContentEdits(first: 10) { totalCount nodes { editedAt editor { login } diff } } } }
  timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100) {
    totalCount nodes { __typename ... on CommentDeletedEvent { actor { login } deletedCommentAuthor { login } } } } } } }`;

async function withIssue(
  change: Parameters<typeof start>[0] = {},
): Promise<Fixture & { token: string; issue: number }> {
  const fixture = await start(change);
  const { token } = fixture.job({ issues: 'write' });
  const { data } = await fixture.as(token).issues.create({ ...R, title: 'x', body: 'y', labels: ['debug-request'] });
  return { ...fixture, token, issue: data.number };
}

describe('authorship', () => {
  test("a job's comment is the work of github-actions[bot] through the app; a person's own is nobody else's", async () => {
    const { gh, as, token, issue } = await withIssue();
    const write = async (by: string) =>
      (await as(by).issues.createComment({ ...R, issue_number: issue, body: 'b' })).data;
    expect(await write(token)).toMatchObject({
      user: { id: 41898282, login: 'github-actions[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'github-actions' },
    });
    expect(await write(gh.userToken('ana'))).toMatchObject({
      user: { id: 11, type: 'User' },
      performed_via_github_app: null,
    });
    expect((await write(gh.appUserToken('ana'))).performed_via_github_app).not.toBeNull();
  });

  test('comment ids follow the order of the writes and outgrow 32 bits, which GraphQL shows as null', async () => {
    const { gh, as, query, token, issue } = await withIssue();
    const bodies = Array.from({ length: 8 }, (_, n) => `comment ${n}`);
    const ids = await Promise.all(
      bodies.map(async (body) => (await as(token).issues.createComment({ ...R, issue_number: issue, body })).data.id),
    );
    expect(new Set(ids).size).toBe(8);
    expect(Math.min(...ids)).toBeGreaterThan(2 ** 31);
    const listed = (await as(token).issues.listComments({ ...R, issue_number: issue })).data.map(({ id }) => id);
    expect(listed).toEqual(ids.toSorted((a, b) => a - b));
    expect(await query(token, HISTORY, { issue })).toMatchObject({
      data: {
        repository: {
          issue: { comments: { nodes: listed.map((id) => ({ databaseId: null, fullDatabaseId: `${id}` })) } },
        },
      },
    });
    expect(gh.violations).toEqual([]);
  });

  test('labels that do not exist come into being with the issue that names them', async () => {
    const { as, token, issue } = await withIssue();
    const { data } = await as(token).issues.update({ ...R, issue_number: issue, labels: ['debug-request', 'new'] });
    expect(data.labels).toMatchObject([{ name: 'debug-request' }, { name: 'new' }]);
  });
});

describe('history', () => {
  test('an edit shows who edited and when', async () => {
    const { gh, as, query, token, issue } = await withIssue();
    const { id } = (await as(token).issues.createComment({ ...R, issue_number: issue, body: 'record' })).data;
    await as(gh.userToken('ana')).issues.updateComment({ ...R, comment_id: id, body: 'forged' });
    expect(await query(token, HISTORY, { issue })).toMatchObject({
      data: {
        repository: {
          issue: {
            comments: {
              nodes: [
                {
                  body: 'forged',
                  author: { __typename: 'Bot', login: 'github-actions', databaseId: 41898282 },
                  editor: { login: 'ana' },
                  lastEditedAt: expect.any(String),
                  includesCreatedEdit: true,
                  userContentEdits: {
                    totalCount: 2,
                    nodes: [{ editor: { login: 'ana' } }, { editor: { login: 'github-actions' } }],
                  },
                },
              ],
            },
          },
        },
      },
    });
  });

  test('a deletion leaves an event that names whose comment it was', async () => {
    const { gh, as, query, token, issue } = await withIssue();
    const { id } = (await as(token).issues.createComment({ ...R, issue_number: issue, body: 'record' })).data;
    await as(gh.userToken('ana')).issues.deleteComment({ ...R, comment_id: id });
    await expect(as(token).issues.getComment({ ...R, comment_id: id })).rejects.toMatchObject({ status: 404 });
    expect(await query(token, HISTORY, { issue })).toMatchObject({
      data: {
        repository: {
          issue: {
            comments: { totalCount: 0 },
            timelineItems: {
              totalCount: 1,
              nodes: [{ actor: { login: 'ana' }, deletedCommentAuthor: { login: 'github-actions' } }],
            },
          },
        },
      },
    });
  });
});

const ISSUE_HISTORY = `query($issue: Int!) { repository(owner: "acme", name: "shop") { issue(number: $issue) {
  lastEditedAt editor { login }
  userContentEdits(first: 100) { totalCount nodes { editedAt editor { login } diff deletedAt deletedBy { login } } }
  timelineItems(itemTypes: [RENAMED_TITLE_EVENT], first: 100) {
    nodes { __typename ... on RenamedTitleEvent { createdAt actor { login } previousTitle currentTitle } } } } } }`;

test("an issue's own history tells who edited its text, what it said each time, and who changed its title, and nothing of what stayed the same", async () => {
  const { gh, as, query, token, issue } = await withIssue();
  const untouched = { lastEditedAt: null, userContentEdits: { totalCount: 0 }, timelineItems: { nodes: [] } };
  expect(await query(token, ISSUE_HISTORY, { issue })).toMatchObject({ data: { repository: { issue: untouched } } });
  await as(token).issues.update({ ...R, issue_number: issue, title: 'x', body: 'y', labels: ['debug-request'] });
  expect(await query(token, ISSUE_HISTORY, { issue })).toMatchObject({ data: { repository: { issue: untouched } } });
  await as(gh.userToken('ana')).issues.update({ ...R, issue_number: issue, title: 'z', body: 'forged' });
  await as(token).issues.update({ ...R, issue_number: issue, title: 'x', body: 'y' });
  const renamed = (login: string, previousTitle: string, currentTitle: string) => ({
    ...{ __typename: 'RenamedTitleEvent', actor: { login }, previousTitle, currentTitle },
  });
  const edit = (login: string, diff: string) => ({ editor: { login }, diff, deletedAt: null, deletedBy: null });
  expect(await query(token, ISSUE_HISTORY, { issue })).toMatchObject({
    data: {
      repository: {
        issue: {
          editor: { login: 'github-actions' },
          // The newest first, each with the whole text; the last is the issue's own beginning.
          userContentEdits: {
            nodes: [edit('github-actions', 'y'), edit('ana', 'forged'), edit('github-actions', 'y')],
          },
          timelineItems: { nodes: [renamed('ana', 'x', 'z'), renamed('github-actions', 'z', 'x')] },
        },
      },
    },
  });
});

describe('reading', () => {
  test('lists miss what is younger than the lag, while counts and single reads are fresh', async () => {
    const { gh, as, query, token, issue } = await withIssue();
    gh.setLag(3_600_000);
    const { id } = (await as(token).issues.createComment({ ...R, issue_number: issue, body: 'record' })).data;
    expect((await as(token).issues.listComments({ ...R, issue_number: issue })).data).toEqual([]);
    expect((await as(token).issues.listForRepo({ ...R })).data).toEqual([]);
    expect(await query(token, HISTORY, { issue })).toMatchObject({
      data: { repository: { issue: { comments: { totalCount: 1, nodes: [] } } } },
    });
    expect((await as(token).issues.getComment({ ...R, comment_id: id })).data.body).toBe('record');
    expect((await as(token).issues.get({ ...R, issue_number: issue })).data.comments).toBe(1);
    gh.setLag(0);
    expect((await as(token).issues.listComments({ ...R, issue_number: issue })).data).toHaveLength(1);
  });

  test('an unchanged list costs nothing with the ETag of the same token, and is given anew to another', async () => {
    const { gh, ask, as, job, token, issue } = await withIssue();
    const path = `/repos/acme/shop/issues/${issue}/comments`;
    const etag = (await ask('GET', path, { token })).headers.get('etag') ?? '';
    gh.resetCounts();
    expect((await ask('GET', path, { token, headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(gh.counts()).toMatchObject({ counted: 0, notModified: 1 });
    const other = job({ issues: 'write' }).token;
    expect((await ask('GET', path, { token: other, headers: { 'if-none-match': etag } })).status).toBe(200);
    await as(token).issues.createComment({ ...R, issue_number: issue, body: 'new' });
    expect((await ask('GET', path, { token, headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  test('lists come in pages of at most 100, tied by Link headers', async () => {
    const { as, ask, token, issue } = await withIssue();
    for (let n = 0; n < 5; n += 1) await as(token).issues.createComment({ ...R, issue_number: issue, body: `${n}` });
    const all = await as(token).paginate(as(token).issues.listComments, { ...R, issue_number: issue, per_page: 2 });
    expect(all.map(({ body }) => body)).toEqual(['0', '1', '2', '3', '4']);
    const answer = await ask('GET', `/repos/acme/shop/issues/${issue}/comments?per_page=2&page=2`, { token });
    expect(answer.headers.get('link')).toMatch(/page=3>; rel="next".*rel="first"/);
  });
});

describe('writing', () => {
  test('a body of 65,536 characters is accepted and one more is refused in GitHub’s words', async () => {
    const { gh, as, ask, token, issue } = await withIssue();
    const path = `/repos/acme/shop/issues/${issue}/comments`;
    await as(token).issues.createComment({ ...R, issue_number: issue, body: 'x'.repeat(65_536) });
    const long = { body: 'x'.repeat(65_537) };
    const refused = {
      status: 422,
      json: { message: 'Validation Failed', errors: [{ message: expect.stringContaining('65536') }] },
    };
    expect(await ask('POST', path, { token, body: long })).toMatchObject(refused);
    expect(await ask('PATCH', `/repos/acme/shop/issues/${issue}`, { token, body: long })).toMatchObject(refused);
    expect(gh.counts().creating).toBe(2);
  });

  test('a connection cut after the write leaves the comment behind; cut before, nothing', async () => {
    const { gh, as, ask, token, issue } = await withIssue();
    const path = `/repos/acme/shop/issues/${issue}/comments`;
    gh.fault({ method: 'POST', path: /\/comments$/, drop: 'before', times: 1 });
    gh.fault({ method: 'POST', path: /\/comments$/, drop: 'after', times: 1 });
    const list = async () => (await as(token).issues.listComments({ ...R, issue_number: issue })).data;
    await expect(ask('POST', path, { token, body: { body: 'a' } })).rejects.toThrow();
    expect(await list()).toEqual([]);
    await expect(ask('POST', path, { token, body: { body: 'a' } })).rejects.toThrow();
    expect(await list()).toMatchObject([{ body: 'a' }]);
  });

  test('a fault answers in place of GitHub as often as ordered', async () => {
    const { gh, ask, token } = await withIssue();
    gh.fault({ method: 'GET', path: /\/issues$/, status: 502, body: { message: 'Server Error' }, times: 1 });
    expect(await ask('GET', '/repos/acme/shop/issues', { token })).toMatchObject({ status: 502 });
    expect(await ask('GET', '/repos/acme/shop/issues', { token })).toMatchObject({ status: 200 });
  });
});
