/** Of a set-up with one thing wrong doctor tells that, nothing else, and what to do about it. */
import { expect, test } from 'vitest';
import { BROKEN } from './doctor-breaks.ts';
import { diagnosis, examined } from './doctor-world.ts';

test.each(BROKEN)('is told of that, and of nothing else: %s', async (_, change, id) => {
  const wrong = (await examined(change)).filter(({ health }) => health === 'wrong');
  expect(wrong.map((one) => one.id)).toEqual([id]);
});

test('each is told with what to do about it', async () => {
  const told: string[] = [];
  for (const [title, change] of BROKEN) told.push(`# ${title}\n${diagnosis(await examined(change))}`);
  await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot('golden/doctor-breaks.txt');
});
