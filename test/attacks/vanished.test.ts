/** Attacks on whole requests: an issue deleted, hidden from whoever looks for its label, or shortened without a trace. */
import { expect, test } from 'vitest';
import { createWorld, type World } from '../app/world.ts';

/** So many requests, one after the other, each cancelled: openings name the five before them. */
async function requests(count: number): Promise<World> {
  const w = await createWorld();
  for (let n = 1; n <= count; n += 1) {
    const id = 9000 + n;
    w.runOf(id);
    const asking = w.ask({ job: { run: { id, attempt: 1 } } });
    void w.after(10, asking.cancel);
    await asking.result.catch(() => null);
  }
  w.github.done.length = 0;
  return w;
}

/** What a scheduled sweep warns of. */
async function warned(w: World): Promise<string[]> {
  const told: string[] = [];
  await w.sweep({}, {}, told);
  return told.filter((line) => line.startsWith('! '));
}

test('§4.8 requests that are all there cost the sweep no look', async () => {
  const w = await requests(3);
  expect(await warned(w)).toEqual([]);
  expect(w.github.done.filter((one) => one === 'issue')).toEqual([]);
});

test('§4.8 a whole deleted issue is named by the sweep, with the head that a later opening knows', async () => {
  const w = await requests(3);
  const head = w.records(2).at(-1)?.hash;
  w.github.issues.delete(2);
  expect(await warned(w)).toEqual([
    `! Request #2, which the opening of #3 names with 2 records up to ${head}, is gone: its issue was deleted, or moved to another repository.`,
  ]);
});

test('§4.8 a request whose label somebody took away is found by the openings that name it', async () => {
  const w = await requests(2);
  w.github.issue(1).labels = [];
  expect(await warned(w)).toEqual([expect.stringMatching(/^! Request #1, .* has lost its label debug-request: /)]);
});

test('§4.8 records cut off without a trace are missed by the sweep that reads what a later opening knew', async () => {
  const w = await requests(2);
  w.github.issue(1).comments.pop();
  expect(await warned(w)).toEqual([
    expect.stringMatching(
      /^! Request #1, .* is not as it was: the log does not hold the record sha256:\w+ that it had/,
    ),
  ]);
});

test('§4.8 requests that merely are older than those which GitHub lists cost the sweep no look', async () => {
  const w = await requests(8);
  expect(await warned(w)).toEqual([]);
  expect(w.github.done.filter((one) => one === 'issue')).toEqual([]);
});
