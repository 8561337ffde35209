/** Every ending through the demo's command line, and the evidence that it leaves. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const product = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'debug-approval-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

function node(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: product, timeout: 110_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
const demo = (...args: string[]) => node('src/sandbox/demo.ts', ...args);
const verify = (file: string) => node('action/dist/cli.js', 'audit', 'verify', file);

const NOBODY: string[] = [];
const counted = { githubCalls: expect.any(Number), slackCalls: expect.any(Number), decisionMs: expect.any(Number) };
const unpressed = { ...counted, decisionMs: null };
const held = { issue: 1, verified: true, approvedBy: NOBODY, exitCode: null };
const ENDINGS: [scenario: string, report: Record<string, unknown>][] = [
  ['approve', { ...held, status: 'finished', records: 4, approvedBy: ['Bo'], exitCode: 0, ...counted }],
  ['deny', { ...held, status: 'denied', records: 2, ...counted }],
  ['expire', { ...held, status: 'expired', records: 2, ...unpressed }],
  ['cancel', { ...held, status: 'cancelled', records: 2, ...unpressed }],
  ['self-approve', { ...held, status: 'cancelled', records: 3, ...counted }],
  ['rerun', { ...held, status: 'finished', records: 4, approvedBy: ['Bo'], exitCode: 0, ...counted }],
  ['tamper', { ...held, status: 'error', records: 1, verified: false, ...counted }],
];

describe.concurrent('the demo', () => {
  test.each(ENDINGS)('ends "%s" as it must and leaves evidence that verifies', async (scenario, report) => {
    const file = join(folder, `${scenario}.jsonl`);
    const { code, stdout, stderr } = await demo('--auto', '--json', '--scenario', scenario, '--export', file);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual(report);
    const verdict = await verify(file);
    expect(verdict).toMatchObject(
      report['verified'] === true
        ? { code: 0, stdout: expect.stringMatching(/^whole: /) }
        : { code: 1, stderr: expect.stringMatching(/^broken: /) },
    );
  });

  test.each([
    ['an unknown option', ['--colour']],
    ['an unknown scenario', ['--scenario', 'bribe']],
    ['a word too many', ['approve', 'now']],
  ])('refuses %s as wrong usage', async (_name, args) => {
    const { code, stderr } = await demo(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
  });
});

describe('the evidence of a run', () => {
  let lines: string[] = [];
  beforeAll(async () => {
    // What the demo's first ending left.
    lines = (await readFile(join(folder, 'approve.jsonl'), 'utf8')).trimEnd().split('\n');
  });
  const judged = async (name: string, changed: string[]): Promise<number> => {
    const file = join(folder, `${name}.jsonl`);
    await writeFile(file, `${changed.join('\n')}\n`);
    return (await verify(file)).code;
  };

  test('no line of it can be changed', async () => {
    const codes = lines.map((line, at) => {
      const changed =
        at === 0
          ? line.replace('"issue":1', '"issue":2')
          : line.replace(/(\d)(\D*)$/, (_, d, rest) => `${(Number(d) + 1) % 10}${rest}`);
      expect(changed).not.toBe(line);
      return judged(`changed-${at}`, lines.with(at, changed));
    });
    expect(new Set(await Promise.all(codes))).toEqual(new Set([1]));
  });

  test('no word of a record can be changed', async () => {
    const words: [string, string][] = [
      ['"name":"Bo"', '"name":"Cy"'],
      ['"decision":"approve"', '"decision":"deny"'],
      ['OPS-42', 'OPS-43'],
      ['"exitCode":0', '"exitCode":1'],
    ];
    const codes = words.map(([from, to]) => {
      const at = lines.findIndex((line, index) => index > 0 && line.includes(from));
      return judged(`word-${to.length}-${at}`, lines.with(at, (lines[at] ?? '').replace(from, to)));
    });
    expect(await Promise.all(codes)).toEqual([1, 1, 1, 1]);
  });

  test('no record can be left out, doubled or moved', async () => {
    const records = lines.slice(1, -1);
    const around = (middle: string[]) => [lines[0] ?? '', ...middle, lines.at(-1) ?? ''];
    const without = records.map((_, at) => judged(`without-${at}`, around(records.toSpliced(at, 1))));
    const doubled = judged('doubled', around([...records, records[1] ?? '']));
    const moved = judged('moved', around([records[0] ?? '', records[2] ?? '', records[1] ?? '', records[3] ?? '']));
    const cut = judged('cut', lines.slice(0, -1));
    expect(await Promise.all([...without, doubled, moved, cut])).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test('a file that is no evidence, or is not there, is told from a broken one', async () => {
    const prose = join(folder, 'prose.jsonl');
    await writeFile(prose, 'Everything was approved, honestly.\n');
    expect((await verify(prose)).code).toBe(2);
    expect(await verify(join(folder, 'nowhere.jsonl'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be read/),
    });
    expect((await node('action/dist/cli.js', 'audit', 'verify')).code).toBe(2);
    expect((await node('action/dist/cli.js', 'audit', 'belief', 'x')).code).toBe(2);
  });
});
