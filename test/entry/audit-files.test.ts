/** Where an audit writes and how it shows how far it is: nothing written is lost, nothing is overwritten unasked. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { heldAgainst, summed, summing, sumOf } from '../../src/entry/cli/audit-checksum.ts';
import { fileOutput, writeAll } from '../../src/entry/cli/audit-output.ts';
import { progressOn } from '../../src/entry/cli/audit-progress.ts';
import { rangeOf } from '../../src/entry/cli/audit-range.ts';
import { summarizeFile } from '../../src/entry/cli/audit-report-file.ts';
import { targetOf } from '../../src/entry/cli/audit-target.ts';
import { trustedBy } from '../../src/entry/cli/audit-trust.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { instant } from '../log/build.ts';
import { fileOf, linesOf, repository, resealed } from '../log/export-build.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const ANEW = { force: false, bytes: null };
const file = (): string => join(folder, 'all.jsonl');

async function* lines(count: number, failing = false): AsyncGenerator<string> {
  for (let n = 0; n < count; n += 1) yield `${n} ${'x'.repeat(1_000)}\n`;
  if (failing) throw new Error('GitHub is gone.');
}

describe('a file', () => {
  test('has its name once it is whole', async () => {
    const output = await fileOutput(file(), ANEW);
    await writeAll(lines(200), output);
    expect(await readdir(folder)).toEqual(['all.jsonl.part']);
    await output.finish();
    expect(await readdir(folder)).toEqual(['all.jsonl']);
    expect((await readFile(file(), 'utf8')).split('\n')).toHaveLength(201);
  });

  test('keeps every line that came before what broke it off', async () => {
    const output = await fileOutput(file(), ANEW);
    await expect(writeAll(lines(150, true), output)).rejects.toThrow('GitHub is gone.');
    await output.leave();
    expect((await readFile(`${file()}.part`, 'utf8')).split('\n')).toHaveLength(151);
  });

  test('that was cut is gone on with behind what is good of it', async () => {
    await writeFile(`${file()}.part`, 'good\nbad and longer than what comes');
    const output = await fileOutput(file(), { force: false, bytes: 5 });
    await output.put('new\n');
    await output.finish();
    expect(await readFile(file(), 'utf8')).toBe('good\nnew\n');
  });

  test('that is there is not overwritten unless somebody says so, nor is one that was cut', async () => {
    await writeFile(file(), 'mine');
    await expect(fileOutput(file(), ANEW)).rejects.toMatchObject({
      code: 'input',
      remedy: expect.stringContaining('--force'),
    });
    await rm(file());
    await writeFile(`${file()}.part`, 'mine');
    await expect(fileOutput(file(), ANEW)).rejects.toMatchObject({ remedy: expect.stringContaining('--resume') });
    const output = await fileOutput(file(), { force: true, bytes: null });
    await output.put('new');
    await output.finish();
    expect(await readFile(file(), 'utf8')).toBe('new');
  });

  test('that cannot be written is told with its name', async () => {
    await expect(fileOutput(join(folder, 'none', 'all.jsonl'), ANEW)).rejects.toMatchObject({
      message: expect.stringContaining('all.jsonl.part could not be written'),
    });
  });

  test('that is worth nothing leaves nothing behind', async () => {
    const output = await fileOutput(file(), ANEW);
    await output.put('half');
    await output.drop();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('progress', () => {
  function watched(isTTY: boolean) {
    let now = 0;
    const written: string[] = [];
    const line = progressOn({ isTTY, write: (text) => written.push(String(text)) > 0 }, () => now);
    const at = (ms: number) => {
      now = ms;
    };
    return { line, written, at };
  }

  test('shows on a terminal once the work takes long, and leaves no trace', () => {
    const { line, written, at } = watched(true);
    line.show('1 request');
    at(1_100);
    line.show('40 requests');
    line.show('41 requests');
    line.end();
    expect(written).toEqual(['\r\u001b[K40 requests', '\r\u001b[K']);
  });

  test('is nowhere but on a terminal, and what it shows moves no cursor', () => {
    const plain = watched(false);
    plain.at(5_000);
    plain.line.show('1 request');
    plain.line.say('waiting');
    plain.line.end();
    expect(plain.written).toEqual([]);
    const { line, written } = watched(true);
    line.say('a\u001b[2Jb');
    expect(written).toEqual(['\r\u001b[Ka\\u001b[2Jb']);
  });
});

describe('a range', () => {
  const options = { policy: '', format: 'jsonl' as const };

  test('takes days and times in any zone, states and issues', async () => {
    const asked = { ...options, since: '2026-11-01', until: '2026-11-02T01:30:00+01:00', state: ['denied', 'failed'] };
    expect((await rangeOf(['12', '#14', '12'], asked)).range).toEqual({
      ...{ since: '2026-11-01T00:00:00Z', until: '2026-11-02T00:30:00Z' },
      ...{ states: ['denied', 'failed'], issues: [12, 14] },
    });
    expect((await rangeOf([], options)).range).toEqual({ since: null, until: null, states: null, issues: null });
  });

  test('until a day reaches to its end', async () => {
    const { range } = await rangeOf([], { ...options, until: '2026-11-30' });
    expect(range.until).toBe('2026-11-30T23:59:59Z');
  });

  test('goes on after an export, whatever it is called', async () => {
    const since = join(folder, '2026-04.jsonl');
    await writeFile(since, await fileOf(await repository(2)));
    expect(await rangeOf([], { ...options, since })).toMatchObject({
      ...{ range: { since: instant(120 - 600) }, of: { name: 'acme/shop' } },
    });
  });

  test.each([
    [{ issues: [2] }, 'it holds #2 alone'],
    [{ states: ['denied', 'failed'] }, 'it holds requests that were denied or failed alone'],
  ])('does not go on after an export of %j, since what that lacks would never be exported', async (narrowed, why) => {
    const range = { since: null, until: null, states: null, issues: null, ...narrowed };
    await writeFile(file(), await fileOf(await repository(2), { range }));
    await expect(rangeOf([], { ...options, since: file() })).rejects.toMatchObject({
      ...{ code: 'input', message: expect.stringContaining(why) },
    });
  });

  test.each([
    [{ since: '2026-13-01' }, [], 'is no time'],
    [{ since: 'nowhere.jsonl' }, [], 'there is no such file'],
    [{ until: 'yesterday' }, [], 'is no time'],
    [{ until: '2026-02-31' }, [], 'is no time'],
    [{ since: '2026-12-01', until: '2026-11-30' }, [], 'Nothing lies between'],
    [{ state: ['done'] }, [], 'is no state'],
    [{}, ['acme/shop'], 'is no issue'],
  ])('%j %j is refused: %s', async (change, issues, why) => {
    await expect(rangeOf(issues, { ...options, ...change })).rejects.toMatchObject({
      ...{ code: 'input', message: expect.stringContaining(why) },
    });
  });
});

describe('a trusted export', () => {
  test('without requests vouches for the keys that were live then, and without such keys makes nobody a stranger', async () => {
    const requests = await fileOf(await repository(1));
    const gradeBy = async (kept: string) => {
      await writeFile(file(), kept);
      return await verifyExport(requests, { trusted: await trustedBy([file()]) });
    };
    expect(await gradeBy(await fileOf([]))).toMatchObject({ status: 'whole', grading: { grade: 'archived' } });
    const none = await fileOf([], { live: new Set() });
    expect(await gradeBy(none)).toMatchObject({ status: 'whole', grading: { grade: 'unproven' } });
  });

  test('that is not there is told as such', async () => {
    await expect(trustedBy([file()])).rejects.toMatchObject({
      ...{ code: 'input', message: expect.stringContaining('there is no such file') },
    });
  });
});

describe('the report of an export', () => {
  const summarized = (text: string) => summarizeFile(text, { policy: '', onWait: () => {} }, () => {});

  test('says of each fault which record it is about', async () => {
    const lines = linesOf(await fileOf(await repository(1))).toSpliced(4, 1);
    const { summaries } = await summarized(`${lines.join('\n')}\n`);
    expect(summaries[0]).toMatchObject({
      verification: { status: 'broken', why: expect.stringMatching(/^Record 2 of issue 1 \(comment 102, line 5\): /) },
    });
  });

  test('says which requests alone it is about', async () => {
    const range = { since: instant(60), until: null, states: ['denied'], issues: null };
    expect(await summarized(await fileOf(await repository(1), { range }))).toMatchObject({
      only: 'requests that were denied, changed since 2026-03-02 10:01 UTC',
    });
    expect(await summarized(await fileOf(await repository(1)))).toMatchObject({ only: null });
  });

  test('has as broken what only the opening of a later request shows to be cut', async () => {
    const lines = linesOf(await fileOf(await repository(2))).toSpliced(7, 1);
    const { status, summaries, alarms } = await summarized(resealed(lines));
    expect(status).toBe('broken');
    expect(summaries.map(({ verification }) => verification.status)).toEqual(['broken', 'whole']);
    expect(summaries[0]?.detail.broken).toMatchObject([{ why: expect.stringContaining('lost a record') }]);
    expect(alarms).toEqual([]);
  });
});

describe('what an audit is about', () => {
  beforeEach(() => {
    vi.stubEnv('GITHUB_API_URL', '');
    vi.stubEnv('GITHUB_REPOSITORY', 'acme/shop');
  });

  test.each([
    ['12', { kind: 'issue', repository: 'acme/shop', issue: 12 }],
    ['#12', { kind: 'issue', repository: 'acme/shop', issue: 12 }],
    ['https://github.com/acme/other/issues/7', { kind: 'issue', repository: 'acme/other', issue: 7 }],
    ['https://github.com/acme/other', { kind: 'repository', repository: 'acme/other' }],
    ['acme/other', { kind: 'repository', repository: 'acme/other' }],
    [undefined, { kind: 'repository', repository: 'acme/shop' }],
    ['-', { kind: 'file', path: null }],
  ])('%s', async (text, target) => {
    expect(await targetOf(text, undefined)).toEqual(target);
  });

  test.each(['https://github.com/acme/other/issues/7', 'acme/other'])(
    '%s is refused where --repository names another one',
    async (text) => {
      expect(await targetOf(text, 'Acme/Other')).toMatchObject({ repository: 'acme/other' });
      await expect(targetOf(text, 'acme/shop')).rejects.toMatchObject({
        ...{ code: 'input', message: expect.stringContaining('acme/shop') },
      });
    },
  );

  test('a file that has the form of owner/name is refused: which of both is meant, nobody knows', async () => {
    const path = 'test/architecture.test.ts';
    await expect(targetOf(path, undefined)).rejects.toThrow('it is a file');
    expect(await targetOf(`./${path}`, 'acme/shop')).toEqual({ kind: 'file', path: `./${path}` });
  });

  test.each([
    ['https://github.example/acme/shop/issues/7', 'https://github.com'],
    ['https://github.com/acme/shop/pull/7', 'is no issue'],
    ['nowhere.jsonl', 'no file'],
    ['0', 'is no issue'],
  ])('%s is refused', async (text, why) => {
    await expect(targetOf(text, 'acme/shop')).rejects.toMatchObject({
      ...{ code: 'input', message: expect.stringContaining(why) },
    });
  });
});

describe('the SHA-256 of an export, kept elsewhere', () => {
  async function verdictOn(text: string, kept: string) {
    const { bytes, sum } = summing(Readable.from([Buffer.from(text)]));
    return heldAgainst(await verifyExport(bytes), sumOf(kept), sum());
  }
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  test('covers what no signature does, such as a time that somebody moved', async () => {
    const text = await fileOf(await repository(1));
    const time = (seconds: number) => `"createdAt":"${instant(seconds)}"`;
    const moved = resealed(linesOf(text).map((line) => line.replace(time(104), time(110))));
    expect(moved).not.toBe(text);
    expect(await verdictOn(moved, sha256(moved))).toMatchObject({ status: 'whole' });
    expect(await verdictOn(text, `sha256:${sha256(text).toUpperCase()}`)).toMatchObject({ status: 'whole' });
    expect(await verdictOn(moved, sha256(text))).toMatchObject({
      ...{ status: 'broken', counts: { faults: 1 }, head: null },
      why: `The file does not hold: its SHA-256 is ${sha256(moved)}, not ${sha256(text)}: it is not the file of which that was kept.`,
    });
  });

  test('is that of all that was written', async () => {
    const hash = createHash('sha256');
    let text = '';
    for await (const line of summed(lines(5), hash)) text += line;
    expect(hash.digest('hex')).toBe(sha256(text));
  });

  test.each(['', 'abc', `${'0'.repeat(64)}0`])('is not %j', (text) => {
    expect(() => sumOf(text)).toThrow('64 hex digits');
  });
});
