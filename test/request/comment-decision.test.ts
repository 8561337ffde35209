/** Which issue comments decide. */
import { describe, expect, test } from 'vitest';
import { parseDecision } from '../../src/request/comment-decision.ts';

describe('a comment decides', () => {
  test.each([
    ['/approve', { decision: 'approve', comment: '' }],
    ['/Approve looks right\n', { decision: 'approve', comment: 'looks right' }],
    ['/approve\r\n\r\nlooks right', { decision: 'approve', comment: 'looks right' }],
    ['/DENY wrong target', { decision: 'deny', comment: 'wrong target' }],
    ['/deny\nwrong target', { decision: 'deny', comment: 'wrong target' }],
  ])('%j', (body, decision) => {
    expect(parseDecision(body)).toEqual(decision);
  });
});

test.each([
  'not approved',
  'I /approve',
  '/approved',
  '/approve.',
  '/approve-not',
  '> /approve',
  '`/approve`',
  '```\n/approve\n```',
  ' /approve',
  '\n/approve',
  '    /approve',
  '/ approve',
  'approve',
  '<!-- -->/approve',
  '\u200b/approve',
  '//approve',
  '/аpprove',
  '',
])('%j decides nothing', (body) => {
  expect(parseDecision(body)).toBeNull();
});

test.each(['/deny', '/deny   ', '/Deny\n\n'])('%j is a denial, though it gives no reason', (body) => {
  expect(parseDecision(body)).toEqual({ decision: 'deny', comment: '' });
});

test('a denial may say what its author would rather not /approve', () => {
  expect(parseDecision('/deny I will not /approve this')?.decision).toBe('deny');
});

test.each([
  '/approve\n/deny wrong',
  '/deny wrong\n/approve',
  '/approve\r\n  /DENY no',
  '/approve /deny',
  '/approve or should I /deny this?',
])('%j contradicts itself and decides nothing', (body) => {
  expect(parseDecision(body)).toBeNull();
});
