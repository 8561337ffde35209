/** What the page makes of issue texts and job logs. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { linksOf } from '../../../../src/sandbox/page/browser/chain.ts';
import { fold, isTooDeep } from '../../../../src/sandbox/page/browser/fold.ts';
import { leadsTo } from '../../../../src/sandbox/page/browser/leads-to.ts';
import { linesOf, maskedParts } from '../../../../src/sandbox/page/browser/log-lines.ts';

const folded = (text: string): unknown => fold(fromMarkdown(text).children);

describe('an issue’s text', () => {
  test("a record's block is one that opens and closes, with the record inside", () => {
    const text = 'Bo approved.\n\n<details><summary>Record 3</summary>\n\n```json\n{"seq":3}\n```\n\n</details>';
    expect(folded(text)).toMatchObject([
      { type: 'paragraph' },
      { type: 'details', summary: 'Record 3', children: [{ type: 'code', lang: 'json', value: '{"seq":3}' }] },
    ]);
  });

  test('a block that is never closed, and any other HTML, stays the text that it is', () => {
    expect(folded('<details><summary>Record 3</summary>\n\nno end')).toMatchObject([
      { type: 'html' },
      { type: 'paragraph' },
    ]);
    expect(folded('<img src=x onerror=alert(1)>')).toMatchObject([{ type: 'html' }]);
  });

  test('links lead to what the page shows itself, and nowhere else', () => {
    expect(leadsTo('http://127.0.0.1:4000/acme/shop/issues/12')).toBe('issue');
    expect(leadsTo('http://127.0.0.1:4000/acme/shop/actions/runs/15/attempts/2')).toBe('jobs');
    expect(leadsTo('https://example.com/')).toBeNull();
    expect(leadsTo('javascript:alert(1)')).toBeNull();
  });

  test.each([
    [30, false],
    [1_000, true],
    [20_000, true],
  ])('of %d quotes within each other is drawn as such: not %s', (depth, tooDeep) => {
    expect(isTooDeep(fromMarkdown(`${'>'.repeat(depth)} deep`).children)).toBe(tooDeep);
  });
});

describe('a job’s log', () => {
  const line = (step: string, text: string) => ({ step, stream: 'stdout' as const, text });

  test('names each step once, without the commit that it is pinned by', () => {
    const checkout = `actions/checkout@${'a'.repeat(40)}`;
    const lines = linesOf([line(checkout, 'one'), line(checkout, 'two'), line('Ask', 'three')]);
    expect(lines.map(({ step }) => step)).toEqual(['actions/checkout', null, 'Ask']);
  });

  test('shows an error as GitHub does, and tells what is meant for the runner from what is printed for people', () => {
    const kinds = linesOf([line('Run', '##[error]No.'), line('Run', '::stop-commands::x'), line('Run', 'Hello')]);
    expect(kinds.map(({ kind, text }) => [kind, text])).toEqual([
      ['error', 'Error: No.'],
      ['command', '::stop-commands::x'],
      ['stdout', 'Hello'],
    ]);
  });

  test('finds what was masked, by the product or by the runner', () => {
    expect(maskedParts('token ‹secret#1› and ***.')).toEqual([
      { text: 'token ', masked: false },
      { text: '‹secret#1›', masked: true },
      { text: ' and ', masked: false },
      { text: '***', masked: true },
      { text: '.', masked: false },
    ]);
  });
});

describe('the chain of records', () => {
  const comment = (record: object): string =>
    `Bo approved.\n\n<details><summary>Record 2</summary>\n\n\`\`\`json\n${JSON.stringify(record)}\n\`\`\`\n\n</details>`;
  const hash = `sha256:${'ab'.repeat(32)}`;
  const prev = `sha256:${'cd'.repeat(32)}`;

  test('a record is shown with its hash and with the one that it follows', () => {
    expect(linksOf(comment({ hash, prev: [prev] }))).toEqual({ hash: 'abababab', follows: ['cdcdcdcd'] });
    expect(linksOf(comment({ hash, prev: [] }))).toEqual({ hash: 'abababab', follows: [] });
  });

  test('a comment without a record has no place in it', () => {
    expect(linksOf(`I say "hash":"${hash}"`)).toBeNull();
  });
});
