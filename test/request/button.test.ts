/** A button's value: what goes in comes out, and nothing else is taken. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeButton, encodeButton } from '../../src/request/button.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((c) => c.join(''));
const id = fc.integer({ min: 1 });
const VALUE = { issue: 12, request: '77/4242/1', digest: `sha256:${'ab12'.repeat(16)}`, policyBlob: 'c'.repeat(40) };

test('whatever request a button names, its value comes back whole and fits Slack', () => {
  const value = fc.record({
    issue: id,
    request: fc.tuple(id, id, id).map((ids) => ids.join('/')),
    digest: hex(64).map((h) => `sha256:${h}`),
    policyBlob: fc.oneof(hex(40), hex(64)),
  });
  fc.assert(
    fc.property(value, (wanted) => {
      const text = encodeButton(wanted);
      expect(text.length).toBeLessThanOrEqual(2000);
      expect(decodeButton(text)).toEqual(wanted);
    }),
  );
});

const TEXT = encodeButton(VALUE);
test.each([
  ['an empty text', ''],
  ['no JSON', 'approve'],
  ['null', 'null'],
  ['white space', ` ${TEXT}`],
  ['a further field', TEXT.replace('{', '{"x":1,')],
  ['a doubled field', TEXT.replace('{', '{"i":13,')],
  ['a missing field', TEXT.replace(/,"p".*/, '}')],
  ['another digest', TEXT.replace('sha256:', 'sha1:')],
  ['an issue that is no number', TEXT.replace('"i":12', '"i":"12"')],
  ['an issue below one', TEXT.replace('"i":12', '"i":0')],
  ['two thousand spaces', TEXT.replace('{', `{${' '.repeat(2000)}`)],
])('given %s, when read as a button, then it is none', (_, text) => {
  expect(decodeButton(text)).toBeNull();
});

test('given what no button may carry, when written, then it fails instead of making a button, and says what', () => {
  expect(() => encodeButton({ ...VALUE, digest: 'sha256:short' })).toThrow(
    new TypeError(
      `A button cannot carry this request: {"i":12,"r":"77/4242/1","d":"sha256:short","p":"${'c'.repeat(40)}"}`,
    ),
  );
});

test('a value of 2,000 characters is a button’s, one longer is none: Slack would not take it', () => {
  const room = 2000 - TEXT.length + '77'.length;
  const of = (digits: number) => ({ ...VALUE, request: `${'7'.repeat(digits)}/4242/1` });
  expect(encodeButton(of(room))).toHaveLength(2000);
  expect(decodeButton(encodeButton(of(room)))).toEqual(of(room));
  const start = `A button cannot carry this request: {"i":12,"r":"${'7'.repeat(200 - '{"i":12,"r":"'.length)}`;
  expect(() => encodeButton(of(room + 1))).toThrow(new TypeError(start));
});
