/** Whoever asks wrongly, or whose GitHub or Slack fails, reads in the job log what, why and what to do; nothing runs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { CHANNEL, openTown, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import type { JobResult, RunResult } from '../../src/sandbox/workflow/run.ts';
import { CASES, type Case, WHILE_WAITING } from './bad-input-cases.ts';
import { audit, cardOf, commit, DEBUG, endings, type Playing, press, replaceIn, SIDE_BY_SIDE, start } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const git = promisify(execFile);

/** What came of a case. */
interface Told {
  message: string;
  endings: string;
  ask: JobResult | undefined;
  /** The issue that stands, as people see it. */
  left: { labels: string[]; open: boolean; status: string; types: string[]; buttons: boolean } | null;
}
const told = new Map<string, Told | Error>();
const violations: unknown[] = [];

/** How many asks run at the same time: a machine may have two cores. */
const LANES = 3;

async function open(options: TownOptions = {}): Promise<Town> {
  // Without the close job, so that what is found is what ask itself left.
  const prepare = (checkout: string) => replaceIn(checkout, DEBUG, '    if: always()\n', '    if: false\n');
  return openTown({ limits: false, prepare, ...options });
}

async function close(town: Town): Promise<void> {
  violations.push(...town.github.violations);
  await town.close();
}

/** Plays the case in a town that is as new. */
async function play(town: Town, { edit, run, faults, outage }: Case): Promise<Told> {
  await git('git', ['tag', '--force', 'new'], { cwd: town.checkout });
  if (edit !== undefined) await commit(town, edit);
  const issues = await issuesOf(town);
  const takeBack = faults?.(town) ?? [];
  const asking = start(town, run?.(town));
  const onAsked = async (issue: number): Promise<void> => {
    // Who is asked against expectation would wait here for ever.
    if (outage === true) await githubAs(town, 'bo').comment(issue, '/deny');
    else asking.cancel();
  };
  asking.asked.then(onAsked, () => null);
  const result = await asking.result;
  for (const back of takeBack) back();
  const [made] = (await issuesOf(town)).filter((number) => !issues.includes(number));
  const outcome = await found(town, result, made ?? null);
  await git('git', ['reset', '--quiet', '--hard', 'new'], { cwd: town.checkout });
  return outcome;
}

async function issuesOf({ github }: Town): Promise<number[]> {
  const created = github.requests.filter(
    ({ method, path, status }) => method === 'POST' && path.endsWith('/issues') && status === 201,
  );
  return created.map((_, at) => at + 1);
}

async function found(town: Town, result: RunResult, issue: number | null): Promise<Told> {
  const ask = result.jobs['ask'];
  return {
    message: words(ask),
    endings: endings(result),
    ask,
    left: issue === null ? null : await leftOf(town, issue),
  };
}

async function leftOf(town: Town, issue: number): Promise<NonNullable<Told['left']>> {
  const { open, status, issue: shown, types } = await audit(town, issue);
  const cards = await town.slack.messages(CHANNEL);
  const card = cards.some(({ blocks }) => JSON.stringify(blocks).includes(`/issues/${issue}`));
  const buttons = card && (await cardOf(town, issue)).buttons;
  return { labels: shown.labels, open, status, types, buttons };
}

/** Each annotation once, with what changes from run to run replaced by its name. */
function words(ask: JobResult | undefined): string {
  const lines = (ask?.annotations ?? [])
    .filter(({ message }) => !message.startsWith('Process completed with exit code'))
    .map(({ level, message }) => `${level}: ${message}`);
  return [...new Set(lines)]
    .join('\n')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/issues\/\d+|#\d+/g, (text) => text.replace(/\d+/, '<n>'))
    .replace(/run 150\d+/g, 'run <run>');
}

/** Works the queue off, each lane in a town of its own where the case asks for no other. */
async function lane(queue: Case[]): Promise<void> {
  const own = await open();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const town = next.town === undefined ? own : await open(next.town);
    told.set(next.name, await play(town, next).catch(asError));
    if (town !== own) await close(town);
  }
  await close(own);
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Cases that wait for the next poll do so together; they start one after the other. */
async function waiting(): Promise<void> {
  const town = await open({ policy: SIDE_BY_SIDE });
  const ends: Promise<unknown>[] = [];
  for (const one of WHILE_WAITING) {
    const run = start(town);
    const played = run.asked.then((issue) => playWaiting(town, one, run, issue));
    ends.push(played.catch(asError).then((outcome) => told.set(one.name, outcome)));
    await Promise.race([run.asked, run.result]);
  }
  await Promise.all(ends);
  await close(town);
}

async function playWaiting(town: Town, { whileWaiting }: Case, run: Playing, issue: number): Promise<Told> {
  const takeBack = whileWaiting?.(town, issue);
  const outage = run.line('ask', /Still waiting/).then(
    () => true,
    () => false,
  );
  if (await outage) {
    takeBack?.();
    await press(town, 'bo', 'deny', issue);
  }
  const result = await run.result;
  takeBack?.();
  return found(town, result, issue);
}

beforeAll(async () => {
  const queue = [...CASES];
  await Promise.all([waiting(), ...Array.from({ length: LANES }, () => lane(queue))]);
});

function of({ name }: Case): Told {
  const one = told.get(name);
  if (one === undefined || one instanceof Error) throw one ?? new Error(`${name} was not played.`);
  return one;
}

describe.each([...CASES, ...WHILE_WAITING])('$name', (one) => {
  test('ends the ask job with exit code 1, and nothing runs', () => {
    const { ask, endings: ended } = of(one);
    expect(ended).toBe('ask failure, debug skipped, close skipped');
    if (one.gate === true) return;
    expect(ask?.annotations.at(-1)?.message).toBe('Process completed with exit code 1.');
    expect(ask?.steps.at(-1)?.outputs).toMatchObject({ approved: 'false' });
  });

  if (one.stands !== true) {
    test('opens no issue', () => {
      expect(of(one).left).toBeNull();
    });
    return;
  }
  test('closes the issue with its true state, and no button stays', () => {
    const { left, ask } = of(one);
    const status = one.outage === true ? 'denied' : 'error';
    expect(left).toMatchObject({ labels: ['debug-request', `debug:${status}`], open: false, buttons: false });
    expect(ask?.steps.at(-1)?.outputs).toMatchObject({ status });
  });
});

test('each message says what, why and what to do', async () => {
  const texts = [...CASES, ...WHILE_WAITING].map((one) => `# ${one.name}\n${of(one).message}\n`);
  await expect(texts.join('\n')).toMatchFileSnapshot('golden/bad-input.txt');
});

test('every request of theirs is one that GitHub describes', () => {
  expect(violations).toEqual([]);
});
