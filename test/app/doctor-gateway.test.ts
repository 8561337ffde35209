/** Doctor on what the gateway needs: a workflow that can ask for somebody, and environments that it holds; notes where not, since people ask in GitHub all the same. */
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

test('where the App holds back no jobs of an environment, nothing that is asked there can wait for the gateway: a note with what to do', async () => {
  const findings = await examined({ ...gateway, repository: { gates: async () => [78] } });
  expect(notOk(findings)).toEqual(['environment.staging.gate note', 'environment.production.gate note']);
  const found = findings.find(({ id }) => id === 'environment.production.gate');
  expect(found).toMatchObject({
    what: 'No rule of the app 77 is switched on for the environment "production": nothing would hold the debug job back until it is approved.',
    remedy: expect.stringContaining(
      'Switch it on under Settings → Environments → production → Deployment protection rules.',
    ),
  });
});
