/** A workflow whose jobs have no ID token, as programs: refused, and where the policy accepts it whole, unsigned and told as such. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { jobOf } from '../../src/log/record.ts';
import { openTown, type Town } from '../../src/sandbox/town.ts';
import { ROOT } from '../source.ts';
import { audit, cardOf, commit, DEBUG, endings, logOf, POLICY, press, replaceIn, start } from './stage.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NOT_SIGNED = 'Whoever may write comments as a bot in this repository could';
let town: Town;

beforeAll(async () => {
  town = await openTown({
    prepare: async (checkout) => {
      for (const job of [1, 2, 3])
        await replaceIn(checkout, DEBUG, '      id-token: write', `      # no token ${job}:`);
    },
  });
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

test('unless the policy accepts it, nothing is asked', async () => {
  const refused = await start(town).result;
  expect(endings(refused)).toBe('ask failure, debug skipped, close failure');
  for (const job of ['ask', 'close']) {
    expect(logOf(refused, job)).toContain('Add "permissions: id-token: write" to this job');
  }
  await expect(audit(town, 1)).rejects.toThrow('no issue #1');
});

test('where the policy accepts it, a request goes its whole way unsigned; jobs, summaries, issue and policy check say so', async () => {
  await commit(town, (checkout) => replaceIn(checkout, POLICY, 'signers:', 'signers:\n  unsigned: accept'));
  const run = start(town);
  const issue = await run.asked;
  await press(town, 'bo', 'approve', issue);
  const result = await run.result;
  expect(endings(result)).toBe('ask success, debug success, close success');
  const { status, types, log, snapshot } = await audit(town, issue);
  expect(status).toBe('finished');
  expect(types).toEqual(['requested', 'decided', 'started', 'ended']);
  expect(log.entries.map(({ key, record }) => [key, jobOf(record.writer)?.environment])).toEqual([
    [null, 'debug-approval'],
    [null, 'debug-approval'],
    [null, 'production'],
    [null, 'production'],
  ]);
  for (const job of ['ask', 'debug', 'close']) expect(logOf(result, job)).toContain(NOT_SIGNED);
  for (const job of ['ask', 'debug']) expect(result.jobs[job]?.summary).toContain(NOT_SIGNED);
  expect(snapshot.body).toContain(NOT_SIGNED);
  expect((await cardOf(town, issue)).text).toContain(NOT_SIGNED);

  const cli = join(ROOT, 'action/dist/cli.js');
  const here = { cwd: town.checkout, env: { GITHUB_API_URL: town.github.url } };
  const checked = await promisify(execFile)(process.execPath, [cli, 'policy', 'check'], here);
  expect(checked.stdout).toMatch(/no mistakes\.\nWarning: \S+ accepts records without a signature/);
});
