/** Whatever a person writes, nothing of it is active on GitHub. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeFence, codeSpan, jsonString, link, shortened, tableCell, words } from '../../src/github/markdown.ts';
import { anyCharacter } from '../any-character.ts';

/** Text of the characters that Markdown, HTML and GitHub give a meaning to, and of anything else. */
const hostile = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '`',
        '``',
        '```',
        '~~~',
        '|',
        '\\',
        '\n',
        '\r',
        '\r\n',
        ' ',
        '@ana',
        '#1',
        '<!--',
        '-->',
        '<b>',
        '[a](b)',
        '&#64;',
        'www.a.example',
        'https://a.example',
        '\u202e',
        '\u200b',
        '\u0000',
        '$',
        'a',
        ':x:',
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
);

/** CommonMark: a code span opens with a run of backticks and ends at the next run of just that length. */
function leftOf(markdown: string): string {
  const open = /^`+/.exec(markdown)?.[0];
  if (open === undefined) return markdown;
  const close = Array.from(markdown.slice(open.length).matchAll(/`+/g)).find((run) => run[0].length === open.length);
  return close === undefined ? markdown : markdown.slice(open.length + close.index + open.length);
}

describe('a code span', () => {
  test('holds the whole text on one line, and only its own end ends it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = codeSpan(text);
        expect(markdown).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]/u);
        expect(text === '' ? '' : leftOf(markdown)).toBe('');
      }),
    );
  });

  test.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['``x`', '``` ``x` ```'],
    ['a\nb', '`a⟨U+000A⟩b`'],
    ['a\u202eb', '`a⟨U+202E⟩b`'],
    ['', '_(empty)_'],
  ])('of %j is %s', (text, markdown) => {
    expect(codeSpan(text)).toBe(markdown);
  });
});

test('a table cell holds code spans and pipes as entities, nothing else, on one line', () => {
  fc.assert(
    fc.property(
      fc.tuple(hostile, hostile, hostile).map((parts) => parts.join('|')),
      (text) => {
        let rest = tableCell(text);
        expect(rest).not.toMatch(/[\n\r]/);
        expect(rest.replaceAll('&#124;', '')).not.toContain('|');
        while (rest !== '') {
          const next = rest.startsWith('&#124;') ? rest.slice('&#124;'.length) : leftOf(rest);
          expect(next.length).toBeLessThan(rest.length);
          rest = next;
        }
      },
    ),
  );
});

test('a fence ends at its own last line and nowhere before', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = codeFence(text).split(/\r\n|[\r\n]/);
      const fence = /^`{3,}/.exec(lines[0] ?? '')?.[0] ?? '';
      const closing = lines.findIndex(
        (line, i) => i > 0 && new RegExp(`^ {0,3}\`{${fence.length},}[ \\t]*$`).test(line),
      );
      expect(fence).not.toBe('');
      expect(closing).toBe(lines.length - 1);
    }),
  );
});

describe('words', () => {
  test('of the policy stand as they are', () => {
    for (const text of ['2 of sre: Bo approved; 1 more of Cy, Di.', 'Ana', 'Waiting for 1 of security (Ed).']) {
      expect(words(text)).toBe(text);
    }
  });

  test('stand as code if GitHub would give anything in them a meaning', () => {
    const active = [
      '@ana',
      'see #1',
      'www.a.example',
      'GH-1',
      '1. item',
      '- item',
      'a_b_c',
      '<b>',
      'x:tada:',
      'cafe1234567',
      'a\nb',
      '*x*',
      'a `b`',
      '[a](b)',
      '&amp;',
      'https://a.example',
      '# x',
      '> x',
      '~x~',
      '$x$',
      '\\',
      ' x',
    ];
    for (const text of active) expect(words(text)).toMatch(/^`/);
  });

  test('hold no character of a meaning outside of code, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = words(text);
        expect(text === '' || leftOf(markdown) === '' || !/[`@#<>&[\]*_~|\\$!\n\r/]/.test(markdown)).toBe(true);
      }),
    );
  });
});

describe('a link', () => {
  test('leads to http and https alone', () => {
    expect(link('run 1', 'https://github.com/acme/shop/actions/runs/1')).toBe(
      '[run 1](<https://github.com/acme/shop/actions/runs/1>)',
    );
    expect(link('run 1', 'javascript:alert(1)')).toBe('`javascript:alert(1)`');
    expect(link('run 1', 'not a link')).toBe('`not a link`');
  });

  test('cannot be left by its address', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(link('file', `https://github.com/${text}`)).toMatch(/^\[file\]\(<https:[^<>\s|`@\\]*>\)$/);
      }),
    );
  });
});

test('a JSON string shows every invisible character and says the same', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(jsonString(text)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(JSON.parse(jsonString(text))).toBe(text);
    }),
  );
});

test('a shortened text keeps its limit and says how long it was', () => {
  expect(shortened('x'.repeat(100), 50)).toBe(`${'x'.repeat(24)} … (100 characters in all)`);
  expect(shortened('short', 50)).toBe('short');
});
