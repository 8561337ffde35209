/** Requests that wait in the gateway: whole runs with the built bundles, held by GitHub until the service answers. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { openTown, type Town } from '../../src/sandbox/town.ts';
import { type RunningGateway, startGateway } from './gateway-service.ts';
import { audit, endings, SIDE_BY_SIDE, start } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let town: Town;
let gateway: RunningGateway;
beforeAll(async () => {
  town = await openTown({ gateway: true, limits: false, policy: SIDE_BY_SIDE });
  gateway = await startGateway(town);
});
afterAll(async () => {
  await gateway.stop();
  expect(town.github.violations).toEqual([]);
  await town.close();
});

test('Cy denies by a comment on the issue, of which GitHub tells the gateway: the held job fails without a runner', async () => {
  const run = start(town);
  const issue = await run.asked;
  await githubAs(town, 'cy').comment(issue, '/deny Not during the sale.');
  expect(endings(await run.result)).toBe('ask success, debug failure, close success');
  expect(await audit(town, issue)).toMatchObject({ status: 'denied', open: false });
  expect(gateway.lines.map(({ msg }) => msg)).toContainEqual(
    expect.stringMatching(/in production: rejected\. Denied by Cy/),
  );
});

test('deliveries that come thrice, late and out of order, and all of them again after the end, change nothing', async () => {
  const { webhooks } = town.github;
  webhooks.disturb((_, index) => ({ copies: 3, delayMs: ((index * 7) % 5) * 40 }));
  const run = start(town);
  const issue = await run.asked;
  await githubAs(town, 'cy').comment(issue, '/approve Only the status is read.');
  expect(endings(await run.result)).toBe('ask success, debug success, close success');
  webhooks.disturb(null);
  await webhooks.settled();
  const { types } = await audit(town, issue);
  expect(types.filter((type) => type === 'decided')).toHaveLength(1);
  for (const { id } of webhooks.deliveries.toReversed()) await webhooks.redeliver(id);
  await webhooks.settled();
  await expect.poll(() => figure('debug_approval_open_requests')).toBe(0);
  expect((await audit(town, issue)).types).toEqual(types);
});

/** What the gateway tells Prometheus. */
async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
