/** Text of others made visible. */
import { describe, expect, test } from 'vitest';
import { commandLine, oneLine, visible } from '../../src/request/plain-text.ts';

describe('hidden characters are written out', () => {
  test.each([
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['a\u200bb', 'a⟨U+200B⟩b'],
    ['a\u0007b', 'a⟨U+0007⟩b'],
    ['a\u2028b', 'a⟨U+2028⟩b'],
    ['a\u2029b', 'a⟨U+2029⟩b'],
    ['a\ue000b', 'a⟨U+E000⟩b'],
    ['a\u3164b', 'a⟨U+3164⟩b'],
    ['a\u2800b', 'a⟨U+2800⟩b'],
    ['a\u{e0041}b', 'a⟨U+E0041⟩b'],
    ['a\rb', 'a⟨U+000D⟩b'],
    ['a\r\nb\n', 'a\nb\n'],
    ['a\tb', 'a    b'],
    ['a\ud800b', 'a\ufffdb'],
    ['ä & <b>', 'ä & <b>'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

test('on one line every white space is one space', () => {
  expect(oneLine('  a\t b\r\n\n c\u00a0\u200b ')).toBe('a b c ⟨U+200B⟩');
});

test('on one line a tab is white space as any other', () => {
  expect(oneLine('a\tb\t')).toBe('a b');
});

test('in a command the limits of each argument show', () => {
  expect(commandLine(['runbooks/x.sh', '--a=b', 'c d', '', '"', 'ü', '\u202e', "it's", 'a\nb', '+%@:,.-_=1'])).toBe(
    'runbooks/x.sh --a=b "c d" "" "\\"" "\\u00fc" "\\u202e" "it\'s" "a\\nb" +%@:,.-_=1',
  );
  expect(commandLine([])).toBe('');
});
