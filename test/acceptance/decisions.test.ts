/** Who decides, where, and whose word counts: whole runs with the built bundles. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { OWNER, openTown, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { audit, cardOf, endings, FIND_ORDER, logOf, press, start } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let town: Town;
let quiet: Town;
beforeAll(async () => {
  [town, quiet] = await Promise.all([openTown({ limits: false }), openTown({ limits: false, withSlack: false })]);
});
afterAll(async () => {
  expect([...town.github.violations, ...quiet.github.violations]).toEqual([]);
  await Promise.all([town.close(), quiet.close()]);
});

const DONE = 'ask success, debug success, close success';
const UNAPPROVED = 'ask failure, debug skipped, close success';

/** A comment that an app writes with a person's right. */
async function throughApp(at: Town, login: string, issue: number, body: string): Promise<void> {
  const answer = await fetch(`${at.github.apiUrl}/repos/${OWNER}/${REPOSITORY}/issues/${issue}/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${at.github.appUserToken(login)}` },
    body: JSON.stringify({ body }),
  });
  expect(answer.status).toBe(201);
}

describe.concurrent('a comment on the issue', () => {
  test('approves: /approve by a mapped person lets the job run', async () => {
    const run = start(town);
    const issue = await run.asked;
    await githubAs(town, 'bo').comment(issue, '/approve look at the worker too');
    expect(endings(await run.result)).toBe(DONE);
    const { status, approvedBy, open } = await audit(town, issue);
    expect({ status, approvedBy, open }).toEqual({ status: 'finished', approvedBy: ['Bo'], open: false });
    expect((await cardOf(town, issue)).buttons).toBe(false);
  });

  test('denies: /deny ends the request and nothing runs', async () => {
    const run = start(town);
    const issue = await run.asked;
    await githubAs(town, 'cy').comment(issue, '/deny not during the sale');
    expect(endings(await run.result)).toBe(UNAPPROVED);
    const { status, open } = await audit(town, issue);
    expect({ status, open }).toEqual({ status: 'denied', open: false });
    expect((await cardOf(town, issue)).buttons).toBe(false);
  });

  test('decides nothing when it was edited, written through an app, or only looks like a decision', async () => {
    const run = start(town);
    const issue = await run.asked;
    const cy = githubAs(town, 'cy');
    await cy.comment(issue, 'hm');
    const words = (await cy.comments(issue)).find(({ body }) => body === 'hm');
    await cy.edit(words?.id ?? 0, '/approve');
    await throughApp(town, PEOPLE.cy.login, issue, '/approve');
    await cy.comment(issue, '/approved, or so I heard');
    await cy.comment(issue, 'I would /approve');
    await githubAs(town, 'bo').comment(issue, '/deny');
    expect(endings(await run.result)).toBe(UNAPPROVED);
    const { status, approvedBy } = await audit(town, issue);
    expect({ status, approvedBy }).toEqual({ status: 'denied', approvedBy: [] });
  });

  test('alone serves where there is no Slack', async () => {
    const run = start(quiet);
    const issue = await run.asked;
    await githubAs(quiet, 'bo').comment(issue, '/approve');
    expect(endings(await run.result)).toBe(DONE);
    expect((await audit(quiet, issue)).status).toBe('finished');
    expect(quiet.slack.requests).toEqual([]);
  });
});

describe.concurrent('who decides', () => {
  test('two rules need two people, one in Slack and one on GitHub', async () => {
    const run = start(town, { inputs: FIND_ORDER });
    const issue = await run.asked;
    expect(await press(town, 'bo', 'approve', issue)).toMatchObject({ acknowledged: true });
    expect((await audit(town, issue)).status).toBe('pending');
    await githubAs(town, 'di').comment(issue, '/approve');
    const result = await run.result;
    expect(endings(result)).toBe(DONE);
    expect((await audit(town, issue)).approvedBy).toEqual(['Bo', 'Di']);
    expect(logOf(result, 'debug')).toContain('Would look up order AB-1234');
  });

  test('a stranger and the requester are refused privately, and the first attempt of each is recorded', async () => {
    const run = start(town);
    const issue = await run.asked;
    for (const person of ['ed', 'ed', 'ana'] as const) {
      expect(await press(town, person, 'approve', issue)).toMatchObject({ acknowledged: true });
    }
    await githubAs(town, 'ana').comment(issue, '/approve');
    expect(await press(town, 'bo', 'deny', issue)).toMatchObject({ acknowledged: true });
    expect(endings(await run.result)).toBe(UNAPPROVED);
    const { status, approvedBy, types } = await audit(town, issue);
    expect({ status, approvedBy }).toEqual({ status: 'denied', approvedBy: [] });
    expect(types.filter((type) => type === 'refused')).toHaveLength(2);
    expect(town.slack.ephemerals(PEOPLE.ed.slack).at(-1)?.text).toMatch(
      /You may not approve this request: .* links your Slack account \(\w+\/\w+\) with nobody/,
    );
    expect(town.slack.ephemerals(PEOPLE.ana.slack).at(-1)?.text).toMatch(/Ana may not approve this request/);
  });

  test('re-running everything asks anew and says which attempt it is', async () => {
    const first = start(town);
    const before = await first.asked;
    await press(town, 'bo', 'approve', before);
    const of = await first.result;
    const again = start(town, { rerun: { of, mode: 'all' } });
    const issue = await again.asked;
    expect(issue).not.toBe(before);
    expect(await press(town, 'cy', 'approve', issue)).toMatchObject({ acknowledged: true });
    expect(endings(await again.result)).toBe(DONE);
    const { opening, approvedBy } = await audit(town, issue);
    expect(approvedBy).toEqual(['Cy']);
    expect(opening?.notices.join()).toContain(`This is attempt 2 of run ${of.id}`);
    expect(opening?.earlier.map((one) => one.issue)).toContain(before);
  });
});
