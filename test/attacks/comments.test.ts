/** Attacks by comments on the issue while ask waits: forged approvals, floods, and outages at the worst moment. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { looksAs, only } from '../app/looks.ts';
import { createWorld, eventsOf, type World } from '../app/world.ts';

/** REST has no time of an edit, only `updated_at` in whole seconds: an edit within the comment's first second shows not. */
function pollsAsRestDoes(w: World): void {
  const { client } = w.github;
  w.github.client = () => {
    const real = client();
    return {
      ...real,
      async poll(issue) {
        const comments = await real.poll(issue);
        return (
          comments?.map((one) => ({ ...one, editedAt: one.editedAt === one.createdAt ? null : one.editedAt })) ?? null
        );
      },
    };
  };
}

/** The request stays pending until it is cancelled after these seconds. */
async function cancelledAfter(w: World, asking: ReturnType<World['ask']>, seconds: number) {
  await w.after(seconds, asking.cancel);
  return (await asking.result).reading.state;
}

test.each(['/approve', '/approve looks fine'])(
  "§4.4 a writer who turns others' comments into %s within their first second approves nothing",
  async (forged) => {
    const w = await createWorld();
    pollsAsRestDoes(w);
    const asking = w.ask();
    await w.after(10, () => w.github.edit(w.comment('bo', 'What is this?'), forged));
    await w.after(1, () => w.github.edit(w.comment('cy', '/deny'), forged));
    const state = await cancelledAfter(w, asking, 30);
    expect(state.status).toBe('cancelled');
    expect(state.decisions).toEqual([]);
    expect(eventsOf(w)).not.toContain('decided');
  },
);

test('§4.7 a comment that the poll shows before any snapshot does is judged once it stands there', async () => {
  const w = await createWorld();
  let hidden: number | null = null;
  looksAs(w, (real) =>
    only(
      real,
      real.comments.filter(({ id }) => id !== hidden),
    ),
  );
  const asking = w.ask();
  await w.after(10, () => {
    hidden = w.comment('di', '/deny');
  });
  // Later comments do not have to wait for it.
  await w.after(1, () => w.comment('bo', '/approve'));
  await w.after(20, () => expect(eventsOf(w)).toEqual(['requested', 'decided']));
  hidden = null;
  expect((await asking.result).reading.state.status).toBe('denied');
});

test.each([
  ['oidc', new Fault('oidc', "GitHub's OIDC service gave no ID token: it answered 503.", 'Try again.')],
  ['rate-limited', new Fault('rate-limited', 'GitHub answered 403.', 'Try again.')],
])('§4.6 a failure (%s) while a stranger is refused ends no request', async (_, fault) => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => w.github.fail('comment', { fault, times: 2 }));
  w.comment('nobody', '/approve');
  void w.after(60, () => w.press('bo'));
  void w.after(70, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test('§4.7 a list that shows a record before the one that it follows ends no request', async () => {
  const w = await createWorld();
  let torn = 0;
  looksAs(w, (real) => {
    if (torn === 0) return real;
    torn -= 1;
    return { ...real, comments: real.comments.filter((_, index) => index !== 0) };
  });
  const asking = w.ask();
  await w.after(10, () => w.press('bo'));
  await w.after(20, () => {
    torn = 2;
    w.comment('cy', '/approve');
  });
  expect((await asking.result).approved).toBe(true);
});

test('§4.6 a stranger who repeats a refused command costs no reads, and is counted', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => w.comment('nobody', '/approve'));
  await w.after(20, () => null);
  const before = w.github.done.filter((what) => what === 'issue').length;
  for (let n = 0; n < 200; n += 1) w.comment('nobody', '/approve');
  await w.after(30, () => null);
  expect(w.github.done.filter((what) => what === 'issue').length - before).toBeLessThan(10);
  asking.cancel();
  await asking.result;
  expect(w.records().at(-1)?.events).toMatchObject([
    { type: 'cancelled' },
    { type: 'refusals-counted', counts: { 'github:999': 200 } },
  ]);
});

test("§4.8 comments of sixty thousand line breaks hold nobody's decision up", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => {
    for (let n = 0; n < 15; n += 1) w.comment('nobody', `/deny${'\n'.repeat(65_000)}x`);
  });
  void w.after(20, () => w.press('bo'));
  void w.after(30, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});
