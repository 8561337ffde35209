/** What doctor reads of GitHub beyond what the jobs read, and the one issue on which it tries its writes. */
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { OF_FILE, OF_FOLDER, objectsQuery } from '../../src/github/files.ts';
import { createInspector } from '../../src/github/inspect.ts';
import { clientOf, json, stub, wire } from './stub.ts';

const inspectorOf = (network: ReturnType<typeof stub>) => createInspector(clientOf(network), 'acme/shop');
const bodyOf = (sent: { body: unknown } | undefined): string => JSON.stringify(sent?.body ?? null);

describe('files and folders', () => {
  test.each([OF_FILE, OF_FOLDER])(
    "are asked for by a query that is valid by GitHub's published schema",
    (selection) => {
      const path = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url);
      const schema = buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true });
      expect(validate(schema, parse(objectsQuery(3, selection)))).toEqual([]);
    },
  );

  test('come in one query for each fifty, every path once', async () => {
    const paths = [...Array.from({ length: 60 }, (_, n) => `f${n}`), 'f0'];
    const answer = (from: number, count: number) => {
      const file = (n: number) => ({
        __typename: 'Blob',
        isBinary: false,
        isTruncated: false,
        text: `text ${from + n}`,
      });
      const objects = Array.from({ length: count }, (_, n) => [`o${n}`, file(n)]);
      return json(200, { data: { repository: Object.fromEntries(objects) } });
    };
    const network = stub(answer(0, 50), answer(50, 10));
    const files = await inspectorOf(network).files('c'.repeat(40), paths);
    expect([files.size, files.get('f0'), files.get('f59')]).toEqual([60, 'text 0', 'text 59']);
    expect(network.sent).toHaveLength(2);
    expect(bodyOf(network.sent[1])).toContain(`"e9":"${'c'.repeat(40)}:f59"`);
  });

  test('a file that GitHub cuts short, a binary one and a folder have no text', async () => {
    const file = { __typename: 'Blob', isBinary: false, isTruncated: false, text: 'x' };
    const objects = {
      o0: { ...file, isTruncated: true },
      o1: { ...file, isBinary: true, text: null },
      o2: { __typename: 'Tree' },
      o3: null,
    };
    const files = await inspectorOf(stub(json(200, { data: { repository: objects } }))).files('main', [
      'a',
      'b',
      'c',
      'd',
    ]);
    expect([...files.values()]).toEqual([null, null, null, null]);
  });

  test("tell by git's mode what may be executed; a link is neither", async () => {
    const entry = (name: string, mode: number) => ({ name, mode, type: 'blob' });
    const entries = [
      entry('run.sh', 0o100755),
      entry('read.me', 0o100644),
      entry('link', 0o120000),
      entry('folder', 0o040000),
    ];
    const network = stub(json(200, { data: { repository: { o0: { __typename: 'Tree', entries }, o1: null } } }));
    const folders = await inspectorOf(network).folders('main', ['.', 'none']);
    expect(folders.get('none')).toBeNull();
    expect(folders.get('.')).toEqual([
      { name: 'run.sh', kind: 'file', executable: true },
      { name: 'read.me', kind: 'file', executable: false },
      { name: 'link', kind: 'link', executable: false },
      { name: 'folder', kind: 'folder', executable: false },
    ]);
    expect(bodyOf(network.sent[0])).toContain('"e0":"main:"');
  });

  test('of another repository are read by their commit, and null where it shows none', async () => {
    const content = `${btoa('{"version": "0.1.0"}').slice(0, 8)}\n${btoa('{"version": "0.1.0"}').slice(8)}\n`;
    const network = stub(json(200, { type: 'file', encoding: 'base64', content }), json(404, { message: 'Not Found' }));
    const inspector = inspectorOf(network);
    expect(await inspector.fileElsewhere('tools/debug-approval', 'abc', 'package.json')).toBe('{"version": "0.1.0"}');
    expect(await inspector.fileElsewhere('tools/debug-approval', 'abc', 'package.json')).toBeNull();
    expect(wire(network.sent)[0]).toBe(
      'GET https://api.github.com/repos/tools/debug-approval/contents/package.json?ref=abc',
    );
  });
});

describe('the default branch', () => {
  const open = json(200, { protected: false });
  const rules = (...types: string[]) =>
    json(
      200,
      types.map((type) => ({ type })),
    );
  test.each([
    ['is guarded by protection', [json(200, { protected: true })], true],
    ['is guarded by a rule that asks for a pull request', [open.clone(), rules('deletion', 'pull_request')], true],
    ['is not guarded by a rule against deletion alone', [open.clone(), rules('deletion', 'non_fast_forward')], false],
    [
      'is not guarded on a plan without rules',
      [
        open.clone(),
        json(403, { message: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' }),
      ],
      false,
    ],
  ])('%s', async (_, answers, guarded) => {
    expect(await inspectorOf(stub(...answers)).branchGuarded('main')).toBe(guarded);
  });

  test('whose rules this token may not see is a Fault that names the permission', async () => {
    const refused = json(
      403,
      { message: 'Resource not accessible by integration' },
      { 'x-accepted-github-permissions': 'metadata=read' },
    );
    await expect(inspectorOf(stub(open.clone(), refused)).branchGuarded('main')).rejects.toMatchObject({
      code: 'permission',
      remedy: 'Grant the job "ask" under "permissions": metadata: read.',
    });
  });
});

test('active runs are those that wait or work, by the path of their workflow without its ref', async () => {
  const runs = (...paths: string[]) =>
    json(200, { total_count: paths.length, workflow_runs: paths.map((path) => ({ path })) });
  const network = stub(runs(), runs('.github/workflows/debug.yml'), runs('.github/workflows/ci.yml@refs/heads/main'));
  expect(await inspectorOf(network).activeRuns()).toEqual([
    { workflow: '.github/workflows/debug.yml' },
    { workflow: '.github/workflows/ci.yml' },
  ]);
  expect(network.sent.map(({ url }) => new URL(url).searchParams.get('status'))).toEqual([
    'queued',
    'in_progress',
    'waiting',
  ]);
});

describe('the trial of writes', () => {
  const issue = {
    number: 7,
    html_url: 'https://github.com/acme/shop/issues/7',
    title: "Debug Approval: doctor's trial",
    labels: [{ name: 'debug-approval-doctor' }],
    user: { login: 'github-actions[bot]', type: 'Bot' },
  };
  const written = json(201, { id: 1, created_at: '2026-11-23T12:00:00Z' });

  test('opens one issue, closes it and comments on it', async () => {
    const network = stub(json(200, []), json(201, issue), json(200, issue), written.clone());
    expect(await inspectorOf(network).tryWrites('2026-11-23T12:00:00Z')).toBe(issue.html_url);
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        "GET https://api.github.com/repos/acme/shop/issues?labels=debug-approval-doctor&state=all&per_page=100",
        [
          "POST https://api.github.com/repos/acme/shop/issues",
          {
            "body": "No request: see below.",
            "labels": [
              "debug-approval-doctor",
            ],
            "title": "Debug Approval: doctor's trial",
          },
        ],
        [
          "PATCH https://api.github.com/repos/acme/shop/issues/7",
          {
            "body": "No request: \`debug-approval doctor\` keeps this one issue to try whether it may write issues and comments.

      Last tried at 2026-11-23T12:00:00Z. It may be deleted; the next trial opens another.",
            "state": "closed",
            "state_reason": "completed",
          },
        ],
        [
          "POST https://api.github.com/repos/acme/shop/issues/7/comments",
          {
            "body": "\`debug-approval doctor\` may write comments here: 2026-11-23T12:00:00Z.",
          },
        ],
      ]
    `);
  });

  test('uses the issue that is there, and never a request or anything else with the label', async () => {
    const others = [
      { ...issue, number: 5, title: 'Something else' },
      { ...issue, number: 6, pull_request: {} },
      { ...issue, number: 4, labels: [...issue.labels, { name: 'debug-request' }] },
      { ...issue, number: 3, user: { login: 'cy-dev', type: 'User' } },
    ];
    const network = stub(json(200, [...others, issue]), json(200, issue), written.clone());
    await inspectorOf(network).tryWrites('2026-11-23T12:00:00Z');
    expect(network.sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'GET /repos/acme/shop/issues',
      'PATCH /repos/acme/shop/issues/7',
      'POST /repos/acme/shop/issues/7/comments',
    ]);
  });

  test.each([
    ['ana-dev', 'PATCH /repos/acme/shop/issues/7'],
    ['bo-dev', 'POST /repos/acme/shop/issues'],
  ])("in a shell, uses an issue that the token's owner %s opened, and nobody else's", async (login, next) => {
    const own = { ...issue, user: { login: 'ana-dev', type: 'User' } };
    const network = stub(json(200, [own]), json(200, { login }), json(201, issue), written.clone(), written.clone());
    await inspectorOf(network).tryWrites('2026-11-23T12:00:00Z');
    expect(network.sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`).slice(0, 3)).toEqual([
      'GET /repos/acme/shop/issues',
      'GET /user',
      next,
    ]);
  });

  test('without the right to write is a Fault that names it', async () => {
    const refused = json(
      403,
      { message: 'Resource not accessible by integration' },
      { 'x-accepted-github-permissions': 'issues=write' },
    );
    await expect(inspectorOf(stub(json(200, []), refused)).tryWrites('now')).rejects.toMatchObject({
      code: 'permission',
      remedy: 'Grant the job "ask" under "permissions": issues: write.',
    });
  });
});
