/** Attacks by locking a request's issue: GitHub lets no job comment on a locked issue, and the log is made of comments. */
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { OWNER, openTown, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import type { RunResult } from '../../src/sandbox/workflow/run.ts';
import { audit, endings, logOf, press, start } from '../acceptance/stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let town: Town;
beforeAll(async () => {
  town = await openTown({ limits: false });
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

const DONE = 'ask success, debug success, close success';
const LIFE = ['requested', 'decided', 'started', 'ended'];

/** Ana, who may write, locks an issue. */
async function lock({ github }: Town, issue: number): Promise<void> {
  const answer = await fetch(`${github.url}/repos/${OWNER}/${REPOSITORY}/issues/${issue}/lock`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${github.userToken(PEOPLE.ana.login)}` },
  });
  expect(answer.status).toBe(204);
}

async function isLocked({ github }: Town, issue: number): Promise<boolean> {
  const answer = await fetch(`${github.url}/repos/${OWNER}/${REPOSITORY}/issues/${issue}`, {
    headers: { authorization: `Bearer ${github.userToken(PEOPLE.ana.login)}` },
  });
  return v.parse(v.object({ locked: v.boolean() }), await answer.json()).locked;
}

describe('a locked issue', () => {
  let issue: number;
  let of: RunResult;
  test('§4.12 a request whose issue a writer locks while it waits is decided by a press, runs and ends', async () => {
    const run = start(town);
    issue = await run.asked;
    await lock(town, issue);
    expect(await press(town, 'bo', 'approve', issue)).toMatchObject({ acknowledged: true });
    of = await run.result;
    expect(endings(of)).toBe(DONE);
    const { status, types, events, approvedBy, open } = await audit(town, issue);
    expect({ status, types, approvedBy, open }).toEqual({
      ...{ status: 'finished', types: LIFE, approvedBy: ['Bo'], open: false },
    });
    expect(events.at(-1)).toMatchObject({ type: 'ended', reason: 'exit', exitCode: 0 });
    expect(await isLocked(town, issue)).toBe(true);
  });

  test('§4.6 the refusal of a re-run debug job stands on the locked issue', async () => {
    const again = await start(town, { rerun: { of, mode: { job: 'debug' } } }).result;
    expect(again.jobs['debug']?.conclusion).toBe('failure');
    expect(logOf(again, 'debug')).not.toContain('could not be written');
    const told = (await githubAs(town, 'di').comments(issue)).filter(({ body }) =>
      body.startsWith('The debug job refused to run.'),
    );
    expect(told.map(({ body }) => body)).toEqual([expect.stringContaining('counts for one attempt of one run')]);
    expect(await isLocked(town, issue)).toBe(true);
    expect(await audit(town, issue)).toMatchObject({ status: 'finished', types: LIFE });
  });

  test('§4.12 a request whose issue a writer locks while it waits is recorded as cancelled, and stays locked', async () => {
    const run = start(town);
    const other = await run.asked;
    await lock(town, other);
    run.cancel();
    await run.result;
    const { status, types, open } = await audit(town, other);
    expect({ status, types, open }).toEqual({ status: 'cancelled', types: ['requested', 'cancelled'], open: false });
    expect(await isLocked(town, other)).toBe(true);
  });
});
