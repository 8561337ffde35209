/** Requests that wait in the gateway: whole runs with the built bundles, held by GitHub until the service answers. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { githubAs } from '../../src/sandbox/people.ts';
import { openTown, type Town } from '../../src/sandbox/town.ts';
import { type RunningGateway, startGateway } from './gateway-service.ts';
import { UNAPPROVED } from './modes.ts';
import { audit, commit, endings, POLICY, replaceIn, SIDE_BY_SIDE, SWEEP, start } from './stage.ts';

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

/** Resolves once GitHub has told, or tried to tell, of so many held jobs more than before. */
function heldMore(): (count: number) => Promise<void> {
  const told = () =>
    town.github.webhooks.deliveries.filter(({ event }) => event === 'deployment_protection_rule').length;
  const before = told();
  return (count) => expect.poll(() => told() - before, { timeout: 60_000 }).toBe(count);
}

test('while the gateway is down a cancelled run ends its request, the sweep what is over; what GitHub holds it still refuses later', async () => {
  await gateway.stop();
  const held = heldMore();
  const cancelled = start(town);
  const first = await cancelled.asked;
  await held(1);
  cancelled.cancel();
  expect(endings(await cancelled.result)).toBe('ask success, debug cancelled, close success');
  expect(await audit(town, first)).toMatchObject({ status: 'cancelled', open: false });

  await commit(town, (checkout) => replaceIn(checkout, POLICY, 'expiry: 2h', 'expiry: 2s'));
  const run = start(town);
  const issue = await run.asked;
  const { opening } = await audit(town, issue);
  await expect
    .poll(() => Date.now(), { timeout: 10_000 })
    .toBeGreaterThan(Date.parse(opening?.request.expiresAt ?? ''));
  const swept = await start(town, { workflowPath: SWEEP, event: 'schedule' }).result;
  expect(endings(swept)).toBe('sweep success');
  expect(await audit(town, issue)).toMatchObject({ status: 'expired', approvedBy: [], open: false });
  gateway = await startGateway(town);
  expect(endings(await run.result)).toBe(UNAPPROVED.gateway);
});

/** What the gateway tells Prometheus. */
async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
