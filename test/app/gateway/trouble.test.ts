/** The gateway in trouble: what fails in one place, for a while or again and again, harms nobody else and costs no flood of calls. */
import { expect, test } from 'vitest';
import { Fault } from '../../../src/app/fault.ts';
import { POLICY_TEXT } from '../../request/given.ts';
import { notWritten, unavailable } from '../fake-github.ts';
import { key, oneOf } from '../policies.ts';
import { eventsOf } from '../world.ts';
import { ASKED, commented, gatewayPolicy, gatewayWorld } from './gateway-world.ts';

const told = (w: { gateway: { onGitHub(event: { kind: 'issue'; repository: number; issue: number }): void } }) =>
  w.gateway.onGitHub({ kind: 'issue', repository: 70, issue: 1 });

test('a repository that cannot be looked through keeps nobody from the others', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  const own = w.github.client();
  const refuses = async () => {
    throw new Fault('permission', 'GitHub answered 403.', 'Grant it.');
  };
  const gate = { review: refuses, say: refuses, waiting: refuses, openedBy: refuses };
  w.alsoLooksThrough.push({
    ...{ id: 69, ownerId: 7, name: 'acme/old', repository: { ...own, openRequests: refuses }, gate, dispatch: refuses },
  });
  w.held.push({ run: 9001, environment: 'production' });
  w.comment('bo', '/approve');
  await w.gateway.repair();
  await w.after(60, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
  expect(w.gatewayTold).toContainEqual(expect.stringContaining('acme/old'));
});

test('a policy that cannot be read for more than a minute, and then can, ends nothing', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  const unhandled: unknown[] = [];
  const hear = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', hear);
  w.github.slow.facts = 65_000;
  w.github.fail('facts', { fault: unavailable() });
  const slow = w.press('bo');
  await w.after(61, () => undefined);
  w.github.slow.facts = 5_000;
  told(w);
  expect(await slow).toBe(false);
  await w.after(60, () => undefined);
  process.off('unhandledRejection', hear);
  expect(unhandled).toEqual([]);
  expect(await w.press('bo')).toBe(true);
});

test('a reminder that GitHub does not take is tried again after a minute', async () => {
  const w = await gatewayWorld(gatewayPolicy(key('reminders: { after: 10m, times: 2 }')));
  await w.ask({ input: ASKED }).result;
  told(w);
  await w.after(590, () => w.github.fail('comment', { fault: notWritten(), times: 1_000 }));
  const before = w.github.done.length;
  await w.after(600, () => undefined);
  expect(w.github.done.length - before).toBeLessThan(100);
  expect(eventsOf(w)).toEqual(['requested']);
});

test('what people do while the gateway waits an outage out is looked at at once', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.hold();
  w.github.fail('poll', { fault: unavailable(), times: 5 });
  told(w);
  await w.after(100, () => w.press('bo'));
  await w.after(5, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
});

test('a log that is broken long after it was read is said on the issue and the card, too', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.hold();
  await w.after(30, () => w.press('bo'));
  await w.after(300, () => w.github.edit(w.github.issue(1).comments[1]?.id ?? 0, 'gone'));
  told(w);
  await w.after(120, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'rejected', comment: expect.stringContaining('broken') }]);
  expect(w.github.issue(1)).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

const MIRRORS = gatewayPolicy(['slack: { channel: C0APPROVE }', 'slack: { channel: C0APPROVE, mirror: true }']);

test('what is said in a thread is put on record though the policy is read anew meanwhile, and once', async () => {
  const w = await gatewayWorld(MIRRORS);
  await w.ask({ input: ASKED }).result;
  told(w);
  await w.after(45, () => w.reply('bo', 'What is the load now?'));
  await w.after(20, () => w.hold());
  await w.after(60, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'discussed']);
});

test('what is said in a thread waits until GitHub takes it', async () => {
  const w = await gatewayWorld(MIRRORS);
  await w.ask({ input: ASKED }).result;
  w.github.fail('comment', { fault: notWritten(), times: 2 });
  await w.after(10, () => w.reply('bo', 'What is the load now?'));
  await w.after(400, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'discussed']);
});

test('a press has its two seconds from when it came: nothing is on record of which Slack was told that it failed', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.github.slow.facts = 1_700;
  w.github.slow.issue = 700;
  expect(await w.press('bo')).toBe(false);
  await w.after(20, () => undefined);
  expect(eventsOf(w)).toEqual(['requested']);
  expect(await w.press('bo')).toBe(true);
});

test('an ended request is left as its own jobs left it, whatever happens to it later', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  await w.after(30, () => w.press('cy', 'deny'));
  await w.after(30, () => undefined);
  const changes = () => w.github.done.filter((one) => one === 'updateIssue').length;
  const before = changes();
  commented(w, 'bo', 'What a pity.');
  await w.after(30, () => undefined);
  expect(changes()).toBe(before);
});

test('a request is looked after no more once the app was taken out of its repository', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  told(w);
  await w.after(5, () => expect(w.gateway.open()).toBe(1));
  w.serving.as = null;
  await w.after(700, () => expect(w.gateway.open()).toBe(0));
});

test('another repository that has got the name of one is not taken for it', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  const own = w.github.client();
  w.serving.as = { repository: { ...own, facts: async (which) => ({ ...(await own.facts(which)), id: 99 }) } };
  expect(await w.press('bo')).toBe(false);
  expect(w.gatewayTold).toContainEqual(expect.stringContaining('is another repository now'));
});

test('refused attempts are counted in the next record, however long after', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  for (let times = 0; times < 3; times += 1) await w.press('zed');
  await w.after(70, () => told(w));
  await w.after(10, () => w.press('bo'));
  await w.after(10, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'decided', 'refusals-counted']);
});

test("jobs that wait for people or for another's rule are judged once, however often they are found", async () => {
  const w = await gatewayWorld();
  for (const run of [9101, 9102, 9103]) w.runOf(run);
  let searches = 0;
  const gate = {
    review: async () => 'gone' as const,
    say: async () => undefined,
    waiting: async () => [9101, 9102, 9103].map((run) => ({ run, environment: 'production' })),
    async openedBy() {
      searches += 1;
      return [];
    },
  };
  w.serving.as = { gate };
  const dispatch = async () => ({ runUrl: null });
  const shop = { id: 70, ownerId: 7, name: 'acme/shop', repository: w.github.client(), gate, dispatch };
  w.alsoLooksThrough.push(shop);
  await w.gateway.repair();
  await w.after(300, () => w.gateway.repair());
  await w.after(300, () => undefined);
  expect(searches).toBe(3 * 5);
  w.gateway.onGitHub({ kind: 'held', repository: 70, held: { run: 9101, environment: 'production' } });
  await w.after(60, () => undefined);
  expect(searches).toBe(4 * 5);
});

test("a record that GitHub's list shows late is no broken log: the job stays held until it shows", async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.hold();
  told(w);
  await w.after(60, () => undefined);
  w.github.lagMs = 30_000;
  expect(await w.press('bo')).toBe(true);
  await w.after(120, () => undefined);
  expect(w.answers).toMatchObject([{ verdict: 'approved' }]);
});

test("a broken log of an earlier attempt refuses no job of a later one's", async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  await w.after(30, () => w.press('bo'));
  w.runOf(9001, { attempt: 2 });
  await w.ask({ input: ASKED, job: { run: { id: 9001, attempt: 2 } } }).result;
  w.hold();
  w.github.edit(w.github.issue(1).comments[1]?.id ?? 0, 'gone');
  told(w);
  await w.after(60, () => undefined);
  expect(w.github.issue(1)).toMatchObject({ labels: ['debug-request', 'debug:error'] });
  expect(w.answers).toEqual([]);
});

test('whoever stops it waits for no look at what nobody asked for, and for no outage', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.github.fail('poll', { fault: unavailable(), times: 100 });
  told(w);
  w.runOf(9050);
  w.hold({ run: 9050 });
  await w.after(3, () => undefined);
  const before = w.clock.now();
  await w.gateway.stop();
  expect(w.clock.now() - before).toBeLessThan(2_000);
  expect(w.answers).toEqual([]);
});

test('a reply decides though somebody spoke in the thread before the card had its buttons', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  const shown = w.slack.cardOf();
  const { view } = shown;
  shown.view = { ...view, button: null };
  await w.reply('cy', 'What is this?');
  shown.view = view;
  await w.after(10, () => w.reply('bo', 'approve'));
  await w.after(10, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided']);
});

test('a reply below a card that nobody is asked by any more still stops the job; one that counts for nothing is answered', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  await w.after(30, () => w.press('bo'));
  await w.after(30, () => expect(w.slack.cardOf().view).toMatchObject({ status: 'approved', button: null }));
  await w.reply('cy', 'deny that is the wrong host');
  await w.after(30, () => undefined);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
  expect(w.slack.cardOf().view.status).toBe('denied');
  await w.reply('di', 'approve');
  await w.after(10, () => undefined);
  expect(w.slack.answers).toMatchObject([
    { user: 'UDI', text: expect.stringContaining('denied'), thread: expect.any(String) },
  ]);
  expect(eventsOf(w)).toHaveLength(3);
});

test('a repository whose policy names no gateway is told once a day, however many requests and jobs wait there', async () => {
  const w = await gatewayWorld(POLICY_TEXT);
  for (const run of [9001, 9002, 9003]) {
    w.runOf(run);
    w.ask({ job: { run: { id: run, attempt: 1 } } });
    w.held.push({ run, environment: 'production' });
  }
  await w.after(60, () => w.gateway.repair());
  await w.after(300, () => w.gateway.repair());
  await w.after(60, () => told(w));
  const said = () => w.gatewayTold.filter((text) => text.includes('names no gateway'));
  expect(said()).toHaveLength(1);
  await w.after(86_400, () => told(w));
  await w.after(10, () => undefined);
  expect(said()).toHaveLength(2);
});

test('what Slack does not take is shown again after a minute, five times at most', async () => {
  const w = await gatewayWorld(gatewayPolicy(oneOf('sre')));
  await w.ask({ input: ASKED }).result;
  w.hold();
  w.slack.broken.add('update');
  await w.press('bo');
  await w.after(30, () => expect(w.slack.cardOf().view.status).toBe('pending'));
  w.slack.broken.delete('update');
  await w.after(60, () => undefined);
  await w.after(1, () => expect(w.slack.cardOf().view).toMatchObject({ status: 'approved', button: null }));
  expect(w.answers).toHaveLength(1);
  w.slack.broken.add('update');
  const told = w.gatewayTold.length;
  await w.reply('cy', 'deny');
  await w.after(3_000, () => undefined);
  expect(w.gatewayTold.slice(told).filter((text) => text.includes('could not be updated'))).toHaveLength(6);
});
