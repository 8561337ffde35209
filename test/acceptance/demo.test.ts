/** Every ending of the demo, its command line, and the evidence that it leaves. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import { saveExport } from '../../src/sandbox/evidence.ts';
import { startGatewayProcess } from '../../src/sandbox/gateway-process.ts';
import { playOut } from '../../src/sandbox/outcome.ts';
import { PLOTS, SCENARIOS, type Scenario } from '../../src/sandbox/plots.ts';
import type { Narrator } from '../../src/sandbox/story.ts';
import { openTown } from '../../src/sandbox/town.ts';
import { ENDINGS } from './demo-endings.ts';
import { startGateway } from './gateway-service.ts';

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
/** As an auditor's command line judges it. */
const verify = (file: string) => node('action/dist/cli.js', 'audit', 'verify', file);
/** The same without starting a program. */
const judged = async (lines: string): Promise<string> => (await verifyExport(lines)).status;

const SILENT: Narrator = { say() {}, onLog() {}, onState() {} };

/** The others are played by the command line in test/sandbox/demo.test.ts. */
const HERE = SCENARIOS.filter((scenario) => scenario !== 'approve' && scenario !== 'cancel');
/** Where the gateway waits as its bundle and in a process of its own: what its own clock ends, and a job that runs again alone. */
const AS_A_PROCESS: readonly Scenario[] = ['expire', 'rerun'];

describe.concurrent('the demo', () => {
  test.for(HERE)('ends "%s" as it must and leaves evidence that verifies', async (scenario, context) => {
    const report = ENDINGS[scenario];
    const { policy = [], script } = PLOTS[scenario];
    const town = await openTown({ policy });
    context.onTestFinished(town.close);
    const played = await playOut(town, script, SILENT, scenario);
    expect(played).toMatchObject({ report, asItMust: true });
    expect(town.github.violations).toEqual([]);
    const file = join(folder, `${scenario}.jsonl`);
    expect(await saveExport(file, played.evidence?.exported ?? null)).toBeNull();
    expect(await judged(await readFile(file, 'utf8'))).toBe(report['verified'] === true ? 'whole' : 'broken');
  });

  test.each([
    ['an unknown option', ['--colour'], /^error: unknown option/],
    ['an unknown scenario', ['--scenario', 'bribe'], /^error: .*Allowed choices are approve/],
    // Without a page a script decides as ever.
    ['a word too many', ['--no-page', '--auto', 'now'], /^error: too many arguments/],
    ['the page alone beside a story', ['--page', '--json'], /^error: --page serves the page alone, and --json /],
  ])('refuses %s as wrong usage', async (_name, args, said) => {
    const { code, stderr } = await demo(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });
});

// After the others: whoever decides shall not wait for the machine.
describe.concurrent('the demo with the gateway', () => {
  test.for(HERE)('ends "%s" just so where the gateway waits, and no runner does', async (scenario, context) => {
    const { policy = [], script } = PLOTS[scenario];
    const town = await openTown({ policy, gateway: true });
    context.onTestFinished(town.close);
    const { stop } = AS_A_PROCESS.includes(scenario)
      ? await startGatewayProcess(town, expect.unreachable)
      : await startGateway(town);
    context.onTestFinished(stop);
    const played = await playOut(town, script, SILENT, scenario);
    expect(played).toMatchObject({ report: ENDINGS[scenario], asItMust: true });
    expect(town.github.violations).toEqual([]);
  });
});

describe('the evidence of a run', () => {
  let lines: string[] = [];
  beforeAll(async () => {
    // Approved, run, and tried again.
    lines = (await readFile(join(folder, 'rerun.jsonl'), 'utf8')).trimEnd().split('\n');
  });
  const reread = (changed: string[]): Promise<string> => judged(`${changed.join('\n')}\n`);

  test('is told whole or broken by the command line, by exit code and in words', async () => {
    const sound = expect.stringMatching(/^whole: /);
    expect(await verify(join(folder, 'rerun.jsonl'))).toMatchObject({ code: 0, stdout: sound });
    const broken = expect.stringMatching(/^broken: /);
    expect(await verify(join(folder, 'tamper.jsonl'))).toMatchObject({ code: 1, stderr: broken });
  });

  test('no line of it can be changed', async () => {
    const verdicts = lines.map((line, at) => {
      const changed = line.replace(/(\d)(\D*)$/, (_, d, rest) => `${(Number(d) + 1) % 10}${rest}`);
      expect(changed).not.toBe(line);
      return reread(lines.with(at, changed));
    });
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['broken']));
  });

  test('no word of a record can be changed', async () => {
    const words: [string, string][] = [
      ['"name":"Bo"', '"name":"Cy"'],
      ['"decision":"approve"', '"decision":"deny"'],
      ['OPS-42', 'OPS-43'],
      ['"exitCode":0', '"exitCode":1'],
    ];
    const verdicts = words.map(([from, to]) => {
      const at = lines.findIndex((line, index) => index > 0 && line.includes(from));
      return reread(lines.with(at, (lines[at] ?? '').replace(from, to)));
    });
    expect(await Promise.all(verdicts)).toEqual(words.map(() => 'broken'));
  });

  test('no record can be left out, doubled or moved', async () => {
    const first = lines.findIndex((line) => line.startsWith('{"comment":'));
    const last = lines.findLastIndex((line) => line.startsWith('{"comment":'));
    const records = lines.slice(first, last + 1);
    const around = (middle: string[]) => [...lines.slice(0, first), ...middle, ...lines.slice(last + 1)];
    const without = records.map((_, at) => reread(around(records.toSpliced(at, 1))));
    const doubled = reread(around([...records, records[1] ?? '']));
    const moved = reread(around([records[0] ?? '', records[2] ?? '', records[1] ?? '', records[3] ?? '']));
    const cut = reread(lines.slice(0, -1));
    const verdicts = await Promise.all([...without, doubled, moved, cut]);
    expect(verdicts).toEqual(verdicts.map(() => 'broken'));
    expect(verdicts).toHaveLength(7);
  });

  test('a file that is no evidence, or is not there, is told from a broken one', async () => {
    const prose = join(folder, 'prose.jsonl');
    await writeFile(prose, 'Everything was approved, honestly.\n');
    expect((await verify(prose)).code).toBe(2);
    expect(await verify(join(folder, 'nowhere.jsonl'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no issue, no repository and no file/),
    });
    expect((await node('action/dist/cli.js', 'audit', 'verify')).code).toBe(2);
    expect((await node('action/dist/cli.js', 'audit', 'belief', 'x')).code).toBe(2);
  });
});
