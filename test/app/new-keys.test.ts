/** Keys that GitHub begins to sign with while a job goes on, and records of one's own that nobody could verify. */

import { expect, test } from 'vitest';
import { jobOf } from '../../src/log/record.ts';
import { fakeIssuer } from './fake-issuer.ts';
import { createWorld, eventsOf, faultOf, type World } from './world.ts';

/** From the fifth second on GitHub signs with another key; `published`: it says which. */
async function rotatedWhileWaiting(published: boolean) {
  const world = await createWorld();
  const { issuer } = world;
  const next = fakeIssuer();
  const key = await next.rotate('k2');
  const asking = world.ask();
  void world.after(5, () => {
    const before = issuer.keys();
    issuer.sign = next.sign;
    if (published) issuer.keys = () => [key, ...before];
  });
  return { world, asking };
}

const pressed = (world: World, seconds: number, person: string) =>
  world.after(seconds, () => world.press(person, 'approve'));

test('given a key that is published and used while a request waits, then what people decide counts, and so does the job', async () => {
  const { world, asking } = await rotatedWhileWaiting(true);
  const acknowledged = [pressed(world, 10, 'bo'), pressed(world, 20, 'cy')];
  const asked = await asking.result;
  expect(await Promise.all(acknowledged)).toEqual([true, true]);
  expect(asked.approved).toBe(true);
  await world.debug(asked);
  expect(eventsOf(world)).toEqual(['requested', 'decided', 'decided', 'started', 'ended']);
});

test('given that another job recorded decisions with a key published since, then the job that waits counts them', async () => {
  const { world, asking } = await rotatedWhileWaiting(true);
  world.runOf(9002);
  const other = await world.after(10, () =>
    world.ask({ job: { run: { id: 9002, attempt: 1 } }, input: { target: 'staging' } }),
  );
  const acknowledged = ['bo', 'cy'].map((person, index) =>
    world.after(10 + index, () => world.press(person, 'approve', { issue: 1, listener: 1 })),
  );
  expect((await asking.result).approved).toBe(true);
  expect(await Promise.all(acknowledged)).toEqual([true, true]);
  expect(world.records().map(({ writer }) => jobOf(writer)?.run)).toEqual([9001, 9002, 9002]);
  other.cancel();
  await other.result;
});

test('given a key that nobody publishes, then a press is not acknowledged and nothing is written', async () => {
  const { world, asking } = await rotatedWhileWaiting(false);
  const acknowledged = pressed(world, 10, 'bo');
  void world.after(30, () => asking.cancel());
  const fault = await faultOf(asking.result);
  expect(await acknowledged).toBe(false);
  expect(fault).toMatchObject({ code: 'oidc' });
  expect(fault.message).toContain('it has no RSA key k2');
  expect(eventsOf(world)).toEqual(['requested']);
  expect(world.github.issue().labels).toContain('debug:error');
});

test('given that a job’s own records do not count, then its end is not written again and again', async () => {
  const world = await createWorld();
  const asking = world.ask();
  void world.after(10, () => {
    // GitHub stamps what is written from now on five minutes after the token.
    const { comments } = world.github.issue();
    const push = comments.push.bind(comments);
    comments.push = (...added) => {
      for (const one of added) one.createdAt = new Date(world.clock.now() + 300_000).toISOString();
      return push(...added);
    };
    asking.cancel();
  });
  const fault = await faultOf(asking.result);
  expect(fault.message).toContain('300');
  expect(world.github.issue().comments.length).toBeLessThan(4);
});
