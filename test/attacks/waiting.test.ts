/** Attacks on the wait itself: a log that lags, talk without end, and what is taken away unseen. No healthy request ends as an error. */
import { expect, test } from 'vitest';
import { looksAs, only } from '../app/looks.ts';
import { createWorld, faultOf, type World } from '../app/world.ts';

const STRANGER = { id: 999, login: 'stranger', bot: false };

/** Bo approves at this second, Cy and Di long after, which is enough for the policy. */
function approveFrom(w: World, second: number): void {
  void w.after(second, () => w.press('bo'));
  void w.after(40, () => w.press('cy'));
  void w.after(50, () => w.press('di'));
}

test('§4.7 one look by a replica that lacks a record read before ends no healthy request', async () => {
  const w = await createWorld();
  let stale = false;
  looksAs(w, (real) => {
    if (!stale) return real;
    stale = false;
    return only(
      real,
      real.comments.filter((_, index) => index !== 1),
    );
  });
  const asking = w.ask();
  approveFrom(w, 10);
  void w.after(20, () => {
    stale = true;
    // It makes the poll differ, so that the whole is looked at.
    w.github.write({ id: 41898282, login: 'github-actions', bot: true }, 'The build is green.');
  });
  expect((await asking.result).approved).toBe(true);
});

test('§4.7 nor does a replica that lags for seconds after a press was read', async () => {
  const w = await createWorld();
  const began = w.clock.now();
  const lags = (): boolean => w.clock.now() - began > 13_000 && w.clock.now() - began < 17_000;
  looksAs(w, (real) => (lags() ? only(real, real.comments.slice(0, 1)) : real));
  const { client } = w.github;
  w.github.client = () => {
    const real = client();
    return { ...real, poll: async (number) => (lags() ? null : real.poll(number)) };
  };
  const asking = w.ask();
  approveFrom(w, 11);
  expect((await asking.result).approved).toBe(true);
});

test.each([
  [500, 0.4],
  [1_500, 1],
  [2_900, 2.5],
])(
  '§4.8 a stranger who goes on commenting while lists lag %d ms, every %d s, ends no request',
  async (lagMs, every) => {
    const w = await createWorld();
    w.github.lagMs = lagMs;
    const asking = w.ask();
    for (let second = 20; second < 45; second += every) {
      void w.after(second, () => w.github.write(STRANGER, 'hello'));
    }
    void w.after(25, () => w.press('bo'));
    void w.after(80, () => w.press('cy'));
    void w.after(90, () => w.press('di'));
    expect((await asking.result).approved).toBe(true);
  },
);

test('§4.8 the opening record deleted while another stands is noticed at the next poll, before anybody acts', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(30, () => w.github.remove(w.github.issue().comments[0]?.id ?? 0));
  const began = w.clock.now();
  expect(await faultOf(asking.result)).toMatchObject({ code: 'log', message: expect.stringContaining('deleted') });
  expect(w.clock.now() - began).toBeLessThan(60_000);
});

test('§4.6 an hour of talk on the issue costs a waiting job few of the calls that all jobs share', async () => {
  const w = await createWorld();
  const asking = w.ask();
  let polls = 0;
  const { client } = w.github;
  w.github.client = () => {
    const real = client();
    return {
      ...real,
      async poll(number) {
        const comments = await real.poll(number);
        if (comments !== null) polls += 1;
        return comments;
      },
    };
  };
  let before = 0;
  void w.after(5, () => {
    before = w.github.done.length;
    const id = w.github.write(STRANGER, 'a');
    for (let n = 1; n < 700; n += 1) void w.after(n * 5, () => w.github.edit(id, `a${n}`));
  });
  await asking.result.catch(() => null);
  const reads = w.github.done.slice(before).filter((operation) => operation === 'issue').length;
  expect(polls).toBeLessThan(150);
  expect(reads).toBeLessThan(10);
});
