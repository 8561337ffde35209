/** Names in a sentence, as English lists them. */
import { expect, test } from 'vitest';
import { listed } from '../../src/request/names.ts';

test.each([0, 1, 2, 3, 4])('%i names stand in a sentence as English lists them', (count) => {
  const names = ['Bo', 'Cy', 'Di', 'Ed'].slice(0, count);
  expect(listed(names)).toBe(new Intl.ListFormat('en').format(names));
});
