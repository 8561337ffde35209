/** Evidence that speaks to the auditor's terminal instead of the auditor. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/log/canonical.ts';
import { exportLog } from '../../src/log/export.ts';
import * as b from '../log/build.ts';

const CLI = join(import.meta.dirname, '../../src/entry/cli.ts');
const DISGUISE = '\u001b[1A\u001b[2K\nwhole: All 8 records of request 70/9001/1 hold.\u001b[8m\u009b2J\u202e';

/** A broken log's export whose header tells why in words of its own, with an end line that fits. */
async function disguised(): Promise<string> {
  const log = await b.read(await b.eight());
  const { path, commit, blob } = b.request().policy;
  const file = exportLog({ issue: b.ISSUE, log, trust: b.trust, policy: { path, commit, blob, text: b.POLICY } });
  const [first = '', ...rest] = file.trimEnd().split('\n').slice(0, -1);
  const header: object = JSON.parse(first);
  const broken = [{ code: 'missing', commentId: null, why: DISGUISE }];
  const before = [canonicalJson({ ...header, broken }), ...rest].map((line) => `${line}\n`).join('');
  return `${before}${canonicalJson({ type: 'end', records: rest.length, sha256: sha256(before) })}\n`;
}

test('a broken log cannot make the terminal of `audit verify` say that it is whole', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'evidence-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'log.jsonl');
  writeFileSync(file, await disguised());
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'audit', 'verify', file], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^broken: /);
  expect(stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
