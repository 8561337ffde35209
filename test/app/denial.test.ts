/** Deny wins until the job has started: by whatever way a denial came, and however little of it anybody has seen. */
import { expect, test } from 'vitest';
import { approved, nothingRan } from './approved.ts';
import { unavailable } from './fake-github.ts';
import { eventsOf, faultOf, type World } from './world.ts';

test('§4.7 a /deny on the issue that nobody recorded keeps the job from starting', async () => {
  const { w, asked } = await approved();
  w.comment('di', '/deny I see an incident');
  expect((await faultOf(w.debug(asked))).message).toContain('Di denied');
  nothingRan(w, 'Di denied');
});

test('§4.7 a /deny between the start record and the command ends the job as refused: nothing ran', async () => {
  const { w, asked } = await approved();
  w.github.slow = { comment: 500 };
  void w.after(0.3, () => w.comment('di', '/deny'));
  const fault = await faultOf(w.debug(asked));
  expect(fault.message).toContain('Di denied');
  expect(w.commands).toEqual([]);
  expect(eventsOf(w).slice(3)).toEqual(['started', 'ended']);
  expect(w.records().at(-1)?.events[0]).toMatchObject({ outcome: 'failed', reason: 'refused' });
});

test('§4.7 such a /deny counts even where the time is over a moment later', async () => {
  const { w, asked } = await approved();
  const left = (Date.parse(asked.view.request.expiresAt) - w.clock.now()) / 1000;
  void w.after(left - 2.2, () => w.comment('di', '/deny'));
  void w.after(left - 2.6, () => (w.github.slow = { comment: 1_000, issue: 3_000 }));
  const fault = await faultOf(w.after(left - 2.5, () => w.debug(asked)));
  expect(fault.message).toContain('Di denied');
  expect(w.commands).toEqual([]);
});

test('§4.7 a denial that another listener records before the start wins', async () => {
  const { w, asked } = await approved();
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  await w.after(5, () => w.press('di', 'deny', { issue: 1 }));
  expect((await faultOf(w.debug(asked))).message).toContain('denied');
  nothingRan(w, 'denied');
  other.cancel();
  await other.result;
});

test.each([
  ['the requester', (w: World) => void w.comment('ana', '/deny')],
  ['somebody whom no rule names', (w: World) => void w.comment('ed', '/deny')],
  ['a stranger', (w: World) => void w.comment('stranger', '/deny')],
  [
    'an app in her name',
    (w: World) => void w.github.write({ id: 104, login: 'di-dev', bot: false }, '/deny', { throughApp: true }),
  ],
  ['whoever edited a comment into it', (w: World) => w.github.edit(w.comment('di', 'fine'), '/deny')],
])('a /deny by %s stops nothing', async (_, deny) => {
  const { w, asked } = await approved();
  deny(w);
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('§4.7 a /deny that no list shows yet keeps the job from starting: their count tells of it', async () => {
  const { w, asked } = await approved();
  w.github.lagMs = 3_000;
  w.comment('di', '/deny');
  expect((await faultOf(w.debug(asked))).message).toContain('Di denied');
  nothingRan(w, 'Di denied');
});

test('§4.6 a /deny of which GitHub does not tell whether an app wrote it keeps the job from starting', async () => {
  const { w, asked } = await approved();
  w.comment('di', '/deny');
  w.github.fail('readComment', { fault: unavailable() });
  expect((await faultOf(w.debug(asked))).code).toBe('unavailable');
  nothingRan(w, 'GitHub answered 503.');
});

test.each([0, 700])(
  '§4.7 a denial pressed about when the job starts (lists lag %i ms): whichever record stands first wins',
  async (lagMs) => {
    const outcomes = new Set<boolean>();
    for (let delay = 0; delay <= 120; delay += 20) {
      const { w, asked } = await approved();
      w.runOf(9002, { triggering: 'bo', actor: 'bo' });
      const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
      await w.after(60, () => (w.github.lagMs = lagMs));
      const pressed = w.after(delay / 1000, () => w.press('di', 'deny', { issue: 1 }));
      await w.after(0.06, () => w.debug(asked)).catch(() => null);
      await pressed;
      const types = eventsOf(w);
      const [denied, started] = [types.lastIndexOf('decided'), types.indexOf('started')];
      const deniedFirst = denied > 2 && (started === -1 || denied < started);
      outcomes.add(deniedFirst);
      expect([delay, w.commands.length]).toEqual([delay, deniedFirst ? 0 : 1]);
      other.cancel();
      await other.result;
    }
    expect(outcomes).toEqual(new Set([true, false]));
  },
);
