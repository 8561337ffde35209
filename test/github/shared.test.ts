/** What requests shared, as the sweep finds and deletes it on GitHub: few calls, and only what is there. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { parseApiAddress } from '../../src/github/api-address.ts';
import { createClient } from '../../src/github/client.ts';
import { createShared } from '../../src/github/shared.ts';
import * as queries from '../../src/github/shared-queries.ts';
import type { GitHubOptions } from '../../src/sandbox/github/options.ts';
import { R, start } from '../sandbox/github/fixture.ts';

test.each([
  ['marked', queries.markedQuery(3)],
  ['held', queries.HELD],
  ['issues', queries.ISSUES],
  ['write', queries.writeMutation(10)],
  ['settle', queries.settleMutation(10, [0, 3])],
])("GitHub's published schema knows all of %s", (_, text) => {
  const sdl = readFileSync(new URL('../../src/sandbox/github/schema.generated.graphql', import.meta.url), 'utf8');
  expect(validate(buildSchema(sdl), parse(text)).map(({ message }) => message)).toEqual([]);
});

async function given(
  permissions: Record<string, 'read' | 'write'> = { issues: 'write', actions: 'write' },
  limits: GitHubOptions['limits'] = false,
) {
  const { gh, job, run, as } = await start({ limits });
  const { token } = job({ contents: 'read', ...permissions });
  const client = createClient({ api: parseApiAddress(gh.apiUrl), token, version: '0', job: 'sweep', retries: 0 });
  const shared = createShared(client, `${R.owner}/${R.repo}`);
  const rest = as(token);
  const issue = async (labels: string[], state: 'open' | 'closed' = 'closed'): Promise<number> => {
    const { data } = await rest.rest.issues.create({ ...R, title: 'Debug', body: 'text', labels });
    if (state === 'closed') await rest.rest.issues.update({ ...R, issue_number: data.number, state });
    await rest.rest.issues.lock({ ...R, issue_number: data.number });
    return data.number;
  };
  const over = (): number => {
    const id = run();
    gh.updateRun(id, { status: 'completed', conclusion: 'success' });
    return id;
  };
  return { gh, shared, rest, issue, over, as };
}
const soon = () => new Date(Date.now() + 60_000).toISOString();

test('ten locked issues are read, written to, unmarked and locked again by one call each', async () => {
  const { gh, shared, rest, issue } = await given();
  const numbers: number[] = [];
  for (let n = 0; n < 10; n += 1) numbers.push(await issue(['debug-request', 'debug:shared']));
  await issue(['debug:shared'], 'open');
  await issue(['debug-request']);
  gh.resetCounts();
  const { issues: marked, more } = await shared.marked([
    { label: 'debug:shared', openedBy: soon() },
    { label: 'debug:transcript', openedBy: soon() },
  ]);
  expect([marked.map(({ number }) => number), more]).toEqual([numbers, false]);
  const found = await shared.issues(marked.map(({ id }) => id));
  expect(found.map(({ number, open, body }) => [number, open, body])).toEqual(numbers.map((n) => [n, false, 'text']));
  const written = await shared.write(found.map(({ id, number }) => ({ issue: id, body: `for ${number}` })));
  expect(written.filter((one) => typeof one === 'number')).toHaveLength(10);
  await shared.settle(found.map(({ id, labelIds }) => ({ issue: id, labels: [labelIds['debug:shared'] ?? ''] })));
  expect(gh.counts()).toMatchObject({ counted: 4, creating: 10 });
  const [first = 0] = numbers;
  const { data } = await rest.rest.issues.get({ ...R, issue_number: first });
  expect(data).toMatchObject({ locked: true, comments: 1, labels: [{ name: 'debug-request' }] });
  expect(await shared.marked([{ label: 'debug:shared', openedBy: soon() }])).toEqual({ issues: [], more: false });
  expect(gh.violations).toEqual([]);
});

test('the list goes on behind a hundred, one call for a page of each label, and holds nothing that a person opened', async () => {
  const { gh, shared, as } = await given();
  gh.plantClosed(130, ['debug:shared']);
  gh.plantClosed(20, ['debug:transcript']);
  const { data } = await as(gh.userToken('ana')).rest.issues.create({ ...R, title: 'Mine', labels: ['debug:shared'] });
  await as(gh.userToken('ana')).rest.issues.update({ ...R, issue_number: data.number, state: 'closed' });
  gh.resetCounts();
  const { issues, more } = await shared.marked([
    { label: 'debug:shared', openedBy: soon() },
    { label: 'debug:transcript', openedBy: soon() },
  ]);
  expect([issues.length, more, gh.counts().counted]).toEqual([150, false, 2]);
  expect(issues.map(({ number }) => number)).not.toContain(data.number);
});

test('a list without end is read for twenty pages and says that there is more', async () => {
  const { gh, shared } = await given();
  gh.plantClosed(2_001, ['debug:shared']);
  const { issues, more } = await shared.marked([{ label: 'debug:shared', openedBy: soon() }]);
  expect([issues.length, more]).toEqual([2_000, true]);
});

test('what GitHub takes no more of is told for each comment, and every issue is locked again', async () => {
  const { gh, shared, rest, issue } = await given({ issues: 'write' }, { contentPerMinute: 8 });
  const numbers: number[] = [];
  for (let n = 0; n < 5; n += 1) numbers.push(await issue(['debug:shared']));
  const { issues } = await shared.marked([{ label: 'debug:shared', openedBy: soon() }]);
  const written = await shared.write(issues.map(({ id }) => ({ issue: id, body: 'x' })));
  const outcomes = written.map((one) => (typeof one === 'number' ? 'written' : one.code));
  expect(outcomes).toEqual(['written', 'written', 'written', 'rate-limited', 'rate-limited']);
  await shared.settle(issues.map(({ id }) => ({ issue: id, labels: [] })));
  for (const issue_number of numbers) {
    expect((await rest.rest.issues.get({ ...R, issue_number })).data.locked).toBe(true);
  }
  expect(gh.violations).toEqual([]);
});

test('what was opened later than asked for is not listed, nor is what is deleted meanwhile', async () => {
  const { gh, shared, issue } = await given();
  const number = await issue(['debug:shared']);
  const past = new Date(Date.now() - 60_000).toISOString();
  expect((await shared.marked([{ label: 'debug:shared', openedBy: past }])).issues).toEqual([]);
  const [one] = (await shared.marked([{ label: 'debug:shared', openedBy: soon() }])).issues;
  await gh.deleteIssue(number);
  expect(await shared.issues([one?.id ?? ''])).toEqual([]);
  const [outcome] = await shared.write([{ issue: one?.id ?? '', body: 'x' }]);
  expect(outcome).toMatchObject({ code: 'not-found' });
});

test('one artifact of many is found by its name and run, and deleted once; so are the logs', async () => {
  const { gh, shared, over } = await given();
  const [mine, other] = [over(), over()];
  const transcript = gh.addArtifact(mine, 'transcript-1', 'lines');
  gh.addArtifact(mine, 'coverage', 'x');
  gh.addArtifact(other, 'transcript-1', 'y');
  const opened = new Date().toISOString();
  expect(
    await shared.runs([
      { id: mine, opened },
      { id: 1, opened },
    ]),
  ).toEqual(new Map([[mine, { attempt: 1, over: true }]]));
  const found = await shared.artifacts('transcript-1', [mine]);
  expect(found).toEqual(new Map([[mine, { id: transcript, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]]));
  await shared.deleteArtifact(transcript);
  await shared.deleteArtifact(transcript);
  expect(await shared.artifacts('transcript-1', [mine])).toEqual(new Map());
  expect(await shared.logs({ id: mine, attempt: 1 })).toMatch(/^sha256:[0-9a-f]{64}$/);
  await shared.deleteLogs(mine);
  await shared.deleteLogs(mine);
  expect(await shared.logs({ id: mine, attempt: 1 })).toBeNull();
  expect(gh.violations).toEqual([]);
});

test('an artifact that GitHub let go by itself is none any more', async () => {
  const { gh, shared, over } = await given();
  const run = over();
  gh.expireArtifact(gh.addArtifact(run, 'transcript-1', 'lines'));
  expect(await shared.artifacts('transcript-1', [run])).toEqual(new Map());
});

/** Logs whose download goes on as the test says, of a client that gives any other call 1 ms. */
const logsOf = (body: (signal: AbortSignal) => ReadableStream<Uint8Array>, downloadMs = 20_000) => {
  const answer: typeof fetch = async (_, init) => {
    if (!(init?.signal instanceof AbortSignal)) throw new TypeError('A call without a limit.');
    return new Response(body(init.signal), { headers: { 'content-type': 'application/zip' } });
  };
  const api = parseApiAddress('https://api.github.com');
  const limits = { attemptMs: 1, downloadMs, retries: 0 };
  const client = createClient({ api, token: 'a-token', version: '0', job: 'sweep', ...limits, fetch: answer });
  return createShared(client, 'acme/shop').logs({ id: 7, attempt: 1 });
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const PIECES = ['one ', 'two ', 'three'];

test('logs are hashed as they come, for longer than any other call may take', async () => {
  const hash = await logsOf(() => {
    const left = [...PIECES];
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await new Promise((done) => setTimeout(done, 2));
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(bytes(piece));
    };
    return new ReadableStream({ pull });
  });
  expect(hash).toBe(`sha256:${createHash('sha256').update(PIECES.join('')).digest('hex')}`);
});

test('logs that break off have no hash: it is tried again', async () => {
  const broken = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes('one ')),
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
  await expect(logsOf(broken)).rejects.toMatchObject({ code: 'unavailable' });
});

test('logs that take too long to be hashed are refused, with words for the receipt', async () => {
  const endless = (signal: AbortSignal) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes('one '));
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
  await expect(logsOf(endless, 40)).rejects.toMatchObject({
    code: 'refused',
    message: 'Could not read the logs of run 7 to the end in 0.04 s, and what has no hash is not deleted.',
    remedy: expect.stringContaining("GitHub's own retention"),
  });
});

test('without actions: write nothing of a run is deleted, and the permission is named', async () => {
  const { gh, shared, over } = await given({ issues: 'write', actions: 'read' });
  const id = gh.addArtifact(over(), 'transcript-1', 'lines');
  await expect(shared.deleteArtifact(id)).rejects.toMatchObject({
    code: 'permission',
    remedy: 'Grant the job "sweep" under "permissions": actions: write.',
  });
});
