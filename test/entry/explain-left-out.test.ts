/** `policy explain` gives no verdict where nobody said what a rule looks at, or where nobody could ask so. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { explainCommand } from '../../src/entry/cli/explain-policy.ts';
import { FULL } from '../policy/sample.ts';

let folder = '';
const before = process.exitCode;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-'));
  await writeFile(join(folder, 'policy.yml'), FULL);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = before;
  vi.restoreAllMocks();
});

async function explained(inputs: string): Promise<string> {
  const printed = vi.spyOn(console, 'log').mockReturnValue();
  const ask = { runbook: 'status', target: 'production', as: 'ana', urgency: 'normal', at: '2026-07-01T12:00:00Z' };
  await explainCommand(join(folder, 'policy.yml'), { ...ask, inputs, approvedBy: ['bo'], json: true });
  return String(printed.mock.calls.at(-1)?.[0]);
}

test('an input that a rule looks at must be given: without it the exit code is 2, and says so', async () => {
  expect(JSON.parse(await explained('{}'))).toMatchObject({
    exitCode: 2,
    problems: ['inputs.service: is missing, and the rule "Security sees the web service" looks at it; say what it is.'],
  });
  expect(JSON.parse(await explained('{"service":"api"}'))).toMatchObject({ exitCode: 0, status: 'met' });
});
