/** The gate: what the App answers for jobs that GitHub holds back, and how it finds their requests. */
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createGate } from '../../src/github/gate.ts';
import { clientOf, json, stub, wire } from './stub.ts';

const ISSUE = 'https://github.com/acme/shop/issues/12';
const WAITS = { text: 'Waits for approval.', issue: null };
const HELD = { run: 9001, environment: 'production' };

function gate(...answers: Parameters<typeof stub>) {
  const network = stub(...answers);
  const warned: string[] = [];
  return { ...createGate(clientOf(network), 'acme/shop', (text) => warned.push(text)), network, warned };
}

test('a held job is let go, with the reason for people', async () => {
  const { network, ...of } = gate(json(204, null));
  expect(await of.review(HELD, 'approved', { text: 'Approved by Bo.', issue: ISSUE })).toBe('done');
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      [
        "POST https://api.github.com/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
        {
          "comment": "Approved by Bo.

    [The debug request](<https://github.com/acme/shop/issues/12>)",
          "environment_name": "production",
          "state": "approved",
        },
      ],
    ]
  `);
});

test.each([404, 422])('where nothing waits any more GitHub says %i, which is no failure', async (status) => {
  const of = gate(json(status, { message: 'Not Found' }), json(status, { message: 'Not Found' }));
  expect(await of.review(HELD, 'rejected', { text: 'Denied by Cy.', issue: ISSUE })).toBe('gone');
  await of.say(HELD, WAITS);
  expect(of.warned).toEqual([]);
});

test('any other failure of an answer is thrown, so that the job stays held and is looked at again', async () => {
  const of = gate(
    json(502, { message: 'Bad gateway' }),
    json(403, { message: 'Resource not accessible by integration' }),
  );
  await expect(of.review(HELD, 'approved', WAITS)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(of.review(HELD, 'approved', WAITS)).rejects.toMatchObject({ code: 'permission' });
});

test('what a job waits for is said in at most 1,024 characters and without a verdict; that it could not be said is only told', async () => {
  const { network, ...of } = gate(json(204, null), json(403, { message: 'Too many status reports' }));
  await of.say(HELD, { text: `\`@ana\` ${'x'.repeat(2000)}`, issue: ISSUE });
  await of.say(HELD, WAITS);
  expect(wire(network.sent)[1]).toMatchInlineSnapshot(`
    [
      "POST https://api.github.com/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
      {
        "comment": "Waits for approval.",
        "environment_name": "production",
      },
    ]
  `);
  const { comment } = v.parse(
    v.strictObject({ environment_name: v.string(), comment: v.string() }),
    network.sent[0]?.body,
  );
  expect(comment.length).toBeLessThanOrEqual(1024);
  expect(comment).toMatch(
    /^`` `@ana` x{900,} … \(2007 characters in all\) ``\n\n\[The debug request\]\(<https:.*\/12>\)$/,
  );
  expect(of.warned).toEqual([
    'Could not say at run 9001 what its job waits for: GitHub answered 403 (Too many status reports).',
  ]);
});

test('what waits is found run by run; one that goes on meanwhile waits for nothing', async () => {
  const { network, ...of } = gate(
    json(200, { total_count: 2, workflow_runs: [{ id: 9001 }, { id: 9002 }] }),
    json(200, [{ environment: { name: 'production' } }, { environment: { name: 'staging' } }]),
    json(404, { message: 'Not Found' }),
  );
  expect(await of.waiting()).toEqual([HELD, { run: 9001, environment: 'staging' }]);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/actions/runs?status=waiting&exclude_pull_requests=true&per_page=100",
      "GET https://api.github.com/repos/acme/shop/actions/runs/9001/pending_deployments",
      "GET https://api.github.com/repos/acme/shop/actions/runs/9002/pending_deployments",
    ]
  `);
});

test('a run’s request is one that names it and that a bot opened', async () => {
  const issue = (number: number, run: number, over: object = {}) => ({
    number,
    body: `| Run | [run ${run}, attempt 1](https://github.com/acme/shop/actions/runs/${run}) |`,
    user: { id: 41898282, login: 'github-actions[bot]', type: 'Bot' },
    ...over,
  });
  const { network, ...of } = gate(
    json(200, [
      issue(15, 9001),
      issue(14, 9002),
      issue(13, 9001, { user: { id: 101, login: 'ana', type: 'User' } }),
      issue(12, 9001, { pull_request: {} }),
      issue(11, 9001, { user: null }),
      issue(10, 9001, { body: null }),
      issue(9, 9001),
    ]),
  );
  expect(await of.openedBy(9001)).toEqual([15, 9]);
  expect(wire(network.sent)).toMatchInlineSnapshot(`
    [
      "GET https://api.github.com/repos/acme/shop/issues?labels=debug-request&sort=created&direction=desc&per_page=100&state=all",
    ]
  `);
});

test('a request that waits is found behind a hundred newer ones', async () => {
  const issue = (number: number, run: number) => ({
    number,
    body: `| Run | [run ${run}, attempt 1](https://github.com/acme/shop/actions/runs/${run}) |`,
    user: { id: 41898282, login: 'github-actions[bot]', type: 'Bot' },
  });
  const newer = Array.from({ length: 100 }, (_, n) => issue(200 - n, 9200 - n));
  const { network, ...of } = gate(json(200, newer), json(200, [issue(7, 9001)]));
  expect(await of.openedBy(9001)).toEqual([7]);
  expect(network.sent.at(-1)?.url).toContain('state=open');
});
