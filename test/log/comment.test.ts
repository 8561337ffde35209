/** A record's comment: what people read, and that nothing in it can pass for something else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMENT_LIMIT, parseComment, renderComment } from '../../src/log/comment.ts';
import { recordHash, sealRecord } from '../../src/log/record.ts';
import type { Event } from '../../src/request/events.ts';
import { anyCharacter } from '../any-character.ts';
import * as b from './build.ts';

const written = (comment: string): Event => ({ ...b.decided('bo'), comment }) as Event;
const sealed = (comment: string) => b.draft(b.EMPTY, b.ASK, [written(comment)]);
const bodyOf = (comment: string) => {
  const rendered = renderComment(sealed(comment));
  if (!rendered.ok) throw new Error(rendered.message);
  return rendered.body;
};

const ATTACKS = [
  '```\n</details>\n@here',
  '<details><summary>Record 1</summary>\n\n```json\n{}\n```\n\n</details>',
  'a\r<details><summary>Record 1</summary>\r',
  'a\u2028<details><summary>Record 1</summary>\u2028',
  '--> <!-- {{ secrets.X }}',
  '````````',
  ' \n\n ',
  'evil \u202e txt.\u0007',
];

test.each(ATTACKS)('free text %j stays inside its fence, and the record reads back the same', (text) => {
  const body = bodyOf(text);
  expect(parseComment(body)).toEqual({ kind: 'record', record: sealed(text) });
  const [head, label, fence, ...rest] = body.split('\n').filter((line) => line !== '');
  expect(head).toBe('Bo wrote decided.');
  expect(label).toBe('Comment:');
  expect(fence).toMatch(/^`{3,}text$/);
  const close = rest.indexOf((fence ?? '').replace('text', ''));
  expect(rest.slice(0, close).every((line) => line.startsWith(' '))).toBe(true);
  expect(rest.slice(close + 1)).toHaveLength(5);
});

test('whatever people write, the record reads back the same, and its block has no markup of theirs', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (text) => {
      const body = bodyOf(text);
      expect(parseComment(body)).toEqual({ kind: 'record', record: sealed(text) });
      const json = body.split('\n').at(-4) ?? '';
      expect(json).toMatch(/^\{[^<>`]*\}$/);
    }),
    { numRuns: 200 },
  );
});

test('a comment that GitHub would not take is refused with both numbers, one that it takes is not', () => {
  // The text stands in the comment twice: in the fence and in the record.
  const most = 1 + Math.floor((COMMENT_LIMIT - bodyOf('x').length) / 2);
  expect(renderComment(sealed('x'.repeat(most))).ok).toBe(true);
  expect(renderComment(sealed('x'.repeat(most + 1))).ok).toBe(false);
  expect(renderComment(sealed('x'.repeat(40_000)))).toMatchObject({
    ok: false,
    message: expect.stringMatching(/8\d{4}.*65536/),
  });
});

test('a comment without a record is none', () => {
  expect(parseComment('/approve')).toEqual({ kind: 'none' });
  expect(parseComment('')).toEqual({ kind: 'none' });
});

const good = bodyOf('Fine');
const SENTENCE = 'Bo wrote decided.';
test.each([
  ['a second record', `${good}\n\n${good}`],
  ['text after the block', `${good}\nand more`],
  ['another sentence', good.replace(SENTENCE, 'Bo denied.')],
  ['a sentence that is longer', good.replace(SENTENCE, `${SENTENCE} Not!`)],
  ['text before the sentence', `Ignore this: ${good}`],
  ['a field twice', good.replace('"v":1', '"v":1,"v":1')],
  ['a field more', good.replace('"v":1', '"v":1,"w":1')],
  ['another version', good.replace('"v":1', '"v":2')],
  ['spaces in the JSON', good.replace('"v":1', '"v": 1')],
  ['an escape that is not needed', good.replace('"decided"', '"decide\\u0064"')],
  ['a number in another form', good.replace('"seq":1', '"seq":1.0')],
  ['a prototype', good.replace('"v":1', '"v":1,"__proto__":{"seq":1}')],
  ['another number in its title', good.replace('Record 1<', 'Record 2<')],
  ['no JSON', good.replace('{', '')],
  ['a changed field', good.replace('"comment":"Fine"', '"comment":"Fone"')],
  ['a lone surrogate', good.replace('"comment":"Fine"', '"comment":"\\ud800"')],
])('a comment with %s is malformed', (_, body) => {
  expect(body).not.toBe(good);
  expect(parseComment(body).kind).toBe('malformed');
});

test('line breaks that GitHub rewrites as CRLF change nothing', () => {
  expect(parseComment(good.replaceAll('\n', '\r\n')).kind).toBe('record');
});

test.each(['two\nlines', 'a <!-- b', '', ' x', 'x\u202ey'])('a sentence %j cannot be sealed', (sentence) => {
  expect(() => b.draft(b.EMPTY, b.ASK, [b.decided('bo')], { sentence })).toThrow(/sentence/);
});

test('what could not be read back cannot be sealed', () => {
  const { hash: _, sig: __, ...content } = sealed('x');
  expect(() => sealed('\ud800')).toThrow(TypeError);
  const inputs = b.request(b.RUN, { inputs: { constructor: 'x' } });
  expect(() => sealRecord({ ...content, events: [b.opening(inputs)] })).toThrow(/constructor/);
  expect(() => sealRecord({ ...content, prev: [`sha256:${'b'.repeat(64)}`, `sha256:${'a'.repeat(64)}`] })).toThrow(
    /prev/,
  );
});

test('the hash covers all but itself and the signature', () => {
  const record = sealed('x');
  expect(recordHash({ ...record, at: b.instant(1) })).not.toBe(record.hash);
  expect(recordHash(record)).toBe(record.hash);
});

test.each<[string, Event, string[]]>([
  ['a withdrawal', { type: 'withdrawn', person: 'bo', comment: 'Too quick' }, ['Comment:', ' Too quick']],
  ['a withdrawal without a word', { type: 'withdrawn', person: 'bo', comment: '' }, []],
  [
    'an after-review',
    { type: 'reviewed', person: 'cy', comment: 'A stuck lock' },
    ['What was found:', ' A stuck lock'],
  ],
  [
    'the discussion',
    {
      type: 'discussed',
      messages: ['Hm <!here>', 'So?'].map((text, n) => ({
        name: `Bo ${n}`,
        slack: { team: 'T1', user: 'UBO' },
        ts: `1.${n}`,
        text,
      })),
    },
    ['Said in the thread:', ' Bo 0: Hm <!here>', 'Said in the thread:', ' Bo 1: So?'],
  ],
  ['a reminder', { type: 'reminded', step: 1, people: ['bo'], escalatedTo: ['leads'] }, []],
])('%s shows its free text in fences, outside of the block', (_, event, lines) => {
  const rendered = renderComment(b.draft(b.EMPTY, b.ASK, [event]));
  if (!rendered.ok) throw new Error(rendered.message);
  const [words = ''] = rendered.body.split('<details>');
  const shown = words.split('\n').filter((line) => line !== '' && !line.startsWith('```'));
  expect(shown.slice(1)).toEqual(lines);
});
