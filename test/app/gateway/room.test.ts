/** How much the gateway does at once of what may wait. */
import { expect, test } from 'vitest';
import { newRoom } from '../../../src/app/gateway/room.ts';

/** A room in which work goes on until it is told to end. */
function watched(size: () => number) {
  const room = newRoom(size);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    come(name: string): Promise<void> {
      return room(() => {
        begun.push(name);
        return new Promise<void>((end) => ends.set(name, end));
      });
    },
    async end(name: string): Promise<void> {
      ends.get(name)?.();
      await settled();
    },
  };
}

/** All that was resolved has gone on. */
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

test('whoever finds no room waits, and comes in the order of coming', async () => {
  const { come, end, begun } = watched(() => 2);
  const all = ['a', 'b', 'c', 'd'].map(come);
  await settled();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c', 'd']) await end(name);
  await Promise.all(all);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('in a rush fewer are let in, none of those inside is sent away, and afterwards nobody is forgotten', async () => {
  let size = 3;
  const { come, end, begun } = watched(() => size);
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(come);
  await settled();
  size = 1;
  await end('a');
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  size = 3;
  await end('d');
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  for (const name of ['e', 'f', 'g']) await end(name);
  await Promise.all(all);
});

test('work that fails leaves its room to the next', async () => {
  const room = newRoom(() => 1);
  await expect(room(() => Promise.reject(new Error('It failed.')))).rejects.toThrow('It failed.');
  await expect(room(async () => 'done')).resolves.toBe('done');
});
