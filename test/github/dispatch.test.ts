/** Beginning a run for somebody who asked in Slack: sent once, on the branch named, and GitHub's refusal is told in its words. */
import { expect, test } from 'vitest';
import { dispatcher } from '../../src/github/dispatch.ts';
import { faultOf } from '../app/world.ts';
import { clientOf, json, stub, wire } from './stub.ts';

const TO = { workflow: '.github/workflows/debug.yml', branch: 'main' };
const RUN = 'https://github.com/acme/shop/actions/runs/900';

test('the workflow is named by its file, and GitHub says which run began', async () => {
  const network = stub(json(200, { workflow_run_id: 900, run_url: 'x', html_url: RUN }));
  expect(await dispatcher(clientOf(network), 'acme/shop')(TO, { runbook: 'status' })).toEqual({ runUrl: RUN });
  expect(wire(network.sent)).toEqual([
    [
      'POST https://api.github.com/repos/acme/shop/actions/workflows/debug.yml/dispatches',
      { inputs: { runbook: 'status' }, ref: 'main', return_run_details: true },
    ],
  ]);
});

test('where GitHub does not say which run began, nobody guesses', async () => {
  const network = stub(new Response(null, { status: 204 }));
  expect(await dispatcher(clientOf(network), 'acme/shop')(TO, {})).toEqual({ runUrl: null });
});

test('a refusal is a Fault with its words', async () => {
  const network = stub(json(422, { message: 'Unexpected inputs provided: ["envelope"]' }));
  const fault = await faultOf(dispatcher(clientOf(network), 'acme/shop')(TO, {}));
  expect(fault.message).toContain('start .github/workflows/debug.yml on main');
  expect(fault.message).toContain('Unexpected inputs provided: ["envelope"]');
});

test('after an answer that says nothing it is not sent again, since the run may have begun', async () => {
  const network = stub(json(502, { message: 'Bad gateway' }));
  const fault = await faultOf(dispatcher(clientOf(network), 'acme/shop')(TO, {}));
  expect(fault).toMatchObject({ code: 'not-confirmed', remedy: expect.stringContaining('before you ask again') });
  expect(network.sent).toHaveLength(1);
});
