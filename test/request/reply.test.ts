/** Which replies in a thread decide. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReply } from '../../src/request/reply.ts';

describe('a reply decides', () => {
  test.each([
    ['approve', 'approve', ''],
    ['Approve', 'approve', ''],
    ['  APPROVE\n', 'approve', ''],
    ['approve looks right', 'approve', 'looks right'],
    ['approve: looks right', 'approve', 'looks right'],
    ['approve:looks right', 'approve', 'looks right'],
    ['approve :+1:', 'approve', ':+1:'],
    ['approve\nlooks right', 'approve', 'looks right'],
    ['deny', 'deny', ''],
    ['Deny: wrong target', 'deny', 'wrong target'],
    ['deny wrong\ntarget', 'deny', 'wrong\ntarget'],
    ['withdraw', 'withdraw', ''],
    ['withdraw I was too quick', 'withdraw', 'I was too quick'],
    ['cancel', 'cancel', ''],
    ['Cancel: solved', 'cancel', 'solved'],
  ])('%j as %s with the words %j', (text, decision, comment) => {
    expect(parseReply(text)).toEqual({ decision, comment });
  });
});

test.each([
  'not approved',
  'approved',
  'approve?',
  'approve!',
  'approve.',
  'approve, but only once',
  'approve-ish',
  '"approve"',
  '*approve*',
  '`approve`',
  '> approve',
  '/approve',
  'I approve',
  'please deny',
  'denied',
  'withdrawn',
  'cancelled',
  'cancel-able',
  'review it was fine',
  'аpprove',
  'approve\u200b',
  '\u200bapprove',
  ':approve',
  'constructor',
  '',
  '   ',
])('%j is discussion and decides nothing', (text) => {
  expect(parseReply(text)).toBeNull();
});

test.each(['approve\ndeny', 'approve this\n  Deny: no', 'approve\r\ncancel it', 'approve\nx\nwithdraw'])(
  '%j contradicts itself and decides nothing',
  (text) => {
    expect(parseReply(text)).toBeNull();
  },
);

test.each([
  'approve\nnot deny',
  'approve\ndenying would be worse',
  'approve deny',
  'approve\ncancelled, too',
  'approve\n- deny-listed',
])('%j is no contradiction: no line below begins with another word', (text) => {
  expect(parseReply(text)?.decision).toBe('approve');
});

test('what takes away decides, whatever its later lines say', () => {
  for (const word of ['deny', 'withdraw', 'cancel']) {
    expect(parseReply(`${word}\napprove\ndeny`)).toEqual({ decision: word, comment: 'approve\ndeny' });
  }
});

test('whole words only: a letter more or less is discussion', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('approve', 'deny', 'withdraw', 'cancel'),
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }).filter((one) => !/[\s:]/.test(one)),
      (word, extra) => {
        expect(parseReply(`${word}${extra}`)).toBeNull();
        expect(parseReply(`${extra}${word}`)).toBeNull();
        expect(parseReply(`${word} ${extra}`)?.decision).toBe(word);
      },
    ),
  );
});
