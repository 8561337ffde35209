/** A reader's path: every command of our pages works as it is written, and README alone leads to an approved request. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { git } from '../../src/sandbox/git.ts';
import { audit, endings, HELLO, press, start } from '../acceptance/stage.ts';
import { ROOT } from '../source.ts';
import { text } from '../workflow-files.ts';
import { blocksOf, commandsOf, outputOf } from './commands.ts';
import { type Machine, openMachine } from './machine.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PAGES = [
  'README.md',
  'docs/SETUP.md',
  'docs/POLICY.md',
  'docs/QUALITY.md',
  'docs/REFERENCE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];

/** Commands that a test ran, as they are written. */
const executed = new Set<string>();
const note = (page: string): void => {
  for (const command of commandsOf(page)) executed.add(command);
};

/** Runs `hello` from the workflows that were pushed, as Ana; Bo approves. */
async function askForHello({ town }: Machine): Promise<unknown> {
  const { reason, target, runbook } = HELLO;
  const actions = { 'OWNER/debug-approval': town.published?.gitDir ?? '' };
  const run = start(town, { actions, inputs: { runbook, target, reason } });
  const issue = await run.asked;
  await press(town, 'bo', 'approve', issue);
  return { jobs: endings(await run.result), ...(await audit(town, issue)) };
}

const APPROVED = {
  jobs: 'ask success, debug success, close success',
  ...{ status: 'finished', approvedBy: ['Bo'], open: false },
};

describe('README alone, on GitHub Team', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine('team');
  });
  afterAll(() => machine.town.close());

  test('its commands, as written and in their order, try the product and set a new repository up', async () => {
    const { code, out } = await machine.sh(blocksOf('README.md'), [machine.town.slackToken]);
    expect(code, out).toBe(0);
    expect(out).toContain('The request ended as finished');
    expect(out).toMatch(/\d files were written to /);
    expect(out).not.toMatch(/^ {2}✗/m);
    note('README.md');
  });

  test('then `hello` is asked for, approved by somebody else, and ends', async () => {
    expect(await askForHello(machine)).toMatchObject(APPROVED);
  });

  test("POLICY.md's commands work there too, and show what it says that they show", async () => {
    const set = ['cd shop', `export GITHUB_TOKEN="$(gh auth token)" SLACK_BOT_TOKEN=${machine.town.slackToken}`];
    const { code, out } = await machine.sh([...set, ...blocksOf('docs/POLICY.md')]);
    expect(code, out).toBe(0);
    expect(out).toContain(outputOf('docs/POLICY.md', 'add-person'));
    note('docs/POLICY.md');
  });

  test("whoever changes the product finds the clone's bundles and generated files as its sources give them", async () => {
    const made = commandsOf('CONTRIBUTING.md').filter((command) => /^(node scripts\/|npm run build$)/.test(command));
    // A page may name a command twice.
    const scripts = [...new Set(made)];
    expect(scripts.length).toBeGreaterThanOrEqual(4);
    const { code, out } = await machine.sh(['cd debug-approval', ...scripts]);
    expect(code, out).toBe(0);
    expect((await git(machine.clone, ['status', '--porcelain', '--', 'action', 'docs', 'schema'])).toString()).toBe('');
    for (const command of scripts) executed.add(command);
  });
});

describe('SETUP.md, on GitHub Enterprise', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine('enterprise');
  });
  afterAll(() => machine.town.close());

  test('its commands, as written and in their order, lead from nothing to a set-up that doctor finds right', async () => {
    const { slackToken, slackAppToken } = machine.town;
    const { code, out } = await machine.sh(blocksOf('docs/SETUP.md'), [slackToken, slackAppToken]);
    expect(code, out).toBe(0);
    expect(out).toContain('Nothing was written.');
    expect(out).not.toMatch(/^ {2}✗/m);
    note('docs/SETUP.md');
  });

  test('then `hello` is asked for, approved by somebody else, and ends', async () => {
    expect(await askForHello(machine)).toMatchObject(APPROVED);
  });
});

test('SETUP.md names each permission that the workflows give to their jobs', () => {
  const rows = text('docs/SETUP.md').split('\n');
  for (const path of ['debug', 'sweep', 'doctor'].map((name) => `.github/workflows/${name}.yml`)) {
    for (const [job, { permissions }] of Object.entries(v.parse(Jobs, parse(text(path))).jobs)) {
      const given = Object.entries(permissions).map(([name, level]) => `\`${name}: ${level}\``);
      const row = rows.find((line) => /`id-token: write`/.test(line) && line.split('|')[1]?.includes(job));
      expect(row?.split('|')[2]?.trim(), job).toBe(given.join(', '));
    }
  }
});

const Jobs = v.object({ jobs: v.record(v.string(), v.object({ permissions: v.record(v.string(), v.string()) })) });

/** CI runs these on a clean clone; a test that ran the tests would never end. */
const IN_CI = ['npm ci', 'npm test', 'npm run check', 'npm run e2e:act'];

/** Takes longer than any test may, so that only whether there is such a script is looked at. */
const TOO_LONG = ['npm run mutation'];

describe('every command of every page', () => {
  test.each(TOO_LONG)('%s is a script of ours that takes too long to be run here', (command) => {
    const { scripts } = v.parse(
      v.object({ scripts: v.record(v.string(), v.string()) }),
      JSON.parse(text('package.json')),
    );
    expect(Object.keys(scripts).map((name) => `npm run ${name}`)).toContain(command);
  });

  test.each(IN_CI)('%s is what CI runs', (command) => {
    expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(new RegExp(`^(\\S+="[^"]*" )?${command}( |$)`, 'm'));
  });

  test.each(PAGES)('%s: was executed by a test, by CI, is a row of the benchmarks, or takes too long', (page) => {
    const parts = (command: string): string[] => command.split(' && ');
    const inCi = (command: string): boolean => parts(command).every((part) => IN_CI.includes(part));
    const done = new Set([...executed, ...TOO_LONG].flatMap((command) => [command, ...parts(command)]));
    const files = globSync('test/bench/rows/*.ts', { cwd: ROOT });
    const names = files.flatMap((path) =>
      [...text(path).matchAll(/^ {2}name: '([\w-]+)',$/gm)].map(([, name]) => name),
    );
    const rows = new Set(names.map((name) => `npm run bench -- --only ${name}`));
    const left = commandsOf(page).filter((command) => !inCi(command) && !done.has(command) && !rows.has(command));
    expect(left).toEqual([]);
  });
});
