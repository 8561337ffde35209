/** Gateway mode, whole: asked by a job that ends, decided in Slack or on the issue, held and released by GitHub's gate. */
import { expect, test } from 'vitest';
import { notWritten, unavailable } from '../fake-github.ts';
import { key, oneOf, policyWith } from '../policies.ts';
import { eventsOf } from '../world.ts';
import { ASKED, commented, gatewayPolicy, gatewayWorld } from './gateway-world.ts';

test('two people approve by button: both are on record, signed by the gateway, and the held job may start', async () => {
  const w = await gatewayWorld();
  const asked = await w.ask({ input: ASKED }).result;
  w.hold();
  const presses = [w.after(30, () => w.press('bo')), w.after(40, () => w.press('cy'))];
  expect(await Promise.all(presses)).toEqual([true, true]);
  await w.after(10, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
  expect(w.records().map(({ writer }) => 'gateway' in writer)).toEqual([false, true, true]);
  expect(w.answers).toMatchObject([{ run: 9001, environment: 'production', verdict: 'approved' }]);
  expect(w.waitsFor).toMatchObject([expect.stringContaining('Waits for approval:')]);
  expect(w.slack.cardOf().view).toMatchObject({ status: 'approved', button: null });
  expect(await w.debug(asked)).toMatchObject({ ended: { outcome: 'finished' } });
});

test('a comment on the issue decides as ever, once GitHub tells of it', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.hold();
  await w.after(30, () => commented(w, 'di', '/approve looks right'));
  await w.after(10, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided']);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
});

test('a denial refuses the held job, closes the issue and tells the requester', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.hold();
  await w.after(30, () => w.press('cy', 'deny'));
  await w.after(10, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'rejected', comment: expect.stringContaining('Cy') }]);
  expect(w.github.issue()).toMatchObject({ open: false, locked: true, labels: ['debug-request', 'debug:denied'] });
  expect(w.slack.told).toMatchObject([{ user: 'UANA', text: expect.stringContaining('Cy') }]);
});

test("a request that nobody decides expires by the gateway's clock, and its job is refused", async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });
  w.hold();
  await w.after(7_300, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'expired']);
  expect(w.answers).toMatchObject([{ verdict: 'rejected', comment: expect.stringContaining('Expired') }]);
});

test('a held job of a run without a request is refused: nobody goes around the action', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.runOf(9050);
  w.hold({ run: 9050 });
  await w.after(60, () => undefined);
  expect(w.answers).toMatchObject([
    {
      run: 9050,
      verdict: 'rejected',
      comment: expect.stringContaining('There is no debug request of run 9050, attempt 1'),
    },
  ]);
});

test('a re-run of the debug job alone is refused, with what to do instead', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.hold();
  await w.after(30, () => w.press('bo'));
  w.runOf(9001, { attempt: 2 });
  w.hold();
  await w.after(60, () => undefined);
  expect(w.answers.at(-1)).toMatchObject({
    verdict: 'rejected',
    comment: expect.stringContaining('Use "Re-run all jobs"'),
  });
});

test('a job in another environment of the same run is refused, whatever was approved', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  await w.after(30, () => w.press('bo'));
  w.hold({ environment: 'staging' });
  await w.after(60, () => undefined);
  expect(w.answers).toMatchObject([{ environment: 'staging', verdict: 'rejected' }]);
});

test('an issue that only says that it is of the run changes nothing', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  await w.github.client().createIssue({ title: 'x', body: w.github.issue(1).body, labels: ['debug-request'] });
  await w.after(30, () => w.press('bo', 'approve', { issue: 1 }));
  w.hold();
  await w.after(60, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
});

test('webhooks that come twice, late or not at all change nothing: what is missed is found by looking', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.held.push({ run: 9001, environment: 'production' });
  w.comment('bo', '/approve');
  await w.gateway.repair();
  await w.after(60, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
  for (let times = 0; times < 3; times += 1)
    w.gateway.onGitHub({ kind: 'held', repository: 70, held: { run: 9001, environment: 'production' } });
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });
  await w.after(60, () => undefined);
  expect(w.answers).toHaveLength(1);
  expect(eventsOf(w)).toEqual(['requested', 'decided']);
});

test('two replicas behave as one: what one heard the other answers', async () => {
  const w = await gatewayWorld();
  const other = await w.replica();
  await w.ask({ input: ASKED }).result;
  w.slack.connected.push(other.onSlack);
  w.hold();
  await w.after(30, () => w.press('bo', 'approve', { listener: 0 }));
  await w.after(5, () => w.press('cy', 'approve', { listener: 1 }));
  await w.after(60, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
});

test('a text that somebody changed ends the request and refuses its job', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.hold();
  w.github.issue(1).body = w.github.issue(1).body.replace('Orders hang', 'Nothing much');
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });
  await w.after(60, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'errored']);
  expect(w.answers).toMatchObject([{ verdict: 'rejected' }]);
});

test('of two replicas one reminds: whoever comes later sees that it is done', async () => {
  const w = await gatewayWorld(gatewayPolicy(key('reminders: { after: 10m, times: 2 }')));
  const other = await w.replica();
  await w.ask({ input: ASKED }).result;
  for (const one of [w.gateway, other]) one.onGitHub({ kind: 'issue', repository: 70, issue: 1 });
  await w.after(7_500, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'reminded', 'reminded', 'expired']);
  expect(w.slack.said).toHaveLength(2);
});

test('an outage of GitHub loses nothing: what was due is done when it is back', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.hold();
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });
  await w.after(7_100, () => w.github.fail('issue', { fault: unavailable(), times: 8 }));
  await w.after(4_000, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'expired']);
  expect(w.answers).toMatchObject([{ verdict: 'rejected' }]);
});

test('a press that could not be recorded is not acknowledged, and the person is told', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.github.fail('comment', { fault: notWritten() });
  expect(await w.after(10, () => w.press('bo'))).toBe(false);
  expect(w.slack.answers).toMatchObject([{ user: 'UBO', text: expect.stringContaining('was not recorded') }]);
});

test('a repository whose policy names no gateway, or another one, gets nothing recorded by this one', async () => {
  const w = await gatewayWorld(policyWith());
  const asking = w.ask();
  await w.after(5, () => undefined);
  const ack = await w.gateway.onSlack({
    ...{ kind: 'slash', decision: 'approve', text: '#1', channel: 'C1', trigger: null },
    ...{ slack: { team: 'T1', user: 'UBO' }, evidence: {} },
  });
  expect(ack).toMatchObject({ kind: 'told', text: expect.stringContaining('names no gateway') });
  asking.cancel();
  await asking.result;
  expect(eventsOf(w)).toEqual(['requested', 'cancelled']);
});

test.each([
  ['acme/shop#1 all fine', 'recorded'],
  ['https://github.com/acme/shop/issues/1 all fine', 'recorded'],
  ['#1 all fine', 'recorded'],
  ['acme/other#1', 'no repository acme/other'],
])('a slash command names its repository: %s', async (text, outcome) => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  const ack = await w.gateway.onSlack({
    ...{ kind: 'slash', decision: 'deny', text, channel: 'C1', trigger: null },
    ...{ slack: { team: 'T1', user: 'UBO' }, evidence: {} },
  });
  await w.after(60, () => undefined);
  const recorded = eventsOf(w).includes('decided');
  expect(recorded).toBe(outcome === 'recorded');
  if (!recorded) expect(ack).toMatchObject({ kind: 'told', text: expect.stringContaining(outcome) });
});

test('a broken log lets nothing start, and says so on the issue, the card and at the gate', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.hold();
  await w.after(30, () => w.press('bo'));
  await w.after(30, () => w.github.edit(w.github.issue(1).comments[1]?.id ?? 0, 'gone'));
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });
  await w.after(120, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'rejected', comment: expect.stringContaining('broken') }]);
  expect(w.github.issue(1)).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});
