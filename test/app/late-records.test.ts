/** Records that are written to a request which is over reach the webhook too: nobody is left who would tell of them but the sweep. */
// Loaded lazily by the ask job; loading it takes real time, which the virtual clock knows nothing of.
import '../../src/app/ask-deliveries.ts';
import { expect, test } from 'vitest';
import { openDeliveries } from '../../src/app/ask-deliveries.ts';
import { notConfirmed, unavailable } from './fake-github.ts';
import { another, approvedBy, asked, brokenGlass, busy, fakeReceiver, hashes, LABEL } from './fake-receiver.ts';
import { eventsOf, type World } from './world.ts';

async function sweptTwice(w: World, webhook: Parameters<typeof another>[1]): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await w.after(900, () => w.sweep({}, {}, [], webhook));
}

test.each([
  ['as a rule', () => {}],
  [
    'where the lists lag for long',
    (w: World) => {
      w.github.lagMs = 25_000;
    },
  ],
  [
    'where GitHub took the record and did not say so',
    (w: World) => w.github.fail('comment', { fault: notConfirmed(), written: true }),
  ],
  ['where the mark is refused once', (w: World) => w.github.fail('addLabel', { fault: unavailable() })],
])('a refused attempt on a request that is over marks it, and the next sweep tells of it: %s', async (_, trouble) => {
  const { w, receiver, webhook } = await brokenGlass();
  const other = another(w, webhook);
  await w.after(5, () => {
    trouble(w);
    void w.slash('ed', 'approve', '1');
  });
  await w.after(2, () => {
    w.github.lagMs = 0;
  });
  await w.after(30, () => other.cancel());
  await other.result;
  expect(w.github.issue().labels).toContain(LABEL);
  await sweptTwice(w, webhook);
  expect(eventsOf(w).at(-1)).toBe('refused');
  expect(hashes(w).filter((hash) => !receiver.taken.includes(hash))).toEqual([]);
  expect(w.github.issue().labels).not.toContain(LABEL);
});

test('what another job writes while the close job delivers is told by the sweep', async () => {
  const { w, receiver, webhook, close } = await brokenGlass();
  w.github.issue().labels.push(LABEL);
  const other = another(w, webhook);
  await w.after(3, () => null);
  receiver.slowMs = 4_000;
  const closing = close();
  await w.after(1, () => w.slash('ed', 'approve', '1'));
  await closing;
  receiver.slowMs = 20;
  other.cancel();
  await other.result;
  await sweptTwice(w, webhook);
  expect(eventsOf(w)).toContain('refused');
  expect(hashes(w).filter((hash) => !receiver.taken.includes(hash))).toEqual([]);
});

test('an overdue record that GitHub took without confirming it is told by the next sweep', async () => {
  const { w, receiver, webhook } = await brokenGlass();
  await w.after(3_700, () => w.github.fail('comment', { fault: notConfirmed(), written: true }));
  await w.sweep({}, {}, [], webhook);
  await sweptTwice(w, webhook);
  expect(eventsOf(w)).toContain('review-overdue');
  expect(hashes(w).filter((hash) => !receiver.taken.includes(hash))).toEqual([]);
});

test('a mark is set for itself: it brings no label back that was taken away meanwhile', async () => {
  const { w, receiver, webhook } = await brokenGlass();
  const other = another(w, webhook);
  await w.after(3, () => null);
  receiver.trouble = () => busy;
  await w.slash('ed', 'approve', '1');
  w.comment('di', '/review A stuck lock; OPS-2 follows it up');
  await w.after(1, () => w.sweep({}, {}, [], {}));
  await w.after(30, () => other.cancel());
  await other.result;
  expect(eventsOf(w)).toContain('reviewed');
  expect(w.github.issue().labels).toEqual(expect.arrayContaining([LABEL]));
  expect(w.github.issue().labels).not.toContain('debug:review-due');
});

test('marks hold the ask job no longer than 5 s at its end', async () => {
  const { w, webhook } = await brokenGlass();
  w.runOf(9002);
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } }, ...webhook });
  const from = w.clock.now();
  void w.after(10, () => w.press('bo', 'approve', { issue: 2 }));
  void w.after(20, () => {
    w.github.slow = { addLabel: 60_000 };
    void w.slash('ed', 'approve', '1');
  });
  void w.after(21, () => w.press('cy', 'approve', { issue: 2 }));
  expect((await other.result).approved).toBe(true);
  expect(w.clock.now() - from).toBeLessThan(21_000 + 5_500);
});

test('a record with a lower comment id that shows late is sent, too, and nothing is handed over as if it stood at its place', async () => {
  const { w, asking } = await asked();
  const { reading } = await approvedBy(w, asking);
  const receiver = fakeReceiver(w);
  const desk = { clock: w.clock, progress: { info() {}, warn() {} }, trust: { repositoryId: 70 } };
  const place = { repositoryName: 'acme/shop', serverUrl: 'https://github.com' };
  const deliveries = await openDeliveries({ ...desk, ...place } as never, receiver.at, 'https://hooks.example.com/');
  const entries = reading.log.entries.filter((_, index) => index !== 1);
  deliveries.offer({ ...reading, log: { ...reading.log, entries } });
  await w.after(5, () => null);
  deliveries.offer(reading);
  await w.after(5, () => null);
  const [first, second, third] = hashes(w);
  expect(receiver.taken).toEqual([first, third, second]);
  expect(await deliveries.end(true)).toEqual({ count: 3, last: third });
});

test('labels that people put on a request stay', async () => {
  const { w, asking, close } = await asked();
  void w.after(5, () => w.github.issue().labels.push('incident-7'));
  await w.debug(await approvedBy(w, asking));
  await close('success');
  expect(w.github.issue().labels).toEqual(['debug-request', 'debug:finished', 'incident-7']);
});
