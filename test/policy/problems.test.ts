/** How a mistake is written down: where it is, in the order of the text. */
import { expect, it } from 'vitest';
import { formatProblems, inOrder, pathText } from '../../src/policy/problems.ts';

it.each([
  [[], ''],
  [['people'], 'people'],
  [['people', 'ana', 'github', 'id'], 'people.ana.github.id'],
  [['rules', 0, 'require', 'any', 1], 'rules[0].require.any[1]'],
  [['link-by-email'], 'link-by-email'],
  [['people', 'Ana B'], 'people."Ana B"'],
  [['people', '.ana'], 'people.".ana"'],
  [['people', 'ana.'], 'people."ana."'],
  [['people', ''], 'people.""'],
  [['a"b'], '"a\\"b"'],
])('the place %j is written %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});

it('problems stand in the order of the text, by line and then by column, each on one line', () => {
  const problem = (line: number, column: number, path: string) => ({ line, column, path, message: 'is wrong.' });
  const all = [problem(2, 9, 'c'), problem(10, 1, 'd'), problem(2, 3, 'b'), problem(1, 7, '')];
  expect(formatProblems('policy.yml', inOrder(all))).toBe(
    [
      'policy.yml:1:7: is wrong.',
      'policy.yml:2:3: b: is wrong.',
      'policy.yml:2:9: c: is wrong.',
      'policy.yml:10:1: d: is wrong.',
    ].join('\n'),
  );
});
