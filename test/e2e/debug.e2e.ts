/** The debug workflow under a runner that we did not write: act, in host mode, against the sandbox's GitHub and Slack. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import { githubAs } from '../../src/sandbox/people.ts';
import { openTown, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { audit, cardOf, DEBUG, FIND_ORDER, HELLO, press, replaceIn, SWEEP, TICKED } from '../acceptance/stage.ts';
import { ROOT } from '../source.ts';
import { text } from '../workflow-files.ts';
import { type ActLine, findAct, INSTALL_ACT, invalidForAct } from './act.ts';
import { type ActRun, type Dispatch, type Finished, runWithAct, said } from './run.ts';

const program = findAct();
if (program === null) console.log(`skipped: act is not on this machine (${INSTALL_ACT})`);

interface Asked {
  town: Town;
  issue: number;
  act: ActRun;
  secrets: Record<string, string>;
}

/** Starts the debug workflow and waits until its request's buttons stand. */
async function ask(options: TownOptions, inputs: Record<string, string>): Promise<Asked> {
  const secrets: Record<string, string> = {};
  const town = await openTown({
    ...options,
    environments(sound) {
      const all = options.environments?.(sound) ?? sound;
      for (const one of all) Object.assign(secrets, one.secrets);
      return all;
    },
  });
  opened.push(town.close);
  const act = await start({ town, workflowPath: DEBUG, inputs, secrets });
  const [, found] = await act.line('ask', /Asked in \S+\/issues\/(\d+);/);
  return { town, issue: Number(found), act, secrets };
}

async function start(dispatch: Omit<Dispatch, 'program' | 'onLine'>): Promise<ActRun> {
  const act = await runWithAct({ ...dispatch, program: program ?? '', onLine: tell });
  opened.push(act.stop);
  return act;
}

interface Played {
  town: Town;
  issue: number;
  run: Finished;
}

/** Plays one request to its end; `decide` is called once its buttons stand. */
async function play(
  options: TownOptions,
  inputs: Record<string, string>,
  decide: (town: Town, issue: number) => Promise<unknown>,
): Promise<Played> {
  const { town, issue, act } = await ask(options, inputs);
  await decide(town, issue);
  return { town, issue, run: await act.finished };
}

/** What was opened last is closed first. */
const opened: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** Shows how it goes on: what the product says, and how jobs end. */
function tell({ job, text, result }: ActLine): void {
  if (process.env['ACT_LOG'] !== undefined || result !== null) console.log(`${job || 'act'} | ${text}`);
}

const endings = ({ jobs }: Finished): string =>
  jobs.map(({ key, environment, conclusion }) => `${key} in ${environment}: ${conclusion}`).join(', ');

/** Every file of every artifact, as text. */
async function kept({ artifacts }: Finished): Promise<string> {
  const files = (await readdir(artifacts, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  return (await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), 'utf8')))).join('\n');
}

describe.skipIf(program === null)('under act, an approved request', () => {
  let played: Played;
  beforeAll(async () => {
    played = await play({}, HELLO, (town, issue) => press(town, 'bo', 'approve', issue));
  });

  test('goes from ask through debug to close, each in its environment, and the run succeeds', () => {
    const { run } = played;
    expect(endings(run)).toBe(
      'ask in debug-approval: success, debug in production: success, close in debug-approval: success',
    );
    expect(run.exitCode).toBe(0);
  });

  test('leaves a log that verifies whole and says finished, in a closed issue whose card has no buttons', async () => {
    const { town, issue } = played;
    const { status, open, types, approvedBy, exported, log } = await audit(town, issue);
    expect({ status, open, types, approvedBy }).toEqual({
      status: 'finished',
      open: false,
      types: ['requested', 'decided', 'started', 'ended'],
      approvedBy: ['Bo'],
    });
    expect(await verifyExport(exported ?? '')).toMatchObject({ status: 'whole', head: log.head });
    expect((await cardOf(town, issue)).buttons).toBe(false);
  });

  test('keeps the transcript of what ran', async () => {
    expect(await kept(played.run)).toMatch(
      /^Hello from \w+, run \d+ at commit [0-9a-f]{40}\.\nNothing was changed\.\n$/,
    );
  });

  test('prints no token, though act itself hides none', () => {
    const { run } = played;
    expect(run.secrets).toHaveLength(4);
    expect(run.secrets.filter((secret) => said(run.log).includes(secret))).toEqual([]);
  });

  test('asks nothing of GitHub that GitHub does not have, and nothing at all of other machines', () => {
    expect(played.town.github.violations).toEqual([]);
    expect(played.run.outside).toEqual([]);
  });
});

describe.skipIf(program === null)('under act, a denied request', () => {
  let played: Played;
  beforeAll(async () => {
    played = await play({}, HELLO, (town, issue) => press(town, 'bo', 'deny', issue));
  });

  test('fails the run without a debug job', () => {
    const { run } = played;
    expect(endings(run)).toBe('ask in debug-approval: failure, close in debug-approval: success');
    expect(run.exitCode).toBe(1);
    expect(said(run.log)).not.toContain('Hello from');
  });

  test('is closed as denied, and nothing of it says that something started', async () => {
    const { status, open, types, exported, log } = await audit(played.town, played.issue);
    expect({ status, open, types }).toEqual({ status: 'denied', open: false, types: ['requested', 'decided'] });
    expect(await verifyExport(exported ?? '')).toMatchObject({ status: 'whole', head: log.head });
  });
});

describe.skipIf(program === null)('under act, a runbook with a secret of its environment', () => {
  const secret = 'postgres://orders:b9Kx-4477-qqLm@db.example.com/orders';
  const withSecret: TownOptions = {
    environments: (sound) =>
      sound.map((one) => (one.name === 'production' ? { ...one, secrets: { ORDERS_DATABASE_URL: secret } } : one)),
    // As debug.yml tells its readers to.
    prepare: async (checkout) => {
      await replaceIn(checkout, DEBUG, '        # env:\n        #   ORDERS', '        env:\n          ORDERS');
      const order = '.github/runbooks/find-order.sh';
      await replaceIn(
        checkout,
        order,
        'echo "',
        'echo "${#ORDERS_DATABASE_URL} characters: $ORDERS_DATABASE_URL"\necho "',
      );
    },
  };
  let played: Played;
  beforeAll(async () => {
    played = await play(withSecret, FIND_ORDER, async (town, issue) => {
      await press(town, 'bo', 'approve', issue);
      await githubAs(town, 'di').comment(issue, TICKED);
    });
  });

  test('gets the secret, and no log, transcript, comment or card shows it', async () => {
    const { town, issue, run } = played;
    expect(run.exitCode).toBe(0);
    expect(run.jobs.find(({ key }) => key === 'debug')?.secrets).toEqual(['ORDERS_DATABASE_URL']);
    const transcript = await kept(run);
    expect(transcript).toContain(`${secret.length} characters: ‹secret#`);
    const comments = await githubAs(town, 'di').comments(issue);
    expect(JSON.stringify([transcript, run.log, comments, town.slack.requests])).not.toContain('qqLm');
  });
});

describe.skipIf(program === null)('under act, a request whose machine dies while people are asked', () => {
  test('is ended by the sweep, which act runs too', async () => {
    const { town, issue, act, secrets } = await ask({}, HELLO);
    act.kill();
    expect(endings(await act.finished)).toBe('ask in debug-approval: failure');
    expect((await audit(town, issue)).open).toBe(true);
    const sweep = await start({ town, workflowPath: SWEEP, inputs: {}, secrets });
    const run = await sweep.finished;
    expect(endings(run)).toBe('sweep in debug-approval: success');
    const { status, open, types } = await audit(town, issue);
    expect({ status, open, types }).toEqual({ status: 'cancelled', open: false, types: ['requested', 'cancelled'] });
    expect((await cardOf(town, issue)).buttons).toBe(false);
  });
});

describe.skipIf(program === null)("act's own schema", () => {
  const path = program ?? '';

  test('accepts every workflow of this repository', async () => {
    expect(await invalidForAct(path, join(ROOT, '.github/workflows'))).toBe('');
  });

  test('refuses a key that GitHub does not know', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'debug-approval-act-'));
    opened.push(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'debug.yml'), text(DEBUG).replace('environment: debug-approval', 'colour: red'));
    expect(await invalidForAct(path, folder)).toContain('Unknown Property colour');
  });
});
