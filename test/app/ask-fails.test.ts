/** An ask job that fails half-way: what stands in GitHub and Slack says so, and nothing runs. */
import { expect, test } from 'vitest';
import type { AskInput } from '../../src/app/ask-check.ts';
import { Fault } from '../../src/app/fault.ts';
import { notWritten } from './fake-github.ts';
import { key, policyWith } from './policies.ts';
import { createWorld, eventsOf, faultOf } from './world.ts';

test('§4.6 an issue that cannot be opened asks nobody', async () => {
  const w = await createWorld();
  w.github.fail('createIssue', { fault: notWritten() });
  expect((await faultOf(w.ask().result)).code).toBe('not-written');
  expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
});

test('§4.6 an opening record that cannot be written ends as an error on issue and card', async () => {
  const w = await createWorld();
  w.github.fail('comment', { fault: notWritten() });
  expect((await faultOf(w.ask().result)).code).toBe('not-written');
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
  expect(w.slack.cardOf().view).toMatchObject({ status: 'error', button: null });
});

test('§4.6 a card that cannot be posted ends the request as an error, in the log too', async () => {
  const w = await createWorld();
  w.slack.broken.add('post');
  expect((await faultOf(w.ask().result)).message).toContain('channel_not_found');
  expect(eventsOf(w)).toEqual(['requested', 'errored']);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('§4.6 a Slack that cannot be listened to asks nobody', async () => {
  const w = await createWorld();
  w.slack.broken.add('connect');
  expect((await faultOf(w.ask().result)).code).toBe('slack');
  expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
});

test('§4.12 a failure while it waits ends the request as an error, in the log too', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const fault = new Fault('permission', 'The token may not read issues.', 'Write `issues: write`.');
  void w.after(10, () => w.github.fail('poll', { fault }));
  expect((await faultOf(asking.result)).code).toBe('permission');
  expect(eventsOf(w)).toEqual(['requested', 'errored']);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('a card that cannot be updated changes nothing: the log is the truth', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(5, () => w.slack.broken.add('update'));
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
  expect(asking.told.join()).toContain('could not be updated');
});

const GOES_ON: [string, string, Partial<AskInput>][] = [
  [
    'breaks the glass',
    policyWith(key('break-glass: { who: [ana], reason: { min-length: 5 }, review: { by: [bo], within: 1h } }')),
    { breakGlass: true },
  ],
  ['is pre-approved', policyWith(['require: { count: 2, of: sre }', 'require: none']), {}],
];
test.each(GOES_ON)('what %s goes on where Slack does not take its card, and says so', async (_, policy, input) => {
  const w = await createWorld(policy);
  w.slack.broken.add('post');
  const asking = w.ask({ input });
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asking.told.join('\n')).toMatch(
    /^! Nobody is told in Slack, and the request goes on without: .*channel_not_found/m,
  );
  expect(asked.view.notices).toEqual([expect.stringContaining('Nobody was told of this in Slack: ')]);
  expect(w.github.issue().body).toContain('Nobody was told of this in Slack');
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});
