/** The ask job where the gateway waits: it asks and ends, and only where GitHub really holds the debug job back. */
import { expect, test } from 'vitest';
import { key, policyWith } from './policies.ts';
import { createWorld, eventsOf, faultOf } from './world.ts';

const APP = 77;
const PUBLIC_KEY = 'MCowBQYDK2VwAyEAvYTJ02vx+uJ5vA6lHnjLmQz2t/jM/lWn1SJZixfeuZo=';
const GATEWAY = policyWith(key(`gateway: { app: ${APP} }`), [
  'signers: { ',
  `signers: { gateway: [{ name: acme, key: "${PUBLIC_KEY}" }], `,
]);
const input = { wait: 'gateway' as const };

async function guarded(policy = GATEWAY) {
  const w = await createWorld(policy);
  w.github.gates.set('production', [APP]);
  return w;
}

test('it opens the request, gives the card its buttons and ends while the request is pending', async () => {
  const w = await guarded();
  const asking = w.ask({ input });
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: false, handedOver: true, view: { status: 'pending' } });
  expect(eventsOf(w)).toEqual(['requested']);
  expect(asked.reading.state.opening).toMatchObject({ wait: 'gateway' });
  expect(w.slack.cardOf().view.button).not.toBeNull();
  expect(w.github.issue()).toMatchObject({ open: true });
  expect(asking.told.at(-1)).toContain('the gateway waits until');
});

test("it listens to nothing: presses are the gateway's", async () => {
  const w = await guarded();
  await w.ask({ input }).result;
  expect(await w.press('bo')).toBeNull();
  expect(eventsOf(w)).toEqual(['requested']);
});

test('what waits for nobody goes on at once, as on the runner', async () => {
  const w = await guarded(
    policyWith(
      key(`gateway: { app: ${APP} }`),
      ['signers: { ', `signers: { gateway: [{ name: acme, key: "${PUBLIC_KEY}" }], `],
      ['require: { count: 2, of: sre }', 'require: none'],
    ),
  );
  const asked = await w.ask({ input }).result;
  expect(asked).toMatchObject({ approved: true, handedOver: false });
});

test.each<[string, string, number[], string]>([
  ['the policy names no gateway', policyWith(), [APP], 'the policy names no gateway'],
  [
    'the environment has no rule of its app',
    GATEWAY,
    [],
    'No rule of the app 77 is switched on for the environment "production"',
  ],
  ["the environment has another app's rule alone", GATEWAY, [78], 'No rule of the app 77'],
])('it refuses where %s, and nothing stands', async (_, policy, gates, why) => {
  const w = await createWorld(policy);
  w.github.gates.set('production', gates);
  const fault = await faultOf(w.ask({ input }).result);
  expect(fault).toMatchObject({ code: 'environment' });
  expect(fault.message).toContain(why);
  expect(w.github.issues.size).toBe(0);
});

test('a private repository is told which plan has such rules; a public one has them on each', async () => {
  const w = await createWorld(GATEWAY);
  const told = (await faultOf(w.ask({ input }).result)).message;
  expect(told).toContain('A private repository has such rules on GitHub Enterprise alone; elsewhere leave `wait` out.');
});

test('the debug job refuses to start what is still pending, whatever GitHub let through', async () => {
  const w = await guarded();
  const asked = await w.ask({ input }).result;
  const fault = await faultOf(w.debug(asked));
  expect(fault.code).toBe('refused');
  expect(w.commands).toEqual([]);
});
