/** The debug job runs exactly what was approved or nothing, and what it runs with stays secret. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import type { Town, TownOptions } from '../../src/sandbox/town.ts';
import { MODES, type Mode, openPlace } from './modes.ts';
import {
  audit,
  cardOf,
  DEBUG,
  endings,
  FIND_ORDER,
  logOf,
  press,
  replaceIn,
  start,
  TICKED,
  writeScript,
} from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

async function inTown(mode: Mode, options: TownOptions, act: (town: Town) => Promise<void>): Promise<void> {
  const { town, close } = await openPlace(mode, options);
  try {
    await act(town);
  } finally {
    await close();
  }
}

const RUN = '      - name: Run what was approved';
const FORGED = `sha256:${'0'.repeat(64)}`;
const swap = (from: string, to: string) => (checkout: string) => replaceIn(checkout, DEBUG, from, to);
const before = (step: string) => swap(RUN, `      - name: Before\n        run: ${step}\n${RUN}`);
const output = (name: string): string => `\${{ needs.ask.outputs.${name} }}`;

/** What else the debug job refuses is held in memory (test/app/run.test.ts, test/runner/working-copy.test.ts); here what its action hands on. */
const REFUSALS: [what: string, waits: Mode, prepare: (checkout: string) => Promise<void>, why: string][] = [
  [
    'another digest',
    'runner',
    swap(`request-digest: ${output('request-digest')}\n          log`, `request-digest: ${FORGED}\n          log`),
    'What would run is not what was approved',
  ],
  [
    'another head of the log',
    'runner',
    swap(`log-head: ${output('log-head')}\n          log`, `log-head: ${FORGED}\n          log`),
    'The log is not the one that was approved',
  ],
  [
    'a changed and a new file in the working copy',
    'gateway',
    before("echo 'echo Mine' | tee -a .github/runbooks/hello.sh .github/runbooks/other.sh"),
    'The checkout is not clean: .github/runbooks/hello.sh, .github/runbooks/other.sh',
  ],
];

test.concurrent.each(REFUSALS)(
  'an approved run with %s is refused though the %s waited, and nothing runs',
  (_what, mode, prepare, why) =>
    inTown(mode, { prepare }, async (town) => {
      const run = start(town);
      const issue = await run.asked;
      await press(town, 'bo', 'approve', issue);
      const result = await run.result;
      expect(endings(result)).toBe('ask success, debug failure, close success');
      expect(logOf(result, 'debug')).toContain(why);
      expect(logOf(result, 'debug')).not.toMatch(/Running exactly|Hello from|Mine$/);
      const { status, types, open } = await audit(town, issue);
      expect(types).not.toContain('started');
      expect({ status, open }).toEqual({ status: 'error', open: false });
      const told = (await githubAs(town, 'di').comments(issue)).filter(({ body }) =>
        body.startsWith('The debug job refused to run.'),
      );
      expect(told.map(({ body }) => body)).toEqual([expect.stringContaining(why.slice(0, 40))]);
      expect((await cardOf(town, issue)).buttons).toBe(false);
    }),
);

test.concurrent.each(MODES)(
  'a denial after GitHub started the job keeps the command from running: the %s waited',
  async (mode) => {
    await inTown(mode, { prepare: before(`'cat "$GATE"'`) }, async (town) => {
      // The step before waits until something is written into the pipe.
      const gate = join(town.tempDir, 'gate');
      await promisify(execFile)('mkfifo', [gate]);
      const run = start(town, { env: { GATE: gate } });
      const issue = await run.asked;
      await press(town, 'bo', 'approve', issue);
      await run.step('Before');
      await githubAs(town, 'cy').comment(issue, '/deny stop, we found it');
      await writeFile(gate, '');
      const result = await run.result;
      expect(endings(result)).toBe('ask success, debug failure, close success');
      expect(logOf(result, 'debug')).toMatch(/Cy denied|denied/);
      expect(logOf(result, 'debug')).not.toContain('Running exactly');
      expect((await audit(town, issue)).types).not.toContain('started');
    });
  },
);

test.concurrent('a secret that the runbook lists reaches the command and no log, transcript or artifact', async () => {
  const secret = 'postgres://orders:b9Kx-4477-qqLm@db.example.com/orders';
  const script = ['echo "With ${ORDERS_DATABASE_URL} for $2"', 'echo "${#ORDERS_DATABASE_URL} characters" >&2'];
  await inTown('runner', { prepare: (checkout) => writeScript(checkout, 'find-order.sh', script) }, async (town) => {
    const run = start(town, { inputs: FIND_ORDER, env: { ORDERS_DATABASE_URL: secret } });
    const issue = await run.asked;
    await press(town, 'bo', 'approve', issue);
    await githubAs(town, 'di').comment(issue, TICKED);
    const result = await run.result;
    expect(endings(result)).toBe('ask success, debug success, close success');
    const [artifact] = result.artifacts;
    const files = await Promise.all(
      (await readdir(artifact?.path ?? '')).map((name) => readFile(join(artifact?.path ?? '', name), 'utf8')),
    );
    const printed = [logOf(result, 'debug'), files.join('\n')];
    for (const text of printed) {
      expect(text).toContain(`${secret.length} characters`);
      expect(text).toMatch(/With \S+ for AB-1234/);
      expect(text).not.toContain('qqLm');
    }
    const comments = await githubAs(town, 'di').comments(issue);
    expect(JSON.stringify([comments, town.slack.requests, result.jobs])).not.toContain('qqLm');
    expect(result.jobs['debug']?.summary).toMatch(
      /\| Outcome \| finished \|\n\| Exit code \| 0 \|[\s\S]*\| Masked \| `registered` 1 \|/,
    );
    await rm(artifact?.path ?? '', { recursive: true });
  });
});
