/** The last lines are the end of the output as people may see it: few, whole, without colours. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LAST_LINES } from '../../src/policy/last-lines.ts';
import { LAST_CHARACTERS, lastOf } from '../../src/request/last-lines.ts';
import { lastLines } from '../../src/runner/last-lines.ts';

function of(...chunks: string[]): string {
  const last = lastLines();
  for (const chunk of chunks) last.push(Buffer.from(chunk));
  return last.text();
}

test.each([
  ['nothing', [''], ''],
  ['less than there is room for', ['one\n', 'two\n'], 'one\ntwo'],
  ['a line that came in pieces', ['on', 'e\ntw', 'o'], 'one\ntwo'],
  ['lines of Windows', ['one\r\ntwo\r\n'], 'one\ntwo'],
  ['a line that was written over', ['0 %\r50 %\r', '100 %\nend\n'], '100 %\nend'],
  ['a line that is to be written over', ['one\n0 %\r50 %\r'], 'one\n50 %'],
  ['colours', ['\u001b[31mred\u001b[0m\n'], 'red'],
])('%s', (_, chunks, text) => {
  expect(of(...chunks)).toBe(text);
});

test('many lines: only the last forty, each whole', () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
  expect(of(...lines.map((line) => `${line}\n`)).split('\n')).toEqual(lines.slice(-LAST_LINES));
});

test('long lines: as many as there is room for, each whole', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `${i} ${'x'.repeat(500)}`);
  expect(of(`${lines.join('\n')}\n`).split('\n')).toEqual(lines.slice(-4));
});

test('one line that alone is too long: its end, marked as cut', () => {
  const text = of(`${'a'.repeat(20_000)}the end\n`);
  expect(text).toMatch(/^…a+the end$/);
  expect(text).toHaveLength(LAST_CHARACTERS);
});

test('whatever is printed, in whatever pieces: never more than there is room for, never half a character', () => {
  const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', 'ö'.repeat(3_000), '🔑'.repeat(2_500)));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(40), (pieces, count) => {
      const text = of(...pieces);
      expect(text.length).toBeLessThanOrEqual(LAST_CHARACTERS);
      expect(text.split('\n').length).toBeLessThanOrEqual(LAST_LINES);
      expect(text.isWellFormed() && !text.includes('\ufffd')).toBe(true);
      expect(lastOf(text, count).split('\n').length).toBeLessThanOrEqual(Math.max(1, count));
    }),
    { numRuns: 60 },
  );
});
