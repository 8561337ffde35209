/** The audit of a repository by the built command line: what is whole, what somebody did to it, what is kept elsewhere. */
import { execFile } from 'node:child_process';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { OWNER, openTown, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { ROOT } from '../source.ts';
import { press, start } from './stage.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const REPO = `${OWNER}/${REPOSITORY}`;
let town: Town;
beforeAll(async () => {
  town = await openTown({ policy: [{ path: ['rules', 0, 'require', 'count'], value: 2 }] });
  for (const [issue, decision] of [
    [1, 'approve'],
    [2, 'deny'],
  ] as const) {
    const run = start(town);
    await run.asked;
    await press(town, 'bo', decision, issue);
    if (decision === 'approve') await press(town, 'cy', decision, issue);
    await run.result;
  }
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs the built command line as Di, in a folder that is no clone. */
function cli(args: string[], change: Record<string, string> = {}): Promise<Said> {
  const env = {
    ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    ...{ GITHUB_API_URL: town.github.url, GITHUB_TOKEN: town.github.userToken(PEOPLE.di.login), ...change },
  };
  return new Promise((resolve) => {
    const program = join(ROOT, 'action/dist/cli.js');
    execFile(process.execPath, [program, 'audit', ...args], { cwd: town.tempDir, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
    });
  });
}

const inTemp = (name: string): string => join(town.tempDir, name);

/** Text without what differs from run to run. */
const steady = (text: string): string =>
  text
    .replaceAll(town.github.url, 'https://github.example')
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '(time)')
    .replaceAll(/\b3\d{9}\b/g, '(comment)');

test('a repository, an issue by its number or address, and an export of it are whole; only what is live or vouched for is proven', async () => {
  expect(await cli(['verify', REPO, '--require', 'proven'])).toEqual({
    ...{ code: 0, err: '', out: 'whole: 2 requests of acme/shop hold, 7 records (live keys).\n' },
  });
  const issue = await cli(['verify', '1', '--repository', REPO]);
  expect(issue).toEqual({ code: 0, err: '', out: 'whole: all 5 records of issue #1 hold (live keys).\n' });
  expect(await cli(['verify', `${town.github.url}/${REPO}/issues/1`])).toEqual(issue);

  const made = await cli(['export', '--repository', REPO, '--output', 'all.jsonl']);
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringContaining('2 requests of acme/shop (7 records)') });
  const offline = { GITHUB_API_URL: 'http://127.0.0.1:9', GITHUB_TOKEN: '' };
  const file = await cli(['verify', 'all.jsonl', '--json'], offline);
  expect(JSON.parse(file.out)).toMatchObject({ kind: 'file', status: 'whole', grading: { grade: 'unproven' } });
  expect(await cli(['verify', 'all.jsonl', '--require', 'proven'], offline)).toMatchObject({ code: 2 });
  expect(await cli(['verify', 'all.jsonl', '--require', 'proven', '--trust', 'all.jsonl'], offline)).toMatchObject({
    ...{ code: 0, out: expect.stringContaining('archived keys, vouched for') },
  });
  expect(await cli(['verify', 'all.jsonl', '--require', 'proven', '--repository', REPO])).toMatchObject({ code: 0 });
});

test('an export goes on where the one before it ended, and one that was cut is completed without a difference', async () => {
  const whole = await cli(['export', '--repository', REPO]);
  await writeFile(inTemp('whole.jsonl'), whole.out);
  const next = await cli([
    'export',
    '--repository',
    REPO,
    '--since',
    'whole.jsonl',
    '--json',
    '--output',
    'next.jsonl',
  ]);
  // Both requests changed within the ten minutes that are left to clocks and lists.
  expect(JSON.parse(next.out)).toMatchObject({ requests: 2, cursor: expect.any(String) });

  const bytes = Buffer.from(whole.out);
  await writeFile(inTemp('cut.jsonl.part'), bytes);
  await truncate(inTemp('cut.jsonl.part'), bytes.lastIndexOf('"type":"request-end"') - 100);
  const refused = await cli(['export', '--repository', REPO, '--output', 'cut.jsonl']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--resume') });
  const resumed = await cli(['export', '--repository', REPO, '--output', 'cut.jsonl', '--resume']);
  expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining('1 request of acme/shop') });
  expect(await readFile(inTemp('cut.jsonl'), 'utf8')).toBe(whole.out);
  expect(await cli(['export', '--repository', REPO, '--output', 'cut.jsonl'])).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('is there already') },
  });
});

test('an export that GitHub breaks off keeps what it wrote, and says how to go on', async () => {
  let queries = 0;
  const end = town.github.watch(({ path }) => {
    queries += path === '/graphql' ? 1 : 0;
    // The policy, the archive of keys, the first request: then the token is over.
    if (queries === 3)
      town.github.fault({
        method: 'POST',
        path: /graphql/,
        status: 401,
        body: { message: 'Bad credentials' },
        times: 1,
      });
  });
  const stopped = await cli(['export', '1', '2', '--repository', REPO, '--output', 'broken-off.jsonl']);
  end();
  expect(stopped.code).toBe(2);
  expect(stopped.err).toContain('Stopped after 1 request (5 records): ');
  expect(stopped.err).toContain(`audit export --repository ${REPO} --output broken-off.jsonl --resume`);
  expect(await cli(['export', '--repository', REPO, '--output', 'broken-off.jsonl', '--resume'])).toMatchObject({
    code: 0,
  });
  expect(await cli(['verify', 'broken-off.jsonl'])).toMatchObject({ code: 0 });
});

test('events are written one on a line, those of the requests that are asked for', async () => {
  const events = await cli(['export', '--repository', REPO, '--format', 'cloudevents', '--state', 'denied']);
  const lines = events.out.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject(
    lines.map(() => ({
      ...{ specversion: '1.0', subject: expect.stringContaining('2') },
      data: { verification: { grade: 'live', proven: true } },
    })),
  );
  const ocsf = await cli(['export', '2', '--repository', REPO, '--format', 'ocsf']);
  expect(ocsf.out.trimEnd().split('\n')).toHaveLength(lines.length);
});

test('a report is written to a file of its own, or as Markdown, from GitHub and from an export alike', async () => {
  expect(await cli(['report', REPO, '--output', 'report.html'])).toMatchObject({
    ...{ code: 0, err: '', out: 'The report on 2 requests of acme/shop stands in report.html.\n' },
  });
  expect(await readFile(inTemp('report.html'), 'utf8')).toContain('<!doctype html>');
  expect(await cli(['report', REPO, '--output', 'report.html'])).toMatchObject({ code: 2 });
  const [live, kept] = [
    await cli(['report', REPO, '--format', 'md']),
    await cli(['report', 'all.jsonl', '--format', 'md']),
  ];
  expect(live).toMatchObject({ code: 0, err: '', out: expect.stringContaining('| denied | 1 |') });
  expect(kept.out).toContain('| denied | 1 |');
});

test('what an administrator does to a log and to a whole issue is named, and the export still holds it', async () => {
  const di = githubAs(town, 'di');
  const [, second] = await di.comments(2);
  if (second === undefined) throw new Error('There is no second record.');
  await di.edit(second.id, 'Nothing happened.');
  const edited = await cli(['verify', '2', '--repository', REPO]);
  expect(edited.code).toBe(1);
  await expect(steady(edited.err)).toMatchFileSnapshot('golden/audit-edited.txt');
  const events = await cli(['export', '2', '--repository', REPO, '--format', 'ocsf']);
  expect(events).toMatchObject({ code: 1, err: expect.stringContaining('Not whole, and told so in it: #2.') });
  expect(JSON.parse(events.out)).toMatchObject({ severity: 'High', is_alert: true });

  await town.github.deleteIssue(1);
  const gone = await cli(['verify', REPO]);
  expect(gone.code).toBe(1);
  await expect(steady(gone.err)).toMatchFileSnapshot('golden/audit-repository.txt');
  expect(await cli(['verify', 'all.jsonl'])).toMatchObject({ code: 0 });
});
