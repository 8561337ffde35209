/** Doctor on what the gateway needs of a workflow to ask for somebody: a note where it is missing, since people ask in GitHub all the same. */
import { expect, test } from 'vitest';
import { edit, policy } from './doctor-workflow-changes.ts';
import { examined, notOk } from './doctor-world.ts';

const KEY = 'MCowBQYDK2VwAyEAvYTJ02vx+uJ5vA6lHnjLmQz2t/jM/lWn1SJZixfeuZo=';
const gateway = policy([['gateway'], { app: 77 }], [['signers', 'gateway'], [{ name: 'acme', key: KEY }]]);
const without = edit('.github/workflows/debug.yml', (text) => text.replace(/ {10}envelope: .*\n/, ''));

test('where a gateway runs, a workflow that takes no envelope is one that nobody can begin from Slack', async () => {
  expect(notOk(await examined(gateway))).toEqual([]);
  expect(notOk(await examined({ ...without, ...gateway }))).toEqual(['workflow.debug.ask.envelope note']);
});

test('without a gateway nobody needs one', async () => {
  expect(notOk(await examined(without))).toEqual([]);
});
