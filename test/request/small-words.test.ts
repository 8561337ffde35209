/** Small texts that others rely on: the last lines of an output, the run that an issue names, a moment. */
import { expect, test } from 'vitest';
import { instant } from '../../src/request/instant.ts';
import { LAST_CHARACTERS, lastOf } from '../../src/request/last-lines.ts';
import { runInBody } from '../../src/request/run-in-body.ts';

test.each([
  ['one\ntwo\nthree\n', 2, 'two\nthree'],
  ['one\r\ntwo\r\n\r\n', 5, 'one\ntwo'],
  ['  one\ntwo', 2, '  one\ntwo'],
  ['one\ntwo', 0, ''],
])('the last lines of %j, %i at most', (text, count, last) => {
  expect(lastOf(text, count)).toBe(last);
});

test('as many of the last lines stand there as there is room for, each whole', () => {
  const half = 'x'.repeat(LAST_CHARACTERS / 2);
  expect(lastOf(`${half}\n${half.slice(1)}`, 9)).toBe(`${half}\n${half.slice(1)}`);
  expect(lastOf(`${half}\n${half}`, 9)).toBe(half);
});

test('of a line that alone is longer its end stands there, marked as cut, and never half a character', () => {
  expect(lastOf('x'.repeat(LAST_CHARACTERS), 1)).toBe('x'.repeat(LAST_CHARACTERS));
  expect(lastOf('x'.repeat(LAST_CHARACTERS + 1), 1)).toBe(`…${'x'.repeat(LAST_CHARACTERS - 1)}`);
  const kept = '🔑'.repeat(LAST_CHARACTERS / 2 - 1);
  expect(lastOf('🔑'.repeat(LAST_CHARACTERS), 1)).toBe(`…${kept}`);
});

test("an issue's run is what its table's own row says, and no words of people's can say it", () => {
  const row = '| Run | [run 9001, attempt 12](https://github.com/acme/shop/actions/runs/9001) |';
  expect(runInBody(`**Pending**\n\n${row}\n| Commit | \`c\` |`)).toEqual({ id: 9001, attempt: 12 });
  expect(runInBody(`\`${row}\``)).toBeNull();
  expect(runInBody(`> ${row}`)).toBeNull();
  expect(runInBody('| Run | [run x, attempt 1]() |')).toBeNull();
  expect(runInBody('| Run | [run 9001, attempt x]() |')).toBeNull();
  expect(runInBody('')).toBeNull();
});

test('a moment is said in whole seconds of UTC', () => {
  expect(instant(Date.parse('2026-03-02T10:00:00.987Z'))).toBe('2026-03-02T10:00:00Z');
});
