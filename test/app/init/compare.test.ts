/** What is there already: the same, lacking its executable bit, or something else whose difference shows. */
import { expect, test } from 'vitest';
import { compare } from '../../../src/app/init/compare.ts';

const file = { path: 'a.yml', text: 'one\ntwo\nthree\n', executable: false };
const against = (text: string, executable = true) =>
  compare([{ ...file, executable }], new Map([['a.yml', { text, executable: false }]]))[0];

test('nothing there is new; the same text is the same, whatever its line ends', () => {
  expect(compare([file], new Map())).toEqual([{ ...file, state: 'new', diff: [] }]);
  expect(against(file.text, false)).toMatchObject({ state: 'same', diff: [] });
  expect(against(file.text.replaceAll('\n', '\r\n'), false)).toMatchObject({ state: 'same' });
});

test('a script with the same text that nobody can execute is to be made executable', () => {
  expect(against(file.text)).toMatchObject({ state: 'mode', diff: [] });
});

test.each([
  ['one\n2\nthree\n', ['@@ line 2 @@', '-2', '+two']],
  ['one\nthree\n', ['@@ line 2 @@', '+two']],
  ['one\ntwo\nthree\nfour\n', ['@@ line 4 @@', '-four']],
  ['', ['@@ line 1 @@', '+one', '+two', '+three']],
])('what differs from %j shows', (text, diff) => {
  expect(against(text)).toMatchObject({ state: 'differs', diff });
});

test('a long difference is cut, and says how much is left out', () => {
  const long = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
  expect(against(long)?.diff).toContain('-… 22 more lines');
});
