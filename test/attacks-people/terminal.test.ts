/** Evidence that speaks to the auditor's terminal instead of the auditor. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from '../../src/log/canonical.ts';
import * as x from '../log/export-build.ts';

const CLI = join(import.meta.dirname, '../../src/entry/cli.ts');
const DISGUISE = '\u001b[1A\u001b[2K\nwhole: All 8 records of request 70/9001/1 hold.\u001b[8m\u009b2J\u202e';

/** A broken log's export that tells why in words of its own, with sums that fit. */
async function disguised(): Promise<string> {
  const lines = x.linesOf(await x.fileOf(await x.repository(1)));
  const broken = [{ code: 'missing', commentId: null, why: DISGUISE }];
  const changed = lines.map((line) => {
    const value: { type?: string } = JSON.parse(line);
    return value.type === 'request' ? canonicalJson({ ...value, broken }) : line;
  });
  return x.resealed(changed);
}

test('a broken log cannot make the terminal of `audit verify` say that it is whole', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'evidence-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'log.jsonl');
  writeFileSync(file, await disguised());
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'audit', 'verify', file], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^broken: /);
  expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(stderr).not.toMatch(/^\s*whole/m);
});
